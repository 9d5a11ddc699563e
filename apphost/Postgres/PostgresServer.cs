using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using PolicyPlatform.AppHost.Processes;

namespace PolicyPlatform.AppHost.Postgres;

/// <summary>The embedded PostgreSQL: a cluster in the data folder that listens on the loopback interface only.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Who owns its databases.</summary>
    public const string Owner = "policyplatform";

    const int LongestSocketPath = 100;
    static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(3);

    readonly PostgresBinaries binaries;
    readonly UnprivilegedUser user;
    readonly string cluster;
    readonly string password;
    readonly ChildProcess process;
    readonly Action<string> say;

    PostgresServer(
        PostgresBinaries binaries,
        UnprivilegedUser user,
        string data,
        string password,
        int port,
        string[] settings,
        Action<string> say
    )
    {
        this.say = say;
        this.binaries = binaries;
        this.user = user;
        this.password = password;
        cluster = ClusterIn(data);
        Port = port;
        var number = port.ToString(CultureInfo.InvariantCulture);
        // On one machine a Unix socket saves the work of TCP. Its path has a limit, which a deep data folder can exceed.
        var socket = Path.Combine(cluster, $".s.PGSQL.{number}");
        Host = !OperatingSystem.IsWindows() && System.Text.Encoding.UTF8.GetByteCount(socket) <= LongestSocketPath ? cluster : "127.0.0.1";
        var (file, arguments) = user.CommandLine(
            binaries["postgres"],
            [
                "-D",
                cluster,
                "-p",
                number,
                "-c",
                $"unix_socket_directories={(Host == cluster ? cluster : "")}",
                .. settings.SelectMany(setting => new[] { "-c", setting }),
            ]
        );
        process = new("postgres", file, arguments, Path.Combine(data, "logs", "postgres.log"), say: say);
    }

    /// <summary>Where its clients find it: the folder of its Unix socket, or the loopback address.</summary>
    public string Host { get; }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>The server's process.</summary>
    public ChildProcess Process => process;

    /// <summary>The connection string of one of its databases.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Username = Owner,
            Password = password,
            Database = database,
            MaxPoolSize = 60,
            IncludeErrorDetail = false,
        }.ConnectionString;

    /// <summary>Makes the cluster where there is none, and starts it.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="ignoreInstalled">Whether the server comes from npm even where one is installed.</param>
    /// <param name="say">Tells of what takes long.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="settings">Further settings of the server for as long as it runs, such as <c>fsync=off</c>.</param>
    /// <exception cref="StartException">It cannot be started.</exception>
    public static async Task<PostgresServer> Start(
        string data,
        bool ignoreInstalled,
        Action<string> say,
        CancellationToken cancellation,
        params string[] settings
    )
    {
        var user = await UnprivilegedUser.Find(cancellation);
        Directory.CreateDirectory(data);
        Directory.CreateDirectory(Path.Combine(data, "logs"));
        if (!await user.Reaches(data, cancellation))
            throw new StartException(
                $"PostgreSQL runs as user {user}, who may not enter {data}: choose a folder that every user can reach with --data, /var/lib/policyplatform for example."
            );
        var cluster = ClusterIn(data);
        var versionFile = Path.Combine(cluster, "PG_VERSION");
        int? made = File.Exists(versionFile)
            ? int.Parse((await File.ReadAllTextAsync(versionFile, cancellation)).Trim(), CultureInfo.InvariantCulture)
            : null;
        var binaries = await PostgresBinaries.Find(data, user, made, ignoreInstalled, say, cancellation);
        var password = await Password(data, made is not null, cancellation);
        if (made is null)
            await Initialise(binaries, user, cluster, password, cancellation);
        // A server that outlived a killed apphost holds the cluster.
        else if (File.Exists(Path.Combine(cluster, "postmaster.pid")))
            await user.RunAs(binaries["pg_ctl"], ["stop", "-D", cluster, "-m", "fast", "-w", "-t", "20"], cancellation);

        var server = new PostgresServer(binaries, user, data, password, FreePort.Next(), settings, say);
        server.process.Start();
        await server.UntilReady(cancellation);
        return server;
    }

    /// <summary>
    /// Starts it again after it has died, for as long as it takes: what has no room, even to recover, is started when there is some.
    /// </summary>
    public async Task Restart(CancellationToken cancellation)
    {
        // Killed, it leaves processes behind that hold the cluster until they notice.
        var isSilent = Stopwatch.StartNew();
        for (var setbacks = new Setbacks(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2)); ; )
        {
            try
            {
                // One that is recovering is not started a second time.
                if (!process.IsRunning)
                    process.Start();
                await UntilReady(cancellation);
                return;
            }
            catch (StartException e)
            {
                setbacks.Count(TimeSpan.Zero);
                if (setbacks.IsTold && isSilent.Elapsed > MostSilence)
                    say($"{e.Message}. It is tried again until it does.");
            }
            await Task.Delay(setbacks.Pause, cancellation);
        }
    }

    /// <summary>Makes a database where it is missing.</summary>
    public async Task<string> Database(string name, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false }
        );
        await using var exists = source.CreateCommand("select 1 from pg_database where datname = $1");
        exists.Parameters.AddWithValue(name);
        if (await exists.ExecuteScalarAsync(cancellation) is null)
        {
            await using var create = source.CreateCommand($"create database \"{name}\"");
            await create.ExecuteNonQueryAsync(cancellation);
        }
        return ConnectionString(name);
    }

    /// <summary>Stops it: connections are ended, what is committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        process.Expected = true;
        if (process.IsRunning)
            await user.RunAs(binaries["pg_ctl"], ["stop", "-D", cluster, "-m", "fast", "-w", "-t", "8"], CancellationToken.None);
        await process.DisposeAsync();
    }

    static string ClusterIn(string data) => Path.Combine(data, "postgres");

    static async Task Initialise(
        PostgresBinaries binaries,
        UnprivilegedUser user,
        string cluster,
        string password,
        CancellationToken cancellation
    )
    {
        if (Directory.Exists(cluster))
            Directory.Delete(cluster, recursive: true); // left by an initialisation that was cut off
        var making = cluster + ".new";
        if (Directory.Exists(making))
            Directory.Delete(making, recursive: true);
        Directory.CreateDirectory(making);
        // A folder of its own: the server's user need not be able to write into the data folder.
        var passwordFile = Path.Combine(making, "password");
        var fresh = Path.Combine(making, "cluster");
        await File.WriteAllTextAsync(passwordFile, password, cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await user.Own(making, cancellation);
        var made = await user.RunAs(
            binaries["initdb"],
            ["-D", fresh, "-U", Owner, "-E", "UTF8", "--no-locale", "--data-checksums", "-A", "scram-sha-256", $"--pwfile={passwordFile}"],
            cancellation
        );
        if (!made.IsSuccess)
            throw new StartException($"PostgreSQL could not make its cluster in {cluster}: {LastLine(made.StandardError)}");
        // Not every build of PostgreSQL has lz4.
        var lz4 = (
            await user.RunAs(
                binaries["postgres"],
                ["-D", fresh, "-C", "default_toast_compression", "-c", "default_toast_compression=lz4"],
                cancellation
            )
        ).IsSuccess;
        await File.AppendAllLinesAsync(
            Path.Combine(fresh, "postgresql.conf"),
            [
                "listen_addresses = '127.0.0.1'",
                "max_connections = 300",
                "shared_buffers = 256MB",
                "max_wal_size = 4GB",
                "checkpoint_timeout = 15min",
                .. lz4 ? ["default_toast_compression = lz4", "wal_compression = lz4"] : Array.Empty<string>(),
            ],
            cancellation
        );
        File.Delete(passwordFile);
        Directory.Move(fresh, cluster);
        Directory.Delete(making, recursive: true);
    }

    async Task UntilReady(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 2 }
        );
        for (var waited = Stopwatch.StartNew(); ; )
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                return;
            }
            catch (NpgsqlException) when (process.IsRunning && waited.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50, cancellation);
            }
            catch (NpgsqlException)
            {
                if (!process.IsRunning)
                    await process.Ended(cancellation);
                throw new StartException($"PostgreSQL does not start: {process.LastWords} (see {process.LogFile})");
            }
        }
    }

    static async Task<string> Password(string data, bool clusterExists, CancellationToken cancellation)
    {
        var file = Path.Combine(data, "postgres.password");
        if (File.Exists(file) && (await File.ReadAllTextAsync(file, cancellation)).Trim() is { Length: > 0 } known)
            return known;
        if (clusterExists)
            throw new StartException(
                $"{file} is missing or empty, and without it the database in {data} cannot be opened: restore it, or choose another folder with --data."
            );
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        File.Delete(file); // left empty by a start that had no room
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync(password);
        return password;
    }

    static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it says nothing";
}
