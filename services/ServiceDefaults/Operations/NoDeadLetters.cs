using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Operations;

/// <summary>A service with dead letters works, and somebody must look at it: its health says so.</summary>
sealed class NoDeadLetters(DeadLetterCount letters) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await letters.Read(cancellationToken);
            return count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded($"{count} messages could not be handled: GET /api/v1{DeadLetters.Path}.");
        }
        catch (Exception e) when (Faults.IsTemporary(e))
        {
            return HealthCheckResult.Degraded("The database does not say whether there are messages that could not be handled.", e);
        }
    }
}

/// <summary>Counts the dead letters of a service.</summary>
sealed class DeadLetterCount(IWolverineRuntime messaging, NpgsqlDataSource database)
{
    public async Task<long> Read(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select count(*) from {messaging.MessageSchema()}.wolverine_dead_letters");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
