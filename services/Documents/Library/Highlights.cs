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
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How long it is.</param>
public sealed record FoundSpan(int Start, int Length);

/// <summary>Shows where the words of a query stand.</summary>
sealed class Highlights(SearchQuery query)
{
    const int MostBlocks = 3,
        MostFiles = 3,
        LongestText = 160,
        Before = 40;

    readonly string[] words = [.. query.Terms.Distinct()];
    readonly Dictionary<string, IReadOnlyList<string>> parts = [];

    /// <summary>The blocks that have most of the words, in reading order.</summary>
    public IReadOnlyList<HighlightedBlock> In(IndexedDocument document)
    {
        var text = document.FoldedText;
        var lines = document.Lines;
        var standing = Standing(text);
        Span<int> met = lines.Length <= 512 ? stackalloc int[lines.Length] : new int[lines.Length];
        foreach (var word in standing)
        {
            var shown = 0;
            for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; )
            {
                var line = LineOf(lines, at);
                met[line]++;
                // Of one word, the first blocks that have it are those that are shown.
                at =
                    line + 1 == lines.Length || standing.Count == 1 && ++shown == MostBlocks
                        ? -1
                        : text.IndexOf(word, lines[line + 1], StringComparison.Ordinal);
            }
        }
        var best = new List<int>(MostBlocks);
        for (var most = standing.Count; most > 0 && best.Count < MostBlocks; most--)
        for (var line = 0; line < met.Length && best.Count < MostBlocks; line++)
            if (met[line] == most)
                best.Add(line);
        best.Sort();
        var blocks = new HighlightedBlock[best.Count];
        for (var i = 0; i < blocks.Length; i++)
        {
            var line = best[i];
            var end = line + 1 < lines.Length ? lines[line + 1] - 1 : text.Length;
            blocks[i] = Highlighted(document.Blocks[line], text.AsSpan(lines[line]..end), standing);
        }
        return blocks;
    }

    /// <summary>The names of files that have words of the query.</summary>
    public IReadOnlyList<string> Files(IndexedDocument document) =>
        document.Files.Count == 0
            ? []
            :
            [
                .. document
                    .Files.Where(name => words.Any(word => SearchQuery.Fold(name).Contains(word, StringComparison.Ordinal)))
                    .Take(MostFiles),
            ];

    // What stands nowhere as it was asked for is shown by its parts.
    List<string> Standing(string text)
    {
        var standing = new List<string>(words.Length);
        foreach (var word in words)
            if (text.Contains(word, StringComparison.Ordinal))
                Add(word);
            else
                foreach (var part in PartsOf(word))
                    Add(part);
        return standing;

        void Add(string word)
        {
            if (!standing.Contains(word))
                standing.Add(word);
        }
    }

    IReadOnlyList<string> PartsOf(string word)
    {
        if (!parts.TryGetValue(word, out var known))
            parts[word] = known = query.Phrases.Contains(word) ? [] : WordParts.Of(word);
        return known;
    }

    static int LineOf(int[] lines, int at)
    {
        var line = Array.BinarySearch(lines, at);
        return line >= 0 ? line : ~line - 1;
    }

    static HighlightedBlock Highlighted(IndexedBlock block, ReadOnlySpan<char> folded, List<string> words)
    {
        // Folding leaves characters out; this tells where those that are left stood.
        Span<int> places = folded.Length <= 1024 ? stackalloc int[folded.Length] : new int[folded.Length];
        for (int at = 0, kept = 0; kept < places.Length; at++)
            if (SearchQuery.IsKept(block.Text[at]))
                places[kept++] = at;
        var spans = new List<FoundSpan>();
        foreach (var word in words)
            for (var at = 0; folded[at..].IndexOf(word, StringComparison.Ordinal) is >= 0 and var next; at += next + word.Length)
                spans.Add(new(places[at + next], places[at + next + word.Length - 1] - places[at + next] + 1));
        spans.Sort((a, b) => a.Start.CompareTo(b.Start));
        var start = block.Text.Length <= LongestText ? 0 : Math.Max(0, spans[0].Start - Before);
        var text = block.Text.Substring(start, Math.Min(LongestText, block.Text.Length - start));
        return new(
            block.Id,
            block.Label,
            text,
            [.. spans.Select(s => s with { Start = s.Start - start }).Where(s => s.Start + s.Length <= text.Length)]
        );
    }
}
