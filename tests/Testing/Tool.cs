using System.Diagnostics;

namespace PolicyPlatform.Testing;

/// <summary>The tools, run as programs of their own.</summary>
public static class Tool
{
    /// <summary>Runs a tool to its end.</summary>
    /// <param name="name">Its folder in <c>tools</c>.</param>
    /// <param name="arguments">What it is called with.</param>
    public static async Task<(int ExitCode, string Output)> Run(string name, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Program(name), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>The program of a tool, which runs with <c>dotnet</c>.</summary>
    /// <param name="name">Its folder in <c>tools</c>.</param>
    public static string Program(string name) =>
        Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                name,
                new DirectoryInfo(AppContext.BaseDirectory).Name,
                $"PolicyPlatform.{name}.dll"
            )
        );
}
