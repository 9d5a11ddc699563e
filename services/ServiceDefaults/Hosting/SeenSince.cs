using System.Diagnostics;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>Since when a process has seen something each time that it looked, by the machine's clock; what was gone once begins anew.</summary>
sealed class SeenSince<T>
    where T : notnull
{
    readonly Dictionary<T, long> seen = [];

    /// <summary>Looks at what is there now.</summary>
    /// <returns>Each with how long it has been seen.</returns>
    public IReadOnlyDictionary<T, TimeSpan> Look(IReadOnlySet<T> there)
    {
        foreach (var gone in seen.Keys.Where(one => !there.Contains(one)).ToArray())
            seen.Remove(gone);
        var now = Stopwatch.GetTimestamp();
        foreach (var one in there)
            seen.TryAdd(one, now);
        return seen.ToDictionary(s => s.Key, s => Stopwatch.GetElapsedTime(s.Value, now));
    }

    /// <summary>Begins anew with everything.</summary>
    public void Forget() => seen.Clear();
}
