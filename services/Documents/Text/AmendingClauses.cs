using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>What a clause of an amending decision does to an article.</summary>
public enum AmendingAction
{
    /// <summary>修改为: the article, or words of it, become others.</summary>
    Modify,

    /// <summary>增加: something comes in.</summary>
    Insert,

    /// <summary>删去: something goes.</summary>
    Delete,

    /// <summary>改为第…条: only its number changes.</summary>
    Renumber,
}

/// <summary>A change that an amending decision orders.</summary>
/// <param name="BlockId">The block that orders it.</param>
/// <param name="Document">The title of the document that it changes; null where none is named.</param>
/// <param name="Article">第三条, as the text before counts it; null for a change of the whole document.</param>
/// <param name="Place">第一款第二项, where it changes a part of the article; null for the whole.</param>
/// <param name="Action">What it does.</param>
/// <param name="Before">The words that go; null where no words are quoted.</param>
/// <param name="After">The words that come, or the new number; null where nothing comes.</param>
public sealed record AmendingClause(
    string BlockId,
    string? Document,
    string? Article,
    string? Place,
    AmendingAction Action,
    string? Before,
    string? After
);

/// <summary>Reads the changes that a decision orders (关于修改《…》的决定): what it quotes is what an article becomes.</summary>
public static partial class AmendingClauses
{
    const int LongestQuotation = 200;

    /// <summary>The changes in reading order; none where the text amends nothing.</summary>
    public static IReadOnlyList<AmendingClause> In(IReadOnlyList<Block> blocks)
    {
        var clauses = new List<AmendingClause>();
        string? document = null;
        for (var i = 0; i < blocks.Count; i++)
        {
            var text = blocks[i].Text.Replace("\n", "", StringComparison.Ordinal);
            if (Amended().Match(text) is { Success: true } named)
                document = named.Groups["title"].Value;
            if (document is null || blocks[i].Kind is BlockKind.Title || !Orders().IsMatch(text))
                continue;
            // What is quoted goes on in the blocks behind it until the mark that closes it.
            var (depth, end) = (Open(blocks[i].Text, 0), i + 1);
            for (; end < blocks.Count && end - i <= LongestQuotation && depth > 0; end++)
                depth = Open(blocks[end].Text, depth);
            if (depth > 0)
                end = i + 1;
            var whole = string.Join('\n', blocks.Skip(i).Take(end - i).Select(b => b.Text));
            // What is opened and never closed quotes nothing.
            if (depth > 0)
                whole = whole[..LastClosed(whole)];
            foreach (Match match in Change().Matches(whole))
            {
                var groups = match.Groups;
                var article = Given(groups["article"]);
                AmendingAction action;
                string? after;
                if (groups["deleted"].Success)
                    (action, after) = (AmendingAction.Delete, null);
                // 第三条改为第五条： is followed by what the article becomes.
                else if (groups["number"].Success && whole.AsSpan(match.Index + match.Length).StartsWith("："))
                    continue;
                else if (groups["number"].Success)
                    (action, after) = (AmendingAction.Renumber, groups["number"].Value);
                else
                    (action, after) = (groups["added"].Success ? AmendingAction.Insert : AmendingAction.Modify, Unquoted(groups["after"]));
                clauses.Add(
                    new(
                        blocks[i].Id,
                        document,
                        article ?? Given(groups["as"]),
                        Given(groups["place"]),
                        action,
                        Unquoted(groups["before"]),
                        after
                    )
                );
            }
            i = end - 1;
        }
        return clauses;

        static string? Given(Group group) => group is { Success: true, Length: > 0 } ? group.Value : null;

        static string? Unquoted(Group group) => Given(group)?.Replace("\n“", "\n", StringComparison.Ordinal).Trim('“', '”', '"');
    }

    /// <summary>Whether a sentence around a citation amends what it cites.</summary>
    internal static bool Amends(string before, string after) => Amending().IsMatch(before) || AmendedAfter().IsMatch(after);

    /// <summary>Whether a sentence around a citation repeals what it cites.</summary>
    internal static bool Repeals(string before, string after) => Ending().IsMatch(after) || Repealing().IsMatch(before);

    static int LastClosed(string text) => text.IndexOf('“', text.LastIndexOf('”') + 1) is var open and >= 0 ? open : text.Length;

    /// <summary>How many quotations are open behind a block; one that begins with the mark goes on in the open one.</summary>
    static int Open(string text, int depth)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '“' && !(depth > 0 && i == 0))
                depth++;
            else if (text[i] is '”' && depth > 0)
                depth--;
        }
        return depth;
    }

    const string Article = "第[零〇一二三四五六七八九十百千0-9 ]{1,9}条(?:之[一二三四五六七八九十]{1,3})?";

    const string Place =
        "(?:第[一二三四五六七八九十]{1,3}款)?(?:第[（(]?[一二三四五六七八九十]{1,3}[）)]?项)?(?:第[一二三四五六七八九十0-9]{1,3}目)?";

    const string Quoted = "[“\"][^”\"]{0,5000}[”\"]";

    [GeneratedRegex(
        "修改《(?<title>[^》]{2,80})》的决定|对《(?<title>[^》]{2,80})》(?:[（(][^）)]{0,40}[）)])?(?:作|做|进行修改)|(?:将|删去|删除)《(?<title>[^》]{2,80})》第",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Amended();

    [GeneratedRegex("修改为|删去|删除|增加|改为" + Article, RegexOptions.NonBacktracking)]
    private static partial Regex Orders();

    [GeneratedRegex(
        "(?<deleted>删去|删除)(?:《[^》]{2,80}》)?(?<article>"
            + Article
            + ")(?<place>"
            + Place
            + ")(?:中的?(?<before>"
            + Quoted
            + "))?"
            + "|(?<article>"
            + Article
            + ")改为(?<number>"
            + Article
            + ")"
            + "|(?:(?:在)?(?<article>"
            + Article
            + ")?(?<place>"
            + Place
            + ")(?:后|中)?)?(?<added>增加)[^“\"。；]{0,20}?(?:作为(?<as>"
            + Article
            + ")[^“\"。；]{0,12}?)?[：:]?(?<after>"
            + Quoted
            + ")"
            + "|(?:将)?(?:《[^》]{2,80}》)?(?<article>"
            + Article
            + ")(?<place>"
            + Place
            + ")(?:中的?(?<before>"
            + Quoted
            + "))?修改为[：:]?(?<after>"
            + Quoted
            + ")",
        RegexOptions.Singleline
    )]
    private static partial Regex Change();

    [GeneratedRegex("(?:修改|修正|修订)(?:<|〈)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Amending();

    [GeneratedRegex(
        "^(?:[（(][^）)]{0,40}[）)])?(?:(?:作|做)出?(?:如下|以下|下列|部分)?(?:修改|修正|修订)|进行修[改正订])",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex AmendedAfter();

    [GeneratedRegex(
        "^(?:[（(][^）)]{0,40}[）)])?(?:[、和及与]?《[^》]{2,80}》(?:[（(][^）)]{0,40}[）)])?){0,20}[^《。；]{0,40}(?:废止|停止执行|失效)"
    )]
    private static partial Regex Ending();

    [GeneratedRegex("(?:废止|宣布失效)[^。；]{0,30}$", RegexOptions.NonBacktracking)]
    private static partial Regex Repealing();
}
