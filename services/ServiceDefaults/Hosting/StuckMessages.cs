using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine.Runtime;
using Wolverine.Transports.Sending;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Sees messages that have waited for longer than a minute where they should be for an instant, tells of them in the health of the service
/// (<see cref="Operations.WaitingMessages"/> measures them), and hands on what is stuck
/// in the outbox: whoever sends gives up in memory, and what it gave up on would wait for the process to end.
/// </summary>
sealed class StuckMessages(IWolverineRuntime messaging, NpgsqlDataSource database, ILogger<StuckMessages> logger)
    : BackgroundService,
        IHealthCheck
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(15),
        Patience = TimeSpan.FromMinutes(1);

    const int MostLookedAt = 10_000;

    // By the clock of the database, as the time itself was written.
    const string Late = "timestamp <= (now() at time zone 'utc') - interval '1 minute'";

    readonly SeenSince<Guid> seen = new();
    IReadOnlyDictionary<string, long> stuck = new Dictionary<string, long>();

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] waiting = [.. Volatile.Read(ref stuck).Where(s => s.Value > 0).Select(s => $"{s.Value} in the {s.Key}")];
        return Task.FromResult(
            waiting.Length == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded($"Messages have waited for longer than a minute: {string.Join(", ", waiting)}.")
        );
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's clock, not by the platform's: it is about this process.
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await HandOn(stoppingToken);
                Volatile.Write(ref stuck, await Count(stoppingToken));
            }
            // Whatever goes wrong in looking, the service goes on.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogInformation("It cannot be seen whether messages are stuck: {Reason}", e.Message);
            }
        }
    }

    string Schema => messaging.MessageSchema();

    string Outbox => $"{Schema}.wolverine_outgoing_envelopes";

    static string QueueOf(string receiver) => $"{Persistence.QueueSchema}.wolverine_queue_{receiver}";

    async Task<Dictionary<string, long>> Count(CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>
        {
            ["outbox"] = await CountLate(Outbox, cancellation),
            ["inbox"] = await Unhandled(cancellation),
        };
        var queue = QueueOf(messaging.Options.ServiceName!);
        if (await Exists(queue, cancellation))
            counts["queue"] = await CountLate(queue, cancellation);
        return counts;
    }

    async Task<long> CountLate(string table, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select count(*) from {table} where {Late}");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    // The inbox does not say since when a message is in it.
    async Task<long> Unhandled(CancellationToken cancellation)
    {
        var there = new HashSet<Guid>();
        await using (
            var command = database.CreateCommand(
                $"select id from {Schema}.wolverine_incoming_envelopes where status = 'Incoming' limit {MostLookedAt}"
            )
        )
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                there.Add(reader.GetGuid(0));
        return seen.Look(there).Values.Count(waited => waited >= Patience);
    }

    // The same that sending does, in one statement, without asking whoever sends. A receiver that has it already takes it once.
    async Task HandOn(CancellationToken cancellation)
    {
        var destinations = new List<string>();
        await using (var command = database.CreateCommand($"select distinct destination from {Outbox} where {Late}"))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                destinations.Add(reader.GetString(0));
        foreach (var destination in destinations)
        {
            // A broker is asked again by whoever sends.
            if (
                !Uri.TryCreate(destination, UriKind.Absolute, out var address)
                || address.Scheme is not "postgresql"
                || !address.Host.All(char.IsAsciiLetter)
                || QueueOf(address.Host) is not { } queue
                || !await Exists(queue, cancellation)
            )
                continue;
            await using var move = database.CreateCommand(
                $"""
                with late as (select id, body, message_type, deliver_by from {Outbox} where destination = $1 and {Late} limit {MostLookedAt} for update skip locked),
                moved as (insert into {queue} (id, body, message_type, keep_until) select * from late on conflict do nothing)
                delete from {Outbox} where id in (select id from late)
                """
            );
            move.Parameters.AddWithValue(destination);
            var moved = await move.ExecuteNonQueryAsync(cancellation);
            if (moved == 0)
                continue;
            logger.LogWarning("{Count} messages to {Destination} were stuck in the outbox; they are on their way", moved, destination);
            // The way is there: it need not be waited for any longer.
            if (messaging.Endpoints.GetOrBuildSendingAgent(address) is SendingAgent { Latched: true } given)
                await given.MarkSuccessAsync();
        }
    }

    async Task<bool> Exists(string table, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select to_regclass($1) is not null");
        command.Parameters.AddWithValue(table);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
