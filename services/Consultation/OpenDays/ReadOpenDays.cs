using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>The open days, and one with how many seats are left. Public.</summary>
public sealed class ReadOpenDays : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/open-days", List).Produces<Page<OpenDayView>>().WithName("listOpenDays");
        api.MapGet("/open-days/{id:guid}", One).Produces<OpenDayView>().WithName("readOpenDay");
    }

    /// <summary>The open days, those that begin last first, paged; by state and body. How many seats are taken is told one by one.</summary>
    static async Task<IResult> List(
        [OneOf(typeof(OpenDayState))] string? state,
        string? body,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var inState = invalid.OneOf<OpenDayState>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var now = time.GetUtcNow();
        var query = InState(session.Query<OpenDay>(), inState, now);
        if (body is not null)
            query = query.Where(d => d.Body == body);
        if (page.After is { } after)
            query = query.Where(d => d.StartsAt < after.At || d.StartsAt == after.At && d.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(d => d.StartsAt)
            .ThenByDescending(d => d.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(
            page.Page(rows, d => OpenDayView.Of(d, null, now, caller.SeesInside([d.Body])), d => new Place(d.StartsAt, d.Id))
        );
    }

    // The same rule as OpenDay.StateAt, as the database reads it.
    static IQueryable<OpenDay> InState(IQueryable<OpenDay> query, OpenDayState? state, DateTimeOffset now) =>
        state switch
        {
            OpenDayState.Cancelled => query.Where(d => d.CancelledAt != null),
            OpenDayState.Completed => query.Where(d => d.CancelledAt == null && d.Summary != null),
            OpenDayState.Over => query.Where(d => d.CancelledAt == null && d.Summary == null && d.EndsAt <= now),
            OpenDayState.Underway => query.Where(d => d.CancelledAt == null && d.Summary == null && d.EndsAt > now && d.StartsAt <= now),
            OpenDayState.Announced => query.Where(d => d.CancelledAt == null && d.Summary == null && d.StartsAt > now),
            _ => query,
        };

    /// <summary>One open day with all that a page of it needs, and how many seats are taken.</summary>
    static async Task<IResult> One(Guid id, Caller caller, IQuerySession session, TimeProvider time, HttpContext http)
    {
        if (await session.LoadAsync<OpenDay>(id, http.RequestAborted) is not { } day)
            return OpenDaySteps.NotFound(id).ToResult();
        var now = time.GetUtcNow();
        var inside = caller.SeesInside([day.Body]);
        var seats = await SeatsTaken.Of(session, day, http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(
                day.VersionFor(inside),
                $"{(inside ? "i" : "")}{JsonDefaults.Word(day.StateAt(now))}{(day.TakesRegistrationsAt(now) ? "1" : "0")}.{seats.SeatedPeople}.{seats.Waiting}"
            ),
            () => Results.Ok(OpenDayView.Of(day, seats, now, inside))
        );
    }

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>An open day as the API shows it.</summary>
/// <param name="Id">The open day.</param>
/// <param name="Version">The version of its history: its ETag. The public's counts what everybody sees.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Body">Who opens its doors, a code of the Catalog.</param>
/// <param name="State">Where it is on its way, now.</param>
/// <param name="Place">Where.</param>
/// <param name="Description">What there is to see and to ask.</param>
/// <param name="StartsAt">When it begins, UTC.</param>
/// <param name="EndsAt">When it ends, UTC.</param>
/// <param name="RegistrationUntil">The first instant that is too late to register, UTC.</param>
/// <param name="QuestionsUntil">The first instant that is too late for a question before the day, UTC.</param>
/// <param name="TakesRegistrations">Whether somebody can register now.</param>
/// <param name="Capacity">How many seats there are.</param>
/// <param name="SeatsTaken">How many of them are taken; null in lists.</param>
/// <param name="Waiting">How many registrations wait for a seat; null in lists.</param>
/// <param name="Changes">What was changed about it, oldest first.</param>
/// <param name="QuestionnaireId">The questionnaire for those who came.</param>
/// <param name="Summary">What was published after it.</param>
/// <param name="Questions">Where the answers to what was asked before are.</param>
public sealed record OpenDayView(
    Guid Id,
    long Version,
    string Topic,
    string Body,
    OpenDayState State,
    string Place,
    string Description,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    DateTimeOffset RegistrationUntil,
    DateTimeOffset QuestionsUntil,
    bool TakesRegistrations,
    int Capacity,
    int? SeatsTaken,
    int? Waiting,
    IReadOnlyList<OpenDayChange> Changes,
    Guid? QuestionnaireId,
    OpenDaySummary? Summary,
    string Questions
)
{
    internal static OpenDayView Of(OpenDay d, SeatsTaken? seats, DateTimeOffset now, bool inside) =>
        new(
            d.Id,
            d.VersionFor(inside),
            d.Topic,
            d.Body,
            d.StateAt(now),
            d.Place,
            d.Description,
            d.StartsAt,
            d.EndsAt,
            d.RegistrationUntil,
            d.QuestionsUntil,
            d.TakesRegistrationsAt(now),
            d.Capacity,
            seats?.SeatedPeople,
            seats?.Waiting,
            d.Changes,
            d.QuestionnaireId,
            d.Summary,
            $"/api/v1/questions?openDay={d.Id}"
        );
}
