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
/// Writes a comparison as a page. A screen reader hears what the colours show: the table has headings, each changed block is named by what became of it, and
/// what went and came is spoken.
/// </summary>
static class ComparisonPage
{
    const string Style = """
        body{font:1rem/1.7 serif;max-width:80rem;margin:auto;padding:1rem}table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{border:1px solid #ccc;padding:.4rem .6rem;vertical-align:top;text-align:left}
        th[scope=row]{width:8rem;font-weight:normal}del{background:#ffe3e3;color:#8a0000}ins{background:#dff5e1;color:#00570b;text-decoration:underline}.unchanged{color:#555}
        .spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        """;

    public static string Write(string title, Comparison comparison, ComparisonView view)
    {
        var (from, to) = (Name(comparison.From), Name(comparison.To));
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Append(Html($"{title}：{from}与{to}对照")).Append("</title><style>").Append(Style).Append("</style></head>\n<body>\n<main>\n<h1>").Append(Html(title)).Append("</h1>\n<p>")
            .Append(Html($"{from}与{to}对照。")).Append(Html(string.Join('，', comparison.Counts.Where(c => c.Value > 0).Select(c => $"{Word(c.Key)} {c.Value} 处")))).Append("</p>\n");
        if (comparison.Articles.Count > 0)
        {
            page.Append("<nav aria-label=\"有变化的条款\"><ul>\n");
            foreach (var article in comparison.Articles) page.Append($"<li><a href=\"#{article.BlockId}\">{Html(article.Label)}</a>：{Word(article.Change)}</li>\n");
            page.Append("</ul></nav>\n");
        }
        page.Append("<table>\n<caption class=\"spoken\">").Append(Html($"{title}的逐条对照")).Append("</caption>\n<thead><tr><th scope=\"col\">变化</th>");
        page.Append(view is ComparisonView.SideBySide ? $"<th scope=\"col\">{Html(from)}</th><th scope=\"col\">{Html(to)}</th>" : "<th scope=\"col\">正文</th>").Append("</tr></thead>\n<tbody>\n");
        foreach (var block in comparison.Blocks)
        {
            page.Append($"<tr id=\"{block.BlockId}\"{(block.Change is ChangeKind.Unchanged ? " class=\"unchanged\"" : "")}><th scope=\"row\">{Word(block.Change)}{Html(Origin(block))}</th>");
            if (view is ComparisonView.SideBySide) page.Append("<td>").Append(Marked(block, before: true)).Append("</td><td>").Append(Marked(block, before: false)).Append("</td>");
            else page.Append("<td>").Append(Inline(block)).Append("</td>");
            page.Append("</tr>\n");
        }
        return page.Append("</tbody>\n</table>\n</main>\n</body>\n</html>\n").ToString();
    }

    static string Name(int? revision) => revision is { } n ? $"第{n}次文本" : "未记录的文本";

    static string Origin(BlockChange block) => block.SplitFrom is not null ? "（由他条拆出）" : block.MergedInto is not null ? "（并入他条）" : "";

    static string Word(ChangeKind change) => change switch
    {
        ChangeKind.Unchanged => "未变",
        ChangeKind.Modified => "修改",
        ChangeKind.Added => "新增",
        ChangeKind.Removed => "删除",
        ChangeKind.Moved => "移动",
        _ => "序号变化",
    };

    static string Marked(BlockChange block, bool before)
    {
        var text = before ? block.Before : block.After;
        if (text is null) return "";
        if (block.Change is ChangeKind.Added or ChangeKind.Removed) return Mark(text, before);
        var html = new StringBuilder();
        var at = 0;
        foreach (var span in block.Spans ?? [])
        {
            var (start, length) = before ? (span.BeforeStart, span.BeforeLength) : (span.AfterStart, span.AfterLength);
            html.Append(Html(text[at..start])).Append(Mark(text.Substring(start, length), before));
            at = start + length;
        }
        return html.Append(Html(text[at..])).ToString();
    }

    static string Inline(BlockChange block)
    {
        if (block.Change is ChangeKind.Removed) return Mark(block.Before!, went: true);
        if (block.Spans is not { } spans) return block.Change is ChangeKind.Added ? Mark(block.After!, went: false) : Html(block.After!);
        var html = new StringBuilder();
        var at = 0;
        foreach (var span in spans)
        {
            html.Append(Html(block.After![at..span.AfterStart])).Append(Mark(block.Before!.Substring(span.BeforeStart, span.BeforeLength), went: true)).Append(Mark(block.After.Substring(span.AfterStart, span.AfterLength), went: false));
            at = span.AfterStart + span.AfterLength;
        }
        return html.Append(Html(block.After![at..])).ToString();
    }

    static string Mark(string text, bool went) => text.Length == 0 ? "" : went
        ? $"<del><span class=\"spoken\">删去：</span>{Html(text)}<span class=\"spoken\">（删去完）</span></del>"
        : $"<ins><span class=\"spoken\">增加：</span>{Html(text)}<span class=\"spoken\">（增加完）</span></ins>";

    static string Html(string text) => WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal);
}
