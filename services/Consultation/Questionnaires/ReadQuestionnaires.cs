using System.ComponentModel;
using System.Globalization;
using Marten;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>The questionnaires, last begun first, and one with all that a form needs. Drafts are seen by their bodies.</summary>
public sealed class ReadQuestionnaires : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/questionnaires", List).Produces<Page<QuestionnaireView>>().WithName("listQuestionnaires");
        api.MapGet("/questionnaires/{id:guid}", One).Produces<QuestionnaireView>().WithName("readQuestionnaire");
        api.MapGet("/questionnaires/{id:guid}/editions/{edition:int}", Edition)
            .Produces<QuestionnaireEdition>()
            .WithName("readQuestionnaireEdition");
    }

    /// <summary>The questionnaires, last begun first, paged; by state, body, consultation and what else they belong to. Without their questions.</summary>
    static async Task<IResult> List(
        [OneOf(typeof(QuestionnaireState))] string? state,
        [Description("The body whose they are, a code of the Catalog.")] string? body,
        Guid? consultation,
        [Description("What they belong to beside a consultation: the id that was given as about.")] string? about,
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
        var wanted = invalid.OneOf<QuestionnaireState>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var now = time.GetUtcNow();
        var query = await InState(session.Query<Questionnaire>(), wanted, now).Shown(session, caller, http.RequestAborted);
        if (!caller.SeesInside([]))
        {
            var own = caller.HasAny(Roles.Drafter) ? caller.Organisation : "";
            query = query.Where(q => q.OpenedAt != null || q.Body == own);
        }
        if (body is not null)
            query = query.Where(q => q.Body == body);
        if (consultation is not null)
            query = query.Where(q => q.ConsultationId == consultation);
        if (about is not null)
            query = query.Where(q => q.About!.Id == about);
        if (page.After is { } after)
            query = query.Where(q => q.DraftedAt < after.At || q.DraftedAt == after.At && q.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(q => q.DraftedAt)
            .ThenByDescending(q => q.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(
            page.Page(rows, q => QuestionnaireView.Of(q, null, now, caller.SeesInside(q)), q => new Place(q.DraftedAt, q.Id))
        );
    }

    // The same rule as Questionnaire.StateAt, as the database reads it.
    static IQueryable<Questionnaire> InState(IQueryable<Questionnaire> query, QuestionnaireState? state, DateTimeOffset now) =>
        state switch
        {
            QuestionnaireState.Drafted => query.Where(q => q.OpenedAt == null),
            QuestionnaireState.Open => query.Where(q => q.ClosesAt > now),
            QuestionnaireState.Closed => query.Where(q => q.ClosesAt <= now),
            _ => query,
        };

    /// <summary>One questionnaire with all that a form needs: its pages, questions and conditions.</summary>
    static async Task<IResult> One(Guid id, Caller caller, IQuerySession session, TimeProvider time, HttpContext http)
    {
        if (await session.Seen(id, caller, http.RequestAborted) is not { } questionnaire)
            return QuestionnaireSteps.NotFound(id).ToResult();
        var now = time.GetUtcNow();
        var inside = caller.SeesInside(questionnaire);
        return await http.ConditionalAsync(
            ConditionalRequests.Tag(
                questionnaire.VersionFor(inside),
                $"{(inside ? "i" : "")}{JsonDefaults.Word(questionnaire.StateAt(now))}"
            ),
            async () =>
                Results.Ok(
                    QuestionnaireView.Of(questionnaire, await session.Form(id, questionnaire.Edition, http.RequestAborted), now, inside)
                )
        );
    }

    /// <summary>The questions in an edition: what was asked of those who answered it.</summary>
    static async Task<IResult> Edition(Guid id, int edition, Caller caller, IQuerySession session, HttpContext http) =>
        await session.Seen(id, caller, http.RequestAborted) is not null && await session.Form(id, edition, http.RequestAborted) is { } form
            ? http.Conditional(
                // A draft's is still changed.
                ConditionalRequests.Tag(edition, form.Since.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
                () => Results.Ok(new QuestionnaireEdition(id, edition, form.Title, form.Introduction, form.Pages, form.Since))
            )
            : ConsultationProblems.QuestionnaireNotFound.With($"There is no edition {edition} of a questionnaire {id}.").ToResult();

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>The questions of a questionnaire in an edition.</summary>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Edition">The edition.</param>
/// <param name="Title">Its title.</param>
/// <param name="Introduction">What stands before the questions.</param>
/// <param name="Pages">The pages, in their order.</param>
/// <param name="Since">Since when it is as it is, UTC.</param>
public sealed record QuestionnaireEdition(
    Guid QuestionnaireId,
    int Edition,
    string Title,
    string? Introduction,
    IReadOnlyList<FormPage> Pages,
    DateTimeOffset Since
);

/// <summary>A questionnaire as the API shows it.</summary>
/// <param name="Id">The questionnaire.</param>
/// <param name="Version">The version of its history: its ETag. The public's counts what everybody sees.</param>
/// <param name="Body">Whose it is, a code of the Catalog.</param>
/// <param name="Title">Its title.</param>
/// <param name="ConsultationId">The consultation that it is a form of.</param>
/// <param name="About">What else it belongs to.</param>
/// <param name="Access">Who answers.</param>
/// <param name="Results">When everybody sees the results.</param>
/// <param name="State">Where it is on its way, now.</param>
/// <param name="Edition">The edition of its questions that is answered now.</param>
/// <param name="OpenedAt">When it was opened, UTC.</param>
/// <param name="ClosesOn">The last day for answers, Asia/Shanghai.</param>
/// <param name="ClosesAt">The instant from which on no answer is taken, UTC.</param>
/// <param name="ClosedBecause">Why it was closed early.</param>
/// <param name="Introduction">What stands before the questions; null in lists and in answers to writes that do not set it.</param>
/// <param name="Pages">The pages, in their order; null in lists and in answers to writes.</param>
public sealed record QuestionnaireView(
    Guid Id,
    long Version,
    string Body,
    string Title,
    Guid? ConsultationId,
    QuestionnaireSubject? About,
    QuestionnaireAccess Access,
    ShowingOfResults Results,
    QuestionnaireState State,
    int Edition,
    DateTimeOffset? OpenedAt,
    DateOnly? ClosesOn,
    DateTimeOffset? ClosesAt,
    string? ClosedBecause,
    string? Introduction,
    IReadOnlyList<FormPage>? Pages
)
{
    internal static QuestionnaireView Of(Questionnaire q, QuestionnaireForm? form, DateTimeOffset now, bool inside) =>
        new(
            q.Id,
            q.VersionFor(inside),
            q.Body,
            q.Title,
            q.ConsultationId,
            q.About,
            q.Access,
            q.Results,
            q.StateAt(now),
            q.Edition,
            q.OpenedAt,
            q.ClosesOn,
            q.ClosesAt,
            q.ClosedBecause,
            form?.Introduction,
            form?.Pages
        );
}
