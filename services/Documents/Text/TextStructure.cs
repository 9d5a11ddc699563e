using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Documents.Text;

/// <summary>A block as it was cut from a text, before it is known which block of the previous revision it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Parent">The index of the block it belongs to; -1 at the top.</param>
/// <param name="Label">第八条, (一), 1.; null for an unnumbered block.</param>
/// <param name="Text">The whole text, label included; of a table its rows, the cells divided by tabs.</param>
public sealed record CutBlock(BlockKind Kind, int Parent, string? Label, string Text)
{
    /// <summary>The text without its label.</summary>
    public string Body => Label is null ? Text : Text[Label.Length..].TrimStart();
}

/// <summary>A text that was cut into blocks.</summary>
/// <param name="Blocks">The blocks in reading order.</param>
/// <param name="Findings">What the text did not say for sure, with the numbers of the blocks.</param>
public sealed record CutText(IReadOnlyList<CutBlock> Blocks, IReadOnlyList<TextFinding> Findings)
{
    /// <summary>The formulas that it holds, with the numbers of the blocks.</summary>
    public IReadOnlyList<TextFormula> Formulas { get; init; } = [];
}

/// <summary>
/// Cuts a text into blocks by the conventions of Chinese regulations (编章节条款项目) and notices (一、（一）1.（1）①), with the head and the foot of an
/// official document
/// (GB/T 9704-2012). First the parts of the document are found from what stands where (<see cref="DocumentParts"/>), then the levels of
/// each part from how its numbers go on and
/// what they stand in. A line is a block; a title can take several. No word is dropped: the texts of the blocks, a line each, are the
/// canonical text, but for the breaks
/// that the width of a page made (<see cref="BrokenLines"/>).
/// </summary>
public static class TextStructure
{
    /// <summary>At most so many findings are told.</summary>
    const int MostFindings = 100;

    /// <summary>So many lines ahead it is looked whether another line has the number.</summary>
    const int LinesAhead = 400;

    const int UnderTitle = 1,
        OfAttachment = 5,
        Leaf = 1000;

    /// <summary>Cuts a plain text.</summary>
    public static IReadOnlyList<CutBlock> Cut(string text) => Read(text).Blocks;

    /// <summary>Cuts a plain text, and tells what was assumed.</summary>
    public static CutText Read(string text) => Read(TextLine.Of(text));

    /// <summary>Cuts lines of which a markup told that some are headings or tables.</summary>
    internal static CutText Read(
        IReadOnlyList<TextLine> given,
        IReadOnlyList<TextFinding>? already = null,
        IReadOnlyList<FoundFormula>? formulas = null
    )
    {
        var findings = new List<TextFinding>(already ?? []);
        TextLine[] lines = [.. RunTogether.Divide(BrokenLines.Join(given, findings), findings)];
        if (lines.Length == 0)
            return new([], []);
        var marks = new ListMark?[lines.Length];
        for (var i = 0; i < marks.Length; i++)
            if (!lines[i].IsTable)
                marks[i] = ListMark.Of(lines[i].Text);
        var placed = DocumentParts.Of(lines, marks, findings);
        var levels = new Levels(lines, marks, placed, findings).Find();

        var blocks = new List<CutBlock>(lines.Length);
        var blockOf = new int[lines.Length];
        // The chain of open blocks from the top down to the last one.
        var open = new Stack<(int Index, int Rank)>();
        for (var i = 0; i < lines.Length; i++)
        {
            var (kind, label, rank) = levels[i];
            if (placed[i].Joins && blocks.Count > 0)
            {
                blocks[^1] = blocks[^1] with { Text = blocks[^1].Text + (placed[i].IsBroken ? "" : "\n") + lines[i].Text };
                blockOf[i] = blocks.Count - 1;
                continue;
            }
            if (kind is BlockKind.Title && !placed[i].BeginsText && blocks.Count > 0 && blocks[^1].Kind is BlockKind.Attachment)
                rank = OfAttachment;
            while (open.Count > 0 && open.Peek().Rank >= rank)
                open.Pop();
            // A paragraph after the items of an article is a paragraph of the article; 责任单位 below an item are the item's.
            while (
                kind is BlockKind.Paragraph
                && !Responsibility.IsStatement(lines[i].Text)
                && open.Count > 0
                && blocks[open.Peek().Index].Kind is BlockKind.Item or BlockKind.SubItem
            )
                open.Pop();
            blockOf[i] = blocks.Count;
            blocks.Add(new(kind, open.Count > 0 ? open.Peek().Index : -1, label, lines[i].Text));
            if (rank is < Leaf and not UnderTitle)
                open.Push((blocks.Count - 1, rank));
        }
        return new(blocks, [.. findings.Take(MostFindings).Select(f => f with { Place = BlockAt(f.Place) })])
        {
            Formulas = [.. (formulas ?? []).Select(f => f.In(blocks, BlockAt(f.Line))).OfType<TextFormula>()],
        };

        int BlockAt(int line) => line < 0 ? -1 : blockOf[Math.Min(line, lines.Length - 1)];
    }

