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
        api.MapPut("/calendar/{year:int}", Put)
            .RequireAnyRole(Roles.Publisher)
            .Produces<YearCalendar>()
            .WithTags("Catalog")
            .WithName("setCalendar");

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
