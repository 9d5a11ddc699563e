using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>What a text says of its own days: 自2027年3月1日起施行，有效期至2030年2月28日.</summary>
/// <param name="EffectiveFrom">The first day that it names; null where it names none, or the day of its publication.</param>
/// <param name="OnPublication">自发布之日起施行: in force from the day of its publication.</param>
/// <param name="ExpiresOn">The last day that it names; null where it names none.</param>
/// <param name="YearsInForce">有效期五年, counted from its first day; null where no term is named.</param>
/// <param name="BlockId">The block that says so; null where none does.</param>
public sealed partial record OwnDays(DateOnly? EffectiveFrom, bool OnPublication, DateOnly? ExpiresOn, int? YearsInForce, string? BlockId)
{
    static readonly OwnDays None = new(null, false, null, null, null);

    /// <summary>
    /// Reads them out of the last block that speaks of 本办法, 本通知 or 本条例; what is said of another document, or quoted, is none of them.
    /// </summary>
    public static OwnDays In(IReadOnlyList<Block> blocks) => In(blocks.Select(b => (b.Kind, b.Text, (string?)b.Id)));

    /// <summary>The same of a text whose blocks have no ids yet.</summary>
    public static OwnDays In(IReadOnlyList<CutBlock> blocks) =>
        In(blocks.Select((b, i) => (b.Kind, b.Text, (string?)i.ToString(CultureInfo.InvariantCulture))));

    static OwnDays In(IEnumerable<(BlockKind Kind, string Text, string? Id)> blocks)
    {
        var own = None;
        foreach (var block in blocks)
        {
            if (
                block.Kind is not (BlockKind.Article or BlockKind.Paragraph or BlockKind.Heading or BlockKind.Clause or BlockKind.Item)
                || !block.Text.Contains('本', StringComparison.Ordinal)
            )
                continue;
            foreach (var sentence in CanonicalText.Fold(block.Text).Split('。'))
            {
                var start = Starts().Match(sentence);
                if (start.Success)
                {
                    var day = start.Groups["date"] is { Success: true } named ? OfficialDates.Read(named.Value) : null;
                    if (day is not null || start.Groups["published"].Success)
                        own = new(day, day is null, null, null, block.Id);
                }
                // The term stands in the same block, or says whose it is: 本办法有效期五年.
                if (
                    own.BlockId is null
                    || block.Id != own.BlockId && !sentence.Contains('本', StringComparison.Ordinal)
                    || Term().Match(sentence) is not { Success: true } term
                )
                    continue;
                own =
                    term.Groups["date"] is { Success: true } last ? own with { ExpiresOn = OfficialDates.Read(last.Value) }
                    : ChineseNumerals.Read(term.Groups["years"].ValueSpan) is { } years and > 0 and <= 50
                        ? own with
                        {
                            YearsInForce = years,
                        }
                    : own;
            }
        }
        return own;
    }

    /// <summary>The first day, of a text that is published on a day.</summary>
    public DateOnly? From(DateOnly publishedOn) => EffectiveFrom ?? (OnPublication ? publishedOn : null);

    /// <summary>The last day, of a text that is in force from a day on: the one before the day of the same date.</summary>
    public DateOnly? Until(DateOnly effectiveFrom) =>
        ExpiresOn
        ?? (
            YearsInForce is { } years && effectiveFrom.Year + years < DateOnly.MaxValue.Year
                ? effectiveFrom.AddYears(years).AddDays(-1)
                : null
        );

    /// <summary>The days as an officer reads them.</summary>
    public string Words =>
        string.Join(
            '，',
            new[]
            {
                EffectiveFrom is { } day ? string.Create(CultureInfo.InvariantCulture, $"自{day:yyyy-MM-dd}起施行")
                : OnPublication ? "自发布之日起施行"
                : null,
                ExpiresOn is { } last ? string.Create(CultureInfo.InvariantCulture, $"有效期至{last:yyyy-MM-dd}")
                : YearsInForce is { } years ? $"有效期{years}年"
                : null,
            }.Where(w => w is not null)
        );

    const string Date =
        "(?<date>(?:[0-9]{4}|[一二][〇○零0一二三四五六七八九]{3})年(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})日)";

    // What stands between the subject and the day is short: 本办法自…起施行; a sentence that names another document by 《》 speaks of that one.
    [GeneratedRegex(
        "本[^《》。，,;；自]{0,8}(?:办法|规定|细则|条例|规则|通知|意见|决定|方案|公告|通告|规划|制度|标准|法|令|规程|章程|措施|预案|政策|文件|批复|函)[^《》。]{0,12}自(?:"
            + Date
            + "|(?<published>(?:发布|公布|印发|颁布|下发|签发)之日))起?(?:开始)?(?:施行|实施|执行|生效)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Starts();

    [GeneratedRegex(
        "有效期(?:限)?(?:至|到|截至|为?至)" + Date + "|有效期(?:限)?(?:为)?(?<years>[0-9]{1,2}|[一二两三四五六七八九十]{1,3})年",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Term();
}
