using System.Globalization;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>
/// What a large library costs: how long its index is made, how soon a process that starts again is ready, how much memory it takes, and how
/// fast it is searched.
/// </summary>
static class Scale
{
    static readonly int[] Loads = [1, 4, 32];

    public static async Task Run(int documents, string? made, Settings settings)
    {
        var data = made ?? RunningPlatform.NewFolder();
        if (made is null)
        {
            await using var platform = await Started(data);
            await platform.Populate();
            var importing = System.Diagnostics.Stopwatch.StartNew();
            await using (var bench = new Bench(platform, settings with { Connections = 1 }))
                await Measurements.ImportGenerated(bench, documents);
            Say($"{documents:N0} documents of 20 KB imported in {importing.Elapsed.TotalMinutes:0.0} min");
        }
        if (Directory.Exists(Path.Combine(data, "index")))
            Directory.Delete(Path.Combine(data, "index"), recursive: true);
        await using (var platform = await Started(data))
            Say($"index made: {Ready(platform)}; {Memory(platform)}");
        await using (var platform = await Started(data))
        {
            Say($"started again: {Ready(platform)}; {Memory(platform)}");
            Say(
                $"index on disk {new DirectoryInfo(Path.Combine(data, "index")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) >> 20} MB"
            );
            foreach (var connections in Loads)
            {
                await using var bench = new Bench(platform, settings with { Connections = connections });
                Result.Print(await Measurements.Searched(bench, $"search, {connections} at once"));
            }
            Say(Memory(platform));
        }
        if (made is null)
            Directory.Delete(data, recursive: true);
    }

    /// <summary>What each call costs as documents become more, and as more are made at once.</summary>
    /// <param name="documents">How many documents there are in the end; a tenth of them before, and a hundredth.</param>
    /// <param name="settings">How each is measured.</param>
    public static async Task Grow(int documents, Settings settings)
    {
        var data = RunningPlatform.NewFolder();
        await using (var platform = await Started(data))
        {
            await platform.Populate();
            var imported = 0;
            List<Result> measured = [];
            foreach (var step in new[] { documents / 100, documents / 10, documents })
            {
                await using (var bench = new Bench(platform, settings with { Connections = 1 }))
                    await Measurements.ImportGenerated(bench, step - imported, imported);
                imported = step;
                await using (var bench = new Bench(platform, settings))
                    measured.AddRange(
                        await Measurements.Everything(bench, string.Create(CultureInfo.InvariantCulture, $"{step:N0} documents"))
                    );
            }
            foreach (var connections in new[] { 1, 8, 128, 512 })
            {
                await using var bench = new Bench(platform, settings with { Connections = connections });
                measured.AddRange(
                    await Measurements.Everything(bench, string.Create(CultureInfo.InvariantCulture, $"{connections} at once"))
                );
            }
            Result.Print([.. measured]);
        }
        Directory.Delete(data, recursive: true);
    }

    static async Task<RunningPlatform> Started(string data)
    {
        var platform = await RunningPlatform.StartWithin(TimeSpan.FromHours(1), data, null, "--no-samples");
        return platform.HasExited ? throw new InvalidOperationException(platform.Output) : platform;
    }

    static string Ready(RunningPlatform platform) =>
        platform.Output.Split('\n').First(line => line.Contains("Documents ready", StringComparison.Ordinal)).Trim();

    static string Memory(RunningPlatform platform)
    {
        var status = File.ReadAllLines($"/proc/{platform.ServiceProcess("Documents")}/status");
        return string.Join(
            ", ",
            status
                .Where(line => line.StartsWith("VmRSS", StringComparison.Ordinal) || line.StartsWith("RssAnon", StringComparison.Ordinal))
                .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Select(words =>
                    string.Create(CultureInfo.InvariantCulture, $"{words[0]} {int.Parse(words[1], CultureInfo.InvariantCulture) >> 10} MB")
                )
        );
    }

    static void Say(FormattableString what) => Say(what.ToString(CultureInfo.InvariantCulture));

    static void Say(string what) => Console.WriteLine(what);
}
