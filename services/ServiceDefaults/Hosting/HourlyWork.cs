using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>What is done once an hour by the platform's clock; what fails for now is tried again an hour later.</summary>
public abstract class HourlyWork(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>Does it.</summary>
    protected abstract Task Do(CancellationToken stopping);

    /// <summary>
    /// Does it for each of some: one that another writer changes meanwhile, or of which another service does not answer, waits for the next
    /// hour, and the others do not wait for it.
    /// </summary>
    protected async Task ForEach<T>(IEnumerable<T> all, Func<T, CancellationToken, Task> one, CancellationToken stopping)
    {
        foreach (var each in all)
            try
            {
                await one(each, stopping);
            }
            catch (Exception e) when (Faults.IsConflict(e))
            {
                logger.LogDebug("{Work}: {One} changed meanwhile; it is looked at again in an hour", GetType().Name, each);
            }
            catch (RpcException e)
            {
                logger.LogWarning("{Work}: {One} is looked at again in an hour: {Reason}", GetType().Name, each, e.Status.Detail);
            }
    }

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            using var work = Telemetry.BeginWork(GetType().Name);
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
