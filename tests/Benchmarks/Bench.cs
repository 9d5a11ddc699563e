using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using HdrHistogram;
using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>What one measurement came to.</summary>
sealed record Result(string Name, double PerSecond, double P50, double P99, long Errors, string? FirstError);

/// <summary>A running platform, and load for it.</summary>
sealed class Bench(RunningPlatform platform, int connections, TimeSpan duration, int comments = 200_000)
{
    // Long enough for the just-in-time compiler to be done with the hot paths on two slow cores.
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12);

    public RunningPlatform Platform => platform;

    /// <summary>How many comments a large consultation has.</summary>
    public int Comments => comments;

    /// <summary>A client that uses as many connections as there are workers.</summary>
    public HttpClient Client(string? token = null) =>
        new(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = connections,
                UseProxy = false,
                UseCookies = false,
            }
        )
        {
            BaseAddress = platform.Api.BaseAddress,
            DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
        };

    /// <summary>The platform's own database server, for the raw limit.</summary>
    public NpgsqlDataSource Database()
    {
        // The same way that the services take: line 4 is the port, line 5 the folder of the Unix socket.
        var running = File.ReadAllLines(Path.Combine(platform.Data, "postgres", "postmaster.pid"));
        return NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder
            {
                Host = running[4].Length > 0 ? running[4] : "127.0.0.1",
                Port = int.Parse(running[3], CultureInfo.InvariantCulture),
                Username = "policyplatform",
                Password = File.ReadAllText(Path.Combine(platform.Data, "postgres.password")),
                Database = "policyplatform",
                MaxPoolSize = connections,
                MaxAutoPrepare = 20,
                AutoPrepareMinUsages = 1,
            }
        );
    }

    /// <summary>Calls <paramref name="once"/> from all workers until the time is up; the warm-up does not count.</summary>
    public async Task<Result> Measure(string name, Func<int, Task<string?>> once)
    {
        await Run(once, WarmUp);
        var (latencies, errors, elapsed) = await Run(once, duration);
        return new(
            name,
            latencies.TotalCount / elapsed.TotalSeconds,
            latencies.GetValueAtPercentile(50) / 1000.0,
            latencies.GetValueAtPercentile(99) / 1000.0,
            errors.Count,
            errors.FirstOrDefault()
        );
    }

    async Task<(LongHistogram Latencies, ConcurrentQueue<string> Errors, TimeSpan Elapsed)> Run(
        Func<int, Task<string?>> once,
        TimeSpan span
    )
    {
        var all = new LongHistogram(60_000_000, 3);
        var errors = new ConcurrentQueue<string>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var mine = new LongHistogram(60_000_000, 3);
                        while (watch.Elapsed < span)
                        {
                            var started = Stopwatch.GetTimestamp();
                            if (await once(worker) is { } error)
                                errors.Enqueue(error);
                            else
                                mine.RecordValue(Math.Min((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds, 60_000_000));
                        }
                        lock (all)
                            all.Add(mine);
                    })
                )
        );
        return (all, errors, watch.Elapsed);
    }

    /// <summary>Prints results; the first is the limit that the others are put in relation to.</summary>
    public static void Print(params Result[] results)
    {
        Console.WriteLine();
        Console.WriteLine($"{"", -34}{"per second", 12}{"ratio", 8}{"p50 ms", 10}{"p99 ms", 10}{"errors", 8}");
        foreach (var r in results)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{r.Name, -34}{r.PerSecond, 12:0}{r.PerSecond / results[0].PerSecond, 8:0.000}{r.P50, 10:0.0}{r.P99, 10:0.0}{r.Errors, 8}"
                )
            );
        foreach (var r in results.Where(r => r.FirstError is not null))
            Console.WriteLine($"first error of {r.Name}: {r.FirstError}");
    }
}
