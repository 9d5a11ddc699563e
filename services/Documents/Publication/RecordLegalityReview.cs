using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Records the outcome of the legality review (M 25–26) of the newest revision.</summary>
/// <param name="Passed">Whether the text may go on; one that may not goes back to drafting.</param>
/// <param name="Opinion">The opinion; process information that the public never sees (D 16).</param>
/// <param name="Revision">The revision that was reviewed; the newest when left out.</param>
/// <example>{"passed": true, "opinion": "制定主体、权限、程序和内容合法，建议提请集体讨论。"}</example>
public sealed record RecordLegalityReview(bool? Passed, string? Opinion, int? Revision) : IEndpoint
{
    const int LongestOpinion = 20_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/legality", Post)
            .RequireAnyRole(Roles.Reviewer)
            .Produces<DocumentStep>()
            .WithName("recordLegalityReview");

    static Task<IResult> Post(
        Guid id,
        RecordLegalityReview command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .If(command.Passed is null, "/passed", "value.missing", "Say whether the text passed: true or false.")
                .Text("/opinion", command.Opinion, LongestOpinion),
            (document, by) => Decide(document, command, by, time.GetUtcNow())
        );

    /// <summary>Only the newest revision can be reviewed: an opinion on an older one says nothing about what would be signed.</summary>
    internal static Decision Decide(PolicyDocument document, RecordLegalityReview command, Actor by, DateTimeOffset now) =>
        !document.IsBeingReviewed ? document.WrongState("reviewed for legality", "from underReview on, until it is published")
        : command.Revision is { } reviewed && reviewed != document.Revision
            ? DocumentProblems.WrongState.With(
                $"Revision {document.Revision} has been recorded since revision {reviewed}. Review the newest text."
            )
        : Decision.Record(new LegalityReviewed(document.Revision, command.Passed!.Value, command.Opinion!, by, now));
}
