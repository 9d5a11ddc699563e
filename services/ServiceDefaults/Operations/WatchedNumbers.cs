using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Operations;

/// <summary>A number as it was counted.</summary>
/// <param name="Number">What was counted.</param>
/// <param name="Kinds">How many there are of each kind.</param>
sealed record CountedNumber(WatchedNumber Number, IReadOnlyList<CountedKind> Kinds);

/// <summary>
/// Counts what is watched of a service. As metrics the numbers are at most a minute and a bit old: whoever collects them gets what is known and
/// has it counted again behind their back, so that a question costs nothing and, while nobody asks, nothing is counted.
/// </summary>
sealed class WatchedNumbers(
    IEnumerable<WatchedNumber> watched,
    IServiceProvider services,
    IMeterFactory meters,
    IHostApplicationLifetime lifetime,
    ILogger<WatchedNumbers> logger
) : IHostedService
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1),
        // What could not be counted anew for so long is not told any more.
        Forgotten = TimeSpan.FromMinutes(5);

    readonly WatchedNumber[] watched = [.. watched];
    IReadOnlyList<CountedNumber> known = [];
    long countedAt,
        triedAt;
    int isCounting;

    /// <summary>Makes a metric of each number.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(Telemetry.MeterName);
        foreach (var number in watched)
            meter.CreateObservableGauge(number.Name, () => Measure(number), number.Unit, number.What.ToString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts everything; what cannot be counted just now is left out.</summary>
    public async Task<IReadOnlyList<CountedNumber>> Count(CancellationToken cancellation)
    {
        var counted = new List<CountedNumber>();
        foreach (var number in watched)
            try
            {
                counted.Add(new(number, await number.Count(services, cancellation)));
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                // One that is wrong must not keep the others from being told.
                if (Faults.IsTemporary(e))
                    logger.LogInformation("{Number} cannot be counted just now: {Reason}", number.Name, e.Message);
                else
                    logger.LogWarning(e, "{Number} cannot be counted", number.Name);
            }
        return counted;
    }

    IEnumerable<Measurement<double>> Measure(WatchedNumber number)
    {
        CountWhenOld();
        var at = Volatile.Read(ref countedAt);
        if (at == 0 || Stopwatch.GetElapsedTime(at) > Forgotten)
            return [];
        return
        [
            .. Volatile
                .Read(ref known)
                .Where(c => c.Number == number)
                .SelectMany(c => c.Kinds)
                .Select(k =>
                    number.By is { } by
                        ? new Measurement<double>(k.Value, new KeyValuePair<string, object?>(by, k.Kind))
                        : new Measurement<double>(k.Value)
                ),
        ];
    }

    void CountWhenOld()
    {
        if (Volatile.Read(ref triedAt) is not 0 and var at && Stopwatch.GetElapsedTime(at) < Fresh)
            return;
        if (Interlocked.Exchange(ref isCounting, 1) == 1)
            return;
        Volatile.Write(ref triedAt, Stopwatch.GetTimestamp());
        // Part of nothing that is traced.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(async () =>
            {
                try
                {
                    Volatile.Write(ref known, await Count(lifetime.ApplicationStopping));
                    Volatile.Write(ref countedAt, Stopwatch.GetTimestamp());
                }
                catch (OperationCanceledException)
                {
                    // The process ends.
                }
                finally
                {
                    Volatile.Write(ref isCounting, 0);
                }
            });
    }
}

/// <summary>Says what is watched.</summary>
public static class WatchedByHosts
{
    /// <summary>Watches a number of this host.</summary>
    public static IServiceCollection Watch(this IServiceCollection services, WatchedNumber number) => services.AddSingleton(number);

    /// <summary>Makes metrics of what is watched.</summary>
    internal static void AddWatchedNumbers(this IServiceCollection services) =>
        services.AddSingleton<WatchedNumbers>().AddHostedService(s => s.GetRequiredService<WatchedNumbers>());

    /// <summary>Watches what every service has: messages that wait, and those that it could not handle.</summary>
    internal static void AddWatchedMessages(this IServiceCollection services) =>
        services
            .AddSingleton<WaitingMessages>()
            .AddSingleton<DeadLetterCount>()
            .Watch(
                new(
                    "policyplatform.messages.waiting",
                    "{message}",
                    "Messages that wait: in the queue, in the inbox, for an instant that has come, in the outbox",
                    "place",
                    (s, cancellation) => s.GetRequiredService<WaitingMessages>().Count(cancellation)
                )
            )
            .Watch(
                new(
                    "policyplatform.messages.oldest.age",
                    "s",
                    "For how long the message that came first has waited there",
                    "place",
                    (s, cancellation) => s.GetRequiredService<WaitingMessages>().Ages(cancellation)
                )
            )
            .Watch(
                new(
                    "policyplatform.messages.dead",
                    "{message}",
                    "Messages that could not be handled",
                    null,
                    async (s, cancellation) => [new(null, await s.GetRequiredService<DeadLetterCount>().Read(cancellation))]
                )
            );
}
