using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PolicyPlatform.AppHost.Backups;
using PolicyPlatform.AppHost.Postgres;

namespace PolicyPlatform.Testing;

/// <summary>A standby of a server: made by pg_basebackup, fed by streaming replication.</summary>
public sealed class PostgresStandby : IAsyncDisposable
{
    readonly string folder;
    readonly PostgresServer primary,
        server;

    PostgresStandby(string folder, PostgresServer primary, PostgresServer server) =>
        (this.folder, this.primary, this.server) = (folder, primary, server);

    /// <summary>Makes one and starts it.</summary>
    /// <param name="primary">The server that it follows.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<PostgresStandby> Of(PostgresServer primary, string data, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"policyplatform-standby-{Guid.NewGuid():N}");
        var cluster = Path.Combine(folder, "postgres");
        Directory.CreateDirectory(folder);
        try
        {
            // Its users are the primary's.
            File.Copy(Path.Combine(data, "postgres.password"), Path.Combine(folder, "postgres.password"));
            await PostgresPrograms.Run(
                "pg_basebackup",
                int.Parse(
                    await File.ReadAllTextAsync(Path.Combine(data, "postgres", "PG_VERSION"), cancellation),
                    CultureInfo.InvariantCulture
                ),
                primary.ConnectionString("postgres"),
                [$"--pgdata={cluster}", "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-password"],
                cancellation
            );
            await (await UnprivilegedUser.Find(cancellation)).Own(cluster, cancellation);
            return new(
                folder,
                primary,
                await PostgresServer.Start(folder, ignoreInstalled: false, Console.WriteLine, cancellation, "fsync=off")
            );
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The connection string of one of its databases, by that of the primary's.</summary>
    public string ConnectionString(string database) => server.ConnectionString(new NpgsqlConnectionStringBuilder(database).Database!);

    /// <summary>Waits until it has all that was committed on the primary.</summary>
    public async Task CatchUp()
    {
        // What is inserted last may not be on disk yet, and only that is sent; another file of the log begins with all of it there.
        var written = (NpgsqlLogSequenceNumber)(await Ask(primary.ConnectionString("postgres"), "select pg_switch_wal()"))!;
        await Calls.Eventually(async () =>
            await Ask("select pg_last_wal_replay_lsn()") is NpgsqlLogSequenceNumber replayed && replayed >= written ? true : (bool?)null
        );
    }

    /// <summary>Lets it have all that was committed, and nothing further until it goes on.</summary>
    public async Task Pause()
    {
        await CatchUp();
        await Ask("select pg_wal_replay_pause()::text");
        await Calls.Eventually(async () => await Ask("select pg_get_wal_replay_pause_state()") is "paused" ? true : (bool?)null);
    }

    /// <summary>Lets it go on.</summary>
    public Task GoOn() => Ask("select pg_wal_replay_resume()::text");

    /// <summary>Ends it at once, as a machine ends that loses its power.</summary>
    public Task Stop() => server.Process.Stop(TimeSpan.Zero);

    /// <summary>Starts it again, at the same address.</summary>
    public Task Start() => server.Restart(CancellationToken.None);

    /// <summary>How often a table of one of its databases was read there, as far as is counted by now.</summary>
    public async Task<long> Reads(string database, string table) =>
        (long)
            (
                await Ask(
                    ConnectionString(database),
                    $"select coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0)::bigint from pg_stat_user_tables where relname = '{table}'"
                )
            )!;

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    Task<object?> Ask(string sql) => Ask(server.ConnectionString("postgres"), sql);

    static async Task<object?> Ask(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
