using System.Data;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PolicyPlatform.Testing;
using static System.FormattableString;

namespace PolicyPlatform.Documents.Tests.Operations;

/// <summary>A connection of a service keeps the plans of what it asks often, and a batch that fails halfway leaves none of them wrong.</summary>
public sealed class when_statements_are_prepared(District district) : IClassFixture<District>
{
    const int Statements = 60,
        Connections = 4,
        Batches = 400;

    /// <param name="divisor">
    /// What an answer is divided by: one that is known only when the statement is carried out, as it is known only then that a write met another
    /// one, or one that the database sees while it looks at the parameters.
    /// </param>
    [Theory, InlineData("${0}::numeric + 0 * floor(random())::numeric"), InlineData(LookedAtEarly)]
    public async Task what_follows_a_batch_that_failed_is_not_answered_wrongly(string divisor)
    {
        var source = district.Documents.Services.GetRequiredService<NpgsqlDataSource>();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(seed => Ask(source, seed, divisor)));
    }

    // Each statement has as many parameters as its number says: bound to another one it would fail, or count otherwise.
    static async Task Ask(NpgsqlDataSource source, int seed, string divisor)
    {
        var random = new Random(seed);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        for (var n = 0; n < Batches; n++)
        {
            await using var batch = connection.CreateBatch();
            int[] asked = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(Statements))];
            var failsAt = random.Next(3) == 0 ? random.Next(asked.Length) : -1;
            foreach (var (statement, at) in asked.Select((s, i) => (s, i)))
                batch.BatchCommands.Add(Statement(statement, divisor, at == failsAt ? 0 : 1));
            List<decimal> answers = [];
            var failure = await Record.ExceptionAsync(async () =>
            {
                await using var reader = await batch.ExecuteReaderAsync(TestContext.Current.CancellationToken);
                do
                {
                    while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                        answers.Add(reader.GetDecimal(0));
                } while (await reader.NextResultAsync(TestContext.Current.CancellationToken));
            });
            int[] answered = failsAt < 0 ? asked : asked[..failsAt];
            // What Npgsql does not know of a statement whose parameters were refused when it was prepared ends the connection, and nothing else.
            if (connection.State is ConnectionState.Closed)
            {
                Assert.Equal(LookedAtEarly, divisor);
                answered = answered[..answers.Count];
                await connection.OpenAsync(TestContext.Current.CancellationToken);
            }
            else
                Assert.Equal(failsAt < 0 ? null : PostgresErrorCodes.DivisionByZero, (failure as PostgresException)?.SqlState);
            Assert.Equal(answered.Select(s => (decimal)(1000 * s + s + 1)), answers);
        }
        // A connection that was begun anew can have asked nothing often yet.
        if (divisor is LookedAtEarly)
            return;
        await using var prepared = new NpgsqlCommand("select count(*) from pg_prepared_statements", connection);
        Assert.InRange((long)(await prepared.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, 1, long.MaxValue);
    }

    // What is tried again when its connection has broken must not name what was prepared there.
    [Fact]
    public async Task a_batch_that_is_tried_again_on_another_connection_is_prepared_there()
    {
        var source = district.Documents.Services.GetRequiredService<NpgsqlDataSource>();
        await using var batch = new NpgsqlBatch();
        foreach (var statement in Enumerable.Range(0, 3))
            batch.BatchCommands.Add(Statement(statement, "${0}::numeric", 1));
        for (var n = 0; n < Connections; n++)
        {
            await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            batch.Connection = connection;
            for (var times = 0; times < 7; times++)
                await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await using var ended = new NpgsqlCommand("select pg_terminate_backend(pg_backend_pid())", connection);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => ended.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }
    }

    const string LookedAtEarly = "${0}::numeric";

    static NpgsqlBatchCommand Statement(int number, string divisor, int by)
    {
        var sum = string.Join(" + ", Enumerable.Range(1, number + 1).Select(p => Invariant($"${p}::numeric")));
        var command = new NpgsqlBatchCommand(
            Invariant($"select ({1000 * number} + {sum}) / ({string.Format(CultureInfo.InvariantCulture, divisor, number + 2)})")
        );
        for (var p = 0; p <= number; p++)
            command.Parameters.Add(new() { Value = 1m });
        command.Parameters.Add(new() { Value = (decimal)by });
        return command;
    }
}
