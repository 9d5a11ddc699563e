namespace PolicyPlatform.Shared.Search;

/// <summary>
/// BM25 over texts in memory. An honest lexical measure: a text is found because it says what was asked, or what is written for it, and the
/// share of the question that it covers, each word by its rarity, tells whether it is an answer at all. Immutable once made.
/// </summary>
public sealed class Ranking<T>
{
    // The usual values.
    const double K = 1.2,
        B = 0.75;

    /// <summary>A word that stands only above a text counts as much as one that it says half a time.</summary>
    const double Above = 0.6;

    /// <summary>A word that stands for another one is worth a little less than that.</summary>
    const double Otherwise = 0.9;

    /// <summary>What says nothing of the kind that is asked for is about the same thing at most.</summary>
    const double OfAnotherKind = 0.6;

    /// <summary>
    /// So many are looked at for what is asked for. What has fewer words of the question is not looked at, and taken for another kind: it stays
    /// behind those that were before it.
    /// </summary>
    const int MostRead = 30;

    /// <summary>What no text says weighs as much of a question as a word that few texts say.</summary>
    const double Unsaid = 0.65;

    /// <summary>Of few texts none tells which words are rare: they are weighed as if so many more said none of them.</summary>
    const int Background = 300;

    readonly IReadOnlyList<T> items;
    readonly Func<T, string> text;
    readonly Dictionary<string, List<(int Item, int Count, bool Above)>> postings = [];
    readonly int[] lengths;
    readonly double average;

    /// <summary>Reads the texts.</summary>
    /// <param name="items">What is ranked.</param>
    /// <param name="text">The text of one.</param>
    /// <param name="place">What stands above it: title and chapter; nothing when left out.</param>
    public Ranking(IReadOnlyList<T> items, Func<T, string> text, Func<T, string>? place = null)
    {
        (this.items, this.text) = (items, text);
        lengths = new int[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            var counts = Questions.Terms(text(items[i])).CountBy(t => t).ToDictionary();
            lengths[i] = counts.Values.Sum();
            var above = place is null ? [] : Questions.Terms(place(items[i])).ToHashSet();
            foreach (var term in counts.Keys.Union(above))
            {
                if (!postings.TryGetValue(term, out var list))
                    postings[term] = list = [];
                list.Add((i, counts.GetValueOrDefault(term), above.Contains(term)));
            }
        }
        average = items.Count == 0 ? 1 : Math.Max(1, lengths.Average());
    }

    /// <summary>The best matches, the best first.</summary>
    /// <param name="question">The question as it was asked.</param>
    /// <param name="words">What the words of the question are written as: any of it meets them, for a little less.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<Ranked<T>> Find(string question, Thesaurus words, int limit)
    {
        var total = 0.0;
        var scores = new Dictionary<int, (double Score, double Met)>();
        foreach (var alternatives in Concepts(question, words))
        {
            var best = new Dictionary<int, (double Score, double Met)>();
            double? weight = null;
            foreach (var (terms, worth) in alternatives)
            {
                var found = new Dictionary<int, (double Score, double Met)>();
                var rarest = 0.0;
                foreach (var term in terms)
                {
                    if (!postings.TryGetValue(term, out var list))
                        continue;
                    var idf = Weight(list.Count);
                    rarest = Math.Max(rarest, idf);
                    foreach (var (item, count, above) in list)
                    {
                        var (score, met) = found.GetValueOrDefault(item);
                        var said = count * (K + 1) / (count + K * (1 - B + B * lengths[item] / average));
                        found[item] = (
                            // A long word is many terms, and not as many words.
                            score + worth * idf * Math.Max(said, above ? Above : 0) / Math.Sqrt(terms.Length),
                            met + worth / terms.Length
                        );
                    }
                }
                if (found.Count > 0)
                    weight = Math.Min(weight ?? rarest, rarest);
                foreach (var (item, hit) in found)
                    best[item] = (
                        Math.Max(hit.Score, best.GetValueOrDefault(item).Score),
                        Math.Max(hit.Met, best.GetValueOrDefault(item).Met)
                    );
            }
            var size = weight ?? Unsaid * Weight(0);
            total += size;
            foreach (var (item, hit) in best)
            {
                var (score, met) = scores.GetValueOrDefault(item);
                scores[item] = (score + hit.Score, met + size * hit.Met);
            }
        }
        var says = AskedFor.In(question);
        return
        [
            .. scores
                .OrderByDescending(s => s.Value.Score)
                .ThenBy(s => s.Key)
                .Take(Math.Max(limit, MostRead))
                .Select(
                    (s, i) =>
                        (s.Key, s.Value.Met, Score: s.Value.Score * (says is null || i < MostRead && IsOfKind(s.Key) ? 1 : OfAnotherKind))
                )
                .OrderByDescending(s => s.Score)
                .Take(limit)
                .Select(s => new Ranked<T>(items[s.Key], s.Score, total == 0 ? 0 : Math.Min(1, s.Met / total))),
        ];

        bool IsOfKind(int item) => says!(text(items[item]));
    }

    // A word that is written otherwise is one concept, met by any of it; every other term is one by itself.
    static List<(string[] Terms, double Worth)[]> Concepts(string question, Thesaurus words)
    {
        var concepts = new List<(string[], double)[]>();
        var rest = question;
        foreach (var (said, written) in words.Of(question))
        {
            var alternatives = written
                // A character by itself is no word.
                .Select(w => (Terms: Questions.Terms(w).Where(t => t.Length > 1).Distinct().ToArray(), w == said ? 1.0 : Otherwise))
                .Where(a => a.Terms.Length > 0)
                .ToArray();
            if (alternatives.Length == 0 || !rest.Contains(said, StringComparison.OrdinalIgnoreCase))
                continue;
            rest = rest.Replace(said, " ", StringComparison.OrdinalIgnoreCase);
            concepts.Add(alternatives);
        }
        var others = Questions.Terms(rest).Distinct().ToArray();
        // A character that stands alone is what is left of a word; it counts where there is nothing else.
        if (concepts.Count > 0 || others.Any(t => t.Length > 1))
            others = [.. others.Where(t => t.Length > 1)];
        concepts.AddRange(others.Select(t => new[] { (new[] { t }, 1.0) }));
        return concepts;
    }

    double Weight(int found) => Math.Log(1 + (items.Count + Background - found + 0.5) / (found + 0.5));
}

/// <summary>Something that was found.</summary>
/// <param name="Item">What.</param>
/// <param name="Score">BM25; comparable within one answer.</param>
/// <param name="Coverage">The share of the question that it covers, each word by its rarity, 0 to 1.</param>
public sealed record Ranked<T>(T Item, double Score, double Coverage);
