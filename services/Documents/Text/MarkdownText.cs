using System.Text;
using System.Text.RegularExpressions;
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
public static partial class MarkdownText
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().EnableTrackTrivia().Build();

    /// <summary>Cuts a Markdown text into blocks.</summary>
    public static IReadOnlyList<CutBlock> Cut(string markdown) => Read(markdown).Blocks;

    /// <summary>Cuts a Markdown text, and tells what was assumed.</summary>
    public static CutText Read(string markdown)
    {
        var lines = new List<TextLine>();
        // [注1]: … is a note here, and no definition of a link, which would vanish.
        Read(Markdown.Parse(Definition().Replace(markdown, @"$1\["), Pipeline), "", lines);
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
                    if (TextLine.Table(table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(cell => string.Join(' ', cell.OfType<ParagraphBlock>().Select(p => Words(p.Inline)))).ToArray())) is { } read) lines.Add(read);
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
        Walk(new HtmlParser().ParseDocument(html).Body!, words, table =>
        {
            Flush();
            if (table.Caption is { } caption) Add(lines, Words(caption), 0);
            if (TextLine.Table(Rows(table)) is { } read) lines.Add(read);
        });
        Flush();

        void Flush()
        {
            Add(lines, words.ToString(), 0);
            words.Clear();
        }
    }

    /// <summary>The words below a node in reading order; whoever nests without end finds no end of a stack here.</summary>
    static void Walk(INode root, StringBuilder words, Action<IHtmlTableElement>? table)
    {
        var open = new Stack<INode>([root]);
        while (open.TryPop(out var node))
        {
            switch (node)
            {
                case IText text: words.Append(text.Data); continue;
                case IHtmlScriptElement or IHtmlStyleElement or IComment: continue;
                case IHtmlTableElement found when table is not null: table(found); continue;
                case IHtmlBreakRowElement or IHtmlParagraphElement or IHtmlDivElement or IHtmlListItemElement or IHtmlTableCellElement: words.Append('\n'); break;
            }
            for (var i = node.ChildNodes.Length - 1; i >= 0; i--) open.Push(node.ChildNodes[i]);
        }
    }

    static string Words(INode node)
    {
        var words = new StringBuilder();
        Walk(node, words, table: null);
        return words.ToString();
    }

    /// <summary>The rows of a table; a cell over several columns or rows is followed by the empty ones that it covers.</summary>
    static List<string[]> Rows(IHtmlTableElement table)
    {
        var rows = new List<string[]>();
        var covered = new Dictionary<int, int>();
        foreach (var row in table.Rows)
        {
            var cells = new List<string>();
            var below = new Dictionary<int, int>();
            foreach (var cell in row.Cells)
            {
                Cover(cells, below);
                var wide = Math.Clamp(cell.ColumnSpan, 1, MostColumns);
                for (var column = 0; column < wide; column++)
                {
                    if (cell.RowSpan > 1) below[cells.Count] = cell.RowSpan - 1;
                    cells.Add(column == 0 ? Words(cell) : "");
                }
            }
            Cover(cells, below);
            covered = below;
            rows.Add([.. cells]);
        }
        return rows;

        void Cover(List<string> cells, Dictionary<int, int> below)
        {
            while (covered.TryGetValue(cells.Count, out var left))
            {
                if (left > 1) below[cells.Count] = left - 1;
                cells.Add("");
            }
        }
    }

    const int MostColumns = 63;

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

    [GeneratedRegex(@"(?m)^( {0,3})\[(?=[^\]\r\n]{1,200}\]:)")]
    private static partial Regex Definition();
}
