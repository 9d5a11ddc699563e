namespace PolicyPlatform.Shared.Search;

/// <summary>
/// BM25 over texts in memory. An honest lexical measure: a text is found because it says what was asked, or a synonym of it, and the share
/// of the question that it covers tells
/// whether it is an answer at all. Immutable once made.
/// </summary>
public sealed class Ranking<T>
{
    // The usual values; texts here are short, so their length says little.
    const double K = 1.2,
        B = 0.5;

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
                if (!postings.TryGetValue(term.Key, out var list))
                    postings[term.Key] = list = [];
                list.Add((i, term.Count()));
                lengths[i] += term.Count();
            }
        }
        average = items.Count == 0 ? 1 : Math.Max(1, lengths.Average());
    }

    /// <summary>The best matches, the best first.</summary>
    /// <param name="question">The question as it was asked.</param>
    /// <param name="synonyms">Groups of words of the same meaning: where the question has one of them, any of them meets it, another one
    /// for a little less.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<Ranked<T>> Find(string question, IReadOnlyList<IReadOnlyList<string>> synonyms, int limit)
    {
        var concepts = Concepts(question, synonyms);
        var total = concepts.Sum(c => c.Size);
        var scores = new Dictionary<int, (double Score, double Met)>();
        foreach (var (size, alternatives) in concepts)
        {
            var best = new Dictionary<int, (double Score, double Met)>();
            foreach (var (terms, worth) in alternatives)
            {
                var found = new Dictionary<int, (double Score, double Met)>();
                foreach (var term in terms)
                {
                    if (!postings.TryGetValue(term, out var list))
                        continue;
                    var idf = Weight(list.Count);
                    foreach (var (item, count) in list)
                    {
                        var (score, met) = found.GetValueOrDefault(item);
                        found[item] = (
                            score + worth * idf * count * (K + 1) / (count + K * (1 - B + B * lengths[item] / average)),
                            met + worth / terms.Length
                        );
                    }
                }
                foreach (var (item, hit) in found)
                    best[item] = (
                        Math.Max(hit.Score, best.GetValueOrDefault(item).Score),
                        Math.Max(hit.Met, best.GetValueOrDefault(item).Met)
                    );
            }
            foreach (var (item, hit) in best)
            {
                var (score, met) = scores.GetValueOrDefault(item);
                scores[item] = (score + hit.Score, met + size * hit.Met);
            }
        }
        return
        [
            .. scores
                .OrderByDescending(s => s.Value.Score)
                .ThenBy(s => s.Key)
                .Take(limit)
                .Select(s => new Ranked<T>(items[s.Key], s.Value.Score, total == 0 ? 0 : Math.Min(1, s.Value.Met / total))),
        ];
    }

    // A word that has synonyms is one concept, met by any of them; every other term is one by itself.
    static List<(int Size, (string[] Terms, double Worth)[] Alternatives)> Concepts(
        string question,
        IReadOnlyList<IReadOnlyList<string>> synonyms
    )
    {
        var concepts = new List<(int, (string[], double)[])>();
        var rest = question;
        foreach (
            var (group, said) in synonyms
                .Select(g => (Group: g, Said: g.Where(w => question.Contains(w, StringComparison.OrdinalIgnoreCase)).MaxBy(w => w.Length)))
                .Where(g => g.Said is not null)
                .OrderByDescending(g => g.Said!.Length)
        )
        {
            if (!rest.Contains(said!, StringComparison.OrdinalIgnoreCase))
                continue;
            rest = rest.Replace(said!, " ", StringComparison.OrdinalIgnoreCase);
            var terms = Questions.Terms(said!).Distinct().ToArray();
            concepts.Add(
                (
                    Math.Max(1, terms.Length),
                    [.. group.Select(w => (Questions.Terms(w).Distinct().ToArray(), w == said ? 1.0 : 0.9)).Where(a => a.Item1.Length > 0)]
                )
            );
        }
        var others = Questions.Terms(rest).Distinct().ToArray();
        // A character that stands alone is what is left of a word; it counts where there is nothing else.
        if (concepts.Count > 0 || others.Any(t => t.Length > 1))
            others = [.. others.Where(t => t.Length > 1)];
        concepts.AddRange(others.Select(t => (1, new[] { (new[] { t }, 1.0) })));
        return concepts;
    }

    double Weight(int found) => Math.Log(1 + (items.Count - found + 0.5) / (found + 0.5));
}

/// <summary>Something that was found.</summary>
/// <param name="Item">What.</param>
/// <param name="Score">BM25; comparable within one answer.</param>
/// <param name="Coverage">The share of the question that it covers, 0 to 1.</param>
public sealed record Ranked<T>(T Item, double Score, double Coverage);
