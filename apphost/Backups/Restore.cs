using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Npgsql;
using PolicyPlatform.AppHost.Postgres;

namespace PolicyPlatform.AppHost.Backups;

/// <summary>Makes a data folder of a backup.</summary>
static class Restore
{
    const string Database = "policyplatform";

    /// <summary>Restores into a folder that is not there or empty, wholly or not at all.</summary>
    /// <param name="from">The backup.</param>
    /// <param name="data">The data folder that will be.</param>
    /// <param name="keys">Where the keys of the backup are, if they are kept elsewhere; newer ones there are taken too.</param>
    /// <param name="until">The instant that the database is restored to, of a base backup with an archive.</param>
    /// <param name="archive">The archive that was kept since the base backup.</param>
    /// <param name="ignoreInstalled">Whether the embedded server comes from npm even where one is installed.</param>
    /// <param name="say">Tells of what is done.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartException">It cannot be restored.</exception>
    public static async Task Make(
        string from,
        string data,
        string? keys,
        DateTimeOffset? until,
        string? archive,
        bool ignoreInstalled,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        using var whole = Whole.Begin(data, "A data folder", isPassed: true);
        var backup = await BackupFolder.Open(from, keys, cancellation);
        var isBase = backup.Files.Contains(BackupFolder.Base);
        string[] replay = [];
        if (until is { } instant)
        {
            if (!isBase)
                throw new StartException(
                    $"{from} is restored as it is: --until needs a base backup (backup --base), made before that instant."
                );
            if (instant < backup.About.RestorableFrom)
                throw new StartException(
                    $"{from} was finished at {backup.About.RestorableFrom.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff'Z'}: restore to a later instant, or an older backup."
                );
            if (instant > DateTimeOffset.UtcNow)
                throw new StartException("--until names an instant that has not been yet.");
            replay = await WalArchive.Replay(
                archive
                    ?? throw new StartException(
                        "--until needs the archive that was kept since the backup: name its folder with --archive."
                    ),
                instant,
                cancellation
            );
        }

        if (isBase)
            await RestoreFiles(backup, whole.Part, replay, ignoreInstalled, say, cancellation);
        else
            await RestoreDump(backup, whole.Part, ignoreInstalled, say, cancellation);
        foreach (var file in backup.Files.Where(IsKept))
            Copy(backup[file], Path.Combine(whole.Part, file));
        if (keys is not null)
            foreach (var newer in Directory.EnumerateFiles(keys, "*", SearchOption.AllDirectories))
                if (Path.Combine(whole.Part, BackupFolder.Keys, Path.GetRelativePath(keys, newer)) is var key && !File.Exists(key))
                    Copy(newer, key);
        whole.Finish();
        say(
            $"restored to {data}, with everything acknowledged before {(until ?? backup.About.At).UtcDateTime:yyyy-MM-dd HH:mm:ss.fff'Z'}: start it with --data {data}"
        );
    }

    // The database's own files are put where it wants them.
    static bool IsKept(string file) =>
        file is not ("backup.json" or "backup_manifest" or BackupFolder.Dump or BackupFolder.Base or BackupFolder.BaseWal);

    static async Task RestoreDump(
        BackupFolder backup,
        string data,
        bool ignoreInstalled,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        await using var server = await PostgresServer.Start(data, ignoreInstalled, say, cancellation);
        var database = await server.Database(Database, cancellation);
        // Whoever owned things where it was made may be nobody here.
        await PostgresPrograms.Run(
            "pg_restore",
            backup.About.Postgres,
            database,
            [
                "--no-owner",
                "--no-privileges",
                "--exit-on-error",
                $"--jobs={Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)}",
                $"--dbname={Database}",
                "--no-password",
                backup[BackupFolder.Dump],
            ],
            cancellation
        );
    }

    static async Task RestoreFiles(
        BackupFolder backup,
        string data,
        string[] replay,
        bool ignoreInstalled,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var cluster = Path.Combine(data, "postgres");
        await Extract(backup[BackupFolder.Base], cluster);
        await Extract(backup[BackupFolder.BaseWal], Path.Combine(cluster, "pg_wal"));
        File.Copy(backup["postgres.password"], Path.Combine(data, "postgres.password"));
        if (replay.Length > 0)
            await File.WriteAllTextAsync(Path.Combine(cluster, "recovery.signal"), "", cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(cluster, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await (await UnprivilegedUser.Find(cancellation)).Own(cluster, cancellation);
        try
        {
            await using var server = await PostgresServer.Start(data, ignoreInstalled, say, cancellation, replay);
            await using var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(server.ConnectionString(Database)) { Pooling = false }
            );
            await using var recovers = source.CreateCommand("select pg_is_in_recovery()");
            while ((bool)(await recovers.ExecuteScalarAsync(cancellation))!)
                await Task.Delay(200, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or StartException && replay.Length > 0)
        {
            var log = Path.Combine(data, "logs", "postgres.log");
            throw new StartException(
                File.Exists(log)
                && (await File.ReadAllTextAsync(log, cancellation)).Contains(
                    "before configured recovery target was reached",
                    StringComparison.Ordinal
                )
                    ? "The archive ends before the instant given with --until: copy what is missing of it there (the rest of the log is in postgres/pg_wal of the lost data folder), or name an earlier instant."
                    : $"The archive could not be replayed: {e.Message}"
            );
        }

        async Task Extract(string packed, string into)
        {
            Directory.CreateDirectory(into);
            await using var file = File.OpenRead(packed);
            await using var content = new GZipStream(file, CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(content, into, overwriteFiles: true, cancellation);
        }
    }

    // For its owner alone, whatever became of its rights where the backup lay.
    static void Copy(string from, string to)
    {
        if (File.Exists(to))
            return;
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        else
            Directory.CreateDirectory(Path.GetDirectoryName(to)!, own | UnixFileMode.UserExecute);
        File.Copy(from, to);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(to, own);
    }
}
