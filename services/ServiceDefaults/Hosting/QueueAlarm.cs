using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine.Persistence.Durability;
using Wolverine.RDBMS;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Sees what Wolverine would poll for, and hands it on: messages whose instant has come, at that instant; those that lie in the service's queue though
/// whoever receives was to be woken for them; those in inbox and outbox that belong to nobody, because whoever had them is gone.
/// </summary>
/// <remarks>
/// Polls that find all this as soon write and lock on nothing, and are most of what an idle platform does. Here one statement is asked once a second.
/// Wolverine's own polls remain, farther apart, for what this does not see.
/// </remarks>
sealed class QueueAlarm(IWolverineRuntime messaging, NpgsqlDataSource database, Messaging.Transport transport, ILogger<QueueAlarm> logger)
    : BackgroundService
{
    // What waits for something is set for a second later at the soonest, and so is seen before its instant.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Whoever was woken has taken it by then.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    const int MostAtOnce = 500;

    HashSet<string> told = [];

    // On which whoever receives hears the name of the queue that has something.
    const string Channel = "wolverine_queue_wakeup";

    string Queue => $"{Persistence.QueueSchema}.wolverine_queue_{messaging.Options.ServiceName}";

    string Inbox => $"{messaging.MessageSchema()}.wolverine_incoming_envelopes";

    string Outbox => $"{messaging.MessageSchema()}.wolverine_outgoing_envelopes";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's clock, not by the platform's: it is about this process.
        for (var next = Pause; ; )
        {
            await Task.Delay(next, stoppingToken);
            try
            {
                next = await Look(stoppingToken);
            }
            // Whatever goes wrong in looking, the service goes on.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogInformation("It cannot be seen just now which messages are due: {Reason}", e.Message);
                next = Pause;
            }
        }
    }

    /// <summary>Hands on what is to be handed on; how long nothing is to be done then.</summary>
    async Task<TimeSpan> Look(CancellationToken cancellation)
    {
        var next = Pause;
        List<Func<Task>> actions = [];
        await using (var connection = await database.OpenConnectionAsync(cancellation))
        await using (var look = new NpgsqlCommand(Seen, connection))
        {
            await using var reader = await look.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                if (reader.IsDBNull(2))
                    continue;
                var (what, where, number) = (reader.GetString(0), reader.GetString(1), reader.GetDouble(2));
                if (what is "queue" or "inbox" && number > 0)
                {
                    next = TimeSpan.FromSeconds(Math.Min(number, next.TotalSeconds));
                    continue;
                }
                // As long as something is left it is looked for as often; what another process has in hand is.
                if (what is "queue" or "inbox" && next > Patience)
                    next = Patience;
                actions.Add(
                    what switch
                    {
                        "queue" => () => Ring(cancellation),
                        "inbox" => () => RunDue(cancellation),
                        "received" => () => TakeUp(new(new(where), (int)number), cancellation),
                        _ => () => SendOn(new(where), cancellation),
                    }
                );
            }
        }
        // One that cannot be handed on, such as to a broker that is none of this platform's, keeps no other waiting, and is told of once.
        HashSet<string> why = [];
        foreach (var action in actions)
            try
            {
                await action();
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                if (why.Add(e.Message) && !told.Contains(e.Message))
                    logger.LogInformation("A message cannot be handed on just now: {Reason}", e.Message);
            }
        told = why;
        return next;
    }

    // What is in which place, and in how many seconds it is due or how many they are.
    string Seen =>
        $"""
            select 'inbox', '', extract(epoch from min(execution_time) - now())::float8 from {Inbox} where status = 'Scheduled'
            union all select 'received', received_at, count(*) from {Inbox} where status = 'Incoming' and owner_id = 0 group by received_at
            union all select distinct 'sent', destination, 0 from {Outbox} where owner_id = 0
            """
        + (
            transport.IsBroker
                ? ""
                : $"""

                    union all select 'queue', '', extract(epoch from min(execution_time) - now())::float8 from {Queue}_scheduled
                    union all select 'queue', '', 0 where exists (select from {Queue} where timestamp <= now() - interval '{Patience.TotalMilliseconds} milliseconds')
                    """
        );

    // Puts what is due into the queue, by the same rules as the poll does: whoever comes second finds nothing. And wakes for whatever lies there.
    async Task Ring(CancellationToken cancellation)
    {
        await using var ring = database.CreateCommand(
            $"""
            with due as materialized (
              select id from {Queue}_scheduled s where execution_time <= now() and not exists (select from {Queue} q where q.id = s.id)
              order by execution_time limit {MostAtOnce} for update skip locked),
            moved as (delete from {Queue}_scheduled where id in (select id from due) returning id, body, message_type, keep_until, execution_time),
            put as (
              insert into {Queue} (id, body, message_type, keep_until)
              select id, body, message_type, keep_until from moved order by execution_time on conflict do nothing)
            select pg_notify('{Channel}', '{Queue}')
            """
        );
        await ring.ExecuteNonQueryAsync(cancellation);
    }

    Task RunDue(CancellationToken cancellation) =>
        messaging.Storage is IMessageDatabase store
            ? store.PollForScheduledMessagesAsync(messaging, messaging.Logger, messaging.DurabilitySettings, cancellation)
            : Task.CompletedTask;

    Task TakeUp(IncomingCount count, CancellationToken cancellation) =>
        messaging.Endpoints.FindListenerCircuit(count.Destination) is { Status: ListeningStatus.Accepting } listener
            ? new RecoverIncomingMessagesCommand(
                messaging.Storage,
                count,
                listener,
                messaging.DurabilitySettings,
                messaging.Logger
            ).ExecuteAsync(messaging, cancellation)
            : Task.CompletedTask;

    async Task SendOn(Uri destination, CancellationToken cancellation) =>
        await new RecoverOutgoingMessagesCommand(
            messaging.Endpoints.GetOrBuildSendingAgent(destination),
            messaging.Storage,
            messaging.Logger
        ).ExecuteAsync(messaging, cancellation);
}
