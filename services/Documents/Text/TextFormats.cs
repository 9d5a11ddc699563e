using System.Net;
using System.Text;

namespace PolicyPlatform.Documents.Text;

/// <summary>Writes a revision's blocks as plain text, Markdown or HTML.</summary>
public static class TextFormats
{
    /// <summary>A line a block: the canonical text.</summary>
    public static string ToPlainText(IReadOnlyList<Block> blocks) => CanonicalText.Of(blocks) + "\n";

    /// <summary>Markdown: divisions as headings, everything else as paragraphs.</summary>
    public static string ToMarkdown(IReadOnlyList<Block> blocks) => string.Join("\n\n", blocks.Select(block => HeadingLevel(block.Kind) switch
    {
        0 => block.Text,
        var level => $"{new string('#', level)} {block.Text.Replace("\n", "", StringComparison.Ordinal)}",
    })) + "\n";

    /// <summary>A complete HTML page; every block can be linked to by its id.</summary>
    public static string ToHtml(string title, IReadOnlyList<Block> blocks)
    {
        var page = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(title)}</title></head>\n<body>\n<article>\n");
        foreach (var block in blocks)
        {
            var element = HeadingLevel(block.Kind) is var level and > 0 ? $"h{level}" : "p";
            page.Append($"<{element} id=\"{block.Id}\">{WebUtility.HtmlEncode(block.Text).Replace("\n", "<br>", StringComparison.Ordinal)}</{element}>\n");
        }
        return page.Append("</article>\n</body>\n</html>\n").ToString();
    }

    static int HeadingLevel(BlockKind kind) => kind switch
    {
        BlockKind.Title => 1,
        BlockKind.Part or BlockKind.Chapter or BlockKind.Attachment or BlockKind.Heading => 2,
        BlockKind.Section => 3,
        _ => 0,
    };
}
