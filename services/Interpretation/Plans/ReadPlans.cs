using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>
/// The plans, last changed first, one of them, and how many there are of each state. For those who work on them: they are process
/// information (D 16).
/// </summary>
public sealed class ReadPlans : IEndpoint
{
    static readonly string[] Readers = [Roles.Drafter, Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor];

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/interpretation-plans", List).RequireAnyRole(Readers).Produces<Page<PlanView>>().WithName("listPlans");
        api.MapGet("/interpretation-plans/{id:guid}", One).RequireAnyRole(Readers).Produces<PlanView>().WithName("readPlan");
        api.MapGet("/interpretation-plans/statistics", Count).RequireAnyRole(Readers).Produces<PlanStatistics>().WithName("countPlans");
    }

    /// <summary>
    /// The plans, last changed first, paged; by document, state and phase. A drafter sees those of the documents that the own organisation
    /// issues.
    /// </summary>
    static async Task<IResult> List(
        Guid? document,
        [OneOf(typeof(PlanState))] string? state,
        [OneOf(typeof(Phase))] string? phase,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var inState = invalid.OneOf<PlanState>("state", state);
        var inPhase = invalid.OneOf<Phase>("phase", phase);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var query = Visible(session, caller);
        if (document is not null)
            query = query.Where(p => p.DocumentId == document);
        if (inState is not null)
            query = query.Where(p => p.State == inState);
        if (inPhase is not null)
            query = query.Where(p => p.Phase == inPhase);
        if (page.After is { } after)
            query = query.Where(p => p.ChangedAt < after.At || p.ChangedAt == after.At && p.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(p => p.ChangedAt)
            .ThenByDescending(p => p.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, PlanView.Of, p => new Place(p.ChangedAt, p.Id)));
    }

    /// <summary>
    /// One plan. A drafter sees those of the documents that the own organisation issues; a plan that is just opening with its document is
    /// waited for.
    /// </summary>
    static async Task<IResult> One(Guid id, Caller caller, OpeningPlans plans, HttpContext http) =>
        await plans.Find(id, http.RequestAborted) is var (plan, missing) && missing is not null ? missing.ToResult()
        : caller.WorksFor(plan!.Issuers) ? http.Conditional(ConditionalRequests.Tag(plan.Version), () => Results.Ok(PlanView.Of(plan)))
        : NotFound(id).ToResult();

    /// <summary>
    /// How many plans of the issuance there are and how many are in each state; a state without any is left out, and so are plans before
    /// and after the issuance. A drafter counts those of the documents that the own organisation issues.
    /// </summary>
    static async Task<IResult> Count(Caller caller, IQuerySession session, HttpContext http)
    {
        var states = await Visible(session, caller)
            .Where(p => p.Phase == Phase.Issuance)
            .GroupBy(p => p.State)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToListAsync(http.RequestAborted);
        return Results.Ok(new PlanStatistics(states.Sum(s => s.Count), states.ToDictionary(s => s.Key, s => s.Count)));
    }

    static IQueryable<InterpretationPlan> Visible(IQuerySession session, Caller caller)
    {
        IQueryable<InterpretationPlan> query = session.Query<InterpretationPlan>();
        return caller.HasAny(Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor)
            ? query
            : query.Where(p => p.Issuers.Contains(caller.Organisation));
    }

    internal static Problem NotFound(Guid id) =>
        InterpretationProblems.PlanNotFound.With(
            $"There is no interpretation plan {id} that you may see. A plan is visible to the issuers of its document and to those who review, sign and publish."
        );

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>How many documents were interpreted when they were issued, and how many were exempted.</summary>
/// <param name="Total">All plans of the issuance.</param>
/// <param name="States">How many are in each state.</param>
public sealed record PlanStatistics(int Total, IReadOnlyDictionary<PlanState, int> States);

/// <summary>A plan as the API shows it.</summary>
/// <param name="Id">The plan.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="DocumentTitle">标题.</param>
/// <param name="Issuers">发文机关: who works on it.</param>
/// <param name="Phase">When in the document's life it explains.</param>
/// <param name="Revision">The revision of the text that it is for.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="Reason">Why it was opened, for one that was opened by hand.</param>
/// <param name="Forms">The forms planned.</param>
/// <param name="Channels">Where the materials are published.</param>
/// <param name="Note">What else is planned.</param>
/// <param name="PlannedOn">The day planned for publication.</param>
/// <param name="ExemptBecause">Why the document needs no interpretation.</param>
/// <param name="SignedMaterials">The materials signed, each with the revision that it was signed for.</param>
/// <param name="ChangedAt">When something last happened to it, UTC.</param>
public sealed record PlanView(
    Guid Id,
    long Version,
    Guid DocumentId,
    string DocumentTitle,
    IReadOnlyList<string> Issuers,
    Phase Phase,
    int Revision,
    PlanState State,
    string? Reason,
    IReadOnlyList<Form> Forms,
    IReadOnlyList<string> Channels,
    string? Note,
    DateOnly? PlannedOn,
    string? ExemptBecause,
    IReadOnlyDictionary<Guid, int> SignedMaterials,
    DateTimeOffset ChangedAt
)
{
    internal static PlanView Of(InterpretationPlan p) =>
        new(
            p.Id,
            p.Version,
            p.DocumentId,
            p.Title,
            p.Issuers,
            p.Phase,
            p.Revision,
            p.State,
            p.Reason,
            p.Forms,
            p.Channels,
            p.Note,
            p.PlannedOn,
            p.ExemptBecause,
            p.Signed,
            p.ChangedAt
        );
}
