using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Calendar;

/// <summary>The Catalog's note to itself: a calendar changed, open deadlines are counted again.</summary>
/// <param name="Year">The year that changed.</param>
/// <param name="Version">The version of its history.</param>
public sealed record CalendarChanged(int Year, long Version);

/// <summary>Sets the calendar of a year as its holiday notice has it. Open deadlines are counted again.</summary>
/// <param name="Source">The notice.</param>
/// <param name="DaysOff">The holidays with the weekends that belong to them, each with its name.</param>
/// <param name="Workdays">The Saturdays and Sundays that are worked, each with the holiday that they make up for.</param>
/// <example>{"source": "国务院办公厅关于2026年部分节假日安排的通知", "daysOff": {"2026-01-01": "元旦", "2026-01-02": "元旦", "2026-01-03": "元旦",
/// "2026-02-15": "春节", "2026-02-16": "春节", "2026-02-17": "春节", "2026-02-18": "春节", "2026-02-19": "春节", "2026-02-20": "春节",
/// "2026-02-21": "春节", "2026-02-22": "春节", "2026-02-23": "春节", "2026-04-04": "清明节", "2026-04-05": "清明节", "2026-04-06": "清明节",
/// "2026-05-01": "劳动节", "2026-05-02": "劳动节", "2026-05-03": "劳动节", "2026-05-04": "劳动节", "2026-05-05": "劳动节", "2026-06-19": "端午节",
/// "2026-06-20": "端午节", "2026-06-21": "端午节", "2026-09-25": "中秋节", "2026-09-26": "中秋节", "2026-09-27": "中秋节", "2026-10-01": "国庆节",
/// "2026-10-02": "国庆节", "2026-10-03": "国庆节", "2026-10-04": "国庆节", "2026-10-05": "国庆节", "2026-10-06": "国庆节", "2026-10-07": "国庆节"},
/// "workdays": {"2026-01-04": "元旦", "2026-02-14": "春节", "2026-02-28": "春节", "2026-05-09": "劳动节", "2026-09-20": "国庆节", "2026-10-10": "国庆节"}}
/// </example>
public sealed record SetCalendar(
    string? Source,
    IReadOnlyDictionary<DateOnly, string>? DaysOff,
    IReadOnlyDictionary<DateOnly, string>? Workdays
) : IEndpoint
{
    const int LongestSource = 500,
        LongestName = 50;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/calendar/{year:int}", Put).RequireAnyRole(Roles.Publisher).Produces<YearCalendar>().WithName("setCalendar");

    static Task<IResult> Put(int year, SetCalendar command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<CalendarYear>(
            http,
            CalendarYear.Key(year),
            (known, _) =>
            {
                if (Check(year, command) is { } problem)
                    return Task.FromResult<Decision>(problem);
                var set = new YearCalendar(
                    year,
                    true,
                    command.Source!.Trim(),
                    command.DaysOff!,
                    command.Workdays ?? new Dictionary<DateOnly, string>()
                );
                return Task.FromResult(
                    Decision
                        .Record(new CalendarYearSet(set, caller.Actor(), time.GetUtcNow()))
                        .Telling(new CalendarChanged(year, (known?.Version ?? 0) + 1), new CalendarSetMessage(year))
                );
            },
            recorded => new Answer(200, recorded.The<CalendarYearSet>().Calendar)
        );

    internal static Problem? Check(int year, SetCalendar command)
    {
        var invalid = new Invalid()
            .If(year is < 1950 or > 2199, "year", "year.outOfRange", "A year between 1950 and 2199.")
            .Text("/source", command.Source, LongestSource)
            .If(command.DaysOff is null or { Count: 0 }, "/daysOff", "value.missing", "A year has holidays.");
        foreach (var (day, name) in command.DaysOff ?? new Dictionary<DateOnly, string>())
            invalid
                .If(day.Year != year, $"/daysOff/{day:yyyy-MM-dd}", "date.otherYear", $"The day is not in {year}.")
                .Text($"/daysOff/{day:yyyy-MM-dd}", name, LongestName)
                .If(
                    command.Workdays?.ContainsKey(day) is true,
                    $"/workdays/{day:yyyy-MM-dd}",
                    "date.contradicts",
                    "The day is given as a day off and as a working day."
                );
        foreach (var (day, name) in command.Workdays ?? new Dictionary<DateOnly, string>())
            invalid
                .If(day.Year != year, $"/workdays/{day:yyyy-MM-dd}", "date.otherYear", $"The day is not in {year}.")
                .Text($"/workdays/{day:yyyy-MM-dd}", name, LongestName)
                .If(
                    day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday),
                    $"/workdays/{day:yyyy-MM-dd}",
                    "date.notWeekend",
                    "Only a Saturday or Sunday is a make-up day."
                );
        return invalid.Problem;
    }
}
