using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Tasks;

/// <summary>
/// The tasks, oldest first. A drafter sees those of the own organisation; those of tickets are shown to whoever sees the tickets.
/// </summary>
public sealed class ListTasks : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/interpretation-tasks", Get)
            .RequireAnyRole(Roles.Drafter, Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Hotline, Roles.Supervisor)
            .Produces<Page<InterpretationTask>>()
            .WithName("listTasks");

    static async Task<IResult> Get(
        [OneOf(typeof(TaskKind))] string? kind,
        string? body,
        string? state,
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
        var ofKind = invalid.OneOf<TaskKind>("kind", kind);
        invalid.If(state is not (null or "open" or "done" or "overdue"), "state", "value.unknown", "One of open, done, overdue.");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<InterpretationTask> query = session.Query<InterpretationTask>();
        if (!caller.WorksFor([]))
            body = caller.HasAny(Roles.Hotline) ? body : caller.Organisation;
        if (body is not null)
            query = query.Where(t => t.Bodies.Contains(body));
        // The task of a ticket is called by what was asked.
        if (!caller.SeesAllTickets())
            query = caller.SeesTicketsOf(caller.Organisation)
                ? query.Where(t => t.Kind != TaskKind.Ticket || t.Bodies.Contains(caller.Organisation))
                : query.Where(t => t.Kind != TaskKind.Ticket);
        if (!caller.ReadsTakenDown(null) && (await session.Hidden(http.RequestAborted)).Documents is { Length: > 0 } hidden)
        {
            var (own, about) = (caller.HasAny(Roles.Drafter) ? caller.Organisation : "", hidden.Cast<Guid?>().ToArray());
            query = query.Where(t => t.Bodies.Contains(own) || t.DocumentId == null || !about.Contains(t.DocumentId));
        }
        if (ofKind is not null)
            query = query.Where(t => t.Kind == ofKind);
        var today = time.Today();
        query = state switch
        {
            "done" => query.Where(t => t.DoneAt != null),
            "overdue" => query.Where(t => t.DoneAt == null && t.DueOn < today),
            _ => query.Where(t => t.DoneAt == null),
        };
        if (page.After is { } after)
            query = query.Where(t => t.OpenedAt > after.At || t.OpenedAt == after.At && t.Id.CompareTo(after.Id) > 0);
        var rows = await query.OrderBy(t => t.OpenedAt).ThenBy(t => t.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, t => t, t => new Place(t.OpenedAt, t.Id)));
    }

    sealed record Place(DateTimeOffset At, string Id);
}
