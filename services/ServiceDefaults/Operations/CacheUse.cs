using System.Diagnostics.Metrics;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.ServiceDefaults.Operations;

/// <summary>How often something was found in a cache: the metric <c>policyplatform.cache.requests</c>.</summary>
/// <param name="cache">The cache's name, in snake_case.</param>
public sealed class CacheUse(string cache)
{
    static readonly Counter<long> requests = Telemetry.Measures.CreateCounter<long>(
        "policyplatform.cache.requests",
        "{request}",
        "What was looked for in caches, and whether it was found there"
    );

    readonly KeyValuePair<string, object?> name = new("cache", cache);

    /// <summary>Counts it.</summary>
    /// <param name="isFound">Whether it was there.</param>
    /// <returns><paramref name="isFound"/>.</returns>
    public bool Count(bool isFound)
    {
        requests.Add(1, name, new("result", isFound ? "hit" : "miss"));
        return isFound;
    }
}
