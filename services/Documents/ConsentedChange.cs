using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Documents;

/// <summary>What somebody consented to, for people; <see cref="ChangeConsented"/> keeps it in the platform's own words.</summary>
static class ConsentedChange
{
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
