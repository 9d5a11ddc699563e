using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Reads who is responsible for a task and until when, from the brackets at the end of its text or from a line of its own.
/// </summary>
public static partial class Responsibility
{
    // What is longer than this speaks of something else.
    const int LongestName = 25,
        LongestStatement = 2_000,
        LongestWithin = 100,
        MostStatements = 50;

    const string Closing = "]］】）)〕";

    static readonly System.Buffers.SearchValues<char> Openings = System.Buffers.SearchValues.Create("[［【（(〔");

    /// <summary>The bodies with their parts, in reading order; empty where none are named.</summary>
    public static IReadOnlyList<Responsible> Of(string text)
    {
        var found = new List<Responsible>();
        foreach (var statement in Statements(text))
        {
            var named = false;
            foreach (var clause in Clauses(statement))
            {
                if (Named().Match(clause) is { Success: true } match)
                {
                    Add(RoleOf(match.Groups["role"].Value), match.Groups["bodies"].Value);
                    named = true;
                }
                // A牵头，B、C配合; A、B按职责分工负责.
                else if (Verb().Match(clause) is { Success: true } verb)
                    Add(RoleOf(verb.Groups["role"].Value), verb.Groups["bodies"].Value);
                // What follows the bodies may be more of them; 适用范围：… and what follows it is something else.
                else if (
                    named
                    && !clause.Contains('：', StringComparison.Ordinal)
                    && !clause.Contains(':', StringComparison.Ordinal)
                    && !TimeLimited().IsMatch(clause)
                    && Bodies(clause) is { Count: > 0 } more
                    && more.All(m => m.Length <= LongestName)
                )
                    found[^1] = found[^1] with { Bodies = [.. found[^1].Bodies, .. more] };
                else
                    named = false;
            }
        }
        return found;

        void Add(ResponsibleRole role, string bodies)
        {
            if (Bodies(bodies) is { Count: > 0 } names)
                found.Add(new(role, names));
        }
    }

    /// <summary>Whether a line speaks of nothing else: 牵头单位：甲局.</summary>
    internal static bool IsStatement(string line) =>
        "牵主责负落承实配协参完时".Contains(line[0], StringComparison.Ordinal)
        && line.Length <= LongestStatement
        && OwnLine().IsMatch(line);

    /// <summary>完成时限 as the text has it: 2025年12月底前; null where none is named.</summary>
    public static string? TimeLimit(string text)
    {
        foreach (var statement in Statements(text))
        foreach (var clause in Clauses(statement))
            if (TimeLimited().Match(clause) is { Success: true } match)
                return match.Groups["limit"].Value.Trim();
        return null;
    }

    /// <summary>The contents of the brackets at the end of a text, or a line that speaks of nothing else; in reading order.</summary>
    static List<string> Statements(string text)
    {
        var statements = new List<string>();
        // Most lines are neither, which their first or last character tells.
        if (IsStatement(text))
        {
            statements.Add(text.TrimEnd('。', '；'));
            return statements;
        }
        // ….责任单位：甲局。 as the last sentence.
        var stop = text.Length > 1 ? text.LastIndexOf('。', text.Length - 2) : -1;
        if (
            stop > 0
            && stop + 1 < text.Length
            && text.Length - stop <= LongestStatement
            && text.AsSpan(stop + 1).TrimStart()
                is ['牵' or '主' or '责' or '负' or '落' or '承' or '实' or '配' or '协' or '参' or '完' or '时', ..]
            && OwnLine().IsMatch(text.AsSpan(stop + 1).TrimStart())
        )
        {
            statements.Add(text[(stop + 1)..].Trim().TrimEnd('。', '；'));
            return statements;
        }
        var from = 0;
        int[]? pairs = null;
        // （责任单位：甲局）within a text, where nothing but the bracket says so.
        for (
            var i = text.AsSpan().IndexOfAny(Openings);
            i >= 0;
            i = i + 1 < text.Length && text.AsSpan(i + 1).IndexOfAny(Openings) is var further and >= 0 ? i + 1 + further : -1
        )
        {
            pairs ??= Pairs(text);
            var close = pairs[i];
            if (
                close < 0
                || close - i > LongestStatement
                || !BeginsStatement().IsMatch(text.AsSpan(i + 1)) && !SaysWhoDoes(text.AsSpan((i + 1)..close))
            )
                continue;
            // What comes at the end is read below, with those beside it.
            if (IsEnd(text, close, pairs))
                break;
            statements.Add(text[(i + 1)..close]);
            i = from = close;
            if (statements.Count == MostStatements)
                break;
        }
        var within = statements.Count;
        var end = text.Length;
        if (text[^1] is not ('。' or '；' or ';' or ' ') && !Closing.Contains(text[^1], StringComparison.Ordinal))
            return statements;
        while (true)
        {
            while (end > 0 && text[end - 1] is '。' or ' ' or '；' or ';')
                end--;
            if (end == 0 || !Closing.Contains(text[end - 1], StringComparison.Ordinal))
                break;
            var start = (pairs ??= Pairs(text))[end - 1];
            if (start < from)
                break;
            var inner = text[(start + 1)..(end - 1)];
            if (inner.Length > LongestStatement || !Speaks().IsMatch(inner))
                break;
            statements.Add(inner);
            end = start;
        }
        statements.Reverse(within, statements.Count - within);
        return statements;
    }

