using DiffPlex;
using Lucene.Net.Analysis.Cn.Smart;
using Lucene.Net.Analysis.TokenAttributes;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// What was exchanged between two texts, as a person would mark it: whole words, no island of a character between two exchanges, and never
/// half of a character. The work is bounded: long texts
/// are compared sentence by sentence first, and what was rewritten altogether is one exchange.
/// </summary>
static class ChangedWords
{
    /// <summary>Exchanges of more characters than this are not looked into any more.</summary>
    const int LongestExchange = 1_500;

    /// <summary>More sentences than this are not compared one by one.</summary>
    const int MostSentences = 2_000;

    /// <summary>Fewer equal characters than this between two exchanges are read as part of one exchange.</summary>
    const int ShortestIsland = 2;

    /// <summary>The exchanges between two blocks in order; a number that became another one is exchanged as a whole.</summary>
    public static List<ChangedSpan> Between(Block before, Block after)
    {
        if (before.Label is not { } label || after.Label is not { } now || label == now)
            return Between(before.Text, after.Text);
        var words = Between(before.Text[label.Length..], after.Text[now.Length..]);
        return
        [
            new(0, label.Length, 0, now.Length),
            .. words.Select(s => s with { BeforeStart = s.BeforeStart + label.Length, AfterStart = s.AfterStart + now.Length }),
        ];
    }

    /// <summary>The exchanges in order.</summary>
    public static List<ChangedSpan> Between(string before, string after)
    {
        var start = before.AsSpan().CommonPrefixLength(after);
        if (start > 0 && char.IsHighSurrogate(before[start - 1]))
            start--;
        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
            end++;
        if (end > 0 && char.IsLowSurrogate(before[^end]))
            end--;
        var gone = before.AsSpan(start, before.Length - start - end);
        var come = after.AsSpan(start, after.Length - start - end);
        // What only came or only went, and numbers, need no words to be marked by.
        if (gone.IsEmpty || come.IsEmpty || !HasIdeographs(gone) && !HasIdeographs(come))
            return [Whole(new(start, gone.Length, start, come.Length), before, after)];
        // Words are cut with what stands around them: from the last sign before the change to the first one behind it.
        while (start > 0 && !IsSign(before[start - 1]))
            start--;
        while (end > 0 && !IsSign(before[^end]))
            end--;
        var (one, other) = (before[start..(before.Length - end)], after[start..(after.Length - end)]);
        var spans = new List<ChangedSpan>();
        if (one.Length <= LongestExchange && other.Length <= LongestExchange)
            Compare(one, other, start, start, spans);
        else
            BySentences(one, other, start, spans);
        return Joined([.. spans.Select(s => Whole(s, before, after))], before, after);
    }

    static void BySentences(string before, string after, int start, List<ChangedSpan> spans)
    {
        string[] one = [.. Sentences(before)],
            other = [.. Sentences(after)];
        if (one.Length > MostSentences || other.Length > MostSentences)
        {
            spans.Add(new(start, before.Length, start, after.Length));
            return;
        }
        int[] places = Starts(one),
            otherPlaces = Starts(other);
        foreach (
            var exchange in Differ
                .Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, new Pieces(Sentences))
                .DiffBlocks
        )
        {
            var (at, to) = (places[exchange.DeleteStartA], places[exchange.DeleteStartA + exchange.DeleteCountA]);
            var (otherAt, otherTo) = (otherPlaces[exchange.InsertStartB], otherPlaces[exchange.InsertStartB + exchange.InsertCountB]);
            if (to - at <= LongestExchange && otherTo - otherAt <= LongestExchange)
                Compare(before[at..to], after[otherAt..otherTo], start + at, start + otherAt, spans);
            else
                spans.Add(new(start + at, to - at, start + otherAt, otherTo - otherAt));
        }
    }

    static void Compare(string before, string after, int start, int otherStart, List<ChangedSpan> spans)
    {
        if (before.Length == 0 || after.Length == 0)
        {
            if (before.Length + after.Length > 0)
                spans.Add(new(start, before.Length, otherStart, after.Length));
            return;
        }
        string[] one = [.. Words(before)],
            other = [.. Words(after)];
        int[] places = Starts(one),
            otherPlaces = Starts(other);
        foreach (
            var exchange in Differ
                .Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, new Given(before, one, other))
                .DiffBlocks
        )
        {
            var (at, to) = (places[exchange.DeleteStartA], places[exchange.DeleteStartA + exchange.DeleteCountA]);
            var (otherAt, otherTo) = (otherPlaces[exchange.InsertStartB], otherPlaces[exchange.InsertStartB + exchange.InsertCountB]);
            spans.Add(new(start + at, to - at, otherStart + otherAt, otherTo - otherAt));
        }
    }

    static int[] Starts(string[] pieces)
    {
        var starts = new int[pieces.Length + 1];
        for (var i = 0; i < pieces.Length; i++)
            starts[i + 1] = starts[i] + pieces[i].Length;
        return starts;
    }

    static IEnumerable<string> Sentences(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('。' or '；' or '，' or '：' or '\n' or '\t'))
                continue;
            yield return text[start..(i + 1)];
            start = i + 1;
        }
        if (start < text.Length)
            yield return text[start..];
    }

    /// <summary>The words of a text, and what stands between them; together they are the text.</summary>
    internal static IEnumerable<string> Words(string text)
    {
        // The segmenter knows neither pairs of surrogates nor control characters: such texts are cut at their characters.
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0 || text.AsSpan().IndexOfAnyInRange('\0', '\u001F') >= 0)
            return Characters(text);
        var words = new List<string>();
        var at = 0;
        // Made once a thread: making one costs more than cutting a paragraph.
