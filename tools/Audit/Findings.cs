using System.Text.Json.Serialization;

namespace PolicyPlatform.Audit;

/// <summary>Something that disagrees.</summary>
/// <param name="Service">The service that has it.</param>
/// <param name="What">A stable code: <c>stream.gap</c>.</param>
/// <param name="Id">What it is about.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Found">What is there.</param>
/// <param name="Repair">What repairs it.</param>
sealed record Finding(string Service, string What, string Id, string Expected, string Found, string Repair)
{
    /// <summary>Repairs it; null for what only people can mend.</summary>
    [JsonIgnore]
    public Func<CancellationToken, Task>? Mend { get; init; }

    /// <summary>Whether it lies between services: one is told again what another one says.</summary>
    [JsonIgnore]
    public bool IsBetween { get; init; }

    /// <summary>Where something goes on with it, this changes from one look to the next.</summary>
    [JsonIgnore]
    public string Progress { get; init; } = "";

    /// <summary>By what it is known again when it is looked at another time.</summary>
    [JsonIgnore]
    public (string, string, string, string) Key => (Service, What, Id, Progress);
}

/// <summary>What was found. Of each kind so many are kept as somebody reads; all are counted.</summary>
sealed class Findings
{
    const int MostOfAKind = 1_000;

    readonly Dictionary<(string Service, string What), int> counts = [];
    readonly List<Finding> all = [];

    /// <summary>Those that are kept, in the order in which they were found.</summary>
    public IReadOnlyList<Finding> All => all;

    /// <summary>How many there are of each kind.</summary>
    public IReadOnlyDictionary<(string Service, string What), int> Counts => counts;

    /// <summary>How many there are.</summary>
    public int Count => counts.Values.Sum();

    /// <summary>Notes one.</summary>
    public void Add(Finding finding)
    {
        var count = counts[(finding.Service, finding.What)] = counts.GetValueOrDefault((finding.Service, finding.What)) + 1;
        if (count <= MostOfAKind)
            all.Add(finding);
    }

    /// <summary>Notes those of another look.</summary>
    public void AddAll(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
            Add(finding);
    }
}
