using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Makes public again what was taken down: the document, or one text of it. What others say of it is shown again a moment later.</summary>
/// <param name="Reason">Why, for those who work on the document.</param>
/// <param name="Revision">The text; the whole document when left out.</param>
/// <example>{"reason": "经保密审查，可以公开。"}</example>
public sealed record PutBackDocument(string? Reason, int? Revision) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/put-back", Post).RequireAnyRole(Roles.Publisher).Produces<DocumentStep>().WithName("putBack");

    static Task<IResult> Post(Guid id, PutBackDocument command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestNote),
            (document, by) => Decide(document, command, by, time.GetUtcNow())
        );

    internal static Decision Decide(PolicyDocument document, PutBackDocument command, Actor by, DateTimeOffset now)
    {
        if (document.Down.All(d => d.Revision != command.Revision))
            return DocumentProblems.WrongState.With("It is not taken down. `takenDown` of the document names what is.");
        if (command.Revision is { } text && document.Erased.Contains(text))
            return CommonProblems.Erased.With("Its text was erased for good: there is nothing to make public again.");
        var happened = new DocumentPutBack(command.Revision, command.Reason!, by, now);
        return Decision.Record(happened).Telling(document.Changed(document.Down.Then(happened), command.Revision, putBack: true));
    }
}

/// <summary>What others are told of what is taken down.</summary>
static class VisibilityChanges
{
    /// <summary>What is down from now on.</summary>
    /// <param name="document">The document as it was.</param>
    /// <param name="down">What is down from now on.</param>
    /// <param name="revision">The text that was taken down or put back; null for the whole document.</param>
    /// <param name="putBack">Whether it was put back.</param>
    public static DocumentVisibilityChangedMessage Changed(
        this PolicyDocument document,
        IReadOnlyList<TakenDown> down,
        int? revision,
        bool putBack
    ) =>
        new(
            document.Id,
            document.Version + 1,
            revision,
            putBack,
            [.. down.Select(d => new DownPart(d.Revision, d.Explanation))],
            document.Issuers,
            document.Subject
        );
}
