using DiffPlex;
using PolicyPlatform.Consultation.Comments;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>Where letters differ, as people read them: in their words, with punctuation and all.</summary>
static class LetterDifferences
{
    // Longer texts are compared sentence by sentence.
    const int Long = 1_500;

    // Fewer equal characters than this between two exchanges are read as part of one exchange.
    const int ShortestIsland = 2;

    // Fewer characters than this tell nothing that letters share.
    const int ShortestShared = 4;

    /// <summary>The words of one text that stand differently in another.</summary>
    public static IReadOnlyList<ExchangedWords> Between(string medoid, string other) =>
        [.. Exchanges(medoid, other).Select(e => new ExchangedWords(medoid[e.From..e.To], other[e.OtherFrom..e.OtherTo]))];

    /// <summary>What of a text stands in all others, and what does not, each in its order.</summary>
    public static (IReadOnlyList<string> Shared, IReadOnlyList<string> Differing) Shared(string medoid, IEnumerable<string> others)
    {
        var differs = new bool[medoid.Length];
        foreach (var other in others)
        foreach (var exchange in Exchanges(medoid, other))
            differs.AsSpan(exchange.From, exchange.To - exchange.From).Fill(true);
        List<string> shared = [],
            differing = [];
        for (int from = 0, to; from < medoid.Length; from = to)
        {
            to = from + 1;
            while (to < medoid.Length && differs[to] == differs[from])
                to++;
            var piece = medoid[from..to].Trim();
            if (differs[from] && piece.Length > 0)
                differing.Add(piece);
            else if (piece.Length >= ShortestShared)
                shared.Add(piece);
        }
        return (shared, differing);
    }

    static List<(int From, int To, int OtherFrom, int OtherTo)> Exchanges(string one, string other)
    {
        var exchanges = new List<(int From, int To, int OtherFrom, int OtherTo)>();
        if (one == other)
            return exchanges;
        var chunker = new Pieces(Math.Max(one.Length, other.Length) > Long);
        var compared = Differ.Instance.CreateDiffs(one, other, ignoreWhiteSpace: false, ignoreCase: false, chunker);
        int[] places = Starts(compared.PiecesOld),
            otherPlaces = Starts(compared.PiecesNew);
        foreach (var block in compared.DiffBlocks)
        {
            var exchange = (
                From: places[block.DeleteStartA],
                To: places[block.DeleteStartA + block.DeleteCountA],
                OtherFrom: otherPlaces[block.InsertStartB],
                OtherTo: otherPlaces[block.InsertStartB + block.InsertCountB]
            );
            if (exchanges.Count > 0 && exchange.From - exchanges[^1].To < ShortestIsland)
                exchanges[^1] = (exchanges[^1].From, exchange.To, exchanges[^1].OtherFrom, exchange.OtherTo);
            else
                exchanges.Add(exchange);
        }
        return exchanges;
    }

    static int[] Starts(IReadOnlyList<string> pieces)
    {
        var starts = new int[pieces.Count + 1];
        for (var i = 0; i < pieces.Count; i++)
            starts[i + 1] = starts[i] + pieces[i].Length;
        return starts;
    }

    // A number or a Latin word is one, and so is each Chinese character, in one unit of UTF-16 or in two.
    sealed class Pieces(bool sentences) : IChunker
    {
        public IReadOnlyList<string> Chunk(string text)
        {
            var pieces = new List<string>();
            for (int from = 0, to; from < text.Length; from = to)
            {
                to = from + 1;
                while (to < text.Length && !Ends(text, to))
                    to++;
                pieces.Add(text[from..to]);
            }
            return pieces;
        }

        bool Ends(string text, int at) =>
            char.IsSurrogatePair(text[at - 1], text[at]) ? false
            : sentences ? text[at - 1] is '。' or '；' or '，' or '：' or '！' or '？' or '\n'
            : !(char.IsAsciiLetterOrDigit(text[at - 1]) && char.IsAsciiLetterOrDigit(text[at]));
    }
}
