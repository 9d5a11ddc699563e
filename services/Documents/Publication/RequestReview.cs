using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Sends the newest revision of a draft to review, or the text that is prepared for a published document.</summary>
/// <param name="Note">A word for the reviewers.</param>
/// <example>{"note": "已采纳公众意见3条，请审核。"}</example>
public sealed record RequestReview(string? Note) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/review", Post).RequireAnyRole(Roles.Drafter).Produces<DocumentStep>().WithName("requestReview");

    static Task<IResult> Post(Guid id, RequestReview command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/note", command.Note, Limits.LongestNote, required: false),
            (document, by) => Decide(document, command, by, time.GetUtcNow())
        );

    internal static Decision Decide(PolicyDocument document, RequestReview command, Actor by, DateTimeOffset now) =>
        !document.Issuers.Contains(by.Organisation) ? Visibility.NotFound(document.Id, document)
        // What is prepared for a published document is explained by those who amend its interpretation.
        : document.Prepared is { SentToReviewAt: null } ? Decision.Record(new ReviewRequested(document.Revision, command.Note, by, now))
        : document.State is not (DocumentState.Drafting or DocumentState.InConsultation)
            ? document.WrongState("sent to review", "while it is drafting or inConsultation")
        : Decision
            .Record(new ReviewRequested(document.Revision, command.Note, by, now))
            .Telling(
                new DocumentSentToReviewMessage(document.Id, document.Version + 1, document.Revision, document.Title, document.Issuers)
            );
}
