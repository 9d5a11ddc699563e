using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>
/// The tickets, last received first, one of them, and how many there are by block, body and month. A drafter sees those of the own
/// organisation.
/// </summary>
public sealed class ReadTickets : IEndpoint
{
    static readonly string[] Readers = [Roles.Hotline, Roles.Integrator, Roles.Drafter, Roles.Publisher, Roles.Supervisor];

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/hotline/tickets", List).RequireAnyRole(Readers).Produces<Page<TicketView>>().WithName("listTickets");
        api.MapGet("/hotline/tickets/{ticketId}", One).RequireAnyRole(Readers).Produces<TicketView>().WithName("readTicket");
        api.MapGet("/hotline/statistics", Count).RequireAnyRole(Readers).Produces<IReadOnlyList<TicketCount>>().WithName("countTickets");
    }

    /// <summary>
    /// The tickets, last received first, paged; by state, body, document, block and when they were received, or the overdue ones alone. A
    /// drafter sees those of the own organisation.
    /// </summary>
    static async Task<IResult> List(
        [OneOf(typeof(TicketState))] string? state,
        string? body,
        Guid? document,
        string? block,
        [Description("Only those whose last day has passed.")] bool? overdue,
        DateTimeOffset? from,
        DateTimeOffset? to,
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
        var inState = invalid.OneOf<TicketState>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var query = Visible(session, caller, body, document, from, to);
        var today = time.Today();
        if (inState is not null)
            query = query.Where(t => t.State == inState);
        if (block is not null)
            query = query.Where(t => t.About!.Blocks.Contains(block));
        if (overdue is true)
            query = query.Where(t => t.State == TicketState.Assigned && t.DueOn < today);
        if (page.After is { } after)
            query = query.Where(t => t.ReceivedAt < after.At || t.ReceivedAt == after.At && t.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(t => t.ReceivedAt)
            .ThenByDescending(t => t.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        var answers = await TicketAnswers.Of(rows, session, http.RequestAborted);
        return Results.Ok(page.Page(rows, t => TicketView.For(caller, t, today, answers), t => new Place(t.ReceivedAt, t.Id)));
    }

    /// <summary>One ticket, by the hotline's own id. A drafter sees those of the own organisation.</summary>
    static async Task<IResult> One(string ticketId, Caller caller, IQuerySession session, TimeProvider time, HttpContext http)
    {
        if (await session.LoadAsync<Ticket>(ReceiveTicket.Id(ticketId), http.RequestAborted) is not { } ticket || !caller.WorksOn(ticket))
            return NotFound(ticketId).ToResult();
        var today = time.Today();
        var view = TicketView.For(caller, ticket, today, await TicketAnswers.Of([ticket], session, http.RequestAborted));
        var mark = view.Related is null ? "" : $".{ConditionalRequests.Mark(view.Related.Select(r => $"{r}"))}";
        return http.Conditional(
            ConditionalRequests.Tag(
                ticket.Version,
                $"{(ticket.State is TicketState.Assigned && ticket.DueOn >= today ? 1 : 0)}{(view.Answer == ticket.Answer ? "" : "h")}{mark}"
            ),
            () => Results.Ok(view)
        );
    }

    /// <summary>
    /// How many tickets there are by block, body or month, and how many of them are answered, overdue, returned or did not satisfy; the most first,
    /// months in their order, all at once. By block, a ticket counts for each of its blocks, and one without any is left out; a drafter
    /// counts those of the own organisation.
    /// </summary>
    static async Task<IResult> Count(
        [Required, Description("What is counted by.")] [OneOf(typeof(CountedBy))] string? by,
        Guid? document,
        DateTimeOffset? from,
        DateTimeOffset? to,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        invalid.If(by is null, "by", "value.missing", "What is counted by is required: block, body or month.");
        var key = invalid.OneOf<CountedBy>("by", by);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        object body = caller.SeesAllTickets() ? DBNull.Value : caller.Organisation,
            about = document is { } id ? id : DBNull.Value;
        var (group, blocks) = key switch
        {
            CountedBy.Block => (
                "concat(t.data -> 'about' ->> 'documentId', '/', block)",
                "cross join lateral jsonb_array_elements_text(t.data -> 'about' -> 'blocks') as blocks (block)"
            ),
            CountedBy.Body => ("coalesce(t.body, '')", ""),
            _ => ("to_char(t.received_at at time zone interval '08:00', 'YYYY-MM')", ""),
        };
        var counts = await session.AdvancedSql.QueryAsync<TicketCount>(
            $"""
            select jsonb_build_object(
                'key', {group},
                'total', count(*),
                'answered', count(*) filter (where t.state in ('{nameof(TicketState.Answered)}', '{nameof(TicketState.Closed)}')),
                'fromPublished', count(*) filter (where t.data ->> 'questionId' is not null),
                'overdue', count(*) filter (where t.state = '{nameof(TicketState.Assigned)}' and (t.data ->> 'dueOn')::date < ?),
                'notSatisfied', count(*) filter (where (t.data ->> 'notSatisfied')::int > 0),
                'returned', count(*) filter (where (t.data ->> 'returns')::int > 0)
            ) as data
            from interpretation.mt_doc_ticket t {blocks}
            where (?::text is null or t.body = ?) and (?::uuid is null or t.aboutdocument_id = ?) and t.received_at >= ? and t.received_at < ?
            group by {group}
            """,
            http.RequestAborted,
            time.Today(),
            body,
            body,
            about,
            about,
            from?.ToUniversalTime() ?? DateTimeOffset.MinValue,
            to?.ToUniversalTime() ?? DateTimeOffset.MaxValue
        );
        return Results.Ok(
            counts.OrderByDescending(c => key is CountedBy.Month ? 0 : c.Total).ThenBy(c => c.Key, StringComparer.Ordinal).ToArray()
        );
    }

    static IQueryable<Ticket> Visible(
        IQuerySession session,
        Caller caller,
        string? body,
        Guid? document,
        DateTimeOffset? from,
        DateTimeOffset? to
    )
    {
        if (!caller.SeesAllTickets())
            body = caller.Organisation;
        IQueryable<Ticket> query = session.Query<Ticket>();
        if (body is not null)
            query = query.Where(t => t.Body == body);
        if (document is not null)
            query = query.Where(t => t.About!.DocumentId == document);
        if (from?.ToUniversalTime() is { } first)
            query = query.Where(t => t.ReceivedAt >= first);
        if (to?.ToUniversalTime() is { } end)
            query = query.Where(t => t.ReceivedAt < end);
        return query;
    }

    internal static Problem NotFound(string ticketId) =>
        InterpretationProblems.TicketNotFound.With($"There is no ticket {ticketId} that you may see.");

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>How many tickets there are.</summary>
/// <param name="Key">The block (document/block), the body or the month.</param>
/// <param name="Total">All.</param>
/// <param name="Answered">Those that are answered.</param>
/// <param name="FromPublished">Those that a published answer answered.</param>
/// <param name="Overdue">Those whose last day has passed without an answer.</param>
/// <param name="NotSatisfied">Those whose caller was not satisfied once, whatever came of it later.</param>
/// <param name="Returned">Those that a body gave back.</param>
public sealed record TicketCount(string Key, int Total, int Answered, int FromPublished, int Overdue, int NotSatisfied, int Returned);

/// <summary>What tickets are counted by.</summary>
public enum CountedBy
{
    /// <summary>By the article, paragraph or item that was asked about.</summary>
    Block,

    /// <summary>By the organisation that answers.</summary>
    Body,

    /// <summary>By the month in which they were received, Asia/Shanghai.</summary>
    Month,
}
