using System.Collections.Concurrent;
using System.Diagnostics;
using HdrHistogram;

namespace PolicyPlatform.Benchmarks;

/// <summary>What one round came to.</summary>
/// <param name="Latencies">In microseconds, of the calls without error.</param>
/// <param name="Elapsed">How long it was.</param>
/// <param name="Errors">What went wrong.</param>
/// <param name="Used">What the processes used.</param>
sealed record Round(LongHistogram Latencies, TimeSpan Elapsed, IReadOnlyCollection<string> Errors, IReadOnlyList<Used> Used)
{
    public double PerSecond => Latencies.TotalCount / Elapsed.TotalSeconds;
}

/// <summary>Calls from many workers at once.</summary>
static class Load
{
    /// <summary>What takes longer counts as this, in microseconds.</summary>
    public const long Longest = 60_000_000;

    /// <summary>Calls until the time is up.</summary>
    /// <param name="once">One call by the numbered worker; what went wrong, null when nothing did.</param>
    /// <param name="connections">How many workers.</param>
    /// <param name="span">How long.</param>
    /// <param name="use">What is looked at meanwhile.</param>
    public static async Task<Round> Run(Func<int, Task<string?>> once, int connections, TimeSpan span, ProcessUse? use = null)
    {
        var all = new LongHistogram(Longest, 3);
        var errors = new ConcurrentQueue<string>();
        var before = use?.Now();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var mine = new LongHistogram(Longest, 3);
                        while (watch.Elapsed < span)
                        {
                            var started = Stopwatch.GetTimestamp();
                            if (await once(worker) is { } error)
                                errors.Enqueue(error);
                            else
                                mine.RecordValue(Math.Min((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds, Longest));
                        }
                        lock (all)
                            all.Add(mine);
                    })
                )
        );
        var elapsed = watch.Elapsed;
        return new(all, elapsed, errors, before is null ? [] : Used.Between(before, use!.Now()));
    }
}