    /// <summary>甲局牵头，乙局配合: each clause names bodies and what they do.</summary>
    static bool SaysWhoDoes(ReadOnlySpan<char> inner) =>
        inner.Length is > 0 and <= LongestWithin
        && inner[^1] is '头' or '合' or '责' or '实' or '办' or '与'
        && Clauses(inner.ToString())
            .All(clause =>
                Verb().Match(clause) is { Success: true } verb
                && Bodies(verb.Groups["bodies"].Value).All(b => DocumentWords.IsBody(b) || b[0] is '各')
            );

    /// <summary>Whether nothing but brackets and the end of the sentence follow.</summary>
    static bool IsEnd(string text, int close, int[] pairs)
    {
        for (var i = close + 1; i < Math.Min(text.Length, close + LongestStatement); i++)
        {
            if (text[i] is '。' or '；' or ';' or ' ')
                continue;
            if (!Openings.Contains(text[i]) || pairs[i] is not (> 0 and var closed))
                return false;
            i = closed;
        }
        return true;
    }

    /// <summary>Of each bracket where its other half stands; -1 where it has none.</summary>
    static int[] Pairs(string text)
    {
        var pairs = new int[text.Length];
        var open = new Stack<int>();
        Array.Fill(pairs, -1);
        for (var i = 0; i < text.Length; i++)
        {
            if (Openings.Contains(text[i]))
                open.Push(i);
            else if (Closing.Contains(text[i], StringComparison.Ordinal) && open.TryPop(out var begun))
                (pairs[begun], pairs[i]) = (i, begun);
        }
        return pairs;
    }

    /// <summary>Divides at what divides outside of brackets; a comma does where a new role or a time limit follows it.</summary>
    static List<string> Clauses(string statement)
    {
        var clauses = new List<string>();
        int depth = 0,
            start = 0;
        for (var i = 0; i < statement.Length; i++)
        {
            var c = statement[i];
            depth +=
                c is '（' or '(' ? 1
                : c is '）' or ')' ? -1
                : 0;
            if (depth > 0)
                continue;
            var divides =
                c is '；' or ';' or '。'
                || c is '，' or ',' or ' '
                    && (BeginsClause().IsMatch(statement.AsSpan(i + 1)) || EndsClause().IsMatch(statement.AsSpan(start, i - start)));
            if (!divides)
                continue;
            if (i > start)
                clauses.Add(statement[start..i].Trim());
            start = i + 1;
        }
        if (start < statement.Length)
            clauses.Add(statement[start..].Trim());
        return clauses;
    }

