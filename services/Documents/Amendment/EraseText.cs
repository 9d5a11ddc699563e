using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Erases a text, or one file of it, for good (Personal Information Protection Law, art. 47): what is published is taken from the public
/// first. The hashes stay, so that the chain over all texts goes on being verifiable; the text and the bytes do not, and nobody brings them
/// back. Change notes, titles and the names of files stay: they are not repeated in what is erased.
/// </summary>
/// <param name="Reason">Why, for those who work on the document. It does not repeat what is erased.</param>
/// <param name="File">The SHA-256 of the file that is erased, in this text and in all others that hold it; the text with all its files when
/// left out.</param>
/// <example>{"reason": "附件名单含有公民身份号码，依申请删除。"}</example>
public sealed record EraseText(string? Reason, string? File) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/revisions/{revision:int}/erase", Post)
            .RequireAnyRole(Roles.PersonalData)
            .Produces<DocumentStep>()
            .TakesFromPublic()
            .WithName("eraseText");

    static Task<IResult> Post(
        Guid id,
        int revision,
        EraseText command,
        Caller caller,
        EventWriter writer,
        HiddenElsewhere elsewhere,
        TimeProvider time,
        HttpContext http
    )
    {
        return writer.Append<PolicyDocument, Problem?>(
            http,
            id,
            // What was put up for the public is erased where it is by the message; until that has come nobody reads it there.
            async document =>
            {
                if (
                    command.File is not null
                    || document is not { Consultations.Count: > 0 }
                    || http.Request.StaleIfMatch(document.Version) is not null
                    || Decide(
                        document,
                        revision,
                        command,
                        revision >= 1 && revision <= document.Revision ? [revision] : null,
                        caller.Actor(),
                        time.GetUtcNow()
                    ).Problem
                        is not null
                )
                    return null;
                http.CarryOut();
                return await elsewhere.HideErased(document, revision) ? null : NotHidden;
            },
            async (document, notHidden, session) =>
            {
                if (document is null)
                    return Visibility.NotFound(id, document);
                if (notHidden is not null)
                    return notHidden;
                var erasing = await Erasing.Of(session, document, revision, command.File, http.RequestAborted);
                var decision = Decide(document, revision, command, erasing?.Revisions, caller.Actor(), time.GetUtcNow());
                if (decision.Problem is null)
                    erasing!.Carry(session, time.GetUtcNow());
                return decision;
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );
    }

    // Half-done it would be said to be gone, and be read where it was put up.
    static Problem NotHidden =>
        CommonProblems.Unavailable.With(
            $"The public was asked about this text, and Consultation cannot hide it just now. Nothing was erased; send the request again."
        ) with
        {
            RetryAfterSeconds = 30,
        };

    internal static Decision Decide(
        PolicyDocument document,
        int revision,
        EraseText command,
        IReadOnlyList<int>? revisions,
        Actor by,
        DateTimeOffset now
    )
    {
        if (new Invalid().Text("/reason", command.Reason, Limits.LongestNote).Problem is { } problem)
            return problem;
        if (revisions is null)
            return DocumentProblems.RevisionNotFound.With($"There is no revision {revision} of this document.");
        if (document.Erased.Contains(revision))
            return CommonProblems.Erased.With("It was erased for good already.");
        if (command.File is not null && revisions.Count == 0)
            return DocumentProblems.FileNotFound.With($"Revision {revision} has no such file, or it was erased already.");
        if (revisions.Where(r => Obstacle(document, r) is not null).Cast<int?>().FirstOrDefault() is { } kept)
            return DocumentProblems.WrongState.With(Obstacle(document, kept)!);
        var decision = Decision.Record(new RevisionErased(revision, command.File, command.Reason!, by, now));
        return command.File is null
            ? decision.Telling(new RevisionErasedMessage(document.Id, document.Version + 1, revision, now))
            : decision;
    }

    // What somebody still goes by is not erased under them.
    static Wording? Obstacle(PolicyDocument document, int revision)
    {
        if (document.PublicTexts.Any(t => t.Revision == revision))
            return document.Down.Any(d => d.Revision == revision)
                ? (Wording?)null
                : $"Revision {revision} is a published text. Take it from the public first: POST …/take-down with this revision.";
        if (document.Consultations.Any(c => !c.IsOver && c.Revision == revision))
            return $"The public is being asked about revision {revision}. Go on with another revision, or cancel the consultation, first.";
        return revision == document.Revision && document.State is not (DocumentState.Withdrawn or DocumentState.Published)
            ? (Wording)$"Revision {revision} is the newest text of a draft. Record the text as it should be, or withdraw the draft, first."
            : (Wording?)null;
    }
}
