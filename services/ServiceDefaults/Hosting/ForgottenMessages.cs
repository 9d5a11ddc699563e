using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Finds messages that the inbox holds for this process and that the process does not know of: the connection broke after they were stored
/// and before that was answered. They are
/// given up to whoever looks for messages without an owner; without this they would wait for the process to end.
/// </summary>
sealed class ForgottenMessages(IWolverineRuntime messaging, NpgsqlDataSource database, ILogger<ForgottenMessages> logger)
    : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    // Longer than any handler takes. One that is taken up twice all the same finds done what it does.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly SeenSince<Guid> seen = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's clock, not by the platform's: it is about this process.
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await Find(stoppingToken) is { Length: > 0 } forgotten)
                    await Release(forgotten, stoppingToken);
            }
            catch (Exception e) when (Faults.IsForNextTime(e, stoppingToken))
            {
                logger.LogInformation("The inbox cannot be looked through just now: {Reason}", e.Message);
            }
        }
    }

    string Inbox => $"{messaging.MessageSchema()}.wolverine_incoming_envelopes";

    async Task<Guid[]> Find(CancellationToken cancellation)
    {
        var held = new HashSet<Guid>();
        await using (
            var command = database.CreateCommand($"select id, received_at from {Inbox} where status = 'Incoming' and owner_id = $1")
        )
        {
            command.Parameters.AddWithValue(messaging.DurabilitySettings.AssignedNodeNumber);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                // Where others wait it may be one of them.
                if (messaging.Endpoints.FindListenerCircuit(new(reader.GetString(1)))?.QueueCount is 0)
                    held.Add(reader.GetGuid(0));
        }
        return [.. seen.Look(held).Where(s => s.Value >= Patience).Select(s => s.Key)];
    }

    async Task Release(Guid[] forgotten, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"update {Inbox} set owner_id = 0 where status = 'Incoming' and owner_id = $1 and id = any($2)"
        );
        command.Parameters.AddWithValue(messaging.DurabilitySettings.AssignedNodeNumber);
        command.Parameters.AddWithValue(forgotten);
        logger.LogWarning(
            "{Count} messages were stored and then forgotten; they are taken up again",
            await command.ExecuteNonQueryAsync(cancellation)
        );
        seen.Forget();
    }
}
