using System.Diagnostics;
using System.Text.RegularExpressions;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// Whoever types what the README says, as fast as a script does and on a platform that has just started, gets what the README shows. What it
/// cuts short with … may be anything.
/// </summary>
public sealed partial class when_the_walks_of_the_readme_are_made(SampledPlatform sampled) : IClassFixture<SampledPlatform>
{
    // What others do is heard of by message; it is read again until it is there.
    const int Patience = 120;

    // Ids are shown by their first letters.
    const string AnyId = "01a2…";

    [Fact]
    public async Task every_call_answers_as_it_is_written()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Folder, "README.md"), TestContext.Current.CancellationToken);
        string[] walks = ["A first walk", "A policy all the way", "What the public says"];
        var commands = walks.SelectMany(walk => Commands(Section(readme, walk))).ToArray();
        Assert.True(commands.Length > 70, $"{commands.Length} commands");
        var folder = Directory.CreateTempSubdirectory("walk-");
        using var shell = Shell.Start(folder.FullName);
        foreach (
            var (name, client) in new[]
            {
                ("OFFICE", "openness-office"),
                ("LEGAL", "legal-review"),
                ("SIGNING", "signing"),
                ("SYSTEM", "integration"),
            }
        )
            await shell.Run($"{name}={await sampled.Platform.Token(client)}");

        var last = "";
        foreach (var (written, shown) in commands)
        {
            var id = IdOfAnswer().Match(last) is { Success: true } found ? found.Groups[1].Value : "";
            var command = written
                .Replace(AnyId, id, StringComparison.Ordinal)
                .Replace("http://localhost:8080", sampled.Platform.Api.BaseAddress!.OriginalString.TrimEnd('/'), StringComparison.Ordinal)
                .Replace("dotnet run --project tools/Verify --", $"dotnet '{Tool.Program("Verify")}'", StringComparison.Ordinal)
                // Whoever reads takes longer than a test.
                .Replace("+60 seconds", "+20 seconds", StringComparison.Ordinal)
                .Replace("sleep 60", "sleep 20", StringComparison.Ordinal);
            var isRead = !Sends().IsMatch(command) || Asks().IsMatch(command);
            for (var again = 0; ; again++)
            {
                last = await shell.Run(command);
                var missing = Missing(
                    last,
                    shown.Replace(
                        "http://localhost:8080",
                        sampled.Platform.Api.BaseAddress.OriginalString.TrimEnd('/'),
                        StringComparison.Ordinal
                    )
                );
                if (missing is null)
                    break;
                Assert.True(isRead && again < Patience, $"$ {command}\n{last}\nlacks\n{missing}");
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }
        }
        folder.Delete(recursive: true);
    }

    static string Section(string readme, string title) =>
        Regex.Match(readme, $@"^## {title}$(.*?)^## ", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;

    /// <summary>The commands of a section, each with what it shows.</summary>
    static IEnumerable<(string Command, string Shown)> Commands(string section) =>
        Block()
            .Matches(section)
            .SelectMany(block => Command().Matches(block.Groups[1].Value))
            .Select(c => (c.Groups["command"].Value, c.Groups["shown"].Value));

    /// <summary>What of what is shown does not stand in an answer, in its order; null where all of it does.</summary>
    static string? Missing(string answer, string shown)
    {
        if (shown.Trim().Length == 0)
            return answer.Contains("\"status\":4", StringComparison.Ordinal) || answer.Contains("\"status\":5", StringComparison.Ordinal)
                ? "(an answer that is no problem)"
                : null;
        var at = 0;
        foreach (var piece in shown.Split('…', '\n').Select(p => Cut().Replace(p, "").Trim().TrimEnd(',')).Where(p => p.Length > 3))
        {
            var found = answer.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < 0)
                return piece;
            at = found + piece.Length;
        }
        return null;
    }

    [GeneratedRegex("^```\n(\\$ .*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    // A command goes on after a backslash or a pipe.
    [GeneratedRegex(@"^\$ (?<command>(?:[^\n]*[\\|]\n)*[^\n]*)\n(?<shown>(?:(?!\$ )[^\n]*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("\"id\":\"([0-9a-f-]{36})\"")]
    private static partial Regex IdOfAnswer();

    // The beginnings of ids, hashes, tokens and secrets, and what closes a text or a list that was cut.
    [GeneratedRegex("(01a2|eyJ|b2d5|whsec_)$|^[\\]}),\"]+")]
    private static partial Regex Cut();

    [GeneratedRegex(" (-d|POST|PUT|PATCH|DELETE|--data-binary) ")]
    private static partial Regex Sends();

    [GeneratedRegex("questions/answer|benefits/match")]
    private static partial Regex Asks();

    /// <summary>A shell that keeps its variables from one command to the next.</summary>
    sealed class Shell(Process process, string folder) : IDisposable
    {
        const string Over = "--over--";

        public static Shell Start(string folder) =>
            new(
                Process.Start(
                    new ProcessStartInfo("bash", ["--noprofile", "--norc"])
                    {
                        RedirectStandardInput = true,
                        RedirectStandardOutput = true,
                        WorkingDirectory = folder,
                    }
                )!,
                folder
            );

        public async Task<string> Run(string command)
        {
            await process.StandardInput.WriteAsync($"{{ {command}\n}} > said 2>&1\necho {Over}\n");
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && line != Over) { }
            return await File.ReadAllTextAsync(Path.Combine(folder, "said"), TestContext.Current.CancellationToken);
        }

        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}
