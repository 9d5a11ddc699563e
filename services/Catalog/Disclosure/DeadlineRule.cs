using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>What the words of a 公开时限 say where they name no number of days.</summary>
public enum DeadlineKind
{
    /// <summary>实时, 即时, 当日.</summary>
    AtOnce,

    /// <summary>及时.</summary>
    Promptly,

    /// <summary>长期, 常年: it stays published.</summary>
    Standing,

    /// <summary>定期, without saying how often.</summary>
    Regularly,

    /// <summary>每年, by a day where one is named.</summary>
    Yearly,

    /// <summary>每半年.</summary>
    HalfYearly,

    /// <summary>每季度.</summary>
    Quarterly,

    /// <summary>每月, by a day where one is named.</summary>
    Monthly,

    /// <summary>每周.</summary>
    Weekly,

    /// <summary>提前24小时, 活动开始前10日: counted back from a day that no catalogue knows.</summary>
    Beforehand,

    /// <summary>Words out of which no deadline can be read; they are kept as a table has them.</summary>
    Words,
}

/// <summary>公开时限: how long there is for publishing, from the making or change of the information.</summary>
/// <param name="Days">How many days; of words that name none, the 20 working days of D 26.</param>
/// <param name="WorkingDays">Whether working days are counted, or all days.</param>
/// <param name="Words">As it was written, where that is more than the number of days.</param>
/// <param name="Kind">What the words say; null where they name a number of days.</param>
/// <param name="ByMonth">每年3月底前: the month of the last day, 1 to 12.</param>
/// <param name="ByDay">每年3月底前: the last day in its month, 1 to 31; the last of a month that is shorter.</param>
public sealed partial record DeadlineRule(
    int Days,
    bool WorkingDays,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Words = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DeadlineKind? Kind = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ByMonth = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ByDay = null
)
{
    /// <summary>20 working days, where nothing shorter is set (D 26).</summary>
    public static readonly DeadlineRule Default = new(20, true);

    // What is looked for in turn: 每半年 has 年 in it, and 每月及时 is a matter of months.
    static readonly (DeadlineKind Kind, string[] Words)[] Kinds =
    [
        (DeadlineKind.HalfYearly, ["半年"]),
        (DeadlineKind.Quarterly, ["每季", "按季", "逐季", "季度"]),
        (DeadlineKind.Monthly, ["每月", "每个月", "按月", "逐月", "月度"]),
        (DeadlineKind.Weekly, ["每周", "按周", "每星期"]),
        (DeadlineKind.Yearly, ["每年", "每一年", "按年", "逐年", "年度", "次年", "一年一次"]),
        (DeadlineKind.AtOnce, ["实时", "即时", "当日", "当天", "同步公开"]),
        (DeadlineKind.Promptly, ["及时", "适时"]),
        (DeadlineKind.Standing, ["长期", "常年", "永久"]),
        (DeadlineKind.Regularly, ["定期"]),
    ];

    /// <summary>
    /// Reads a deadline as catalogues write it: 20个工作日, 10日内, 自信息形成之日起7个工作日内公开, 及时公开, 每年3月底前, 按季度公开. Nothing means the
    /// default; null for one that cannot be read.
    /// </summary>
    public static DeadlineRule? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Default;
        var written = text.Trim();
        var said = string.Concat(CompatibilityForms.Fold(written).Where(c => !char.IsWhiteSpace(c)));
        // The day of one year is no rule, and 31日 of 3月31日 is no number of days.
        var dates = Dates().Matches(said).ToArray();
        var rest = Dates().Replace(said, " ");
        if (BeforeSomething().IsMatch(rest))
            return Default with { Words = written, Kind = DeadlineKind.Beforehand };
        var periods = Periods().Matches(rest).Select(p => Period(p.Groups["count"].Value, p.Groups["unit"].Value)).Distinct().ToArray();
        // Two periods in one rule are two rules: somebody has to say which one holds for what.
        if (periods.Length > 1 || dates.Length > 1 || periods.Length + dates.Length > 1)
            return null;
        if (periods is [var period])
            return period is not { } p ? null
                : p.ToString() == written ? p
                : p with { Words = written };
        if (dates is [var date])
            return DateOf(date) is { } by ? Default with { Words = written, Kind = by.Kind, ByMonth = by.Month, ByDay = by.Day } : null;
        if (said.Contains("不定期", StringComparison.Ordinal))
            return null;
        foreach (var (kind, words) in Kinds)
            if (words.Any(w => said.Contains(w, StringComparison.Ordinal)))
                return Default with { Words = written, Kind = kind };
        return null;
    }

    /// <summary>Words out of which nothing can be read, kept: until somebody says how many days they are, those of D 26 are counted.</summary>
    public static DeadlineRule Kept(string words) => Default with { Words = words.Trim(), Kind = DeadlineKind.Words };

    /// <summary>The last day that the rule names, the first one from a day on; null for a rule that counts days.</summary>
    public DateOnly? DayFrom(DateOnly formedOn)
    {
        if (ByDay is not { } day)
            return null;
        var month = new DateOnly(formedOn.Year, ByMonth ?? formedOn.Month, 1);
        return By(month) is var first && first >= formedOn ? first : By(ByMonth is null ? month.AddMonths(1) : month.AddYears(1));

        DateOnly By(DateOnly month) => new(month.Year, month.Month, Math.Min(day, DateTime.DaysInMonth(month.Year, month.Month)));
    }

    /// <summary>As it was written, or else the number of days.</summary>
    public override string ToString() => Words ?? $"{Days}{(WorkingDays ? "个工作日" : "日")}";

    static DeadlineRule? Period(string count, string unit) =>
        Number(count) is not (> 0 and <= WorkingCalendar.Longest and var number) ? null
        : unit.Contains("工作", StringComparison.Ordinal) ? new(number, true)
        : unit switch
        {
            // The day on which it starts does not count: what is due within 24 hours is due on the next one.
            "小时" => new((number + 23) / 24, false),
            "周" or "星期" => number * 7 <= WorkingCalendar.Longest ? new(number * 7, false) : null,
            _ => new(number, false),
        };

    static (DeadlineKind Kind, int? Month, int Day)? DateOf(Match date)
    {
        if (date.Groups["year"].Success)
            return null;
        if (date.Groups["yearEnd"].Success)
            return (DeadlineKind.Yearly, 12, 31);
        if (date.Groups["ofMonth"].Success)
            return !date.Groups["day"].Success ? (DeadlineKind.Monthly, null, 31)
                : Number(date.Groups["day"].Value) is >= 1 and <= 31 and var of ? (DeadlineKind.Monthly, null, of)
                : null;
        var month = Number(date.Groups["month"].Value) ?? 0;
        if (month is < 1 or > 12)
            return null;
        var longest = DateTime.DaysInMonth(2024, month);
        var day = date.Groups["day"].Success ? Number(date.Groups["day"].Value) ?? 0 : longest;
        return day >= 1 && day <= longest ? (DeadlineKind.Yearly, month, day) : null;
    }

    /// <summary>A number in digits, or in words up to 九十九.</summary>
    static int? Number(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        const string Digits = "零一二三四五六七八九";
        var parts = text.Replace('两', '二').Replace('〇', '零').Split('十');
        int? Digit(string of, int none) =>
            of.Length == 0 ? none
            : of.Length == 1 && Digits.IndexOf(of[0], StringComparison.Ordinal) is >= 0 and var digit ? digit
            : null;
        return parts switch
        {
            [{ Length: 1 } one] => Digit(one, 0),
            [var tens, var ones] => Digit(tens, 1) * 10 + Digit(ones, 0),
            _ => null,
        };
    }

    const string Numerals = "(?:[0-9]+|[零〇一二三四五六七八九十两]+)";

    [GeneratedRegex($"(?<count>{Numerals})\\s*个?\\s*(?<unit>工作日|自然日|小时|星期|日|天|周)", RegexOptions.NonBacktracking)]
    private static partial Regex Periods();

    [GeneratedRegex($"前{Numerals}\\s*个?\\s*(?:工作日|自然日|小时|星期|日|天|周|个?月)|提前", RegexOptions.NonBacktracking)]
    private static partial Regex BeforeSomething();

    [GeneratedRegex(
        $"(?<year>[0-9]{{4}}年)?(?<month>{Numerals})月份?(?:(?<day>{Numerals})[日号]|底|末)|(?<ofMonth>每个?月)(?:(?<day>{Numerals})[日号]|底|末)|(?<yearEnd>年(?:底|末|终))",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Dates();
}
