using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using PolicyPlatform.ServiceDefaults.Operations;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Reading;

/// <summary>
/// The standbys that the public reads from. How far one is behind is told by positions in the log of the database, not by clocks: the database's
/// is noted again and again, and a standby that has replayed what was noted at an instant lacks nothing that was committed before it.
/// </summary>
sealed class Replicas : BackgroundService, IHealthCheck
{
    // For how long it is remembered where the database was: what is further behind is at least so far.
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    readonly NpgsqlDataSource database;
    readonly Replica[] all;
    readonly TimeSpan mostLag,
        pause;
    readonly ILogger<Replicas> logger;
    const string Away = "does not answer";

    volatile Noted[] noted = [];

    // In seconds.
    readonly int patience;
    int turn;

    /// <summary>Knows them; asks nobody before it is started.</summary>
    /// <param name="database">The database whose standbys they are.</param>
    /// <param name="connection">How they are reached: hosts with commas between them, all else alike.</param>
    /// <param name="mostLag">How far one that is read from is behind at most.</param>
    /// <param name="logger">Is told of those that go and come.</param>
    public Replicas(NpgsqlDataSource database, NpgsqlConnectionStringBuilder connection, TimeSpan mostLag, ILogger<Replicas> logger)
    {
        this.database = database;
        this.mostLag = mostLag;
        this.logger = logger;
        patience = connection.Timeout;
        pause = TimeSpan.FromSeconds(Math.Clamp(mostLag.TotalSeconds / 5, 0.2, 1));
        all =
        [
            .. (connection.Host ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(host => new Replica(
                    host,
                    NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder($"{connection}") { Host = host })
                )),
        ];
    }

    /// <summary>A connection to one that has replayed the log up to a position and is not too far behind; null where there is none just now.</summary>
    public async Task<NpgsqlConnection?> Open(NpgsqlLogSequenceNumber atLeast, CancellationToken cancellation)
    {
        if (Newest(mostLag) is not { } wanted)
            return null;
        if (atLeast > wanted)
            wanted = atLeast;
        var first = (uint)Interlocked.Increment(ref turn);
        for (var i = 0u; i < all.Length; i++)
            if (all[(first + i) % all.Length] is { State.IsUsable: true } replica)
                return await Open(replica, wanted, cancellation);
        return null;
    }

    /// <summary>Up to where the database has written: whoever has replayed that has all that was committed before.</summary>
    public async Task<NpgsqlLogSequenceNumber> Position(CancellationToken cancellation)
    {
        // Where it inserts: what is committed need not be on disk (synchronous_commit).
        await using var command = database.CreateCommand("select pg_current_wal_insert_lsn()");
        return (NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>After how long nobody is answered any more out of what was so before.</summary>
    public TimeSpan LongestStale => mostLag + pause;

    /// <summary>How far each that answers is behind, in seconds.</summary>
    public IReadOnlyList<CountedKind> Lags() =>
        [.. all.Where(r => r.State.Lag is not null).Select(r => new CountedKind(r.Host, Math.Round(r.State.Lag!.Value.TotalSeconds, 1)))];

    /// <summary>Whether each is read from: 1, or 0.</summary>
    public IReadOnlyList<CountedKind> Ready() => [.. all.Select(r => new CountedKind(r.Host, r.State.IsUsable ? 1 : 0))];

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            all.Where(r => r.State.Wrong is not null).Select(r => $"{r.Host} {r.State.Wrong}").ToArray() is { Length: > 0 } wrong
                ? HealthCheckResult.Degraded($"The public does not read from these replicas: {string.Join("; ", wrong)}.")
                : HealthCheckResult.Healthy()
        );

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // One that does not answer holds up nobody else.
        Task.WhenAll([Again(Note, stoppingToken), .. all.Select(replica => Again(c => Look(replica, c), stoppingToken))]);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (var replica in all)
            replica.Source.Dispose();
    }

    async Task Again(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        // By the machine's clock, not by the platform's: it is about processes.
        using var timer = new PeriodicTimer(pause);
        try
        {
            do await work(stopping);
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It ends.
        }
    }

