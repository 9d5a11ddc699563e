namespace PolicyPlatform.Testing;

/// <summary>
/// How well letters were found, counted in pairs of comments: recall, of the pairs of one letter that are 0.8 alike the share that came
/// together; precision, of the pairs that came together the share that are of one letter.
/// </summary>
public static class LetterScores
{
    const double Same = 0.8;

    /// <summary>Counts, with a likeness of its own; <paramref name="words"/> makes of a text what is compared.</summary>
    public static (double Recall, double Precision) Of(
        IReadOnlyList<(string Text, int Letter)> comments,
        IReadOnlyList<Guid?> found,
        Func<string, string> words
    )
    {
        long together = 0,
            ofOne = 0,
            alike = 0,
            alikeTogether = 0;
        foreach (var letter in Enumerable.Range(0, comments.Count).Where(n => found[n] is not null).GroupBy(n => found[n]))
        {
            var count = letter.LongCount();
            together += count * (count - 1) / 2;
            // What nobody else sends is a letter of its own.
            foreach (var of in letter.Where(n => comments[n].Letter >= 0).GroupBy(n => comments[n].Letter))
                ofOne += of.LongCount() * (of.LongCount() - 1) / 2;
        }
        foreach (var letter in Enumerable.Range(0, comments.Count).Where(n => comments[n].Letter >= 0).GroupBy(n => comments[n].Letter))
        {
            // Those that say exactly the same are counted together.
            var texts = letter
                .Select(n => (Text: words(comments[n].Text), Found: found[n]))
                .GroupBy(t => t)
                .Select(g => (g.Key.Found, Runs: Runs(g.Key.Text), Count: g.LongCount()))
                .ToArray();
            for (var i = 0; i < texts.Length; i++)
            {
                var within = texts[i].Count * (texts[i].Count - 1) / 2;
                alike += within;
                alikeTogether += texts[i].Found is null ? 0 : within;
                for (var k = i + 1; k < texts.Length; k++)
                {
                    if (Likeness(texts[i].Runs, texts[k].Runs) < Same)
                        continue;
                    var pairs = texts[i].Count * texts[k].Count;
                    alike += pairs;
                    alikeTogether += texts[i].Found is not null && texts[i].Found == texts[k].Found ? pairs : 0;
                }
            }
        }
        return (alike == 0 ? 1 : (double)alikeTogether / alike, together == 0 ? 1 : (double)ofOne / together);
    }

    static double Likeness(string[] one, string[] other)
    {
        int i = 0,
            k = 0,
            both = 0;
        while (i < one.Length && k < other.Length)
        {
            var order = string.CompareOrdinal(one[i], other[k]);
            both += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            k += order >= 0 ? 1 : 0;
        }
        return (double)both / (one.Length + other.Length - both);
    }

    // The letters of campaigns are long: runs of three.
    static string[] Runs(string words)
    {
        string[] runs = [.. Enumerable.Range(0, Math.Max(0, words.Length - 2)).Select(i => words.Substring(i, 3)).Distinct()];
        Array.Sort(runs, StringComparer.Ordinal);
        return runs;
    }
}
