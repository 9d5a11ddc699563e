using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Calendar;

/// <summary>The calendar of a year, and deadlines counted out with every day explained. Public.</summary>
public sealed class ReadCalendar : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/calendar/{year:int}", Year).Produces<YearCalendar>().WithName("readCalendar");
        api.MapGet("/calendar/working-days", Count).Produces<CountedPeriod>().WithName("countWorkingDays");
    }

    /// <summary>The days off and the make-up days of a year: as they were set, or else as they come with the platform.</summary>
    static async Task<IResult> Year(int year, IQuerySession session, TimeProvider time, HttpContext http)
    {
        if (await session.LoadAsync<CalendarYear>(CalendarYear.Key(year), http.RequestAborted) is { } set)
            return http.Conditional(ConditionalRequests.Tag(set.Version), () => Results.Ok(set.Calendar));
        return CalendarYear.BuiltIn(year) is { } builtIn
            ? http.Conditional(ConditionalRequests.BuiltIn(typeof(ReadCalendar)), () => Results.Ok(builtIn))
            : CatalogProblems
                .CalendarNotFound.With(
                    year < time.Today().Year
                        ? (Wording)
                            $"The calendar of {year} is not kept here, a year that is past; weekends alone are left out in it. PUT /api/v1/calendar/{year} supplies it."
                        : $"The calendar of {year} is not announced yet; weekends alone are left out in it. PUT /api/v1/calendar/{year} sets it."
                )
                .ToResult();
    }

    /// <summary>
    /// Counts a period from a day, today when left out, and explains each day of it. Working days are counted, or all days when
    /// <c>workingDays</c> is false; in a year whose calendar is not announced weekends alone are left out.
    /// </summary>
    static async Task<IResult> Count(
        [Description("The day that the period begins on; the next day is counted first. Today when left out.")] [Day] string? from,
        [Required, Description("How many days are counted, 1 or more.")] int? days,
        [Description("Whether only working days are counted; all days when left out.")] bool? workingDays,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Days("days", days ?? 0);
        var start = from is null ? time.Today() : invalid.Day("from", from);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        return Results.Ok((await CalendarYear.Known(session, http.RequestAborted)).Count(start, days!.Value, workingDays ?? true));
    }
}

/// <summary>What periods have in common, wherever they are asked for.</summary>
static class Periods
{
    /// <summary>Reads a day; what is none is noted.</summary>
    public static DateOnly Day(this Invalid invalid, string pointer, string? text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) && day.Year is > 1949 and < 2200)
            return day;
        invalid.Add(pointer, "date.malformed", "A day is written yyyy-MM-dd and lies between 1950 and 2199.");
        return default;
    }

    /// <summary>Notes a length that is out of range.</summary>
    public static Invalid Days(this Invalid invalid, string pointer, int days) =>
        invalid.If(
            days is < 1 or > WorkingCalendar.Longest,
            pointer,
            "days.outOfRange",
            $"A period has 1 to {WorkingCalendar.Longest} days."
        );
}
