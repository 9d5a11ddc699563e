using System.Collections.Concurrent;
using System.Diagnostics;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Faults;

/// <summary>What came of a round.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Seed">With which the same round is run again.</param>
/// <param name="Faults">What was done.</param>
/// <param name="Acknowledged">How many writes were acknowledged.</param>
/// <param name="Retried">How many requests were sent again.</param>
/// <param name="Quiet">How long after the load it took until nothing waited and everything agreed.</param>
/// <param name="Findings">What should not be.</param>
sealed record Outcome(
    Kind Kind,
    int Seed,
    IReadOnlyList<string> Faults,
    int Acknowledged,
    long Retried,
    TimeSpan Quiet,
    IReadOnlyList<string> Findings
);

/// <summary>Rounds on one platform: work, faults meanwhile, and what was acknowledged held against what is there.</summary>
sealed class Trial : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4),
        Settling = TimeSpan.FromMinutes(1);

    readonly Scene scene;
    readonly Journal journal;
    readonly Sender sender;
    readonly WebhookReceiver receiver;
    readonly ConcurrentQueue<string> findings = new();
    bool populated;
    int waves;

    Trial(Scene scene, Journal journal, WebhookReceiver receiver)
    {
        (this.scene, this.journal, this.receiver) = (scene, journal, receiver);
        sender = new(() => scene.Gateway, journal, findings.Enqueue);
    }

    public static async Task<Trial> On(Scene scene, string journal) => new(scene, new(journal), await WebhookReceiver.Start());

    /// <summary>One round.</summary>
    public async Task<Outcome> Round(int number, Kind kind, int seed)
    {
        findings.Clear();
        var (faults, retried, quiet) = (new List<string>(), sender.Retried, TimeSpan.Zero);
        sender.Round = number;
        try
        {
            await Prepare(kind);
            var random = new Random(seed);
            var injecting = Inject(kind, random, faults);
            // As long as anything goes wrong, people are at work.
            do
            {
                await new Load(sender, findings.Enqueue, ++waves).Run();
            } while (!injecting.IsCompleted);
            await injecting;
            var watch = Stopwatch.StartNew();
            await Quiet();
            foreach (var difference in await Differences(number, watch))
                findings.Enqueue(difference);
            quiet = watch.Elapsed;
        }
        // Whatever ends a round is what it was for.
        catch (Exception e)
        {
            findings.Enqueue(e is FindingException ? e.Message : e.ToString());
        }
        return new(kind, seed, faults, journal.Of(e => e.Round == number).Count, sender.Retried - retried, quiet, [.. findings]);
    }

    async Task Inject(Kind kind, Random random, List<string> faults)
    {
        for (var n = 0; n < kind.Times; n++)
        {
            await Task.Delay(random.Next(300, 2000));
            if (await kind.Inject(scene, random) is { } fault)
                faults.Add(fault);
            if (await scene.Revive() is { } said)
                findings.Enqueue($"The apphost ended: {said[^Math.Min(said.Length, 2000)..]}");
        }
    }

    /// <summary>Everything of all rounds once more, and what the audit says where there is one.</summary>
    public async Task<IReadOnlyList<string>> Everything()
    {
        var differences = await Differences(0, Stopwatch.StartNew());
        if (!File.Exists(Tool.Program("Audit")))
            return differences;
        var (exitCode, output) = await Tool.Run(
            "Audit",
            "--database",
            scene.Platform.Database,
            "--keys",
            Path.Combine(scene.Data, "keys", "personal")
        );
        return exitCode == 0 ? differences : [.. differences, $"The audit ended with {exitCode}: {output}"];
    }

    async Task Prepare(Kind kind)
    {
        await scene.Be(kind.Setup);
        if (populated)
            return;
        await scene.Platform.Populate();
        await scene.Platform.Subscribe(receiver, "document.published", "document.changed", "document.repealed", "interpretation.published");
        populated = true;
    }

    async Task Quiet()
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            IReadOnlyList<string> waiting;
            try
            {
                waiting = await OfficeWork.Waiting(scene.Platform);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or IOException)
            {
                waiting = [$"the database: {e.Message}"];
            }
            if (waiting.Count == 0)
                return;
            if (watch.Elapsed < Patience)
                continue;
            findings.Enqueue($"After {Patience.TotalMinutes:0} minutes there still waits: {string.Join("; ", waiting)}");
            return;
        }
    }

    // What follows by a projection or a webhook is there soon after nothing waits.
    async Task<IReadOnlyList<string>> Differences(int from, Stopwatch watch)
    {
        var began = watch.Elapsed;
        for (; ; await Task.Delay(500))
        {
            IReadOnlyList<string> differences;
            try
            {
                differences = await new Comparison(sender, journal, scene.Platform, receiver).Differences(from);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or IOException or HttpRequestException or KeyNotFoundException)
            {
                differences = [$"It could not be compared: {e.Message}"];
            }
            if (differences.Count == 0 || watch.Elapsed - began > Settling)
                return differences;
        }
    }

    public async ValueTask DisposeAsync()
    {
        sender.Dispose();
        journal.Dispose();
        await receiver.DisposeAsync();
    }
}
