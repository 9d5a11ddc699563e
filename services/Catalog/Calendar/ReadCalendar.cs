using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Calendar;

/// <summary>The calendar of a year, and deadlines counted out with every day explained. Public.</summary>
public sealed class ReadCalendar : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/calendar/{year:int}", Year).Produces<YearCalendar>().WithTags("Catalog").WithName("readCalendar");
        api.MapGet("/calendar/working-days", Count).Produces<CountedPeriod>().WithTags("Catalog").WithName("countWorkingDays");
    }

    static async Task<IResult> Year(int year, IQuerySession session, TimeProvider time, HttpContext http)
    {
        if (await session.LoadAsync<CalendarYear>(CalendarYear.Key(year), http.RequestAborted) is { } set)
            return http.Conditional(ConditionalRequests.Tag(set.Version), () => Results.Ok(set.Calendar));
        return CalendarYear.BuiltIn(year) is { } builtIn
            ? http.Conditional(ConditionalRequests.Tag(0), () => Results.Ok(builtIn))
            : CatalogProblems
                .CalendarNotFound.With(
                    year < time.Today().Year
                        ? $"The calendar of {year} is not kept here, a year that is past; weekends alone are left out in it. PUT /api/v1/calendar/{year} supplies it."
                        : $"The calendar of {year} is not announced yet; weekends alone are left out in it. PUT /api/v1/calendar/{year} sets it."
                )
                .ToResult();
    }

    static async Task<IResult> Count(string? from, int? days, bool? workingDays, IQuerySession session, TimeProvider time, HttpContext http)
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
