using System.Diagnostics;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>The platform as it was at another commit, built to be measured against.</summary>
static class OtherCommit
{
    /// <summary>Builds a commit once, the same way as this one; its apphost.</summary>
    /// <param name="revision">As git names it.</param>
    public static async Task<string> Build(string revision)
    {
        var commit = (await Run(Repository.Folder, "git", "rev-parse", "--verify", $"{revision}^{{commit}}")).Trim();
        var folder = Path.Combine(Path.GetTempPath(), $"policyplatform-at-{commit[..12]}");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(folder, "artifacts", "bin", "AppHost", configuration, "PolicyPlatform.AppHost.dll");
        if (File.Exists(program))
            return program;
        Console.WriteLine($"building {commit[..12]}");
        if (!Directory.Exists(folder))
            await Run(Repository.Folder, "git", "clone", "--quiet", "--shared", "--no-checkout", ".", folder);
        await Run(folder, "git", "checkout", "--quiet", "--detach", commit);
        await Run(folder, "dotnet", "build", "apphost", "-c", configuration, "-m:2", "-v", "quiet", "-nologo");
        return program;
    }

    static async Task<string> Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await output}{await errors}");
    }
}
