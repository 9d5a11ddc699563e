using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Calendar;

/// <summary>The calendar of a year was set, or set otherwise.</summary>
public sealed record CalendarYearSet(YearCalendar Calendar, Actor By, DateTimeOffset At);

/// <summary>The calendar of a year as it was last set. Years that nobody set are as the platform brings them.</summary>
public sealed record CalendarYear
{
    static readonly Dictionary<int, YearCalendar> Brought = Read();

    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>What is in force.</summary>
    public YearCalendar Calendar { get; init; } = null!;

    /// <summary>The key of a year's stream.</summary>
    public static string Key(int year) => $"calendar/{year}";

    /// <summary>The year as the platform brings it; null where it brings none.</summary>
    public static YearCalendar? AsBrought(int year) => Brought.GetValueOrDefault(year);

    /// <summary>All calendars: what the platform brings, and what was set since.</summary>
    public static async Task<WorkingCalendar> Known(IQuerySession session, CancellationToken cancellation)
    {
        var years = new Dictionary<int, YearCalendar>(Brought);
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

/// <summary>Keeps a <see cref="CalendarYear"/> beside its stream.</summary>
sealed partial class CalendarYearProjection : SingleStreamProjection<CalendarYear, string>
{
    /// <summary>Listens to the events of calendars.</summary>
    public CalendarYearProjection() => IncludeType<CalendarYearSet>();

    /// <inheritdoc/>
    public override CalendarYear? Evolve(CalendarYear? snapshot, string id, IEvent e) =>
        e.Data is CalendarYearSet set ? new() { Id = id, Calendar = set.Calendar } : snapshot;
}