    /// <summary>The level of every line of the body: from how its numbers go on, and what they stand in.</summary>
    sealed class Levels(TextLine[] lines, ListMark?[] marks, PlacedLine[] placed, List<TextFinding> findings)
    {
        readonly (BlockKind Kind, string? Label, int Rank)[] levels = new (BlockKind, string?, int)[lines.Length];

        // The lists that are being counted, outermost first.
        readonly List<(ListMark Mark, int Rank, bool InArticle)> counting = [];
        readonly bool hasChapters = marks.Any(m => m?.Style is MarkStyle.Chapter);
        bool inArticle;
        int lastArticle;

        // The last number of notes such as 注：1.…, which are no items.
        int lastNote = -1;

        public (BlockKind Kind, string? Label, int Rank)[] Find()
        {
            for (var i = 0; i < lines.Length; i++)
                levels[i] = Find(i);
            return levels;
        }

        (BlockKind, string?, int) Find(int i)
        {
            if (placed[i].Kind is { } kind)
            {
                if (placed[i].BeginsText || kind is BlockKind.Title)
                {
                    counting.Clear();
                    (inArticle, lastArticle) = (false, 0);
                }
                if (
                    lines[i].Given is { } given
                    && given is not BlockKind.Paragraph and not BlockKind.Table
                    && !placed[i].Joins
                    && Given(i, given) is { } level
                )
                    return level;
                return (
                    kind,
                    placed[i].Label,
                    kind switch
                    {
                        BlockKind.Title => 0,
                        BlockKind.Attachment when placed[i].BeginsText => 0,
                        BlockKind.Table or BlockKind.Paragraph => Leaf,
                        _ => UnderTitle,
                    }
                );
            }
            if (placed[i].IsQuoted)
                return (BlockKind.Paragraph, null, Leaf);
            if (DocumentWords.NoteOf(lines[i].Text) is { } note)
            {
                lastNote = note;
                return (BlockKind.Paragraph, null, Leaf);
            }
            if (lastNote >= 0 && marks[i] is { Style: MarkStyle.Arabic or MarkStyle.BracketedArabic } noted && noted.Number == lastNote + 1)
            {
                lastNote++;
                return (BlockKind.Paragraph, null, Leaf);
            }
            lastNote = -1;
            if (marks[i] is { } mark)
            {
                if (Level(i, mark) is { } level)
                    return level;
                if (
                    mark.Certainty is MarkCertainty.Likely or MarkCertainty.Doubtful
                    && findings.Count < MostFindings
                    && mark.Style is not MarkStyle.Latin and not MarkStyle.Stem
                )
                    findings.Add(
                        new(
                            "mark.notTaken",
                            i,
                            $"{lines[i].Text[..mark.Length]} was read as a part of the sentence, since its number is not due here."
                        )
                    );
            }
            if (lines[i].HeadingLevel > 0)
            {
                var rank = 32 + lines[i].HeadingLevel;
                Leave(rank);
                inArticle = false;
                return (lines[i].HeadingLevel == 1 ? BlockKind.Title : BlockKind.Heading, null, lines[i].HeadingLevel == 1 ? 0 : rank);
            }
            if (hasChapters && DocumentWords.IsClosingChapter(lines[i].Text))
            {
                var rank = new ListMark(MarkStyle.Chapter, 0, 0, default).Rank(false);
                Leave(rank);
                inArticle = false;
                return (BlockKind.Chapter, lines[i].Text, rank);
            }
            return (BlockKind.Paragraph, null, Leaf);
        }

