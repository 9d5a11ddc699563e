using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Library;

/// <summary>A block in which words of the query were found.</summary>
/// <param name="BlockId">The block.</param>
/// <param name="Label">第八条, (一); null for an unnumbered block.</param>
/// <param name="Text">The block, or the part of a long one around the first word found.</param>
/// <param name="Spans">Where the words stand in <paramref name="Text"/>.</param>
public sealed record HighlightedBlock(string BlockId, string? Label, string Text, IReadOnlyList<FoundSpan> Spans);

/// <summary>Where a word stands, in UTF-16 code units from 0.</summary>
public sealed record FoundSpan(int Start, int Length);

/// <summary>Shows where the words of a query stand.</summary>
static class Highlights
{
    const int MostBlocks = 3,
        MostFiles = 3,
        LongestText = 160,
        Before = 40;

    /// <summary>The blocks that have most of the words, in reading order.</summary>
    public static IReadOnlyList<HighlightedBlock> In(IndexedDocument document, SearchQuery query)
    {
        string[] terms = [.. query.Terms.SelectMany(t => Standing(t, document, query)).Distinct()];
        if (terms.Length == 0)
            return [];
        var best = new List<(int Met, int At, Range Line)>();
        var at = 0;
        foreach (var line in document.FoldedText.AsSpan().Split('\n'))
        {
            var met = 0;
            foreach (var term in terms)
                if (document.FoldedText.AsSpan()[line].Contains(term, StringComparison.Ordinal))
                    met++;
            if (met > 0)
                best.Add((met, at, line));
            // Nothing better can come once as many blocks as are shown have all the words.
            if (met == terms.Length && best.Count(b => b.Met == met) == MostBlocks)
                break;
            at++;
        }
        return
        [
            .. best.OrderByDescending(b => b.Met)
                .ThenBy(b => b.At)
                .Take(MostBlocks)
                .OrderBy(b => b.At)
                .Select(b => Highlighted(document.Blocks[b.At], document.FoldedText[b.Line], terms)),
        ];
    }

    // What stands nowhere as it was asked for is shown by its parts.
    static IEnumerable<string> Standing(string term, IndexedDocument document, SearchQuery query) =>
        document.FoldedText.Contains(term, StringComparison.Ordinal)
        || query.Phrases.Contains(term)
        || WordParts.Of(term) is not { Count: > 0 } parts
            ? [term]
            : parts;

    /// <summary>The names of files that have words of the query.</summary>
    public static IReadOnlyList<string> Files(IndexedDocument document, SearchQuery query) =>
        document.Files.Count == 0
            ? []
            :
            [
                .. document
                    .Files.Where(name => query.Terms.Any(term => SearchQuery.Fold(name).Contains(term, StringComparison.Ordinal)))
                    .Take(MostFiles),
            ];

    static HighlightedBlock Highlighted(IndexedBlock block, string folded, string[] terms)
    {
        // Folding leaves characters out; this tells where those that are left stood.
        var places =
            folded.Length == block.Text.Length
                ? null
                : Enumerable.Range(0, block.Text.Length).Where(i => !char.IsWhiteSpace(block.Text[i])).ToArray();
        var spans = new List<FoundSpan>();
        foreach (var term in terms)
            for (
                var at = folded.IndexOf(term, StringComparison.Ordinal);
                at >= 0;
                at = folded.IndexOf(term, at + term.Length, StringComparison.Ordinal)
            )
                spans.Add(Span(at, term.Length));
        spans.Sort((a, b) => a.Start.CompareTo(b.Start));
        var start = block.Text.Length <= LongestText ? 0 : Math.Max(0, spans[0].Start - Before);
        var text = block.Text.Substring(start, Math.Min(LongestText, block.Text.Length - start));
        return new(
            block.Id,
            block.Label,
            text,
            [.. spans.Select(s => s with { Start = s.Start - start }).Where(s => s.Start + s.Length <= text.Length)]
        );

        FoundSpan Span(int at, int length) => places is null ? new(at, length) : new(places[at], places[at + length - 1] - places[at] + 1);
    }
}
