namespace PolicyPlatform.Shared.Search;

/// <summary>A word as people say it, and what policies write for it: 老板 is 用人单位, and 用人单位 is nobody's 老板.</summary>
/// <param name="Said">The word that is said.</param>
/// <param name="Written">What is written for it, the most usual first.</param>
public sealed record Saying(string Said, IReadOnlyList<string> Written);

/// <summary>What the public says, and what policies write.</summary>
/// <param name="Groups">Words that mean the same, each for any other.</param>
/// <param name="Sayings">Words that are said for others.</param>
public sealed record Thesaurus(IReadOnlyList<IReadOnlyList<string>> Groups, IReadOnlyList<Saying> Sayings)
{
    /// <summary>What it knows of the words of a question.</summary>
    public Thesaurus In(string question) =>
        new([.. Groups.Where(g => g.Any(w => Has(question, w)))], [.. Sayings.Where(s => Has(question, s.Said))]);

    /// <summary>The words of a question that are written otherwise, the longest first, each with itself and all that is written for it.</summary>
    public IEnumerable<(string Said, IReadOnlyList<string> Written)> Of(string question) =>
        Groups
            .Select(g => new Saying(g.Where(w => Has(question, w)).MaxBy(w => w.Length) ?? "", g))
            .Where(s => s.Said.Length > 0)
            .Concat(Sayings.Where(s => Has(question, s.Said)))
            .GroupBy(s => s.Said)
            .OrderByDescending(s => s.Key.Length)
            .ThenBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => (s.Key, (IReadOnlyList<string>)[.. s.SelectMany(w => w.Written).Prepend(s.Key).Distinct()]));

    static bool Has(string question, string word) => question.Contains(word, StringComparison.OrdinalIgnoreCase);
}
