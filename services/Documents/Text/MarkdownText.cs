using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Reads a text that comes as Markdown. The markup goes, the words stay: headings tell their level, emphasis and links their text, lists keep
/// the numbers that were written, tables their cells, also where they are written in HTML; comments are not text.
/// </summary>
public static class MarkdownText
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().EnableTrackTrivia().Build();

    /// <summary>Cuts a Markdown text into blocks.</summary>
    public static IReadOnlyList<CutBlock> Cut(string markdown) => Read(markdown).Blocks;

    /// <summary>Cuts a Markdown text, and tells what was assumed.</summary>
    public static CutText Read(string markdown)
    {
        var lines = new List<TextLine>();
        Read(Markdown.Parse(markdown, Pipeline), "", lines);
        return TextStructure.Read(lines);
    }

    static void Read(ContainerBlock container, string marker, List<TextLine> lines)
    {
        foreach (var block in container)
        {
            switch (block)
            {
                case HeadingBlock heading: Add(lines, Words(heading.Inline), heading.Level); break;
                case Table table:
                    lines.Add(TextLine.Table(table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(cell => string.Join(' ', cell.OfType<ParagraphBlock>().Select(p => Words(p.Inline)))).ToArray())));
                    break;
                case ListBlock list:
                    foreach (var item in list.OfType<ListItemBlock>()) Read(item, list.IsOrdered ? $"{item.Order}{list.OrderedDelimiter} " : "", lines);
                    break;
                case ContainerBlock inner: Read(inner, "", lines); break;
                case HtmlBlock { Type: HtmlBlockType.Comment }: break;
                case HtmlBlock html: ReadHtml(html.Lines.ToString(), lines); break;
                case LeafBlock { Inline: { } inline }: Add(lines, marker + Words(inline), 0); break;
                case LeafBlock leaf: Add(lines, leaf.Lines.ToString(), 0); break;
            }
            marker = "";
        }
    }

    /// <summary>The words of a piece of HTML; a table in it is one.</summary>
    static void ReadHtml(string html, List<TextLine> lines)
    {
        if (!html.Contains("<table", StringComparison.OrdinalIgnoreCase))
        {
            Add(lines, html, 0);
            return;
        }
        var words = new StringBuilder();
        Collect(new HtmlParser().ParseDocument(html).Body!);
        Flush();

        void Collect(INode node)
        {
            foreach (var child in node.ChildNodes)
            {
                if (child is IHtmlTableElement table)
                {
                    Flush();
                    lines.Add(TextLine.Table(table.Rows.Select(row => row.Cells.Select(cell => cell.TextContent).ToArray())));
                }
                else if (child is IText text) words.Append(text.Data);
                else if (child is IElement and not IHtmlScriptElement and not IHtmlStyleElement)
                {
                    if (child is IHtmlBreakRowElement or IHtmlParagraphElement or IHtmlDivElement) words.Append('\n');
                    Collect(child);
                }
            }
        }

        void Flush()
        {
            Add(lines, words.ToString(), 0);
            words.Clear();
        }
    }

    static void Add(List<TextLine> lines, string words, int level)
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
