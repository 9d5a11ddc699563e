using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>A block as it was cut from a text, before it is known which block of the previous revision it is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Parent">The index of the block it belongs to; -1 at the top.</param>
/// <param name="Label">第八条, (一), 1.; null for an unnumbered block.</param>
/// <param name="Text">The whole text, label included.</param>
public sealed record CutBlock(BlockKind Kind, int Parent, string? Label, string Text)
{
    /// <summary>The text without its label.</summary>
    public string Body => Label is null ? Text : Text[Label.Length..].TrimStart();

    /// <summary>责任单位 in brackets at the end of the block; null when none are named.</summary>
    public IReadOnlyList<string>? ResponsibleBodies => TextStructure.ResponsibleBodies(Text);
}

/// <summary>
/// Cuts a text into blocks by the conventions of Chinese regulations (编章节条款项目) and notices (一、 (一) 1. (1)), with the head and the foot of an
/// official document (GB/T 9704-2012). A line is a block; a title can take several. Nothing is dropped: the texts of the blocks, a line each,
/// are the canonical text.
/// </summary>
public static partial class TextStructure
{
    const int LongestTitleLine = 60;

    /// <summary>Cuts a plain text.</summary>
    public static IReadOnlyList<CutBlock> Cut(string text) => Cut([.. CanonicalText.Lines(text).Select(line => new MarkedLine(line, 0))]);

    /// <summary>Cuts lines of which a markup told that some are headings.</summary>
    internal static IReadOnlyList<CutBlock> Cut(IReadOnlyList<MarkedLine> lines)
    {
        var kinds = Recognise(lines);
        var blocks = new List<CutBlock>(lines.Count);
        // The chain of open blocks from the top down to the last one.
        var open = new Stack<(int Index, int Rank)>();
        for (var i = 0; i < lines.Count; i++)
        {
            var (kind, label) = kinds[i];
            if (kind is BlockKind.Title && blocks.Count > 0 && blocks[^1].Kind is BlockKind.Title && lines[i].HeadingLevel == 0 && kinds[i - 1].Kind is BlockKind.Title)
            {
                blocks[^1] = blocks[^1] with { Text = blocks[^1].Text + '\n' + lines[i].Text };
                continue;
            }
            var rank = Rank(kind, lines[i].HeadingLevel);
            while (open.Count > 0 && open.Peek().Rank >= rank) open.Pop();
            // A paragraph after the items of an article is a paragraph of the article.
            while (kind is BlockKind.Paragraph && open.Count > 0 && blocks[open.Peek().Index].Kind is BlockKind.Item or BlockKind.SubItem) open.Pop();
            blocks.Add(new(kind, open.Count > 0 ? open.Peek().Index : -1, label, lines[i].Text));
            if (rank is < Leaf and not UnderTitle) open.Push((blocks.Count - 1, rank));
        }
        return blocks;
    }

    /// <summary>The bodies named in 责任单位 brackets at the end of a text.</summary>
    internal static IReadOnlyList<string>? ResponsibleBodies(string text)
    {
        if (text[^1] is not (']' or '］' or '】' or '）' or ')') || Responsible().Match(text) is not { Success: true } match) return null;
        var bodies = new List<string>();
        int depth = 0, start = 0;
        var list = match.Groups["bodies"].ValueSpan;
        for (var i = 0; i <= list.Length; i++)
        {
            var c = i < list.Length ? list[i] : '、';
            depth += c switch { '（' or '(' => 1, '）' or ')' => -1, _ => 0 };
            if (depth > 0 || c is not ('、' or '，' or '；' or ',' or ';')) continue;
            if (list[start..i].Trim() is { Length: > 0 } body) bodies.Add(body.ToString());
            start = i + 1;
        }
        return bodies;
    }

    const int UnderTitle = 1, Leaf = 100;

    static int Rank(BlockKind kind, int headingLevel) => kind switch
    {
        BlockKind.Title or BlockKind.Attachment => 0,
        BlockKind.Part => 10,
        BlockKind.Chapter => 20,
        BlockKind.Section => 30,
        BlockKind.Heading => 32 + headingLevel,
        BlockKind.Clause => 40,
        BlockKind.Article => 50,
        BlockKind.Item => 60,
        BlockKind.SubItem => 70,
        BlockKind.Paragraph => Leaf,
        // The head and the foot stand under the title and end whatever else is open.
        _ => UnderTitle,
    };

