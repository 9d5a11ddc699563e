using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>Deletes, once an hour, the answers of idempotency keys that are older than they are kept.</summary>
sealed class ForgetOldAnswers(IDocumentStore store, TimeProvider time, ILogger<ForgetOldAnswers> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var session = store.LightweightSession();
                var before = time.GetUtcNow() - IdempotentAnswer.Kept;
                session.DeleteWhere<IdempotentAnswer>(a => a.At < before);
                await session.SaveChangesAsync(stoppingToken);
            }
            catch (Exception e) when (Faults.IsForNextTime(e, stoppingToken))
            {
                logger.LogWarning(e, "Old idempotency answers could not be deleted; trying again in an hour");
            }
        }
    }
}
