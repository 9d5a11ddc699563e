using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Takes a published document, or one text of it, from the public at once (D 14, 15): it is gone from the library, its lists, feeds and
/// exports, and so is all that other services say of it. Everybody reads the explanation in its place; those who work on the document go on
/// reading it. Nothing is lost, and <c>put-back</c> makes it public again.
/// </summary>
/// <param name="Ground">On what ground.</param>
/// <param name="Explanation">What the public reads in its place. It does not repeat what is to be kept back.</param>
/// <param name="Reason">Why, for those who work on the document.</param>
/// <param name="Revision">The text; the whole document when left out.</param>
/// <example>{"ground": "personalData", "explanation": "该文件正在核查，暂停公开。", "reason": "附件名单中含有公民身份号码。"}</example>
public sealed record TakeDownDocument(TakeDownGround? Ground, string? Explanation, string? Reason, int? Revision) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/take-down", Post)
            .RequireAnyRole(Roles.Publisher)
            .TakesFromPublic()
            .Produces<TakenDownStep>()
            .WithName("takeDown");

    static Task<IResult> Post(
        Guid id,
        TakeDownDocument command,
        Caller caller,
        EventWriter writer,
        HiddenElsewhere elsewhere,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Append<PolicyDocument, IReadOnlyList<string>>(
            http,
            id,
            // Before it is gone here, so that whoever finds it gone finds nothing of it anywhere.
            async document =>
            {
                if (
                    !caller.WorksOn(document)
                    || http.Request.StaleIfMatch(document!.Version) is not null
                    || Decide(document, command, caller.Actor(), time.GetUtcNow()).Problem is not null
                )
                    return [];
                http.CarryOut();
                return await elsewhere.Hide(document, command.Revision, command.Explanation!);
            },
            (document, unheard, _) =>
                Task.FromResult(
                    caller.WorksOn(document)
                        ? Decide(document!, command, caller.Actor(), time.GetUtcNow()).Knowing(unheard)
                        : Visibility.NotFound(id, document)
                ),
            recorded => new Answer(200, new TakenDownStep(id, recorded.Version, recorded.Known<IReadOnlyList<string>>()!))
        );

    internal static Decision Decide(PolicyDocument document, TakeDownDocument command, Actor by, DateTimeOffset now)
    {
        if (!document.IsPublished)
            return document.WrongState("taken from the public", "while it is published");
        var invalid = new Invalid()
            .If(
                command.Ground is null,
                "/ground",
                "value.missing",
                $"One of {string.Join(", ", Enum.GetValues<TakeDownGround>().Select(JsonDefaults.Word))}."
            )
            .Text("/explanation", command.Explanation, Limits.LongestNote)
            .Text("/reason", command.Reason, Limits.LongestNote)
            .If(
                command.Revision is { } text && document.PublicTexts.All(t => t.Revision != text),
                "/revision",
                "revision.unknown",
                $"Revision {command.Revision} is not public. GET …/revisions lists those there are."
            );
        if (invalid.Problem is { } problem)
            return problem;
        if (document.Down.Any(d => d.Revision == command.Revision))
            return DocumentProblems.WrongState.With("It is taken down already. POST …/put-back makes it public again.");
        var happened = new DocumentTakenDown(command.Revision, command.Ground!.Value, command.Explanation!, command.Reason!, by, now);
        return Decision.Record(happened).Telling(document.Changed(document.Down.Then(happened), command.Revision, putBack: false));
    }
}

/// <summary>The answer to a take-down.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of the document from now on: its ETag.</param>
/// <param name="NotYetIn">The services that did not answer just now: they hide what they show of it as soon as they hear of it.</param>
public sealed record TakenDownStep(Guid Id, long Version, IReadOnlyList<string> NotYetIn);