#pragma warning disable CS0618 // The tokenizer in its place needs the cultures of ICU, which this platform runs without.
        sentences ??= new SentenceTokenizer(new StringReader(""));
        segmenter ??= new WordTokenFilter(sentences);
        sentences.SetReader(new StringReader(text));
#pragma warning restore CS0618
        var tokens = segmenter;
        try
        {
            var place = tokens.GetAttribute<IOffsetAttribute>();
            tokens.Reset();
            while (tokens.IncrementToken())
            {
                if (place.StartOffset < at || place.EndOffset > text.Length)
                    continue;
                for (; at < place.StartOffset; at++)
                    words.Add(text[at].ToString());
                words.Add(text[at..place.EndOffset]);
                at = place.EndOffset;
            }
            tokens.End();
        }
        finally
        {
            // Ready for the next text, also after one that could not be cut.
            tokens.Dispose();
        }
        for (; at < text.Length; at++)
            words.Add(text[at].ToString());
        return words;
    }

#pragma warning disable CS0618 // As above.
    [ThreadStatic]
    static SentenceTokenizer? sentences;

    [ThreadStatic]
    static WordTokenFilter? segmenter;
#pragma warning restore CS0618

    static IEnumerable<string> Characters(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            yield return text.Substring(i, length);
            i += length - 1;
        }
    }

    /// <summary>A number or a Latin word is marked as a whole, and a single character with the word that it stands in.</summary>
    static ChangedSpan Whole(ChangedSpan s, string before, string after)
    {
        while (s.BeforeStart > 0 && s.AfterStart > 0 && (Splits(before, s.BeforeStart) || Splits(after, s.AfterStart)))
            s = new(s.BeforeStart - 1, s.BeforeLength + 1, s.AfterStart - 1, s.AfterLength + 1);
        while (
            s.BeforeStart + s.BeforeLength < before.Length
            && s.AfterStart + s.AfterLength < after.Length
            && (Splits(before, s.BeforeStart + s.BeforeLength) || Splits(after, s.AfterStart + s.AfterLength))
        )
            s = s with { BeforeLength = s.BeforeLength + 1, AfterLength = s.AfterLength + 1 };
        if (
            s.BeforeLength > 1
            || s.AfterLength > 1
            || s.BeforeLength + s.AfterLength < 2
            || !IsIdeograph(before[s.BeforeStart])
            || !IsIdeograph(after[s.AfterStart])
        )
            return s;
        // 购→用 alone tells nobody anything; 领购→领用 does.
        if (s.BeforeStart > 0 && IsIdeograph(before[s.BeforeStart - 1]))
            return new(s.BeforeStart - 1, 2, s.AfterStart - 1, 2);
        return s.BeforeStart + 1 < before.Length && IsIdeograph(before[s.BeforeStart + 1]) && s.AfterStart + 1 < after.Length
            ? s with
            {
                BeforeLength = 2,
                AfterLength = 2,
            }
            : s;

        static bool Splits(string text, int at) =>
            at > 0
            && at < text.Length
            && (
                char.IsAsciiLetterOrDigit(text[at - 1]) && char.IsAsciiLetterOrDigit(text[at])
                || char.IsHighSurrogate(text[at - 1]) && char.IsLowSurrogate(text[at])
            );
    }

    /// <summary>What stayed between two exchanges is part of them when it is shorter than both.</summary>
    static List<ChangedSpan> Joined(List<ChangedSpan> spans, string before, string after)
    {
        for (var i = 1; i < spans.Count; )
        {
            var (one, next) = (spans[i - 1], spans[i]);
            var island = next.BeforeStart - one.BeforeStart - one.BeforeLength;
            if (
                island > 0
                && (
                    island >= ShortestIsland && island >= Math.Min(Size(one), Size(next))
                    || IsSign(before[next.BeforeStart - 1]) && IsSign(after[next.AfterStart - 1])
                )
            )
            {
                i++;
                continue;
            }
            spans[i - 1] = one with
            {
                BeforeLength = next.BeforeStart + next.BeforeLength - one.BeforeStart,
                AfterLength = next.AfterStart + next.AfterLength - one.AfterStart,
            };
            spans.RemoveAt(i);
            i = Math.Max(1, i - 1);
        }
        return spans;

        static int Size(ChangedSpan span) => Math.Max(span.BeforeLength, span.AfterLength);
    }

    static bool IsSign(char c) => c is '。' or '，' or '；' or '：' or '\n' or '\t' or '！' or '？';

    static bool HasIdeographs(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\u4E00', '\u9FFF') >= 0;

    static bool IsIdeograph(char c) => c is >= '\u4E00' and <= '\u9FFF';

    sealed class Pieces(Func<string, IEnumerable<string>> cut) : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => [.. cut(text)];
    }

    /// <summary>Hands over words that were cut before.</summary>
    sealed class Given(string before, string[] one, string[] other) : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => ReferenceEquals(text, before) ? one : other;
    }
}
