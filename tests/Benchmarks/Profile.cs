using System.Diagnostics;

namespace PolicyPlatform.Benchmarks;

/// <summary>
/// What the machine does during a measurement, by perf: all processes, the kernel and the database too. Each profile is a text that speedscope
/// and the Firefox Profiler show as a flame graph, beside a list of the functions that take most of the time.
/// </summary>
sealed class Profile
{
    /// <summary>What the platform has to be started with, so that compiled methods have names.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>
        {
            ["DOTNET_PerfMapEnabled"] = "1",
            // Memory that is mapped twice has no names in a profile.
            ["DOTNET_EnableWriteXorExecute"] = "0",
        };

    const string TimesPerSecond = "199";

    readonly string file;
    readonly Process recording;

    Profile(string file)
    {
        this.file = file;
        recording = Process.Start(new ProcessStartInfo("perf", ["record", "-q", "-a", "-g", "-F", TimesPerSecond, "-o", $"{file}.data"]))!;
    }

    /// <summary>Begins to look.</summary>
    /// <param name="folder">Where the profile goes.</param>
    /// <param name="name">What is measured.</param>
    public static Profile Begin(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        return new(Path.Combine(folder, name.Replace(' ', '-')));
    }

    /// <summary>Writes what was seen.</summary>
    public async Task End()
    {
        await Testing.RunningProgram.Signal("INT", recording.Id);
        await recording.WaitForExitAsync();
        recording.Dispose();
        await Write("script", "--no-inline", "-i", $"{file}.data");
        await Write(
            "report",
            "--no-inline",
            "-i",
            $"{file}.data",
            "--no-children",
            "-g",
            "none",
            "--sort",
            "comm,dso,symbol",
            "--percent-limit",
            "0.2"
        );
        File.Delete($"{file}.data");
        Console.WriteLine($"profile: {file}.script.txt is a flame graph at https://www.speedscope.app, {file}.report.txt a list");
    }

    async Task Write(string command, params string[] arguments)
    {
        using var perf = Process.Start(
            new ProcessStartInfo("perf", [command, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var errors = perf.StandardError.ReadToEndAsync();
        await using (var text = File.Create($"{file}.{command}.txt"))
            await perf.StandardOutput.BaseStream.CopyToAsync(text);
        await perf.WaitForExitAsync();
        await errors;
    }
}
