using System.Numerics;

namespace PolicyPlatform.AppHost.Processes;

/// <summary>
/// How often something has failed in a row: how long to wait before it is tried again, and whether that is worth telling once more. What
/// goes on for an hour is told ten times, not a thousand.
/// </summary>
sealed class Setbacks(TimeSpan shortest, TimeSpan longest)
{
    static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    uint count;
    TimeSpan? pause;

    /// <summary>How long to wait before it is tried again.</summary>
    public TimeSpan Pause => pause ?? shortest;

    /// <summary>Whether this one is told: the first, the second, the fourth, the eighth …</summary>
    public bool IsTold => BitOperations.IsPow2(count);

    /// <summary>How often it was, where it was more than once, to go on with in a sentence.</summary>
    public string Times => count == 1 ? "" : $", {count} times in a row";

    /// <summary>Counts one more; what had gone well for a while begins anew.</summary>
    public void Count(TimeSpan wentWell)
    {
        count = wentWell > Settled ? 1 : count + 1;
        pause =
            count == 1 ? shortest
            : Pause * 2 < longest ? Pause * 2
            : longest;
    }
}
