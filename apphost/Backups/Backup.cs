using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using PolicyPlatform.AppHost.Postgres;

namespace PolicyPlatform.AppHost.Backups;

/// <summary>Backs up a data folder, whether its platform runs or not; nothing is stopped for it.</summary>
static partial class Backup
{
    const string Database = "policyplatform";

    // Marks that belong to what is stored.
    static readonly string[] Marks = ["samples-loaded"];

    /// <summary>Makes a backup in a folder, whole or not at all.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="to">Where the backup will be. It must not be there, or be empty.</param>
    /// <param name="isBase">Whether the database's files are copied, to be restored as they were at any later instant of an archive.</param>
    /// <param name="ignoreInstalled">Whether the embedded server comes from npm even where one is installed.</param>
    /// <param name="say">Tells of what is done.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartException">It cannot be made.</exception>
    public static async Task Make(
        string data,
        string to,
        bool isBase,
        bool ignoreInstalled,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var versionFile = Path.Combine(data, "postgres", "PG_VERSION");
        if (!File.Exists(versionFile))
            throw new StartException(
                $"There is no platform with an embedded PostgreSQL in {data}: name its folder with --data. A server of your own is backed up with tools/backup.sh."
            );
        using var whole = Whole.Begin(to, "The backup", isPassed: false);
        var major = int.Parse((await File.ReadAllTextAsync(versionFile, cancellation)).Trim(), CultureInfo.InvariantCulture);
        DateTimeOffset at,
            restorableFrom;
        await using (var server = await Serve(data, ignoreInstalled, say, cancellation))
        {
            at = await Now(server.Database, cancellation);
            if (isBase)
            {
                await PostgresPrograms.Run(
                    "pg_basebackup",
                    major,
                    server.Database,
                    [$"--pgdata={whole.Part}", "--format=tar", "--gzip", "--wal-method=stream", "--checkpoint=fast", "--no-password"],
                    cancellation
                );
                // The cluster knows its users.
                File.Copy(Path.Combine(data, "postgres.password"), Path.Combine(whole.Part, "postgres.password"));
            }
            else
                await PostgresPrograms.Run(
                    "pg_dump",
                    major,
                    server.Database,
                    ["--format=custom", "--no-password", $"--file={Path.Combine(whole.Part, BackupFolder.Dump)}"],
                    cancellation
                );
            restorableFrom = await Now(server.Database, cancellation);
        }
        // After the database: whatever was sealed in it was sealed with a key that is there by now.
        CopyKeys(Path.Combine(data, BackupFolder.Keys), Path.Combine(whole.Part, BackupFolder.Keys));
        foreach (var mark in Marks.Where(mark => File.Exists(Path.Combine(data, mark))))
            File.Copy(Path.Combine(data, mark), Path.Combine(whole.Part, mark));
        await BackupFolder.Close(whole.Part, at, restorableFrom, major, cancellation);
        whole.Finish();
        say($"backed up to {to}: everything acknowledged before {at:yyyy-MM-dd HH:mm:ss.fff'Z'}");
    }

    static void CopyKeys(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(from, file);
            // Locks, and what is being written: nothing is sealed with it yet.
            if (Unfinished().IsMatch(name))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, name))!);
            File.Copy(file, Path.Combine(to, name));
        }
    }

    static async Task<DateTimeOffset> Now(string database, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { Pooling = false });
        await using var now = source.CreateCommand("select clock_timestamp()");
        return new((DateTime)(await now.ExecuteScalarAsync(cancellation))!, TimeSpan.Zero);
    }

    // The server that runs already, or one that runs for as long as the backup takes.
    static async Task<Served> Serve(string data, bool ignoreInstalled, Action<string> say, CancellationToken cancellation)
    {
        if (await Running(data, cancellation) is { } running)
            return new(running, null, null);
        var held = DataFolder.Open(data);
        try
        {
            var server = await PostgresServer.Start(data, ignoreInstalled, say, cancellation);
            return new(server.ConnectionString(Database), server, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    static async Task<string?> Running(string data, CancellationToken cancellation)
    {
        try
        {
            // The fourth line of its file is its port.
            var port = (await File.ReadAllLinesAsync(Path.Combine(data, "postgres", "postmaster.pid"), cancellation))[3];
            var database = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = int.Parse(port, CultureInfo.InvariantCulture),
                Username = PostgresServer.Owner,
                Password = (await File.ReadAllTextAsync(Path.Combine(data, "postgres.password"), cancellation)).Trim(),
                Database = Database,
            }.ConnectionString;
            await Now(database, cancellation);
            return database;
        }
        catch (Exception e) when (e is IOException or NpgsqlException or IndexOutOfRangeException or FormatException)
        {
            return null; // it does not run, or left its file behind
        }
    }

    [GeneratedRegex(@"\.(lock|tmp|[0-9a-f]{32})$", RegexOptions.NonBacktracking)]
    private static partial Regex Unfinished();

    sealed record Served(string Database, PostgresServer? Server, DataFolder? Held) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Server is not null)
                await Server.DisposeAsync();
            Held?.Dispose();
        }
    }
}