        /// <summary>A level that whoever sent the text says it has; its label is what it begins with.</summary>
        (BlockKind, string?, int)? Given(int i, BlockKind kind)
        {
            int? rank = kind switch
            {
                BlockKind.Part => 10,
                BlockKind.Chapter => 20,
                BlockKind.Section => 30,
                BlockKind.Heading => 32,
                BlockKind.Clause => 40,
                BlockKind.Article => 50,
                BlockKind.Item => 60,
                BlockKind.SubItem => 70,
                _ => null,
            };
            if (rank is not { } found)
                return null;
            Leave(found);
            inArticle = kind is BlockKind.Article || inArticle && kind is BlockKind.Item or BlockKind.SubItem;
            if (kind is BlockKind.Article && marks[i] is { Style: MarkStyle.Article } article)
                lastArticle = article.Number;
            return (kind, marks[i] is { } mark ? lines[i].Text[..mark.Length] : null, found);
        }

        (BlockKind, string?, int)? Level(int i, ListMark mark)
        {
            if (mark.Style is MarkStyle.Article)
            {
                if (!IsDue(i, mark, lastArticle))
                    return null;
                Tell(i, mark, lastArticle);
                (inArticle, lastArticle) = (true, mark.Number);
                return Open(i, mark, false);
            }
            if (mark.Style < MarkStyle.Article)
            {
                var (last, _) = Last(mark, false);
                if (mark.Certainty is MarkCertainty.Doubtful && !IsDue(i, mark, last))
                    return null;
                inArticle = false;
                return Open(i, mark, false);
            }
            if (mark.Certainty is MarkCertainty.Bare && !CountsWithin(i, mark))
                return null;
            var inner = inArticle ? Last(mark, true) : default;
            var outer = Last(mark, false);
            // A list that was begun before the articles goes on after them.
            var within =
                inArticle && !(outer.IsThere && outer.Number + 1 == mark.Number && !(inner.IsThere && inner.Number + 1 == mark.Number));
            var before = within ? inner : outer;
            if (!IsDue(i, mark, before.Number))
                return null;
            Tell(i, mark, before.Number);
            if (!within)
                inArticle = false;
            return Open(i, mark, within);
        }