    static (BlockKind Kind, string? Label)[] Recognise(IReadOnlyList<MarkedLine> lines)
    {
        var kinds = new (BlockKind Kind, string? Label)[lines.Count];
        var article = 0;
        var inArticle = false;
        for (var i = 0; i < lines.Count; i++)
        {
            kinds[i] = Numbered(lines[i].Text, inArticle, article) ?? Unnumbered(lines[i]);
            if (kinds[i].Kind is BlockKind.Article) article = ArticleNumber(lines[i].Text);
            inArticle = kinds[i].Kind switch
            {
                BlockKind.Article => true,
                BlockKind.Title or BlockKind.Attachment or BlockKind.Heading => false,
                _ => inArticle,
            };
        }
        RecogniseHead(lines, kinds);
        RecogniseFoot(lines, kinds);
        return kinds;
    }

    static (BlockKind, string?)? Numbered(string line, bool inArticle, int lastArticle)
    {
        // Most lines are none of these, which their first character tells.
        if (line[0] is not ('第' or '（' or '(' or '附') && !char.IsDigit(line[0]) && !Numerals.Contains(line[0])) return null;
        if (Division().Match(line) is { Success: true } division)
            return (division.Groups["unit"].ValueSpan switch { "编" => BlockKind.Part, "章" => BlockKind.Chapter, _ => BlockKind.Section }, division.Value);
        if (ArticleStart().Match(line) is { Success: true } article)
        {
            // 第八条规定的… is a sentence, unless 第八条 is just the next article, written without the space.
            var spaced = article.Length == line.Length || line[article.Length] == ' ';
            if (spaced || ArticleNumber(line) == lastArticle + 1) return (BlockKind.Article, article.Value);
        }
        if (HeadingStart().Match(line) is { Success: true } heading) return (BlockKind.Heading, heading.Value);
        if (BracketedChinese().Match(line) is { Success: true } clause) return (inArticle ? BlockKind.Item : BlockKind.Clause, clause.Value);
        if (Arabic().Match(line) is { Success: true } item) return (inArticle ? BlockKind.SubItem : BlockKind.Item, item.Value);
        if (BracketedArabic().Match(line) is { Success: true } sub) return (BlockKind.SubItem, sub.Value);
        if (AttachmentStart().Match(line) is { Success: true } attachment) return (BlockKind.Attachment, attachment.Value);
        return null;
    }

    static (BlockKind, string?) Unnumbered(MarkedLine line) =>
        line.HeadingLevel > 0 ? (line.HeadingLevel == 1 ? BlockKind.Title : BlockKind.Heading, null)
        : line.Text.StartsWith("抄送：", StringComparison.Ordinal) || line.Text.StartsWith("抄送:", StringComparison.Ordinal) ? (BlockKind.Copies, null)
        : line.Text.EndsWith("印发", StringComparison.Ordinal) && IssuingLine().IsMatch(line.Text) ? (BlockKind.IssuingLine, null)
        : char.IsDigit(line.Text[0]) && Promulgation().IsMatch(line.Text) || line.Text[0] is '（' or '(' && Bracketed().IsMatch(line.Text) || line.Text[0] is '[' && Footnote().IsMatch(line.Text) ? (BlockKind.Note, null)
        : (BlockKind.Paragraph, null);

    /// <summary>The letterhead, the document number, the title and the addressee: what stands before the first sentence.</summary>
    static void RecogniseHead(IReadOnlyList<MarkedLine> lines, (BlockKind Kind, string? Label)[] kinds)
    {
        if (kinds.Any(k => k.Kind is BlockKind.Title)) return;
        var i = 0;
        var number = -1;
        for (var n = 0; n < Math.Min(lines.Count, 6) && number < 0; n++)
            if (kinds[n].Kind is BlockKind.Paragraph && Documents.DocumentNumber.TryParse(lines[n].Text, out _)) number = n;
        if (number >= 0)
        {
            for (; i < number; i++)
                if (lines[i].Text.EndsWith("文件", StringComparison.Ordinal)) kinds[i] = (BlockKind.Letterhead, null);
            kinds[number] = (BlockKind.DocumentNumber, null);
            i = number + 1;
        }
        for (; i < lines.Count && kinds[i].Kind is BlockKind.Paragraph && LooksLikeTitle(lines[i].Text); i++) kinds[i] = (BlockKind.Title, null);
        if (i < lines.Count && kinds[i].Kind is BlockKind.Paragraph && IsAddressee(lines[i].Text)) kinds[i] = (BlockKind.Addressee, null);
    }

