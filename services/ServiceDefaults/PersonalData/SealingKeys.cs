using Marten;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.PersonalData;

/// <summary>A key that was there while this database was written.</summary>
/// <param name="Id">The file of the key; of the one that finds rows with a mark of what it holds.</param>
/// <param name="NotedAt">When it was noted, UTC.</param>
public sealed record SealingKey(string Id, DateTimeOffset NotedAt);

/// <summary>
/// Notes in the database which keys are there, so that a database that was restored without them says which ones are missing. A service
/// without one works: what that one sealed is shown as unreadable.
/// </summary>
sealed class SealingKeys(IDocumentStore store, Seals seals, TimeProvider time, ILogger<SealingKeys> logger)
    : BackgroundService,
        IHealthCheck
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(15),
        Patience = TimeSpan.FromSeconds(2);

    readonly HashSet<string> noted = [];

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var session = store.QuerySession();
            var known = await session.Query<SealingKey>().Select(k => k.Id).ToListAsync(cancellationToken);
            // A folder on a network may not answer: that keeps nobody waiting.
            var there = await Task.Run(seals.Keys, cancellationToken).WaitAsync(Patience, cancellationToken);
            string[] missing = [.. known.Where(k => !there.Contains(k)).Order(StringComparer.Ordinal)];
            return missing.Length == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(
                    $"What was sealed with {string.Join(", ", missing)} cannot be read: put back what is missing in PersonalData:KeyFolder."
                );
        }
        catch (Exception e)
            when (e is NpgsqlException or IOException or UnauthorizedAccessException or FormatException || Faults.IsTemporary(e))
        {
            return HealthCheckResult.Degraded("It cannot be seen whether keys of personal data are missing.", e);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's clock, not by the platform's: it is about this process.
        using var timer = new PeriodicTimer(Pause);
        do
        {
            try
            {
                await Note(stoppingToken);
            }
            catch (Exception e)
                when (e is IOException or UnauthorizedAccessException or FormatException || Faults.IsForNextTime(e, stoppingToken))
            {
                logger.LogInformation("The keys of personal data cannot be noted just now: {Reason}", e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task Note(CancellationToken cancellation)
    {
        string[] unknown = [.. seals.Keys().Except(noted)];
        if (unknown.Length == 0)
            return;
        await using var session = store.LightweightSession();
        foreach (var key in unknown)
            session.Store(new SealingKey(key, time.GetUtcNow()));
        await session.SaveChangesAsync(cancellation);
        noted.UnionWith(unknown);
    }
}
