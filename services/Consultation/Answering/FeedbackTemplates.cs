using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>Words for feedback that an organisation uses again.</summary>
/// <param name="Id">The template.</param>
/// <param name="Body">Whose it is, a code of the Catalog.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Outcome">What became of what was said.</param>
/// <param name="Reason">Why.</param>
public sealed record FeedbackTemplate(Guid Id, string Body, string Title, FeedbackOutcome Outcome, string Reason);

/// <summary>Keeps words for feedback, for one's own organisation.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Outcome">What became of what was said.</param>
/// <param name="Reason">Why.</param>
/// <example>{"title": "超出本办法范围", "outcome": "notAdopted", "reason": "该事项由供热专项规划规定，不属于本办法调整范围。"}</example>
public sealed record FeedbackTemplates(string? Title, FeedbackOutcome? Outcome, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/consultations/feedback-templates/{id:guid}", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<FeedbackTemplate>()
            .WithName("keepFeedbackTemplate");
        api.MapGet("/consultations/feedback-templates", List)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<Page<FeedbackTemplate>>()
            .WithName("listFeedbackTemplates");
        api.MapDelete("/consultations/feedback-templates/{id:guid}", Delete)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces(204)
            .WithName("forgetFeedbackTemplate");
    }

    /// <summary>Keeps words for feedback under an id that the caller makes, or puts others in their place.</summary>
    static async Task<IResult> Put(Guid id, FeedbackTemplates command, Caller caller, IDocumentSession session, HttpContext http)
    {
        var invalid = new Invalid()
            .If(id == Guid.Empty, "id", "value.missing", "An id that is not nil.")
            .Text("/title", command.Title, Limits.LongestTitle)
            .If(command.Outcome is null, "/outcome", "value.missing", "One of adopted, partlyAdopted and notAdopted.")
            .Text("/reason", command.Reason, Limits.LongestReason);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<FeedbackTemplate>(id, http.RequestAborted) is { } other && other.Body != caller.Organisation)
            return NotFound(id).ToResult();
        var template = new FeedbackTemplate(id, caller.Organisation, command.Title!.Trim(), command.Outcome!.Value, command.Reason!.Trim());
        session.Store(template);
        await session.SaveChangesAsync(http.RequestAborted);
        return Results.Ok(template);
    }

    /// <summary>The templates of one's own organisation by title, paged.</summary>
    static async Task<IResult> List(int? pageSize, string? pageToken, Caller caller, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var query = session.Query<FeedbackTemplate>().Where(t => t.Body == caller.Organisation);
        if (page.After is { } after)
            query = query.Where(t => t.Title.CompareTo(after.Title) > 0 || t.Title == after.Title && t.Id.CompareTo(after.Id) > 0);
        var rows = await query.OrderBy(t => t.Title).ThenBy(t => t.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, t => t, t => new Place(t.Title, t.Id)));
    }

    /// <summary>Forgets a template; what was answered with it stays.</summary>
    static async Task<IResult> Delete(Guid id, Caller caller, IDocumentSession session, HttpContext http)
    {
        if (await session.LoadAsync<FeedbackTemplate>(id, http.RequestAborted) is not { } template || template.Body != caller.Organisation)
            return NotFound(id).ToResult();
        session.Delete(template);
        await session.SaveChangesAsync(http.RequestAborted);
        return Results.NoContent();
    }

    static Problem NotFound(Guid id) => ConsultationProblems.TemplateNotFound.With($"Your organisation has no template {id}.");

    sealed record Place(string Title, Guid Id);
}
