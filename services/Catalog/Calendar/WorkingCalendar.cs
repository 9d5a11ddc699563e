using System.Text;

namespace PolicyPlatform.Catalog.Calendar;

/// <summary>The days off and the make-up days (调休) of a year, as the holiday notice of the State Council sets them.</summary>
/// <param name="Year">The year.</param>
/// <param name="Announced">Whether the notice is known. Otherwise weekends alone are days off.</param>
/// <param name="Source">The notice.</param>
/// <param name="DaysOff">The holidays with the weekends that belong to them, each with its name.</param>
/// <param name="Workdays">The Saturdays and Sundays that are worked, each with the holiday that they make up for.</param>
public sealed record YearCalendar(
    int Year,
    bool Announced,
    string? Source,
    IReadOnlyDictionary<DateOnly, string> DaysOff,
    IReadOnlyDictionary<DateOnly, string> Workdays
);

/// <summary>A day of a period, and why it counts or does not.</summary>
/// <param name="Date">The day, Asia/Shanghai.</param>
/// <param name="Number">Which day of the period it is; null for one that does not count.</param>
/// <param name="Why">开始当日, 工作日, 周末, 调休上班, the name of a holiday.</param>
public sealed record CountedDay(DateOnly Date, int? Number, string Why);

/// <summary>A period counted out.</summary>
/// <param name="From">The day on which it starts; it does not count itself (民法典 201).</param>
/// <param name="Days">How many days it has.</param>
/// <param name="WorkingDays">Whether working days were counted.</param>
/// <param name="DueOn">Its last day, Asia/Shanghai. A last day that is a day off moves to the next working day (民法典 203).</param>
/// <param name="Certain">Whether the calendar of every year that it reaches into is announced; otherwise weekends alone were left out
/// there.</param>
/// <param name="Explanation">How it was counted, for people.</param>
/// <param name="Counted">Each day from the first to the last.</param>
public sealed record CountedPeriod(
    DateOnly From,
    int Days,
    bool WorkingDays,
    DateOnly DueOn,
    bool Certain,
    string Explanation,
    IReadOnlyList<CountedDay> Counted
);

/// <summary>Counts days over the calendars of all years that are known.</summary>
public sealed class WorkingCalendar(IReadOnlyDictionary<int, YearCalendar> years)
{
    const string StartDay = "开始当日不计",
        Weekend = "周末",
        Workday = "工作日";

    /// <summary>The longest period that is counted, in days.</summary>
    public const int Longest = 3660;

    /// <summary>Whether a day is worked on.</summary>
    public bool IsWorkingDay(DateOnly day) => Look(day).Works;

    /// <summary>Whether the calendar of the year of this day is announced.</summary>
    public bool IsAnnounced(DateOnly day) => years.TryGetValue(day.Year, out var year) && year.Announced;

    /// <summary>Counts a period.</summary>
    /// <param name="from">The day on which it starts.</param>
    /// <param name="days">Its length, 1 to <see cref="Longest"/>.</param>
    /// <param name="workingDays">Whether working days are counted, or all days.</param>
    public CountedPeriod Count(DateOnly from, int days, bool workingDays = true)
    {
        var counted = new List<CountedDay> { new(from, null, StartDay) };
        var day = from;
        var number = 0;
        while (number < days)
        {
            day = day.AddDays(1);
            var (works, why) = Look(day);
            counted.Add(new(day, works || !workingDays ? ++number : null, workingDays || works ? why : $"{why}（计入自然日）"));
        }
        while (!IsWorkingDay(day))
        {
            day = day.AddDays(1);
            counted.Add(new(day, null, Look(day) is { Works: true } ? "届满日顺延至工作日" : Look(day).Why));
        }
        var certain = counted.All(d => IsAnnounced(d.Date));
        return new(from, days, workingDays, day, certain, Explain(from, days, workingDays, day, counted), counted);
    }

    /// <summary>The first day on which no more than so many working days are left until a day.</summary>
    public DateOnly DaysBefore(DateOnly due, int workingDays)
    {
        var day = due;
        while (Count(day.AddDays(-1), workingDays).DueOn >= due)
            day = day.AddDays(-1);
        return day;
    }

    (bool Works, string Why) Look(DateOnly day)
    {
        var isWeekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        if (!years.TryGetValue(day.Year, out var year))
            return (!isWeekend, isWeekend ? Weekend : Workday);
        if (year.Workdays.TryGetValue(day, out var makesUpFor))
            return (true, $"{makesUpFor}调休上班");
        if (year.DaysOff.TryGetValue(day, out var holiday))
            return (false, holiday);
        return (!isWeekend, isWeekend ? Weekend : Workday);
    }

    string Explain(DateOnly from, int days, bool workingDays, DateOnly dueOn, List<CountedDay> counted)
    {
        var text = new StringBuilder(
            $"自{from:yyyy-MM-dd}起（当日不计）{days}{(workingDays ? "个工作日" : "日")}，至{dueOn:yyyy-MM-dd}届满"
        );
        var skipped = counted
            .Skip(1)
            .Where(d => d.Number is null && !IsWorkingDay(d.Date))
            .GroupBy(d => d.Why)
            .Select(g => $"{g.Key}{g.Count()}日")
            .ToArray();
        if (skipped.Length > 0)
            text.Append("；未计").AppendJoin('、', skipped);
        if (counted.Count(d => d.Number is not null && d.Why.EndsWith("调休上班", StringComparison.Ordinal)) is > 0 and var made)
            text.Append($"；含调休上班{made}日");
        var unknown = counted.Where(d => !IsAnnounced(d.Date)).Select(d => d.Date.Year).Distinct().ToArray();
        var newest = years.Where(y => y.Value.Announced).Select(y => y.Key).DefaultIfEmpty().Max();
        // What lies before a year that is known has been announced long ago, and is not kept.
        if (unknown.Where(y => y < newest).ToArray() is { Length: > 0 } lost)
            text.Append($"；{string.Join("、", lost)}年节假日安排未收录，只扣除周末");
        if (unknown.Where(y => y > newest).ToArray() is { Length: > 0 } coming)
            text.Append($"；{string.Join("、", coming)}年节假日安排尚未公布，只扣除周末，公布后重新计算");
        return text.Append('。').ToString();
    }
}