    async Task Note(CancellationToken cancellation)
    {
        // Before it is asked: what is committed after that need not be in the answer.
        var at = Stopwatch.GetTimestamp();
        try
        {
            await using var command = database.CreateCommand("select pg_current_wal_flush_lsn()");
            command.CommandTimeout = patience;
            var position = (NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(cancellation))!;
            noted = [.. noted.SkipWhile(n => Stopwatch.GetElapsedTime(n.At) > Remembered), new(at, position)];
        }
        catch (Exception e) when (Faults.IsForNextTime(e, cancellation))
        {
            // What is noted grows old, and nothing is read from replicas then.
        }
    }

    async Task Look(Replica replica, CancellationToken cancellation)
    {
        var (lag, wrong) = ((TimeSpan?)null, (string?)null);
        try
        {
            await using var connection = await replica.Source.OpenConnectionAsync(cancellation);
            if (await Replayed(connection, cancellation) is { } replayed)
            {
                lag = LagAt(replayed);
                if (lag is null)
                    return; // nothing is noted yet
                if (lag > mostLag)
                    wrong = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"is {lag.Value.TotalSeconds:0} s behind");
            }
            else
            {
                wrong = "is no standby";
                // Behind an address that leads to standbys alone, others may be reached from now on.
                replica.Source.Clear();
            }
        }
        catch (Exception e) when (Faults.IsForNextTime(e, cancellation))
        {
            wrong = Away;
        }
        Set(replica, new(lag, wrong));
    }

    async Task<NpgsqlConnection?> Open(Replica replica, NpgsqlLogSequenceNumber wanted, CancellationToken cancellation)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await replica.Source.OpenConnectionAsync(cancellation);
            // Each connection is asked: behind one address there may be several standbys.
            if (await Replayed(connection, cancellation) is { } replayed && replayed >= wanted)
                return connection;
        }
        catch (Exception e) when (Faults.IsForNextTime(e, cancellation))
        {
            // Nobody waits for it before it has been looked at again.
            Set(replica, new(null, Away));
        }
        if (connection is not null)
            await connection.DisposeAsync();
        return null;
    }

    // Up to where it has replayed the log; null for what is no standby.
    async Task<NpgsqlLogSequenceNumber?> Replayed(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() end", connection)
        {
            CommandTimeout = patience,
        };
        return await command.ExecuteScalarAsync(cancellation) as NpgsqlLogSequenceNumber?;
    }

    // The position that has to be replayed so as to lack nothing that is older.
    NpgsqlLogSequenceNumber? Newest(TimeSpan age)
    {
        NpgsqlLogSequenceNumber? wanted = null;
        var known = noted;
        for (var i = known.Length - 1; i >= 0 && Stopwatch.GetElapsedTime(known[i].At) <= age; i--)
            wanted = known[i].Position;
        return wanted;
    }

    TimeSpan? LagAt(NpgsqlLogSequenceNumber replayed)
    {
        var known = noted;
        if (known.Length == 0)
            return null;
        return Stopwatch.GetElapsedTime((known.LastOrDefault(n => n.Position <= replayed) ?? known[0]).At);
    }

    void Set(Replica replica, State state)
    {
        var before = replica.State;
        replica.State = state;
        if (state.IsUsable && before.Wrong is not null)
            logger.LogInformation("The public reads from replica {Host} again", replica.Host);
        else if (state.Wrong is not null && before.Wrong is null)
            logger.LogWarning("The public does not read from replica {Host}: it {Reason}", replica.Host, state.Wrong);
    }

    /// <summary>How a replica is.</summary>
    /// <param name="Lag">How far it is behind; null where that is not known.</param>
    /// <param name="Wrong">Why it is not read from.</param>
    sealed record State(TimeSpan? Lag, string? Wrong)
    {
        public bool IsUsable => Lag is not null && Wrong is null;
    }

    sealed record Noted(long At, NpgsqlLogSequenceNumber Position);

    sealed class Replica(string host, NpgsqlDataSource source)
    {
        public string Host => host;

        public NpgsqlDataSource Source => source;

        public State State
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        } = new(null, null);
    }
}
