using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PolicyPlatform.Testing;
using Wolverine.Runtime;
using Wolverine.Transports.Sending;

namespace PolicyPlatform.Interpretation.Tests.Operations;

/// <summary>
/// Whoever receives looks for messages once a day, and so gets those that it is woken for; and the other way round: it looks each second, and
/// nobody can wake it.
/// </summary>
public sealed class when_nobody_polls(PostgresCluster postgres)
{
    static readonly Uri ToInterpretation = new("postgresql://interpretation/");

    const string Outbox = "documents_messages.wolverine_outgoing_envelopes",
        Queue = "queues.wolverine_queue_interpretation",
        // Whoever listens and whoever is about to.
        Listening =
            "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and (application_name like 'wolverine\\_qnotify%' or query like 'LISTEN %')";

    [Fact]
    public async Task whoever_receives_is_woken_and_hears_again_after_its_connection_was_cut()
    {
        await using var district = await Polling(TimeSpan.FromDays(1));
        await IsKnown(district, await Publish(district, 831));

        Assert.True(await district.Count($"select count(pg_terminate_backend(pid)) {Listening}") > 0);
        // Sent while nobody hears it.
        await IsKnown(district, await Publish(district, 832));
        await Calls.Eventually<bool>(async () => await district.Count($"select count(*) {Listening}") > 0 ? true : null);
        await IsKnown(district, await Publish(district, 833));
    }

    [Fact]
    public async Task what_lies_in_the_queue_unheard_of_and_what_becomes_due_is_found()
    {
        await using var district = await Polling(TimeSpan.FromDays(1));
        var agent = (SendingAgent)
            district.Documents.Services.GetRequiredService<IWolverineRuntime>().Endpoints.GetOrBuildSendingAgent(ToInterpretation);
        await agent.LatchAndDrainAsync();
        // As it is when whoever sends ends between the move and the word of it.
        var left = await Publish(district, 834);
        await Move(district, Queue, "deliver_by", "keep_until");
        await IsKnown(district, left);
        // As it is when a handler waits for something.
        var later = await Publish(district, 835);
        await Move(district, $"{Queue}_scheduled", "deliver_by, now() + interval '2 seconds'", "keep_until, execution_time");
        await IsKnown(district, later);
        Assert.Equal(0, await district.Count($"select count(*) from {Queue}_scheduled"));
    }

    [Fact]
    public async Task whoever_cannot_be_woken_finds_everything_by_itself()
    {
        await using var district = await Polling(TimeSpan.FromSeconds(1));
        await using var cutting = new NpgsqlConnection(district.Database);
        await cutting.OpenAsync(TestContext.Current.CancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var cut = new NpgsqlCommand(
            $"""
            do $$ begin loop
              perform pg_terminate_backend(pid) {Listening};
              perform pg_sleep(0.005);
              perform pg_stat_clear_snapshot();
            end loop; end $$
            """,
            cutting
        )
        {
            CommandTimeout = 0,
        };
        var cuts = cut.ExecuteNonQueryAsync(done.Token);
        foreach (var number in Enumerable.Range(836, 4))
            await IsKnown(district, await Publish(district, number));
        Assert.False(cuts.IsCompleted);
        await done.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cuts);
    }

    async Task<District> Polling(TimeSpan pause)
    {
        var district = new District(postgres);
        district.Settings["Messaging:PollSeconds"] = FormattableString.Invariant($"{pause.TotalSeconds}");
        await district.InitializeAsync();
        await district.StartInterpretation();
        return district;
    }

    static async Task<Guid> Publish(District district, int number) =>
        await district.Documents.Publish(await district.Documents.Draft("第一条 甲。", $"第{number}号办法"), $"测政发〔2026〕{number}号");

    static Task Move(District district, string to, string what, string columns) =>
        district.Execute(
            $"""
            with moved as (delete from {Outbox} where destination like '{ToInterpretation.Scheme}://{ToInterpretation.Host}%' returning *)
            insert into {to} (id, body, message_type, {columns}) select id, body, message_type, {what} from moved
            """
        );

    static async Task IsKnown(District district, Guid document) =>
        await Calls.Eventually<bool>(async () =>
            (await district.Interpretation!.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.GetProperty("id").GetGuid() == document)
                ? true
                : null
        );
}