    /// <summary>Who signed and when; a short line right after it is the title of the text that the notice sends along.</summary>
    static void RecogniseFoot(IReadOnlyList<MarkedLine> lines, (BlockKind Kind, string? Label)[] kinds)
    {
        for (var i = 1; i < lines.Count; i++)
        {
            if (kinds[i].Kind is not BlockKind.Paragraph || !DateLine().IsMatch(lines[i].Text)) continue;
            kinds[i] = (BlockKind.Signature, null);
            if (kinds[i - 1].Kind is BlockKind.Paragraph && LooksLikeTitle(lines[i - 1].Text)) kinds[i - 1] = (BlockKind.Signature, null);
            var next = i + 1;
            while (next < lines.Count && kinds[next].Kind is BlockKind.Note) next++;
            if (next < lines.Count - 1 && kinds[next].Kind is BlockKind.Paragraph && LooksLikeTitle(lines[next].Text)) kinds[next] = (BlockKind.Title, null);
        }
    }

    static bool LooksLikeTitle(string line) => line.Length <= LongestTitleLine && !IsAddressee(line) && line.IndexOfAny(['。', '；', '！', '？']) < 0 && !DateLine().IsMatch(line);

    static bool IsAddressee(string line) => line[^1] is '：' or ':';

    static int ArticleNumber(string line) => ArticleStart().Match(line) is { Success: true } match ? ChineseNumerals.Read(match.Groups["number"].ValueSpan) ?? 0 : 0;

    const string Numerals = "一二三四五六七八九十百零〇";

    const string Number = "[零〇一二三四五六七八九十百千两0-9０-９]{1,9}";

    [GeneratedRegex("^第" + Number + "(?<unit>[编章节])(?= |$)")]
    private static partial Regex Division();

    [GeneratedRegex("^第(?<number>" + Number + ")条(之" + Number + ")?")]
    private static partial Regex ArticleStart();

    [GeneratedRegex("^[一二三四五六七八九十百零〇]{1,5}、")]
    private static partial Regex HeadingStart();

    [GeneratedRegex("^[（(][一二三四五六七八九十百零〇]{1,5}[）)]")]
    private static partial Regex BracketedChinese();

    [GeneratedRegex(@"^[0-9０-９]{1,3}(?:[.．](?![0-9０-９])|、)")]
    private static partial Regex Arabic();

    [GeneratedRegex("^[（(][0-9０-９]{1,3}[）)]")]
    private static partial Regex BracketedArabic();

    [GeneratedRegex(@"^附件 ?[0-9０-９一二三四五六七八九十]{0,3}(?:[:：]|$)")]
    private static partial Regex AttachmentStart();

    [GeneratedRegex(@"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日印发$")]
    private static partial Regex IssuingLine();

    [GeneratedRegex(@"^(?:[0-9]{4}|[二一][〇○零一二三四五六七八九]{3})年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日$")]
    private static partial Regex DateLine();

    [GeneratedRegex(@"^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日.{2,80}(?:公布|通过|修订|修正|施行|批准|发布|号)[　 ]*$")]
    private static partial Regex Promulgation();

    [GeneratedRegex("^[（(][^（）()]*[）)]$")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"^\[注[0-9]+\]")]
    private static partial Regex Footnote();

    [GeneratedRegex(@"[\[［【（(]责任单位[:：](?<bodies>.+)[\]］】）)]$")]
    private static partial Regex Responsible();
}

/// <summary>A canonical line, and the level of the heading that a markup made of it; 0 for none.</summary>
readonly record struct MarkedLine(string Text, int HeadingLevel);
