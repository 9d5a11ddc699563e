using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>What answers a question: an article with all its paragraphs and items; where a text has none, a clause of it, or a paragraph.</summary>
/// <param name="Document">The document.</param>
/// <param name="Blocks">The blocks, the one that begins it first.</param>
/// <param name="Place">The title and the chapter that it stands in.</param>
sealed record Clause(IndexedDocument Document, IReadOnlyList<IndexedBlock> Blocks, string Place)
{
    string? text;

    /// <summary>What it says, a block a line.</summary>
    public string Text => text ??= string.Join('\n', Blocks.Select(b => b.Text));

    /// <summary>The clauses of a text.</summary>
    /// <param name="title">标题 on the day.</param>
    /// <param name="document">The document.</param>
    public static IEnumerable<Clause> Of(string title, IndexedDocument document)
    {
        var chapter = "";
        List<IndexedBlock> open = [];
        foreach (var block in document.Blocks)
        {
            // What belongs to an article or to a clause of a notice stands below it.
            if (open is [{ Kind: BlockKind.Article or BlockKind.Clause }, ..] && BelongsTo(open[0].Kind, block.Kind))
            {
                open.Add(block);
                continue;
            }
            if (open.Count > 0)
                yield return new(document, open, $"{title} {chapter}");
            open = [];
            if (block.Kind is BlockKind.Part or BlockKind.Chapter or BlockKind.Section or BlockKind.Heading)
                chapter = block.Text;
            if (IsText(block.Kind))
                open = [block];
        }
        if (open.Count > 0)
            yield return new(document, open, $"{title} {chapter}");
    }

    static bool BelongsTo(BlockKind first, BlockKind next) =>
        next is BlockKind.Paragraph or BlockKind.Item or BlockKind.SubItem or BlockKind.Table
        || first is BlockKind.Article && next is BlockKind.Clause;

    static bool IsText(BlockKind kind) =>
        kind
            is BlockKind.Article
                or BlockKind.Paragraph
                or BlockKind.Item
                or BlockKind.SubItem
                or BlockKind.Heading
                or BlockKind.Clause
                or BlockKind.Attachment
                or BlockKind.Table;
}
