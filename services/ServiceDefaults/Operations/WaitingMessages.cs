using Microsoft.Extensions.Configuration;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Hosting;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Operations;

/// <summary>
/// The messages of a service that wait: to be taken out of its queue, to be handled, for an instant that has come, to be sent. Since when one
/// waits stands nowhere: it is counted from when this process first saw it.
/// </summary>
sealed class WaitingMessages(IWolverineRuntime messaging, NpgsqlDataSource database, IConfiguration configuration) : IDisposable
{
    // Where more wait, the number of them says enough.
    const int Looked = 1_000;

    readonly SeenSince<(string Queue, Guid Id)> seen = new();
    readonly SemaphoreSlim turn = new(1);

    /// <summary>How many wait in each place.</summary>
    public async Task<IReadOnlyList<CountedKind>> Count(CancellationToken cancellation) =>
        [.. (await Look(cancellation)).Select(q => new CountedKind(q.Queue, q.Count))];

    /// <summary>For how many seconds the one that came first has waited in each place; 0 where none waits.</summary>
    public async Task<IReadOnlyList<CountedKind>> Ages(CancellationToken cancellation) =>
        [.. (await Look(cancellation)).Select(q => new CountedKind(q.Queue, q.Age.TotalSeconds))];

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    IEnumerable<(string Queue, string From)> Queues()
    {
        var schema = messaging.MessageSchema();
        yield return ("inbox", $"{schema}.wolverine_incoming_envelopes where status = 'Incoming'");
        // Those that are about to be taken up do not count.
        yield return (
            "scheduled",
            $"{schema}.wolverine_incoming_envelopes where status = 'Scheduled' and execution_time < now() - interval '10 seconds'"
        );
        yield return ("outbox", $"{schema}.wolverine_outgoing_envelopes");
        if (string.IsNullOrEmpty(configuration["Messaging:RabbitMq"]))
            yield return ("queue", $"{Persistence.QueueSchema}.wolverine_queue_{messaging.Options.ServiceName}");
    }

    async Task<IReadOnlyList<(string Queue, long Count, TimeSpan Age)>> Look(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            var queues = Queues().ToArray();
            await using var batch = database.CreateBatch();
            foreach (var (_, from) in queues)
                batch.BatchCommands.Add(new($"select id, count(*) over () from {from} limit {Looked}"));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var counts = new Dictionary<string, long>();
            var there = new HashSet<(string Queue, Guid)>();
            foreach (var (queue, _) in queues)
            {
                counts[queue] = 0;
                while (await reader.ReadAsync(cancellation))
                {
                    counts[queue] = reader.GetInt64(1);
                    there.Add((queue, reader.GetGuid(0)));
                }
                await reader.NextResultAsync(cancellation);
            }
            var longest = seen.Look(there).GroupBy(s => s.Key.Queue).ToDictionary(q => q.Key, q => q.Max(s => s.Value));
            return [.. counts.Select(c => (c.Key, c.Value, longest.GetValueOrDefault(c.Key)))];
        }
        finally
        {
            turn.Release();
        }
    }
}
