using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using PolicyPlatform.Faults;
using PolicyPlatform.Testing;

// All of the public comes from one address here.
Environment.SetEnvironmentVariable("Limits__PublicWritesPerMinute", "1000000");
Environment.SetEnvironmentVariable("Limits__CostlyReadsPerMinute", "1000000");

var rounds = new Option<int>("--rounds") { Description = "How many rounds.", DefaultValueFactory = _ => Kind.All.Length };
var kinds = new Option<string?>("--kinds")
{
    Description =
        $"Which kinds, in turn, with commas between them: {string.Join(", ", Kind.All.Select(k => k.Name))}. All that can be when left out, but for {Kind.DiskFull}.",
};
var seed = new Option<int>("--seed")
{
    Description = "What chance begins with; the n-th round of a kind is run again by the seed that it says.",
    DefaultValueFactory = _ => 1,
};
var replicas = new Option<int>("--replicas")
{
    Description = "How many processes of each service and of the gateway.",
    DefaultValueFactory = _ => 1,
};
var rabbitMq = new Option<bool>("--rabbitmq") { Description = "Messages go over a RabbitMQ of its own, which has to be installed." };
var minutes = new Option<double?>("--minutes") { Description = "No round begins after so many minutes." };
var keep = new Option<bool>("--keep") { Description = "Keeps data folder and journal, whatever comes of it." };
kinds.Validators.Add(result =>
{
    foreach (var name in Names(result.GetValueOrDefault<string?>()))
        if (Kind.All.All(k => k.Name != name))
            result.AddError($"There is no kind {name}.");
});
var root = new RootCommand("Lets things go wrong while the platform is at work, and looks whether anything that was acknowledged is lost.")
{
    rounds,
    kinds,
    seed,
    replicas,
    rabbitMq,
    minutes,
    keep,
};
root.SetAction(
    async (parsed, _) =>
    {
        var named = Names(parsed.GetValue(kinds)).ToArray();
        var withBroker = parsed.GetValue(rabbitMq) || named.Contains(Kind.KillBroker);
        if (withBroker && !RabbitMqBroker.IsInstalled)
        {
            await Console.Error.WriteLineAsync("RabbitMQ is not installed here.");
            return 2;
        }
        if (named.Contains(Kind.ClockJump) && Scene.ClockLibrary is null)
        {
            await Console.Error.WriteLineAsync("libfaketime is not installed here.");
            return 2;
        }
        var chosen = Kind
            .All.Where(k =>
                named.Length > 0
                    ? named.Contains(k.Name)
                    : k.Name switch
                    {
                        Kind.DiskFull => false,
                        Kind.KillBroker => withBroker,
                        Kind.ClockJump => Scene.ClockLibrary is not null,
                        _ => true,
                    }
            )
            .ToArray();
        // The platform is put together otherwise once, not in every round.
        var plan = Enumerable
            .Range(0, parsed.GetValue(rounds))
            .Select(n => (Kind: chosen[n % chosen.Length], Seed: parsed.GetValue(seed) + n))
            .OrderBy(r => r.Kind.Setup)
            .ToArray();
        var data = RunningPlatform.NewFolder();
        Directory.CreateDirectory(data);
        var mounted = chosen.Any(k => k.Name == Kind.DiskFull);
        if (mounted && !await Run("mount", "-t", "tmpfs", "-o", "size=2g,mode=755", "policyplatform-faults", data))
        {
            await Console.Error.WriteLineAsync($"{Kind.DiskFull} needs a folder of limited size, which only root can make.");
            return 2;
        }
        var journal = data + ".journal.jsonl";
        var outcomes = new List<Outcome>();
        IReadOnlyList<string> atTheEnd = [];
        var watch = Stopwatch.StartNew();
        await using (var broker = withBroker ? await RabbitMqBroker.Start() : null)
        await using (var scene = new Scene(data, parsed.GetValue(replicas), broker))
        await using (var trial = await Trial.On(scene, journal))
        {
            foreach (var (kind, own) in plan)
            {
                if (parsed.GetValue(minutes) is { } most && watch.Elapsed.TotalMinutes > most)
                    break;
                var outcome = await trial.Round(outcomes.Count + 1, kind, own);
                outcomes.Add(outcome);
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{outcomes.Count, 4}  {kind.Name, -18} seed {own, -5} {outcome.Acknowledged, 4} acknowledged, {outcome.Retried, 4} retried, quiet after {outcome.Quiet.TotalSeconds, 5:0.0} s, {outcome.Findings.Count} findings  ({string.Join("; ", outcome.Faults)})"
                    )
                );
                foreach (var finding in outcome.Findings)
                    Console.WriteLine($"      FINDING  {finding}");
            }
            if (outcomes.Count > 0 && outcomes.All(o => o.Findings.Count == 0))
                atTheEnd = await trial.Everything();
        }
        Table(outcomes);
        foreach (var difference in atTheEnd)
            Console.WriteLine($"At the end: {difference}");
        var failed = outcomes.Where(o => o.Findings.Count > 0).ToArray();
        if (failed.Length == 0 && atTheEnd.Count == 0 && !parsed.GetValue(keep))
        {
            if (mounted)
                await Run("umount", data);
            Directory.Delete(data, recursive: true);
            File.Delete(journal);
            return 0;
        }
        Console.WriteLine($"Data folder: {data}");
        Console.WriteLine($"Journal:     {journal}");
        foreach (var outcome in failed)
            Console.WriteLine(
                $"Again:       dotnet run --project tests/Faults -- --rounds 1 --kinds {outcome.Kind.Name} --seed {outcome.Seed} --replicas {parsed.GetValue(replicas)}{(withBroker ? " --rabbitmq" : "")}"
            );
        return failed.Length == 0 && atTheEnd.Count == 0 ? 0 : 1;
    }
);
return await root.Parse(args).InvokeAsync();

static IEnumerable<string> Names(string? list) =>
    (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

static async Task<bool> Run(string program, params string[] arguments)
{
    using var process = Process.Start(program, arguments);
    await process.WaitForExitAsync();
    return process.ExitCode == 0;
}

static void Table(IReadOnlyList<Outcome> outcomes)
{
    Console.WriteLine();
    Console.WriteLine(
        $"{"kind", -18} {"rounds", 6} {"faults", 6} {"acknowledged", 12} {"retried", 7} {"quiet s", 8} {"most", 6} {"findings", 8}"
    );
    foreach (var kind in outcomes.GroupBy(o => o.Kind.Name))
        Line(kind.Key, [.. kind]);
    Line("all", outcomes);

    static void Line(string name, IReadOnlyList<Outcome> of)
    {
        if (of.Count > 0)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -18} {of.Count, 6} {of.Sum(o => o.Faults.Count), 6} {of.Sum(o => o.Acknowledged), 12} {of.Sum(o => o.Retried), 7} {of.Average(o => o.Quiet.TotalSeconds), 8:0.0} {of.Max(o => o.Quiet.TotalSeconds), 6:0.0} {of.Sum(o => o.Findings.Count), 8}"
                )
            );
    }
}
