using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Operations;

public sealed class when_a_service_starts(District district) : IClassFixture<District>
{
    [Fact]
    public async Task what_its_code_makes_otherwise_is_made_anew_before_it_takes_a_message_or_says_that_it_is_ready()
    {
        var interpretation = await district.StartInterpretation();
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "rebuilt",
                question = "何时通车",
                body = "370114-ZJ",
            },
            201
        );
        Assert.Equal("2026-06-08", await DueOn(interpretation, "assigned"));
        await district.StopInterpretation();
        // A message waits for it, and what it is about is there once the tickets are made anew.
        await district.Catalog.Put(
            Tokens.OpennessOffice,
            "calendar/2026",
            new { source = "临时调整", daysOff = new Dictionary<string, string> { ["2026-06-03"] = "临时放假" } }
        );
        await district.Execute("delete from interpretation.mt_doc_ticket; delete from interpretation.mt_doc_builtprojection");
        await using var other = await district.Connect();
        await Execute(other, "select pg_advisory_lock(hashtext('rebuild interpretation'))");

        var starting = Task.Run(district.StartInterpretation, TestContext.Current.CancellationToken);
        // It waits for the other process that rebuilds.
        await Calls.Eventually<bool>(async () =>
            await district.Count("select count(*) from pg_locks where locktype = 'advisory' and not granted") > 0 ? true : null
        );
        Assert.False(starting.IsCompleted);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal(1, await district.Count("select count(*) from queues.wolverine_queue_interpretation"));
        await Execute(other, "select pg_advisory_unlock(hashtext('rebuild interpretation'))");
        interpretation = await starting;
        await Calls.Eventually<bool>(async () => await DueOn(interpretation, "assigned") == "2026-06-09" ? true : null);
    }

    static async Task<string?> DueOn(IAlbaHost interpretation, string state)
    {
        var ticket = await Calls.Eventually<System.Text.Json.JsonElement>(async () =>
            await interpretation.Get(Tokens.Hotline, "hotline/tickets/rebuilt") is var t && t.GetProperty("state").GetString() == state
                ? t
                : null
        );
        return ticket.GetProperty("dueOn").GetString();
    }

    static async Task Execute(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
