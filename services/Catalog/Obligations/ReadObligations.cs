using System.ComponentModel;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>
/// The obligations, next due first, one of them, and how many each body has. A drafter sees those of the own organisation, an integrator
/// those whose document is published or that have none.
/// </summary>
public sealed class ReadObligations : IEndpoint
{
    /// <summary>Soon due is what is due within this many working days.</summary>
    internal const int SoonDays = 3;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/obligations", List)
            .RequireAnyRole(ObligationCallers.Readers)
            .Produces<Page<ObligationView>>()
            .WithName("listObligations");
        api.MapGet("/obligations/{id}", One)
            .RequireAnyRole(ObligationCallers.Readers)
            .Produces<ObligationView>()
            .WithName("readObligation");
        api.MapGet("/obligations/statistics", Count)
            .RequireAnyRole(ObligationCallers.Readers)
            .Produces<IReadOnlyList<ObligationCount>>()
            .WithName("countObligations");
    }

    /// <summary>
    /// The obligations, next due first and closed ones last, in pages; of those met or waived alone, the newest first. A drafter sees those
    /// of the own organisation.
    /// </summary>
    static async Task<IResult> List(
        [OneOf(typeof(ObligationFilter))] string? state,
        string? body,
        Guid? document,
        [Description("Only those of this item of a disclosure catalogue: `district/04-01`.")] string? item,
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
        var wanted = invalid.OneOf<ObligationFilter>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var today = time.Today();
        var query = Visible(session, caller, body);
        if (document is not null)
            query = query.Where(o => o.DocumentId == document);
        if (item is not null)
            query = query.Where(o => o.Item == item);
        if (!caller.Oversees())
            query = query.Without(await session.Hidden(http.RequestAborted), caller.OwnBody());
        var soon =
            wanted is ObligationFilter.DueSoon
                ? (await CalendarYear.Known(session, http.RequestAborted)).Count(today, SoonDays).DueOn
                : today;
        query = wanted switch
        {
            ObligationFilter.Due => query.Where(o => o.NextDueOn >= today),
            ObligationFilter.DueSoon => query.Where(o => o.NextDueOn >= today && o.NextDueOn <= soon),
            ObligationFilter.Overdue => query.Where(o => o.NextDueOn < today),
            ObligationFilter.Met => query.Where(o => o.NextDueOn == null && o.WaivedBecause == null),
            ObligationFilter.Waived => query.Where(o => o.WaivedBecause != null),
            _ => query,
        };
        // What is closed has no next day; its place is the day on which it was made.
        var closed = wanted is ObligationFilter.Met or ObligationFilter.Waived;
        if (page.After is { } after)
            query =
                closed ? query.Where(o => o.FormedOn < after.Day || o.FormedOn == after.Day && o.Id.CompareTo(after.Id) > 0)
                : after.Open
                    ? query.Where(o =>
                        o.NextDueOn > after.Day || o.NextDueOn == after.Day && o.Id.CompareTo(after.Id) > 0 || o.NextDueOn == null
                    )
                : query.Where(o => o.NextDueOn == null && o.Id.CompareTo(after.Id) > 0);
        var ordered = closed
            ? query.OrderByDescending(o => o.FormedOn).ThenBy(o => o.Id)
            : query.OrderBy(o => o.NextDueOn).ThenBy(o => o.Id);
        var rows = await ordered.Take(page.Size + 1).ToListAsync(http.RequestAborted);
        var names = await ObligationView.Names(session, rows, today, http.RequestAborted);
        return Results.Ok(
            page.Page(
                rows,
                o => ObligationView.Of(o, today, names),
                o => new Place(closed ? o.FormedOn : o.NextDueOn ?? default, o.NextDueOn is not null, o.Id)
            )
        );
    }

    /// <summary>
    /// An obligation with each of its channels: by when it is to be published there, and when it was. A drafter sees those of the own
    /// organisation.
    /// </summary>
    static async Task<IResult> One(string id, Caller caller, IQuerySession session, TimeProvider time, HttpContext http)
    {
        if (
            await session.LoadAsync<Obligation>(Obligation.Key(id), http.RequestAborted) is not { } obligation
            || !caller.AnswersFor(obligation)
            || !caller.Oversees()
                && !obligation.Bodies.Contains(caller.OwnBody() ?? "")
                && obligation.DocumentId is { } document
                && (await session.Hidden(http.RequestAborted)).Covers(document)
        )
            return NotFound(id).ToResult();
        var today = time.Today();
        var names = await ObligationView.Names(session, [obligation], today, http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(obligation.Version, names.Beside(obligation.NextDueOn >= today ? 1 : 0)),
            () => Results.Ok(ObligationView.Of(obligation, today, names))
        );
    }

    /// <summary>
    /// How many obligations each body has, by where they stand today; the bodies come by code, and an obligation of several counts for
    /// each. For a drafter those of the own organisation are counted.
    /// </summary>
    static async Task<IResult> Count(Caller caller, IQuerySession session, TimeProvider time, HttpContext http)
    {
        var today = time.Today();
        var soon = (await CalendarYear.Known(session, http.RequestAborted)).Count(today, SoonDays).DueOn;
        var counts = await session.AdvancedSql.QueryAsync<ObligationCount>(
            """
            select jsonb_build_object(
                'body', body,
                'total', count(*),
                'due', count(*) filter (where due >= today),
                'dueSoon', count(*) filter (where due between today and soon),
                'overdue', count(*) filter (where due < today),
                'met', count(*) filter (where due is null and not waived),
                'metLate', count(*) filter (where due is null and not waived and late),
                'waived', count(*) filter (where waived)
            ) as data
            from (
                select
                    body,
                    ?::date as today,
                    ?::date as soon,
                    o.data ->> 'waivedBecause' is not null as waived,
                    case when o.data ->> 'waivedBecause' is null then o.next_due_on end as due,
                    exists (
                        select from jsonb_array_elements(o.data -> 'deadlines') d
                        where (o.data -> 'metOn' ->> (d ->> 'channel'))::date > (d ->> 'dueOn')::date
                    ) as late
                from catalog.mt_doc_obligation o
                cross join lateral jsonb_array_elements_text(o.data -> 'bodies') as bodies (body)
                where ? or ? and (o.data ->> 'isPublic')::boolean or o.data -> 'bodies' @> to_jsonb(?::text)
            ) obligations
            group by body
            """,
            http.RequestAborted,
            today,
            soon,
            caller.Oversees(),
            caller.HasAny(Roles.Integrator),
            (object?)caller.OwnBody() ?? DBNull.Value
        );
        var names = await CatalogNames.Read(session, counts.Select(c => c.Body), today, http.RequestAborted);
        return Results.Ok(
            counts.OrderBy(c => c.Body, StringComparer.Ordinal).Select(c => c with { BodyName = names.Body(c.Body) }).ToArray()
        );
    }

    static IQueryable<Obligation> Visible(IQuerySession session, Caller caller, string? body)
    {
        var query = session.Query<Obligation>().SeenBy(caller);
        return body is null ? query : query.Where(o => o.Bodies.Contains(body));
    }

    internal static Problem NotFound(string id) =>
        CatalogProblems.ObligationNotFound.With(
            $"There is no obligation {id} that you may see. GET /api/v1/obligations lists those there are."
        );

    sealed record Place(DateOnly Day, bool Open, string Id);
}

/// <summary>The obligations of a body.</summary>
/// <param name="Body">The body.</param>
/// <param name="Total">All.</param>
/// <param name="Due">To be published, in time so far.</param>
/// <param name="DueSoon">Of those, due within three working days.</param>
/// <param name="Overdue">Not published, and the last day has passed.</param>
/// <param name="Met">Published.</param>
/// <param name="MetLate">Of those, published after the last day.</param>
/// <param name="Waived">Need not be published.</param>
/// <param name="BodyName">The name that the body has today.</param>
public sealed record ObligationCount(
    string Body,
    int Total,
    int Due,
    int DueSoon,
    int Overdue,
    int Met,
    int MetLate,
    int Waived,
    string? BodyName = null
);

/// <summary>What obligations are listed by.</summary>
public enum ObligationFilter
{
    /// <summary>To be published, in time so far.</summary>
    Due,

    /// <summary>To be published within the next working days.</summary>
    DueSoon,

    /// <summary>Not published everywhere, and the last day has passed.</summary>
    Overdue,

    /// <summary>Published everywhere.</summary>
    Met,

    /// <summary>Need not be published, for a recorded reason.</summary>
    Waived,
}
