using System.Globalization;
using HdrHistogram;

namespace PolicyPlatform.Benchmarks;

/// <summary>What one measurement came to.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="PerSecond">Calls a second; the median of the rounds.</param>
/// <param name="P50">The median of all calls, in ms.</param>
/// <param name="P99">What one of a hundred took at least, in ms.</param>
/// <param name="Errors">How many went wrong.</param>
/// <param name="FirstError">The first that did.</param>
sealed record Result(string Name, double PerSecond, double P50, double P99, long Errors, string? FirstError)
{
    readonly IReadOnlyList<Round> rounds = [];

    /// <summary>That of several rounds.</summary>
    public Result(string name, IReadOnlyList<Round> rounds)
        : this(name, rounds, Of(rounds)) { }

    Result(string name, IReadOnlyList<Round> rounds, LongHistogram all)
        : this(
            name,
            Median(rounds.Select(r => r.PerSecond)),
            all.GetValueAtPercentile(50) / 1000.0,
            all.GetValueAtPercentile(99) / 1000.0,
            rounds.Sum(r => (long)r.Errors.Count),
            rounds.SelectMany(r => r.Errors).FirstOrDefault()
        ) => this.rounds = rounds;

    /// <summary>The same at the other commit.</summary>
    public Result? Against { get; init; }

    /// <summary>It stands beside that of the other commit, and is not printed by itself.</summary>
    public bool IsBeside { get; init; }

    /// <summary>Prints results; the first is the limit that the others are put in relation to.</summary>
    public static void Print(params Result[] results)
    {
        if (results[0].IsBeside)
            return;
        Console.WriteLine();
        if (results[0].Against is not null)
            PrintPairs(results);
        else
            PrintAlone(results);
        foreach (var r in results)
            r.PrintUse("");
        foreach (var r in results.SelectMany(r => r.Against is { } other ? [r, other] : new[] { r }).Where(r => r.FirstError is not null))
            Console.WriteLine($"first error of {r.Name}: {r.FirstError}");
    }

    static void PrintAlone(Result[] results)
    {
        Console.WriteLine($"{"", -34}{"per second", 12}{"spread", 16}{"ratio", 8}{"p50 ms", 10}{"p99 ms", 10}{"errors", 8}");
        foreach (var r in results)
            Say(
                $"{r.Name, -34}{r.PerSecond, 12:0}{Spread(r.rounds.Select(o => o.PerSecond), "0"), 16}{r.PerSecond / results[0].PerSecond, 8:0.000}{r.P50, 10:0.0}{r.P99, 10:0.0}{r.Errors, 8}"
            );
    }

    static void PrintPairs(Result[] results)
    {
        Console.WriteLine(
            $"{"", -34}{"before /s", 12}{"now /s", 10}{"now/before", 12}{"of pairs", 16}{"p99 before", 12}{"p99 now", 10}{"errors", 8}"
        );
        foreach (var r in results)
        {
            // What is no round of calls is measured of this commit alone.
            if (r.Against is null)
            {
                Say($"{r.Name, -34}{"", 12}{r.PerSecond, 10:0}");
                continue;
            }
            var ratios = r.rounds.Zip(r.Against.rounds, (now, before) => now.PerSecond / before.PerSecond).ToArray();
            Say(
                $"{r.Name, -34}{r.Against.PerSecond, 12:0}{r.PerSecond, 10:0}{Median(ratios), 12:0.00}{Spread(ratios, "0.00"), 16}{r.Against.P99, 12:0.0}{r.P99, 10:0.0}{r.Errors + r.Against.Errors, 8}"
            );
        }
    }

    void PrintUse(string when)
    {
        var calls = rounds.Sum(r => r.Latencies.TotalCount);
        if (calls == 0)
            return;
        var parts = rounds
            .SelectMany(r => r.Used)
            .GroupBy(u => u.Part)
            .Select(g => new Used(
                g.Key,
                g.Sum(u => u.Milliseconds) / calls,
                g.Sum(u => u.Switches) / calls,
                g.Sum(u => u.Allocated) / calls
            ))
            .Where(u => u.Milliseconds >= 0.001)
            .ToArray();
        Console.WriteLine($"{Name}{when}, a call:");
        foreach (var u in parts)
            Say(
                $"  {u.Part, -20}{u.Milliseconds, 8:0.000} ms of processor time{u.Switches, 8:0.0} switches{(u.Allocated > 0 ? string.Create(CultureInfo.InvariantCulture, $"{u.Allocated / 1024, 10:0.0} KB allocated") : "")}"
            );
        Say($"  {"all", -20}{parts.Sum(u => u.Milliseconds), 8:0.000} ms of processor time{parts.Sum(u => u.Switches), 8:0.0} switches");
        Against?.PrintUse(", before");
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    static string Spread(IEnumerable<double> values, string format)
    {
        var all = values.ToArray();
        return all.Length < 2
            ? ""
            : $"{all.Min().ToString(format, CultureInfo.InvariantCulture)}–{all.Max().ToString(format, CultureInfo.InvariantCulture)}";
    }

    static LongHistogram Of(IReadOnlyList<Round> rounds)
    {
        var all = new LongHistogram(Load.Longest, 3);
        foreach (var round in rounds)
            all.Add(round.Latencies);
        return all;
    }

    static void Say(FormattableString what) => Console.WriteLine(what.ToString(CultureInfo.InvariantCulture));
}
