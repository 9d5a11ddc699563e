using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>Makes a checkpoint each day, a little after midnight in China or when the service starts.</summary>
sealed class DailyCheckpoint(Checkpoints checkpoints, IDocumentStore store, TimeProvider time, ILogger<DailyCheckpoint> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (checkpoints.PublicKey is null)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(15), time);
        do
        {
            try
            {
                await using var session = store.LightweightSession();
                var newest = await session.Query<KeptCheckpoint>().OrderByDescending(c => c.Id).FirstOrDefaultAsync(stoppingToken);
                if (newest is not null && OfficialTime.DateIn(newest.Checkpoint.At) >= time.Today())
                    continue;
                if (newest is null && !await session.Query<PolicyDocument>().AnyAsync(d => d.Revision > 0, stoppingToken))
                    continue;
                var made = await checkpoints.Make(session, stoppingToken);
                await session.SaveChangesAsync(stoppingToken);
                logger.LogInformation("Checkpoint {Number} covers {Documents} documents", made.Number, made.Documents);
            }
            catch (Exception e) when (Faults.IsForNextTime(e, stoppingToken))
            {
                logger.LogInformation("No checkpoint was made: {Reason}. Another process may have made it; trying again", e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