        /// <summary>
        /// Whether a mark is taken for one: a clear one always, others where their number goes on and no other line has it.
        /// </summary>
        bool IsDue(int i, ListMark mark, int last)
        {
            if (mark.Certainty is MarkCertainty.Clear)
                return true;
            if (mark.Depth > 1 && last > 0 && mark.Number > last)
                return true;
            var due = mark.Number == last + 1;
            if (mark.Certainty is MarkCertainty.Likely && mark.Style is not MarkStyle.Article)
                return due || mark.Number > last || mark.Number == 1;
            if (mark.Certainty is MarkCertainty.Likely ? mark.Number <= last : !due)
                return false;
            for (var n = i + 1; n < Math.Min(lines.Length, i + LinesAhead) && !placed[n].BeginsText; n++)
            {
                if (marks[n] is not { } other || placed[n].Kind is not null || placed[n].IsQuoted)
                    continue;
                if (other.Style == mark.Style && other.Depth == mark.Depth && other.Outer == mark.Outer)
                {
                    if (other.Number == mark.Number && other.Certainty < mark.Certainty)
                        return false;
                    if (other.Number == mark.Number + 1 && other.Certainty <= mark.Certainty)
                        return true;
                    if (other.Certainty is MarkCertainty.Clear)
                        return mark.Number > 1 && other.Number > mark.Number;
                }
                else if (
                    mark.Style > MarkStyle.Article
                    && other.Certainty is MarkCertainty.Clear
                    && other.Rank(inArticle) < mark.Rank(inArticle)
                )
                    break;
            }
            // The first of a list of which no second comes is none; so is a stem or a letter alone.
            return mark.Number > 1 && mark.Style is not (MarkStyle.Latin or MarkStyle.Stem)
                || mark.Style is MarkStyle.Article && mark.Certainty is MarkCertainty.Likely
                || mark.Depth > 1
                || mark.Certainty is MarkCertainty.Bare;
        }

        /// <summary>Whether 1.1 follows a line that begins with 1 alone.</summary>
        bool CountsWithin(int i, ListMark mark)
        {
            for (var n = i + 1; n < Math.Min(lines.Length, i + LinesAhead) && !placed[n].BeginsText; n++)
                if (marks[n] is { Style: MarkStyle.Arabic } other)
                {
                    if (other.Depth == 2)
                        return other.Number == 1 && other.Outer == mark.Number;
                    if (other.Depth == 1)
                        return false;
                }
            return false;
        }

        (int Number, bool IsThere) Last(ListMark mark, bool within)
        {
            for (var n = counting.Count - 1; n >= 0; n--)
                if (counting[n].InArticle == within && counting[n].Mark.Style == mark.Style && counting[n].Mark.Depth == mark.Depth)
                    return counting[n].Mark.Outer == mark.Outer ? (counting[n].Mark.Number, true) : default;
            return default;
        }

        void Tell(int i, ListMark mark, int last)
        {
            if (findings.Count >= MostFindings || mark.Number == last + 1 || mark.Number == 1)
                return;
            findings.Add(
                mark.Number <= last
                    ? new("number.repeated", i, $"{lines[i].Text[..mark.Length]} comes after number {last} of the same list.")
                    : new(
                        "number.missing",
                        i,
                        last == 0
                            ? (Wording)$"The list begins with {lines[i].Text[..mark.Length]}."
                            : $"{lines[i].Text[..mark.Length]} follows number {last}."
                    )
            );
        }

        (BlockKind, string?, int) Open(int i, ListMark mark, bool within)
        {
            var rank = mark.Rank(within);
            var hasHeadings = counting.Any(c => c.InArticle && c.Mark.Style is MarkStyle.Chinese);
            Leave(rank);
            counting.Add((mark, rank, within));
            return (KindOf(mark, within, hasHeadings), lines[i].Text[..mark.Length], rank);
        }

        void Leave(int rank) => counting.RemoveAll(c => c.Rank >= rank);

        static BlockKind KindOf(ListMark mark, bool within, bool hasHeadings) =>
            mark.Style switch
            {
                MarkStyle.Part or MarkStyle.SubPart => BlockKind.Part,
                MarkStyle.Chapter => BlockKind.Chapter,
                MarkStyle.Section => BlockKind.Section,
                MarkStyle.Article => BlockKind.Article,
                MarkStyle.Division => BlockKind.Heading,
                MarkStyle.Stem or MarkStyle.Roman or MarkStyle.Chinese => within ? BlockKind.Item : BlockKind.Heading,
                MarkStyle.BracketedChinese => !within ? BlockKind.Clause
                : hasHeadings ? BlockKind.SubItem
                : BlockKind.Item,
                MarkStyle.Arabic => within || mark.Depth > 1 ? BlockKind.SubItem : BlockKind.Item,
                _ => BlockKind.SubItem,
            };
    }
}
