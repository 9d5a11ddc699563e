using System.Diagnostics;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>The code around the message handlers is written by tools/write-handlers.sh and kept with them.</summary>
public sealed class when_handlers_are_written
{
    [Theory]
    [InlineData("Catalog")]
    [InlineData("Documents")]
    [InlineData("Interpretation")]
    [InlineData("Consultation")]
    public async Task what_is_kept_is_what_the_service_says_today(string service)
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-handlers-");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", service, configuration, $"PolicyPlatform.{service}.dll")
        );
        var start = new ProcessStartInfo("dotnet", [program, "codegen", "write"]) { RedirectStandardOutput = true };
        foreach (
            var (setting, value) in new (string, string)[]
            {
                ("CodeGeneration__Folder", folder.FullName),
                ("ConnectionStrings__Database", "Host=127.0.0.1"),
                ("PersonalData__KeyFolder", "/nonexistent"),
                ("Authentication__Authority", "http://localhost/"),
                ("Services__Catalog__Grpc", "http://localhost"),
                ("Services__Documents__Grpc", "http://localhost"),
                ("Services__Interpretation__Grpc", "http://localhost"),
                ("Services__Consultation__Grpc", "http://localhost"),
            }
        )
            start.Environment[setting] = value;
        using var writing = Process.Start(start)!;
        var said = await writing.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await writing.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(writing.ExitCode == 0, said);

        var kept = Written(Path.Combine(Repository.Folder, "services", service, "Internal", "Generated"));
        Assert.True(kept.SequenceEqual(Written(folder.FullName)), "Run tools/write-handlers.sh: handlers have changed since.");
        folder.Delete(recursive: true);
    }

    static (string File, string Text)[] Written(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(f => (Path.GetRelativePath(folder, f), File.ReadAllText(f))),
        ];
}