    static List<string> Bodies(string list)
    {
        var bodies = new List<string>();
        int depth = 0,
            start = 0;
        list = Trailing().Replace(list.Trim(), "");
        for (var i = 0; i <= list.Length; i++)
        {
            var c = i < list.Length ? list[i] : '、';
            depth += c switch
            {
                '（' or '(' => 1,
                '）' or ')' => -1,
                _ => 0,
            };
            if (depth > 0 || c is not ('、' or '，' or '；' or ',' or ';'))
                continue;
            if (list[start..i].Trim() is { Length: > 0 } body)
            {
                // 甲局 乙局: where a space is between bodies, each is one.
                if (body.Contains(' ', StringComparison.Ordinal) && body.Split(' ') is var several && several.All(DocumentWords.IsBody))
                    bodies.AddRange(several);
                else
                    bodies.Add(body);
            }
            start = i + 1;
        }
        return bodies;
    }

    static ResponsibleRole RoleOf(string word) =>
        word.Contains("牵头", StringComparison.Ordinal) || word.StartsWith("主办", StringComparison.Ordinal) ? ResponsibleRole.Lead
        : word.Contains("配合", StringComparison.Ordinal) || word.StartsWith('协') || word.StartsWith('参') ? ResponsibleRole.Supporting
        : ResponsibleRole.Responsible;

    const string Roles = "(?:牵头(?:负责)?|主要责任|责任|负责|落实|主办|承办|主责|主管|实施|配合|协办|协同|协助|参与|参加)";

    const string Unit = "(?:单位|部门|机构|主体|领导|人|方|科室|处室|街道)?(?:（单位）|\\(单位\\)|（部门）|及责任人)?";

    const string Limit = "(?:完成时限|完成时间|时限要求|时间节点|时间要求|完成期限|时限|完成日期|实施时间)";

    [GeneratedRegex("^(?<role>" + Roles + ")" + Unit + " ?[:：] ?(?<bodies>.+)$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Named();

    [GeneratedRegex("^ ?(?:牵头|责任|负责|主办|承办|配合|协办|协同)" + Unit + " ?[:：]", RegexOptions.NonBacktracking)]
    private static partial Regex BeginsStatement();

    [GeneratedRegex(
        "^(?:由)?(?<bodies>[^:：。]{2,200}?)(?:等?(?:按|根据|依)(?:照)?(?:各自)?(?:职责|职能)(?:分工)?(?:分别)?)?(?<role>牵头(?:负责)?|负责(?:落实)?|分工负责|配合|协同配合|参与|协办)$"
    )]
    private static partial Regex Verb();

    [GeneratedRegex(
        "^"
            + Limit
            + " ?[:：] ?(?<limit>.+)$|^(?<limit>(?:20[0-9]{2}年)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:底|末)?(?:之|以)?前(?:完成|落实)?|持续推进|长期坚持|长期|全年|常态化推进)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex TimeLimited();

    [GeneratedRegex("^(?:" + Roles + Unit + "|" + Limit + ") ?[:：]", RegexOptions.NonBacktracking)]
    private static partial Regex OwnLine();

    [GeneratedRegex(
        Roles + Unit + " ?[:：]|(?:负责|牵头|配合|落实)$|^[^。]{2,200}牵头[，,]|" + Limit + "[:：]",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Speaks();

    [GeneratedRegex(
        "^ ?(?:"
            + Roles
            + Unit
            + "|"
            + Limit
            + ") ?[:：]|^ ?(?:20[0-9]{2}年)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:底|末)?(?:之|以)?前(?:完成|落实)?$|^ ?(?:持续推进|长期坚持)$|^ ?[^、，；：:（(]{2,8}[：:]",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex BeginsClause();

    [GeneratedRegex("(?:牵头(?:负责)?|负责)$", RegexOptions.NonBacktracking)]
    private static partial Regex EndsClause();

    [GeneratedRegex("(?:等?(?:按|根据|依)(?:照)?(?:各自)?(?:职责|职能)(?:分工)?(?:分别)?(?:负责)?)$", RegexOptions.NonBacktracking)]
    private static partial Regex Trailing();
}
