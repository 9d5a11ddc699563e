using Marten;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>
/// The evaluations. Everybody reads those that have their conclusion; the others are process information (D 16), for those who work on them.
/// </summary>
public sealed class ReadEvaluations : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/evaluations", List).Produces<Page<EvaluationView>>().WithName("listEvaluations");
        api.MapGet("/evaluations/{id:guid}", One).Produces<EvaluationView>().WithName("readEvaluation");
    }

    /// <summary>
    /// The evaluations, last begun first, paged; by state, document and issuing body. Without what was measured and found. The public sees
    /// those that have their conclusion.
    /// </summary>
    static async Task<IResult> List(
        [OneOf(typeof(EvaluationState))] string? state,
        Guid? document,
        string? body,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var inState = invalid.OneOf<EvaluationState>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<Evaluation> query = session.Query<Evaluation>();
        if (!caller.SeesInside([]))
            query = caller.HasAny(Roles.Drafter)
                ? query.Where(e => e.State == EvaluationState.Concluded || e.Issuers.Contains(caller.Organisation))
                : query.Where(e => e.State == EvaluationState.Concluded);
        query = await query.Shown(session, caller, http.RequestAborted);
        if (inState is { } wanted)
            query = query.Where(e => e.State == wanted);
        if (document is not null)
            query = query.Where(e => e.DocumentId == document);
        if (body is not null)
            query = query.Where(e => e.Issuers.Contains(body));
        if (page.After is { } after)
            query = query.Where(e => e.BegunAt < after.At || e.BegunAt == after.At && e.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(e => e.BegunAt)
            .ThenByDescending(e => e.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(
            page.Page(rows, e => EvaluationView.Of(e, caller.SeesInside(e.Issuers), whole: false), e => new Place(e.BegunAt, e.Id))
        );
    }

    /// <summary>One evaluation with all that was measured and found.</summary>
    static async Task<IResult> One(Guid id, Caller caller, IQuerySession session, HttpContext http)
    {
        var evaluation = await session.LoadAsync<Evaluation>(id, http.RequestAborted);
        if (evaluation is null || evaluation.State is not EvaluationState.Concluded && !caller.SeesInside(evaluation.Issuers))
            return EvaluationSteps.NotFound(id).ToResult();
        var inside = caller.SeesInside(evaluation.Issuers);
        return http.Conditional(
            ConditionalRequests.Tag(evaluation.Version, inside),
            () => Results.Ok(EvaluationView.Of(evaluation, inside, whole: true))
        );
    }

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>An indicator and how far it has come.</summary>
/// <param name="Code">What it is called by within the evaluation.</param>
/// <param name="Name">What it is.</param>
/// <param name="Method">How it is measured.</param>
/// <param name="Target">What was aimed at.</param>
/// <param name="Latest">The value whose period ended last; null while nothing was measured.</param>
/// <param name="Unit">The unit of both.</param>
/// <param name="Weight">How much it counts, of 100.</param>
public sealed record MeasuredIndicator(
    string Code,
    string Name,
    string Method,
    decimal Target,
    decimal? Latest,
    string Unit,
    decimal Weight
);

/// <summary>An evaluation as the API shows it.</summary>
/// <param name="Id">The evaluation.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Cause">Why it is evaluated.</param>
/// <param name="Note">The same in words, where the platform proposed it.</param>
/// <param name="DueOn">When the conclusion is to be there, Asia/Shanghai.</param>
/// <param name="BegunAt">When it was proposed or opened, UTC.</param>
/// <param name="Purpose">What is to be found out; null while it is only proposed.</param>
/// <param name="Indicators">What is measured.</param>
/// <param name="Conclusion">What it comes to.</param>
/// <param name="DismissedBecause">Why what was proposed is not carried out.</param>
/// <param name="TicketCount">How many tickets of the hotline are looked at.</param>
/// <param name="Tickets">Which; only for those who work on it, and null in lists.</param>
/// <param name="Questionnaires">Which questionnaires are looked at; null in lists.</param>
/// <param name="Respondents">Who was asked; null in lists.</param>
/// <param name="Measurements">What was measured, oldest first; null in lists.</param>
/// <param name="Findings">What was found, oldest first; null in lists.</param>
public sealed record EvaluationView(
    Guid Id,
    long Version,
    EvaluationState State,
    Guid DocumentId,
    string Title,
    IReadOnlyList<string> Issuers,
    EvaluationCause Cause,
    string? Note,
    DateOnly? DueOn,
    DateTimeOffset BegunAt,
    string? Purpose,
    IReadOnlyList<MeasuredIndicator> Indicators,
    ReachedConclusion? Conclusion,
    string? DismissedBecause,
    int TicketCount,
    IReadOnlyList<string>? Tickets,
    IReadOnlyList<Guid>? Questionnaires,
    IReadOnlyList<EvaluationRespondents>? Respondents,
    IReadOnlyList<EvaluationMeasurement>? Measurements,
    IReadOnlyList<EvaluationFinding>? Findings
)
{
    internal static EvaluationView Of(Evaluation e, bool inside, bool whole) =>
        new(
            e.Id,
            e.Version,
            e.State,
            e.DocumentId,
            e.Title,
            e.Issuers,
            e.Cause,
            e.Note,
            e.DueOn,
            e.BegunAt,
            e.Plan?.Purpose,
            [
                .. (e.Plan?.Indicators ?? []).Select(i => new MeasuredIndicator(
                    i.Code,
                    i.Name,
                    i.Method,
                    i.Target,
                    e.Latest(i.Code),
                    i.Unit,
                    i.Weight
                )),
            ],
            e.Conclusion,
            e.DismissedBecause,
            e.Sources.Tickets.Count,
            inside && whole ? e.Sources.Tickets : null,
            whole ? e.Sources.Questionnaires : null,
            whole ? e.Sources.Respondents : null,
            whole ? e.Measurements : null,
            whole ? e.Findings : null
        );
}
