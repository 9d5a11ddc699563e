using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Reads a text that comes as Markdown. The markup goes, the words stay: headings tell their level, emphasis and links their text, lists keep
/// the numbers that were written, a table gives a line a row, and comments are not text.
/// </summary>
public static class MarkdownText
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().EnableTrackTrivia().Build();

    /// <summary>Cuts a Markdown text into blocks.</summary>
    public static IReadOnlyList<CutBlock> Cut(string markdown)
    {
        var lines = new List<MarkedLine>();
        Read(Markdown.Parse(markdown, Pipeline), "", lines);
        return TextStructure.Cut(lines);
    }

    static void Read(ContainerBlock container, string marker, List<MarkedLine> lines)
    {
        foreach (var block in container)
        {
            switch (block)
            {
                case HeadingBlock heading: Add(lines, Words(heading.Inline), heading.Level); break;
                case Table table:
                    foreach (var row in table.OfType<TableRow>())
                        Add(lines, string.Join(" ", row.OfType<TableCell>().Select(cell => string.Concat(cell.OfType<ParagraphBlock>().Select(p => Words(p.Inline))))), 0);
                    break;
                case ListBlock list:
                    foreach (var item in list.OfType<ListItemBlock>()) Read(item, list.IsOrdered ? $"{item.Order}{list.OrderedDelimiter} " : "", lines);
                    break;
                case ContainerBlock inner: Read(inner, "", lines); break;
                case HtmlBlock { Type: HtmlBlockType.Comment }: break;
                case LeafBlock { Inline: { } inline }: Add(lines, marker + Words(inline), 0); break;
                case LeafBlock leaf: Add(lines, leaf.Lines.ToString(), 0); break;
            }
            marker = "";
        }
    }

    static void Add(List<MarkedLine> lines, string words, int level)
    {
        foreach (var line in CanonicalText.Lines(words)) lines.Add(new(line, level));
    }

    static string Words(ContainerInline? inlines)
    {
        var words = new StringBuilder();
        foreach (var inline in inlines ?? [])
        {
            words.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => "\n",
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                HtmlInline html => html.Tag.StartsWith("<!--", StringComparison.Ordinal) ? "" : html.Tag,
                AutolinkInline link => link.Url,
                // Brackets that turned out not to be links, such as 〔2025〕 typed as [2025], are text.
                ContainerInline container => Words(container),
                _ => "",
            });
        }
        return words.ToString();
    }
}
