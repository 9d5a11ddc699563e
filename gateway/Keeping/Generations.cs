using System.Globalization;

namespace PolicyPlatform.Gateway.Keeping;

/// <summary>
/// What is kept at one time is of one generation, and goes with it. A generation is <see cref="Longest"/> old at most and ends with the second of
/// the clock, so that nothing is shown across a whole second at which something changes by itself; whoever has news of a change ends it at once.
/// What was asked for in one generation is found in no other.
/// </summary>
/// <param name="time">The clock that seconds are told by, and the one that only goes forward.</param>
public sealed class Generations(TimeProvider time)
{
    /// <summary>After how long nothing is shown any more, counted from before it was asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    sealed record Generation(long Number, string Name, long Began, long Second);

    readonly Lock turn = new();
    volatile Generation now = new(0, "0", 0, -1);

    /// <summary>Told when a generation is over.</summary>
    public event Action? Ended;

    /// <summary>The name of the one that holds now.</summary>
    public string Now
    {
        get
        {
            var last = now;
            if (Holds(last))
                return last.Name;
            lock (turn)
                return Holds(now) ? now.Name : Begin().Name;
        }
    }

    /// <summary>Ends the one that holds: what it kept may be older than what somebody knows.</summary>
    public void End()
    {
        lock (turn)
            Begin();
    }

    bool Holds(Generation one) => one.Second == Second() && time.GetElapsedTime(one.Began) < Longest;

    long Second() => time.GetUtcNow().Ticks / TimeSpan.TicksPerSecond;

    Generation Begin()
    {
        var number = now.Number + 1;
        now = new(number, number.ToString(CultureInfo.InvariantCulture), time.GetTimestamp(), Second());
        Ended?.Invoke();
        return now;
    }
}
