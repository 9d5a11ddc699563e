using System.Net;
using System.Text;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.History;

/// <summary>How a comparison is laid out.</summary>
public enum ComparisonView
{
    /// <summary>The earlier text at the left, the later one at the right.</summary>
    SideBySide,

    /// <summary>One text, with what went struck out and what came underlined.</summary>
    Inline,
}

/// <summary>
/// Writes a comparison as a page. A screen reader hears what the colours show: the table has headings, each changed block is named by what
/// became of it, and
/// what went and came is spoken.
/// </summary>
static class ComparisonPage
{
    const string Style = """
        body{font:1rem/1.7 serif;max-width:80rem;margin:auto;padding:1rem}table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{border:1px solid #ccc;padding:.4rem .6rem;vertical-align:top;text-align:left}
        col.change{width:6rem}th[scope=row]{font-weight:normal}del{background:#ffe3e3;color:#8a0000}ins{background:#dff5e1;color:#00570b;text-decoration:underline}.unchanged{color:#555}
        .spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        """;

    public static string Write(string title, Comparison comparison, string from, string to, ComparisonView view)
    {
        var names = comparison.Blocks.ToDictionary(b => b.BlockId, b => Article(b.Path));
        var page = new StringBuilder();
        page.Append(
                "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>"
            )
            .Append(Html($"{title}：{from}与{to}对照"))
            .Append("</title><style>")
            .Append(Style)
            .Append("</style></head>\n<body>\n<main>\n<h1>")
            .Append(Html(title))
            .Append("</h1>\n<p>")
            .Append(Html($"{from}与{to}对照。"))
            .Append(Html(string.Join('，', comparison.Counts.Where(c => c.Value > 0).Select(c => $"{Word(c.Key)} {c.Value} 处"))))
            .Append("</p>\n");
        if (comparison.Articles.Count > 0)
        {
            page.Append("<nav aria-label=\"有变化的条款\"><ul>\n");
            foreach (var article in comparison.Articles)
                page.Append($"<li><a href=\"#{article.BlockId}\">{Html(article.Label)}</a>：{Word(article.Change)}</li>\n");
            page.Append("</ul></nav>\n");
        }
        if (comparison.Files.Count > 0)
            page.Append($"<p>附件：{Html(string.Join('；', comparison.Files.Select(f => $"{Word(f.Change)} {f.Name}")))}</p>\n");
        page.Append("<table>\n<caption class=\"spoken\">")
            .Append(Html($"{title}的逐条对照"))
            .Append("</caption>\n<colgroup><col class=\"change\"></colgroup>\n<thead><tr><th scope=\"col\">变化</th>");
        page.Append(
                view is ComparisonView.SideBySide
                    ? $"<th scope=\"col\">{Html(from)}</th><th scope=\"col\">{Html(to)}</th>"
                    : "<th scope=\"col\">正文</th>"
            )
            .Append("</tr></thead>\n<tbody>\n");
        foreach (var block in comparison.Blocks)
        {
            page.Append(
                $"<tr id=\"{block.BlockId}\"{(block.Change is ChangeKind.Unchanged ? " class=\"unchanged\"" : "")}><th scope=\"row\">{(names[block.BlockId] is { Length: > 0 } name ? $"{Html(name)}<br>" : "")}{Word(block.Change)}{Html(Origin(block, names))}</th>"
            );
            if (view is ComparisonView.SideBySide)
                page.Append("<td>")
                    .Append(Marked(block, before: true))
                    .Append("</td><td>")
                    .Append(Marked(block, before: false))
                    .Append("</td>");
            else
                page.Append("<td>").Append(Inline(block)).Append("</td>");
            page.Append("</tr>\n");
        }
        return page.Append("</tbody>\n</table>\n</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>第三条: the article of a path, in a notice all its numbers.</summary>
    static string Article(IReadOnlyList<string> path) =>
        path.FirstOrDefault(l => l.StartsWith('第') && CanonicalText.Fold(l).EndsWith('条')) ?? string.Concat(path);

    static string Origin(BlockChange block, Dictionary<string, string> names) =>
        block.SplitFrom is { } whole ? $"（由{Named(names.GetValueOrDefault(whole))}拆出）"
        : block.MergedInto is { } into ? $"（并入{Named(names.GetValueOrDefault(into))}）"
        : block.From is { Count: > 0 } from && Article(from) is var was && was != names[block.BlockId] ? $"（原{was}）"
        : "";

    static string Named(string? name) => name is { Length: > 0 } ? name : "他条";

    static string Word(ChangeKind change) =>
        change switch
        {
            ChangeKind.Unchanged => "未变",
            ChangeKind.Modified => "修改",
            ChangeKind.Added => "新增",
            ChangeKind.Removed => "删除",
            ChangeKind.Moved => "移动",
            _ => "序号变化",
        };

    static string Marked(BlockChange block, bool before) => Written(block, Side(block, before));

    static string Inline(BlockChange block) => Written(block, Both(block));

    /// <summary>The pieces of one of the two texts, with whether they went or came.</summary>
    static IEnumerable<(string Text, bool? Went)> Side(BlockChange block, bool before)
    {
        var text = before ? block.Before : block.After;
        if (text is null)
            yield break;
        var at = 0;
        foreach (var span in block.Spans ?? [])
        {
            var (start, length) = before ? (span.BeforeStart, span.BeforeLength) : (span.AfterStart, span.AfterLength);
            yield return (text[at..start], null);
            yield return (text.Substring(start, length), before);
            at = start + length;
        }
        yield return (text[at..], block.Change is ChangeKind.Added or ChangeKind.Removed ? before : null);
    }

    static IEnumerable<(string Text, bool? Went)> Both(BlockChange block)
    {
        if (block.After is not { } after || block.Spans is not { } spans)
            return block.After is null ? Side(block, before: true) : Side(block, before: false);
        var pieces = new List<(string, bool?)>();
        var at = 0;
        foreach (var span in spans)
        {
            pieces.Add((after[at..span.AfterStart], null));
            pieces.Add((block.Before!.Substring(span.BeforeStart, span.BeforeLength), true));
            pieces.Add((after.Substring(span.AfterStart, span.AfterLength), false));
            at = span.AfterStart + span.AfterLength;
        }
        pieces.Add((after[at..], null));
        return pieces;
    }

    static string Written(BlockChange block, IEnumerable<(string Text, bool? Went)> pieces)
    {
        if (block.Kind is not BlockKind.Table)
            return string.Concat(pieces.Select(p => Piece(p.Text, p.Went)));
        var table = new StringBuilder();
        foreach (var (text, went) in pieces)
        {
            var at = 0;
            for (var end = text.IndexOfAny(['\t', '\n']); end >= 0; end = text.IndexOfAny(['\t', '\n'], at))
            {
                table.Append(Piece(text[at..end], went)).Append(text[end] is '\t' ? "</td><td>" : "</td></tr><tr><td>");
                at = end + 1;
            }
            table.Append(Piece(text[at..], went));
        }
        return table.Length == 0 ? "" : $"<table><tr><td>{table}</td></tr></table>";
    }

    static string Piece(string text, bool? went) => went is { } gone ? Mark(text, gone) : Html(text);

    static string Mark(string text, bool went) =>
        text.Length == 0 ? ""
        : went ? $"<del><span class=\"spoken\">删去：</span>{Html(text)}<span class=\"spoken\">（删去完）</span></del>"
        : $"<ins><span class=\"spoken\">增加：</span>{Html(text)}<span class=\"spoken\">（增加完）</span></ins>";

    static string Html(string text) => WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal);
}
