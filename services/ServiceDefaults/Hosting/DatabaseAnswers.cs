using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>Ready means that the database answers a query.</summary>
sealed class DatabaseAnswers(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException || Faults.IsTemporary(e))
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
