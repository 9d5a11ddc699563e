using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using PolicyPlatform.Shared.Markup;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Reads a text that comes as Markdown. The markup goes, the words stay: headings tell their level, emphasis and links their text, lists
/// keep
/// the numbers that were written, tables their cells, also where they are written in HTML; comments are not text.
/// </summary>
public static partial class MarkdownText
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().EnableTrackTrivia().Build();

    /// <summary>Cuts a Markdown text into blocks.</summary>
    public static IReadOnlyList<CutBlock> Cut(string markdown) => Read(markdown)?.Blocks ?? [];

    /// <summary>Cuts a Markdown text, and tells what was assumed; null for one that nests deeper than can be read.</summary>
    public static CutText? Read(string markdown)
    {
        if (!MarkdownMarks.AreFew(markdown))
            return null;
        var lines = new List<TextLine>();
        MarkdownDocument read;
        try
        {
            // [注1]: … is a note here, and no definition of a link, which would vanish.
            read = Markdown.Parse(Definition().Replace(markdown, @"$1\["), Pipeline);
        }
        catch (ArgumentException)
        {
            return null;
        }
        Read(read, "", lines);
        return TextStructure.Read(lines);
    }

    static void Read(ContainerBlock container, string marker, List<TextLine> lines)
    {
        foreach (var block in container)
        {
            switch (block)
            {
                case HeadingBlock heading:
                    Add(lines, Words(heading.Inline), heading.Level);
                    break;
                case Table table:
                    if (
                        TextLine.Table(
                            table
                                .OfType<TableRow>()
                                .Select(row =>
                                    row.OfType<TableCell>()
                                        .Select(cell => string.Join(' ', cell.OfType<ParagraphBlock>().Select(p => Words(p.Inline))))
                                        .ToArray()
                                )
                        ) is
                        { } read
                    )
                        lines.Add(read);
                    break;
                case ListBlock list:
                    foreach (var item in list.OfType<ListItemBlock>())
                        Read(item, list.IsOrdered ? $"{item.Order}{list.OrderedDelimiter} " : "", lines);
                    break;
                case ContainerBlock inner:
                    Read(inner, "", lines);
                    break;
                case HtmlBlock { Type: HtmlBlockType.Comment }:
                    break;
                // A tag in a line is shown as it was typed; a table is one.
                case HtmlBlock html when html.Lines.ToString() is var given:
                    if (given.Contains("<table", StringComparison.OrdinalIgnoreCase) && HtmlText.Lines(given, []) is { } shown)
                        lines.AddRange(shown);
                    else
                        Add(lines, given, 0);
                    break;
                case LeafBlock { Inline: { } inline }:
                    Add(lines, marker + Words(inline), 0);
                    break;
                case LeafBlock leaf:
                    Add(lines, leaf.Lines.ToString(), 0);
                    break;
            }
            marker = "";
        }
    }

    static void Add(List<TextLine> lines, string words, int level)
    {
        foreach (var line in CanonicalText.Lines(words))
            lines.Add(new(line, level));
    }

    static string Words(ContainerInline? inlines)
    {
        var words = new StringBuilder();
        for (var inline = inlines?.FirstChild; inline is not null; )
        {
            words.Append(
                inline switch
                {
                    LiteralInline literal => literal.Content.ToString(),
                    CodeInline code => code.Content,
                    LineBreakInline => "\n",
                    HtmlEntityInline entity => entity.Transcoded.ToString(),
                    HtmlInline html => html.Tag.StartsWith("<!--", StringComparison.Ordinal) ? "" : html.Tag,
                    AutolinkInline link => link.Url,
                    // Brackets that turned out not to be links, such as 〔2025〕 typed as [2025], are text.
                    _ => "",
                }
            );
            // They nest as often as there are brackets: what is below comes next, without a stack.
            if (inline is ContainerInline { FirstChild: { } below })
            {
                inline = below;
                continue;
            }
            while (inline is { NextSibling: null, Parent: { } above } && above != inlines)
                inline = above;
            inline = inline?.NextSibling;
        }
        return words.ToString();
    }

    [GeneratedRegex(@"(?m)^( {0,3})\[(?=[^\]\r\n]{1,200}\]:)")]
    private static partial Regex Definition();
}
