using System.Text;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Search;
using Lucene.Net.Search.Spans;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>
/// Lines of a text as the index holds them: each pair of neighbouring characters at its place. Whatever is asked for is found exactly as it
/// is written, two-character words and phrases across the borders of words included; no dictionary decides what a word is.
/// </summary>
sealed class Grams : TokenStream
{
    /// <summary>The characters between two lines: more than two words of one line may stand apart.</summary>
    const int BetweenLines = 10_000,
        BetweenManyLines = 1_000;

    // A text of more lines than this would run out of places.
    const int ManyLines = 50_000;

    // What words of a query lie over each other counts twice.
    const int MostOverlap = 400;

    readonly IReadOnlyList<string> lines;
    readonly bool marksNumbers;
    readonly int secondZone;
    readonly ICharTermAttribute term;
    readonly IPositionIncrementAttribute increment;
    readonly Queue<(string Gram, int Increment)> waiting = new();
    int line,
        before;

    /// <summary>Cuts lines.</summary>
    /// <param name="lines">Folded lines; nothing is found across two of them.</param>
    /// <param name="marksNumbers">Whether a number is found from its first digit on alone: 2号 is a part of 章政办发〔2025〕2号, and none
    /// of 12号.</param>
    /// <param name="secondZone">The line from which on the lines stand in the second zone of the field.</param>
    public Grams(IReadOnlyList<string> lines, bool marksNumbers = false, int secondZone = int.MaxValue)
    {
        this.lines = lines;
        this.secondZone = secondZone;
        this.marksNumbers = marksNumbers;
        term = AddAttribute<ICharTermAttribute>();
        increment = AddAttribute<IPositionIncrementAttribute>();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        (line, before) = (0, 0);
        waiting.Clear();
    }

    /// <inheritdoc/>
    public override bool IncrementToken()
    {
        ClearAttributes();
        while (waiting.Count == 0)
        {
            if (line == lines.Count)
                return false;
            before +=
                line == secondZone ? Exact.SecondZone
                : line == 0 ? 1
                : lines.Count > ManyLines ? BetweenManyLines
                : BetweenLines;
            Cut(lines[line]);
            line++;
        }
        var (gram, places) = waiting.Dequeue();
        term.SetEmpty().Append(gram);
        increment.PositionIncrement = places;
        return true;
    }

    void Cut(string text)
    {
        var last = default(Rune);
        foreach (var (rune, next) in Pairs(text))
        {
            // A line without characters leaves its distance to the next one.
            waiting.Enqueue(($"{rune}{(next is { } n ? n.ToString() : "")}", Math.Max(1, before)));
            before = 0;
            if (marksNumbers && IsDigit(rune) && !IsDigit(last))
                waiting.Enqueue((FirstDigit(rune), 0));
            last = rune;
        }
    }

    static IEnumerable<(Rune, Rune?)> Pairs(string text)
    {
        Rune? before = null;
        foreach (var rune in text.EnumerateRunes())
        {
            if (before is { } b)
                yield return (b, rune);
            before = rune;
        }
        if (before is { } last)
            yield return (last, null);
    }

    /// <summary>The pairs that tell where words stand, each with its distance from the first; none for a single character.</summary>
    public static IReadOnlyList<(string Pair, int Distance)> Of(string words, bool marksNumbers = false)
    {
        Rune[] runes = [.. words.EnumerateRunes()];
        var pairs = new List<(string, int)>();
        if (marksNumbers && IsDigit(runes[0]))
            pairs.Add((FirstDigit(runes[0]), 0));
        // Pairs that lie side by side hold every character; of an odd number the last pair lies over the one before.
        if (runes.Length > 1)
            for (var i = 0; i < runes.Length; i += 2)
            {
                var at = Math.Min(i, runes.Length - 2);
                pairs.Add(($"{runes[at]}{runes[at + 1]}", at));
            }
        return pairs;
    }

    /// <summary>All pairs of neighbouring characters of a word; none for a single character.</summary>
    public static IEnumerable<string> Neighbours(string word) =>
        Pairs(word).Where(p => p.Item2 is not null).Select(p => $"{p.Item1}{p.Item2}");

    /// <summary>What finds words of two characters or more near each other in one line, in whatever order.</summary>
    public static Query Near(string field, IEnumerable<string> words) =>
        new SpanNearQuery([.. words.Select(w => Span(field, w))], BetweenLines - MostOverlap, inOrder: false);

    static SpanQuery Span(string field, string word)
    {
        SpanQuery[] pairs = [.. Neighbours(word).Select(pair => new SpanTermQuery(new(field, pair)))];
        return pairs.Length == 1 ? pairs[0] : new SpanNearQuery(pairs, 0, inOrder: true);
    }

    static bool IsDigit(Rune rune) => rune.IsAscii && char.IsAsciiDigit((char)rune.Value);

    // No text has this character: it cannot be sent.
    static string FirstDigit(Rune digit) => $"\u0001{digit}";
}
