using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PolicyPlatform.AppHost.Backups;

/// <summary><c>backup</c> and <c>restore</c> on the command line.</summary>
static class BackupCommands
{
    /// <summary>Adds them, with the options that they share with the start.</summary>
    public static void AddBackups(this RootCommand root, Option<string> data, Option<string?> archive, Option<bool> ignoreInstalled)
    {
        var to = new Argument<string>("to") { Description = "The folder that the backup is made in; it must not be there yet." };
        var isBase = new Option<bool>("--base")
        {
            Description = "Copy the database's files (pg_basebackup): with an archive they are restored as they were at any later instant.",
        };
        var backup = new Command("backup", "Backs up the data folder, database and keys, at one instant; nothing is stopped for it.")
        {
            to,
            isBase,
        };
        backup.SetAction(parsed =>
            Run(cancellation =>
                Backup.Make(
                    Path.GetFullPath(parsed.GetValue(data)!),
                    Path.GetFullPath(parsed.GetValue(to)!),
                    parsed.GetValue(isBase),
                    parsed.GetValue(ignoreInstalled),
                    Say,
                    cancellation
                )
            )
        );

        var from = new Argument<string>("from") { Description = "The backup." };
        var keys = new Option<string?>("--keys")
        {
            Description = "The folder of the keys, where they are kept apart from the backup; newer ones in it are taken too.",
        };
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = "The instant that a base backup is restored to with --archive, such as 2026-11-29T08:00:00+08:00.",
            CustomParser = Instant,
        };
        var restore = new Command("restore", "Makes a data folder of a backup; it must not be there yet.") { from, keys, until };
        restore.SetAction(parsed =>
            Run(cancellation =>
                Restore.Make(
                    Path.GetFullPath(parsed.GetValue(from)!),
                    Path.GetFullPath(parsed.GetValue(data)!),
                    parsed.GetValue(keys) is { } folder ? Path.GetFullPath(folder) : null,
                    parsed.GetValue(until),
                    parsed.GetValue(archive) is { } kept ? Path.GetFullPath(kept) : null,
                    parsed.GetValue(ignoreInstalled),
                    Say,
                    cancellation
                )
            )
        );
        root.Subcommands.Add(backup);
        root.Subcommands.Add(restore);
        foreach (var option in new Option[] { data, archive, ignoreInstalled })
            option.Recursive = true;
    }

    static async Task<int> Run(Func<CancellationToken, Task> command)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await command(stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 1;
        }
        catch (Exception e) when (e is StartException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    static DateTimeOffset? Instant(System.CommandLine.Parsing.ArgumentResult result)
    {
        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];
        var text = result.Tokens[0].Value;
        if (
            (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > "yyyy-MM-ddT".Length)
            && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
        )
            return instant;
        result.AddError("--until takes an instant with its offset, such as 2026-11-29T08:00:00+08:00.");
        return null;
    }

    static void Say(string line) => Console.WriteLine($"  {line}");
}
