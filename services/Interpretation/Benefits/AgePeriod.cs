using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>
/// A length of time by the public calendar (民法典 200), as conditions have it: 满一年, 年满60周岁, 三年内. Written as ISO 8601 does, P1Y, P6M,
/// P1Y6M, P2W or P90D: from a day to 200 years, without hours.
/// </summary>
/// <param name="Months">Months; twelve for each year.</param>
/// <param name="Days">Days after the months; seven for each week.</param>
public readonly partial record struct AgePeriod(int Months, int Days)
{
    const int MostYears = 200,
        MostMonths = 12 * MostYears,
        MostDays = 366 * MostYears;

    /// <summary>What is expected where there is none.</summary>
    internal static Wording Expected => $"a period such as P60Y, P6M, P2W or P90D, from a day to {MostYears} years";

    /// <summary>Reads one; null where it is none.</summary>
    public static AgePeriod? Of(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String || Written().Match(value.GetString()!) is not { Success: true } match)
            return null;
        var period = new AgePeriod(12 * Number("years") + Number("months"), 7 * Number("weeks") + Number("days"));
        return period is { Months: 0, Days: 0 } or { Months: > MostMonths } or { Days: > MostDays } ? null : period;

        int Number(string part) =>
            match.Groups[part] is { Success: true } digits ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>
    /// The day on which the period that begins on a day is full, and which is its last: the day itself is not counted (民法典 201), and it ends
    /// on the day of the same number, or on the last one of a month that has none (民法典 202). Whoever was born on a day is of an age from the
    /// birthday on; on 28 February of a year without a 29th.
    /// </summary>
    public DateOnly After(DateOnly day)
    {
        // What lies behind the end of the calendar never comes.
        if (12L * day.Year + day.Month - 1 + Months > 12L * DateOnly.MaxValue.Year + 11)
            return DateOnly.MaxValue;
        var month = day.AddMonths(Months);
        return Days > DateOnly.MaxValue.DayNumber - month.DayNumber ? DateOnly.MaxValue : month.AddDays(Days);
    }

    /// <summary>As people say it: 1 year and 6 months.</summary>
    internal Wording Told
    {
        get
        {
            List<Wording> parts = [];
            var (years, months) = int.DivRem(Months, 12);
            if (years > 0)
                parts.Add(years == 1 ? (Wording)"1 year" : $"{years} years");
            if (months > 0)
                parts.Add(months == 1 ? (Wording)"1 month" : $"{months} months");
            if (Days > 0)
                parts.Add(Days == 1 ? (Wording)"1 day" : $"{Days} days");
            return parts.Aggregate((before, next) => $"{before} and {next}");
        }
    }

    [GeneratedRegex(
        @"\AP(?:(?<weeks>[0-9]{1,5})W|(?:(?<years>[0-9]{1,3})Y)?(?:(?<months>[0-9]{1,4})M)?(?:(?<days>[0-9]{1,5})D)?)\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant
    )]
    private static partial Regex Written();
}
