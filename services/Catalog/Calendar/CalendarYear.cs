using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Calendar;

/// <summary>The calendar of a year was set, or set otherwise.</summary>
public sealed record CalendarYearSet(YearCalendar Calendar, Actor By, DateTimeOffset At) : IEventOf<CalendarYear>;

/// <summary>The calendar of a year as it was last set. Years that nobody set are as they come with the platform.</summary>
public sealed record CalendarYear : IState<CalendarYear>
{
    static readonly Dictionary<int, YearCalendar> BuiltInYears = Read();

    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>What is in force.</summary>
    public YearCalendar Calendar { get; init; } = null!;

    /// <summary>The key of a year's stream.</summary>
    public static string Key(int year) => $"calendar/{year}";

    /// <summary>The state after one more event.</summary>
    public static CalendarYear? Next(CalendarYear? year, IEventOf<CalendarYear> happened) =>
        happened is CalendarYearSet e ? new() { Id = Key(e.Calendar.Year), Calendar = e.Calendar } : year;

    /// <summary>The year as it comes with the platform; null where none does.</summary>
    public static YearCalendar? BuiltIn(int year) => BuiltInYears.GetValueOrDefault(year);

    /// <summary>All calendars: what comes with the platform, and what was set since.</summary>
    public static async Task<WorkingCalendar> Known(IQuerySession session, CancellationToken cancellation)
    {
        var years = new Dictionary<int, YearCalendar>(BuiltInYears);
        foreach (var set in await session.Query<CalendarYear>().ToListAsync(cancellation))
            years[set.Calendar.Year] = set.Calendar;
        return new(years);
    }

    static Dictionary<int, YearCalendar> Read()
    {
        using var stream = typeof(CalendarYear).Assembly.GetManifestResourceStream("years.json")!;
        return JsonSerializer.Deserialize<YearCalendar[]>(stream, JsonDefaults.Options)!.ToDictionary(y => y.Year);
    }
}
