using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>
/// Gives up a text that was prepared for a published document, signed or not: it is made public by nothing any more. It stays readable for
/// those who could read it, and what is prepared next builds on the text in force.
/// </summary>
/// <param name="Reason">Why; it stays inside.</param>
/// <example>{"reason": "修改事项并入明年的整体修订，本次不再修改。"}</example>
public sealed record WithdrawRevision(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/revisions/{revision:int}/withdraw", Post)
            .RequireAnyRole(Roles.Drafter)
            .Produces<DocumentStep>()
            .WithName("withdrawRevision");

    static Task<IResult> Post(
        Guid id,
        int revision,
        WithdrawRevision command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestNote),
            (document, by) => Decide(document, revision, command.Reason!, by, time.GetUtcNow())
        );

    /// <summary>Whoever may record a text may give one up: the drafters of an issuer.</summary>
    internal static Decision Decide(PolicyDocument document, int revision, string reason, Actor by, DateTimeOffset now) =>
        !document.Issuers.Contains(by.Organisation) ? Visibility.NotFound(document.Id, document)
        : document.Prepared is { } prepared && prepared.Revision == revision
            ? Decision.Record(new RevisionWithdrawn(revision, reason, by, now))
        : DocumentProblems.RevisionNotFound.With(
            $"Revision {revision} is not the newest text that is prepared for this document. `prepared` of the document names it."
        );
}
