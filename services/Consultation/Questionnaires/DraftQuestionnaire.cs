using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>Begins a questionnaire. It can be changed until it is opened, and nobody but its body sees it before.</summary>
/// <param name="Body">Whose it is, a code of the Catalog; the caller's organisation when left out.</param>
/// <param name="Title">Its title.</param>
/// <param name="Introduction">What stands before the questions.</param>
/// <param name="ConsultationId">The consultation that it is a form of.</param>
/// <param name="About">What else it belongs to: an evaluation, an open day.</param>
/// <param name="Access">Who answers; anonymous when left out.</param>
/// <param name="Results">When everybody sees the results; afterClosing when left out.</param>
/// <param name="Pages">The pages with their questions.</param>
/// <example>{"body": "370114-ZJ", "title": "冬季供热满意度调查", "pages": [{"questions": [
/// {"code": "warm", "kind": "single", "text": "您家冬天暖和吗？", "required": true, "options": [{"code": "yes", "label": "暖和"}, {"code": "no", "label": "不暖和"}]},
/// {"code": "why", "kind": "text", "text": "哪里不暖和？", "showIf": {"question": "warm", "is": "no"}}]}]}</example>
public sealed record DraftQuestionnaire(
    string? Body,
    string? Title,
    string? Introduction,
    Guid? ConsultationId,
    QuestionnaireSubject? About,
    QuestionnaireAccess? Access,
    ShowingOfResults? Results,
    IReadOnlyList<FormPage>? Pages
) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questionnaires", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<QuestionnaireView>(201)
            .WithName("draftQuestionnaire");

    static Task<IResult> Post(
        DraftQuestionnaire command,
        Caller caller,
        Catalog.CatalogClient catalog,
        IQuerySession read,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) => Begin(command, new(), caller, catalog, read, writer, time, http, view => view);

    /// <summary>Begins it, and answers with what is made of its view.</summary>
    internal static async Task<IResult> Begin(
        DraftQuestionnaire command,
        Invalid invalid,
        Caller caller,
        Catalog.CatalogClient catalog,
        IQuerySession read,
        EventWriter writer,
        TimeProvider time,
        HttpContext http,
        Func<QuestionnaireView, object> shown
    )
    {
        var body = command.Body.OrNone() ?? caller.Organisation;
        invalid
            .Text("/body", body, Limits.LongestCode)
            .Text("/title", command.Title, Limits.LongestTitle)
            .Text("/introduction", command.Introduction, Limits.LongestReason, required: false);
        if (command.About is { } about)
            invalid.Text("/about/kind", about.Kind, Limits.LongestCode).Text("/about/id", about.Id, Limits.LongestTitle);
        var pages = FormCheck.Read(command.Pages, invalid);
        if (
            body.Length is > 0 and <= Limits.LongestCode
            && (await catalog.ResolveCodesAsync(new() { Organisations = { body } }, cancellationToken: http.RequestAborted))
                .Organisations
                .Count == 0
        )
            invalid.Add("/body", "organisation.unknown", $"The Catalog has no organisation {body}.");
        var consultation = command.ConsultationId is { } of ? await read.LoadAsync<PublicConsultation>(of, http.RequestAborted) : null;
        invalid.If(
            command.ConsultationId is not null && consultation is null,
            "/consultationId",
            "consultation.unknown",
            $"There is no consultation {command.ConsultationId}."
        );
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (!caller.WorksFor([body]))
            return ConsultationProblems
                .ForeignBody.With($"A questionnaire of {body} is made by its drafters and by the publishers.")
                .ToResult();
        if (consultation is not null && !caller.WorksOn(consultation))
            return ConsultationSteps.Foreign(consultation).ToResult();
        var id = Guid.CreateVersion7();
        var now = time.GetUtcNow();
        var drafted = new QuestionnaireDrafted(
            id,
            body,
            command.Title!.Trim(),
            command.ConsultationId,
            command.About is { Kind: { } kind, Id: { } subject } ? new(kind.Trim(), subject.Trim()) : null,
            command.Access ?? QuestionnaireAccess.Anonymous,
            command.Results ?? ShowingOfResults.AfterClosing,
            caller.Actor(),
            now
        );
        var form = new QuestionnaireForm(
            QuestionnaireForm.IdOf(id, 1),
            id,
            1,
            drafted.Title,
            command.Introduction.OrNone()?.Trim(),
            pages,
            now
        );
        return await writer.Start<Questionnaire>(
            http,
            id,
            session =>
            {
                session.Insert(form);
                return Task.FromResult(Decision.Record(drafted));
            },
            recorded => new Answer(
                201,
                shown(QuestionnaireView.Of(recorded.After(), form, now, inside: true)),
                $"/api/v1/questionnaires/{id}"
            )
        );
    }
}
