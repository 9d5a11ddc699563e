using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Puts right what was said of a published amendment or correction; the history shows both.</summary>
/// <param name="Note">What is to be said of it.</param>
/// <param name="Reason">Why; the public reads it.</param>
/// <example>{"note": "根据区政府第15次常务会议决定修改：提高室温标准。", "reason": "原说明中会议届次有误。"}</example>
public sealed record CorrectNote(string? Note, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/revisions/{revision:int}/note", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("correctNote");

    static Task<IResult> Post(
        Guid id,
        int revision,
        CorrectNote command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/note", command.Note, Limits.LongestNote).Text("/reason", command.Reason, Limits.LongestNote),
            (document, by) => Decide(document, revision, command.Note!, command.Reason!, by, time.GetUtcNow())
        );

    /// <summary>Of a draft the next revision says what was changed; the text as published has no note.</summary>
    internal static Decision Decide(PolicyDocument document, int revision, string note, string reason, Actor by, DateTimeOffset now)
    {
        if (!document.IsPublished)
            return document.WrongState("put right in its notes", "once it is published");
        if (document.PublicTexts.FirstOrDefault(t => t.Revision == revision) is not { Note: { } before })
            return DocumentProblems.RevisionNotFound.With(
                $"Revision {revision} is no amendment or correction of this document. GET …/revisions lists them."
            );
        return before == note ? Decision.Record() : Decision.Record(new NoteCorrected(revision, note, reason, by, now));
    }
}
