using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Serialization;

namespace PolicyPlatform.Documents.Text;

/// <summary>Writes a revision's blocks as plain text, Markdown or HTML.</summary>
public static class TextFormats
{
    /// <summary>A line a block: the canonical text.</summary>
    public static string ToPlainText(IReadOnlyList<Block> blocks) => CanonicalText.Of(blocks) + "\n";

    /// <summary>
    /// Markdown: divisions as headings, tables as tables, everything else as paragraphs. What Markdown would take for markup is escaped:
    /// read back, it is the same text.
    /// </summary>
    public static string ToMarkdown(IReadOnlyList<Block> blocks) =>
        string.Join(
            "\n\n",
            blocks.Select(block =>
                block.Kind is BlockKind.Table
                    ? MarkdownTable(block)
                    : HeadingLevel(block.Kind) switch
                    {
                        // A break that is meant, such as that of a list of attachments: one without the backslash is none in Markdown.
                        var level
                            when level == 0 || block.Kind is not BlockKind.Title && block.Text.Contains('\n', StringComparison.Ordinal) =>
                            string.Join("\\\n", block.Text.Split('\n').Select(Escaped)),
                        var level => $"{new string('#', level)} {Escaped(block.Text.Replace("\n", "", StringComparison.Ordinal))}",
                    }
            )
        ) + "\n";

    /// <summary>A table of Markdown where all rows are as long; one of HTML otherwise, which loses no cell.</summary>
    static string MarkdownTable(Block block)
    {
        var rows = block.Rows!;
        if (rows.Any(r => r.Count != rows[0].Count))
            return HtmlTable(block, null);
        var table = new StringBuilder();
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
        {
            if (i > 0)
                table.Append('\n');
            foreach (var cell in row)
                table.Append("| ").Append(Escaped(cell)).Append(' ');
            table.Append('|');
            if (i == 0)
                table.Append('\n').Insert(table.Length, "| --- ", row.Count).Append('|');
        }
        return table.ToString();
    }

    static string HtmlTable(Block block, string? id) =>
        $"<table{(id is null ? "" : $" id=\"{id}\"")}>{string.Concat(block.Rows!.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>"))}</tr>"))}</table>";

    static string Escaped(string line)
    {
        var escaped = new StringBuilder(line.Length + 8);
        for (var i = 0; i < line.Length; i++)
        {
            // Before a sign that begins a list, a heading or a quotation, and before those that mean something anywhere.
            var begins =
                i == 0 && line[i] is '+' or '-' or '=' or '>' or '~'
                || line[i] is '.' or ')' && i is > 0 and < 10 && line.AsSpan(0, i).IndexOfAnyExceptInRange('0', '9') < 0;
            if (begins || line[i] is '\\' or '#' or '`' or '*' or '_' or '[' or ']' or '<' or '&' or '|' or '!')
                escaped.Append('\\');
            escaped.Append(line[i]);
        }
        return escaped.ToString();
    }

    /// <summary>A complete HTML page; every block can be linked to by its id, and citations of what the library holds are links.</summary>
    public static string ToHtml(
        string title,
        IReadOnlyList<Block> blocks,
        IReadOnlyList<TextLink> links,
        IReadOnlyList<FileLink>? files = null,
        IReadOnlyList<TextFormula>? formulas = null
    )
    {
        var linked = links.ToLookup(l => l.BlockId);
        var written = (formulas ?? []).ToLookup(f => f.Place);
        var page = new StringBuilder(
            $"<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(title)}</title></head>\n<body>\n<article>\n"
        );
        foreach (var (block, i) in blocks.Select((b, i) => (b, i)))
        {
            if (block.Kind is BlockKind.Table)
            {
                page.Append(HtmlTable(block, block.Id)).Append('\n');
                continue;
            }
            var element = HeadingLevel(block.Kind) is var level and > 0 ? $"h{level}" : "p";
            page.Append($"<{element} id=\"{block.Id}\">{Linked(block.Text, linked[block.Id], written[i])}</{element}>\n");
        }
        page.Append("</article>\n");
        if (files is { Count: > 0 })
        {
            page.Append("<nav aria-label=\"附件下载\">\n<h2>附件下载</h2>\n<ul>\n");
            foreach (var file in files)
                page.Append($"<li><a href=\"{WebUtility.HtmlEncode(file.Link)}\">{Encoded(file.Name)}</a>（{Size(file.Bytes)}）</li>\n");
            page.Append("</ul>\n</nav>\n");
        }
        return page.Append("</body>\n</html>\n").ToString();
    }

    static string Size(long bytes) =>
        bytes < 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1000)} KB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB");

    static string Linked(string text, IEnumerable<TextLink> links, IEnumerable<TextFormula> formulas)
    {
        var places = links.Select(l => (l.Start, l.Length, Html: Link(l, text.Substring(l.Start, l.Length)))).ToList();
        foreach (var formula in formulas)
            if (!places.Any(p => p.Start < formula.Start + formula.Text.Length && formula.Start < p.Start + p.Length))
                places.Add((formula.Start, formula.Text.Length, formula.MathMl));
        var html = new StringBuilder();
        var at = 0;
        foreach (var place in places.OrderBy(p => p.Start))
        {
            html.Append(Encoded(text[at..place.Start])).Append(place.Html);
            at = place.Start + place.Length;
        }
        return html.Append(Encoded(text[at..])).ToString();
    }

    static string Link(TextLink link, string words) =>
        $"<a href=\"{WebUtility.HtmlEncode(link.Target)}\"{(link.Warning is null ? "" : $" title=\"{WebUtility.HtmlEncode(link.Warning)}\"")}>{Encoded(words)}</a>{(link.Warning is { } warning ? $"<small>（{Encoded(warning)}）</small>" : "")}";

    static string Encoded(string text) => WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal);

    static int HeadingLevel(BlockKind kind) =>
        kind switch
        {
            BlockKind.Title => 1,
            BlockKind.Part or BlockKind.Chapter or BlockKind.Attachment or BlockKind.Heading => 2,
            BlockKind.Section => 3,
            _ => 0,
        };
}

/// <summary>A place in a text that links somewhere.</summary>
/// <param name="BlockId">The block.</param>
/// <param name="Start">Where it begins in the block, in UTF-16 code units.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Target">Where it links to.</param>
/// <param name="Warning">What the reader is to be warned of; null for nothing.</param>
public sealed record TextLink(string BlockId, int Start, int Length, string Target, string? Warning);

/// <summary>A file of a text.</summary>
/// <param name="Name">As it is named in the text, 图1, or as it was sent: 申请表.docx.</param>
/// <param name="MediaType">image/png.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="Link">Where it is.</param>
/// <param name="BlockId">The line of 附件说明, or the heading of 附件, that names it; null where the text names it nowhere.</param>
/// <param name="Erased">True where it was erased for good; left out where it was not.</param>
public sealed record FileLink(
    string Name,
    string MediaType,
    long Bytes,
    string Sha256,
    string Link,
    string? BlockId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Erased = null
);
