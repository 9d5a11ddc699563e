using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>
/// Opens a plan by hand: before issuance, or to follow up on a document in force (跟踪解读). The plan of the issuance is opened by the review.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Phase">preIssuance or postImplementation.</param>
/// <param name="Reason">Why.</param>
/// <example>{"documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f", "phase": "postImplementation",
/// "reason": "申领条件咨询集中，需要二次解读。"}</example>
public sealed record OpenPlan(Guid? DocumentId, Phase? Phase, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretation-plans", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<PlanView>(201)
            .WithName("openPlan");

    static async Task<IResult> Post(
        OpenPlan command,
        Caller caller,
        Documents.DocumentsClient documents,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .If(command.DocumentId is null, "/documentId", "value.missing", "The document is required.")
            .If(
                command.Phase is null or Plans.Phase.Issuance,
                "/phase",
                "phase.wrong",
                "One of preIssuance and postImplementation. The plan of the issuance is opened when the document goes to review."
            )
            .Text("/reason", command.Reason, Limits.LongestReason);
        var document = command.DocumentId is { } id ? await documents.Seen(id, "/documentId", invalid, http.RequestAborted) : null;
        invalid
            .If(
                document?.PublishedOn.Length == 0 && command.Phase is Plans.Phase.PostImplementation,
                "/phase",
                "phase.wrong",
                "The document is not published yet; it is followed up on after that."
            )
            .If(
                document?.PublishedOn.Length > 0 && command.Phase is Plans.Phase.PreIssuance,
                "/phase",
                "phase.wrong",
                "The document is published; it is followed up on: postImplementation."
            );
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var opened = new PlanOpened(
            Guid.CreateVersion7(),
            command.DocumentId!.Value,
            document!.Title,
            document.Issuers,
            command.Phase!.Value,
            document.CurrentRevision,
            command.Reason!.Trim(),
            caller.Actor(),
            time.GetUtcNow()
        );
        return await writer.Start<InterpretationPlan>(
            http,
            opened.PlanId,
            _ =>
                Task.FromResult<Decision>(
                    caller.WorksFor(document.Issuers)
                        ? Decision.Record(opened)
                        : InterpretationProblems.ForeignBody.With(
                            $"The document is issued by {string.Join(", ", document.Issuers)}; they plan its interpretation."
                        )
                ),
            recorded => new Answer(201, PlanView.Of(recorded.After()), $"/api/v1/interpretation-plans/{opened.PlanId}")
        );
    }
}
