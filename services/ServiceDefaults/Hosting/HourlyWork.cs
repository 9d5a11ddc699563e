using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>What is done once an hour by the platform's clock; what fails for now is tried again an hour later.</summary>
public abstract class HourlyWork(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>Does it.</summary>
    protected abstract Task Do(CancellationToken stopping);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Do(stoppingToken);
            }
            catch (Exception e) when (Faults.IsForNextTime(e, stoppingToken))
            {
                logger.LogWarning(e, "{Work} failed; trying again in an hour", GetType().Name);
            }
        }
    }
}
