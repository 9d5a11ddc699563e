using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Records the outcome of the legality review (M 25–26) of the newest revision, or of a text that is prepared for a published one.</summary>
/// <param name="Passed">Whether the text may go on; one that may not goes back to drafting.</param>
/// <param name="Opinion">The opinion; process information that the public never sees (D 16).</param>
/// <param name="Revision">The revision that was reviewed; the newest when left out.</param>
/// <param name="UrgentReason">Why a text passed before the working days were over that a review has at least.</param>
/// <example>{"passed": true, "opinion": "制定主体、权限、程序和内容合法，建议提请集体讨论。"}</example>
public sealed record RecordLegalityReview(bool? Passed, string? Opinion, int? Revision, string? UrgentReason = null) : IEndpoint
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
        NormativeRules rules,
        Catalog.CatalogClient catalog,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid()
            .If(command.Passed is null, "/passed", "value.missing", "Say whether the text passed: true or false.")
            .Text("/opinion", command.Opinion, LongestOpinion)
            .Text("/urgentReason", command.UrgentReason, Limits.LongestNote, required: false);
        return writer.Append<PolicyDocument, DateOnly?>(
            http,
            id,
            // Counted over the calendar of the Catalog, before anything is held.
            async document =>
                caller.WorksOn(document)
                && invalid.Problem is null
                && command.Passed is true
                && command.UrgentReason.OrNone() is null
                && (document!.Prepared is { } prepared ? prepared.SentToReviewAt : document.SentToReviewAt) is { } sent
                    ? await rules.LegalityFrom(catalog, sent, http.RequestAborted)
                    : null,
            (document, from, _) =>
                Task.FromResult(
                    !caller.WorksOn(document) ? Visibility.NotFound(id, document)
                    : invalid.Problem is { } problem ? problem
                    : Decide(document!, command, from, caller.Actor(), time.GetUtcNow())
                ),
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );
    }

    /// <summary>Only the newest revision can be reviewed: an opinion on an older one says nothing about what would be signed.</summary>
    internal static Decision Decide(PolicyDocument document, RecordLegalityReview command, DateOnly? from, Actor by, DateTimeOffset now) =>
        !document.IsBeingReviewed && document.Prepared?.SentToReviewAt is null
            ? document.WrongState("reviewed for legality", "from underReview on, until it is published")
        : command.Revision is { } reviewed && reviewed != document.Revision
            ? DocumentProblems.WrongState.With(
                $"Revision {document.Revision} has been recorded since revision {reviewed}. Review the newest text."
            )
        : from > OfficialTime.DateIn(now)
            ? new Invalid()
                .Add(
                    "/urgentReason",
                    "legality.tooEarly",
                    $"A legality review has time until {from:yyyy-MM-dd} at least. A text passes before that for a reason in `urgentReason`."
                )
                .Problem!
        : Decision.Record(
            new LegalityReviewed(document.Revision, command.Passed!.Value, command.Opinion!, by, now, command.UrgentReason.OrNone())
        );
}
