using System.Text;
using System.Text.RegularExpressions;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>What people write into the cells of a catalogue: ticks, lists of names, channels with boxes.</summary>
static partial class CellWords
{
    /// <summary>A tick, as it is written here.</summary>
    public const string Tick = "√";

    /// <summary>A group that is not named: what the column is called.</summary>
    public const string SomeGroup = "特定群体";

    const string Ticks = "√✓✔☑■●▣☒";
    const string Boxes = "□☐◻▢";

    static readonly string[] Yes = ["是", "有", "1", "TRUE", "Y", "YES", "V"],
        No = ["否", "无", "0", "FALSE", "N", "NO", "×", "✗", "✘", "-", "—", "——", "/", "\\"];

    /// <summary>Whether a cell is ticked; null for words that are neither a tick nor the lack of one.</summary>
    public static bool? IsTicked(string text)
    {
        var mark = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not '\uFE0E' and not '\uFE0F'));
        return mark.Length == 0 || mark.All(Boxes.Contains) ? false
            : mark.All(Ticks.Contains) ? true
            : Yes.Contains(mark, StringComparer.OrdinalIgnoreCase) ? true
            : No.Contains(mark, StringComparer.OrdinalIgnoreCase) ? false
            : null;
    }

    /// <summary>The lines of a cell, without blank ones.</summary>
    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The names in a cell, one after the other or one a line.</summary>
    public static string[] Names(string text) =>
        [
            .. text.Split(['、', ';', '；', ',', '，', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Distinct(),
        ];

    /// <summary>
    /// The words of a cell that are ticked: of <c>■主动 □依申请</c> the first; all of a list without boxes. What stands in brackets is not taken
    /// apart.
    /// </summary>
    public static IReadOnlyList<string> Ticked(string text)
    {
        var marked = text.Any(c => Ticks.Contains(c) || Boxes.Contains(c));
        // 政府网站√、两微一端□: the mark behind the name.
        if (marked && !(Ticks.Contains(text.TrimStart()[0]) || Boxes.Contains(text.TrimStart()[0])))
            return
            [
                .. Parts(text).Where(p => Ticks.Contains(p[^1])).Select(p => p.TrimEnd([.. Ticks, ' ', '\u3000'])).Where(p => p.Length > 0),
            ];
        if (!marked)
            return Parts(text);
        var ticked = new List<string>();
        for (var at = 0; at < text.Length; )
        {
            var next = at + 1;
            while (next < text.Length && !Ticks.Contains(text[next]) && !Boxes.Contains(text[next]))
                next++;
            if (
                Ticks.Contains(text[at])
                && text[(at + 1)..next].Trim(' ', '\u3000', '\n', '\t', '、', ';', '；', ',', '，', '.', '。') is { Length: > 0 } name
            )
                ticked.Add(name);
            at = next;
        }
        return ticked;
    }

    /// <summary>The channels that a cell ticks or lists, each with its deadline and with where in it.</summary>
    public static IEnumerable<GivenChannel> Channels(string text, ChannelList known) =>
        Ticked(text)
            .Select(name => Channel(name, known))
            // 政府网站、网站: one channel by two names is one.
            .DistinctBy(c => (known.CodeOf(c.Name!), c.Deadline, c.Note));

    /// <summary>
    /// A channel as tables write it: 政府网站, newMedia（3个工作日）, 其他：户外电子屏. Brackets may be part of its name, or say a deadline or where.
    /// </summary>
    public static GivenChannel Channel(string text, ChannelList known)
    {
        // ■其他____: a line to be filled in, and nobody did.
        var name = text.Trim().Trim('_', '＿').TrimEnd();
        string? deadline = null,
            note = null;
        while (
            known.Find(name) is null
            && Bracketed().Match(name) is { Success: true } brackets
            && brackets.Groups["name"].Value.Trim() is { Length: > 0 } before
        )
        {
            var said = brackets.Groups["said"].Value.Trim().Trim('_', '＿').Trim();
            name = before;
            if (said.Length == 0 || said is "请注明")
                continue;
            if (deadline is null && DeadlineRule.Read(said) is not null)
                deadline = said;
            else
                note = note is null ? said : $"{said}；{note}";
        }
        if (known.Find(name) is null && name.IndexOfAny([':', '：']) is > 0 and var colon && known.Find(name[..colon]) is not null)
        {
            note = name[(colon + 1)..].Trim().OrNone() ?? note;
            name = name[..colon].Trim();
        }
        return new(name, deadline, note);
    }

    /// <summary>A channel with its deadline and with where in it, as it is read again.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="called">Its code or its name.</param>
    public static string Channel(Channel channel, string called) =>
        $"{called}{(channel.Note is null ? "" : $"（{channel.Note}）")}{(channel.Deadline is null ? "" : $"（{channel.Deadline}）")}";

    /// <summary>公开方式 as tables write it; null for anything else, which is never taken for 主动公开.</summary>
    public static DisclosureWay? Way(string written) =>
        Ticked(written) is [var one]
            ? one switch
            {
                "主动" or "主动公开" => DisclosureWay.Proactive,
                "依申请" or "依申请公开" or "申请公开" => DisclosureWay.OnRequest,
                _ => null,
            }
            : null;

    /// <summary>公开对象 in words: the group, or null for everyone.</summary>
    public static string? Audience(string written) =>
        written.Any(c => Ticks.Contains(c) || Boxes.Contains(c))
            ? string.Join('、', Ticked(written)) is { Length: > 0 } ticked && ticked != GivenItem.Everyone
                ? GroupIn(ticked)
                : null
            : written;

    /// <summary>特定群体：被征收人 and 特定群体（被征收人）name the group.</summary>
    public static string? GroupIn(string? written) =>
        written.OrNone() is { } group && NamedGroup().Match(group) is { Success: true } named
            ? named.Groups["group"].Value.Trim()
            : written.OrNone();

    /// <summary>A level, as the headings of tables have it.</summary>
    public static string Level(DisclosureLevel level) =>
        level switch
        {
            DisclosureLevel.Province => "省级",
            DisclosureLevel.City => "市级",
            DisclosureLevel.County => "县级",
            DisclosureLevel.Township => "乡级",
            _ => "村级",
        };

    /// <summary>The level of such a heading; null for none.</summary>
    public static DisclosureLevel? Level(string written) =>
        Enum.GetValues<DisclosureLevel>().Select(l => (DisclosureLevel?)l).FirstOrDefault(l => Level(l!.Value) == written.Trim());

    // A list, not taken apart within brackets: 公示栏（电子屏、橱窗） is one.
    static List<string> Parts(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var depth = 0;
        foreach (var c in text.Append('\n'))
        {
            depth = Math.Max(
                0,
                depth
                    + c switch
                    {
                        '（' or '(' => 1,
                        '）' or ')' => -1,
                        _ => 0,
                    }
            );
            if (c is not '\n' && (depth > 0 || c is not ('、' or ';' or '；' or ',' or '，')))
            {
                part.Append(c);
                continue;
            }
            // A bracket that nobody closed ends with its line.
            if (c is '\n')
                depth = 0;
            if (part.ToString().Trim() is { Length: > 0 } name)
                parts.Add(name);
            part.Clear();
        }
        return parts;
    }

    [GeneratedRegex("^(?<name>.*)[（(](?<said>[^（(）)]*)[）)]$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Bracketed();

    [GeneratedRegex(
        "^特定群[体众](?:[：:](?<group>.+)|[（(](?<group>[^（(）)]+)[）)])$",
        RegexOptions.NonBacktracking | RegexOptions.Singleline
    )]
    private static partial Regex NamedGroup();
}
