namespace PolicyPlatform.ServiceDefaults.Search;

/// <summary>
/// BM25 over texts in memory. An honest lexical measure: a text is found because it says what was asked, or a synonym of it, and the share of the question that it covers tells
/// whether it is an answer at all. Immutable once made.
/// </summary>
public sealed class Ranking<T>
{
    // The usual values; texts here are short, so their length says little.
    const double K = 1.2, B = 0.5;

    readonly IReadOnlyList<T> items;
    readonly Dictionary<string, List<(int Item, int Count)>> postings = [];
    readonly int[] lengths;
    readonly double average;

    /// <summary>Reads the texts.</summary>
    /// <param name="items">What is ranked.</param>
    /// <param name="text">The text of one.</param>
    public Ranking(IReadOnlyList<T> items, Func<T, string> text)
    {
        this.items = items;
        lengths = new int[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var term in Questions.Terms(text(items[i])).GroupBy(t => t))
            {
                if (!postings.TryGetValue(term.Key, out var list)) postings[term.Key] = list = [];
                list.Add((i, term.Count()));
                lengths[i] += term.Count();
            }
        }
        average = items.Count == 0 ? 1 : Math.Max(1, lengths.Average());
    }

    /// <summary>The best matches, the best first.</summary>
    /// <param name="question">The question as it was asked.</param>
    /// <param name="alike">Words of the same meaning as parts of it; what only they meet counts for less.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<Ranked<T>> Find(string question, IEnumerable<string> alike, int limit)
    {
        var asked = Questions.Terms(question).Distinct().ToArray();
        var weights = asked.ToDictionary(t => t, _ => 1.0);
        foreach (var synonym in alike)
            foreach (var term in Questions.Terms(synonym)) weights.TryAdd(term, 0.6);
        var total = asked.Sum(Weight);
        var scores = new Dictionary<int, (double Score, double Met)>();
        foreach (var (term, weight) in weights)
        {
            if (!postings.TryGetValue(term, out var list)) continue;
            var idf = Weight(term);
            foreach (var (item, count) in list)
            {
                var (score, met) = scores.GetValueOrDefault(item);
                scores[item] = (score + weight * idf * count * (K + 1) / (count + K * (1 - B + B * lengths[item] / average)), met + weight * idf);
            }
        }
        return [.. scores.OrderByDescending(s => s.Value.Score).ThenBy(s => s.Key).Take(limit).Select(s => new Ranked<T>(items[s.Key], s.Value.Score, total == 0 ? 0 : Math.Min(1, s.Value.Met / total)))];
    }

    double Weight(string term)
    {
        var n = postings.GetValueOrDefault(term)?.Count ?? 0;
        return Math.Log(1 + (items.Count - n + 0.5) / (n + 0.5));
    }
}

/// <summary>Something that was found.</summary>
/// <param name="Item">What.</param>
/// <param name="Score">BM25; comparable within one answer.</param>
/// <param name="Coverage">The share of the question that it covers, 0 to 1, rare words counting for more.</param>
public sealed record Ranked<T>(T Item, double Score, double Coverage);
