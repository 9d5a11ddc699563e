using System.Globalization;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Documents;

/// <summary>What somebody consented to: in the platform's own words, as <see cref="ChangeConsented"/> keeps it, and for people.</summary>
static class ConsentedChange
{
    /// <summary>What events change of the law in force, in words that are the same for the same change; null for nothing.</summary>
    public static string? Of(IReadOnlyList<object> events)
    {
        var changes = new List<string>();
        foreach (var happened in events)
            switch (happened)
            {
                case DocumentRestored:
                    changes.Add("restore");
                    break;
                case ElementsCorrected { After: var after, Revision: var revision }:
                    if (after.EffectiveFrom is { } first)
                        changes.Add($"effectiveFrom ({revision}) {Day(first)}");
                    if (after.Kind is DocumentKind.Other)
                        changes.Add("kind other");
                    break;
                case ExpiryChanged { ExpiresOn: var last }:
                    changes.Add($"expiresOn {(last is { } day ? Day(day) : "null")}");
                    break;
            }
        return changes.Count > 0 ? string.Join(", ", changes) : null;

        static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>A change for people.</summary>
    /// <param name="to">As the event keeps it: <c>effectiveFrom (1) 2026-03-01, kind other</c>.</param>
    public static Wording Said(string to) => to.Split(", ").Select(Part).Aggregate((said, more) => $"{said}, and {more}");

    static Wording Part(string change) =>
        change.Split(' ') switch
        {
            ["restore"] => (Wording)"what was repealed or superseded is in force again",
            ["effectiveFrom", var revision, var first] => $"revision {revision.Trim('(', ')')} takes effect on {first}",
            ["kind", _] => "the document is none of 行政规范性文件",
            ["expiresOn", "null"] => "it has no last day",
            var term => $"its last day is {term[^1]}",
        };
}
