using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>
/// Opens the evaluation of a published document with its plan: what is measured, how, and what was aimed at. A drafter opens those of
/// documents that the own organisation issued.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Purpose">What is to be found out.</param>
/// <param name="Indicators">What is measured; the weights are 100 together.</param>
/// <param name="DueOn">When the conclusion is to be there, Asia/Shanghai.</param>
/// <example>{"documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f", "purpose": "评估供热退费办法实施两年的效果。", "indicators": [{"code": "T1",
/// "name": "退费办结率", "method": "热线工单办结数除以受理数", "target": 95, "unit": "%", "weight": 100}]}</example>
public sealed record OpenEvaluation(Guid? DocumentId, string? Purpose, IReadOnlyList<GivenIndicator>? Indicators, DateOnly? DueOn)
    : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/evaluations", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<EvaluationView>(201)
            .WithName("openEvaluation");

    static async Task<IResult> Post(
        OpenEvaluation command,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().If(command.DocumentId is null, "/documentId", "value.missing", "The document is required.");
        var plan = GivenPlan.Read(command.Purpose, command.Indicators, command.DueOn, time.Today(), invalid);
        var document = command.DocumentId is { } id ? await documents.Seen(id, "/documentId", invalid, http.RequestAborted) : null;
        if (document is not null && !caller.WorksFor(document.Issuers))
            return EvaluationSteps.Foreign(document.Issuers).ToResult();
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (document!.DocumentState is not DocumentState.Published)
            return ConsultationProblems
                .EvaluationDocument.With($"The document is {document.DocumentState.GivenWord()}. It can be evaluated once it is published.")
                .ToResult();
        var opened = new EvaluationOpened(
            Guid.CreateVersion7(),
            command.DocumentId!.Value,
            document.Title,
            [.. document.Issuers],
            plan,
            caller.Actor(),
            time.GetUtcNow()
        );
        return await writer.Start<Evaluation>(
            http,
            opened.EvaluationId,
            async session =>
            {
                // Two that open at once take turns, and so does what the platform proposes: a document is evaluated once at a time.
                await session.TakeTurn(opened.DocumentId, http.RequestAborted);
                return await session.UnderEvaluation(opened.DocumentId, http.RequestAborted) switch
                {
                    { State: EvaluationState.Proposed } proposed => ConsultationProblems.UnderEvaluation.With(
                        $"The platform proposes to evaluate the document: {proposed.Note} Take that up: POST /api/v1/evaluations/{proposed.Id}/open."
                    ),
                    { } other => ConsultationProblems.UnderEvaluation.With(
                        $"The document is evaluated in {other.Id}, which has no conclusion yet. Go on there: GET /api/v1/evaluations/{other.Id}."
                    ),
                    null => Decision.Record(opened),
                };
            },
            recorded => new Answer(
                201,
                EvaluationView.Of(recorded.After(), inside: true, whole: true),
                $"/api/v1/evaluations/{opened.EvaluationId}"
            )
        );
    }
}
