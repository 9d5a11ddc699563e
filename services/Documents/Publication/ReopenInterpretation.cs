using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// Opens a signed interpretation again before publication. It is asked for here and not of Interpretation: the same history decides on
/// publishing, so that a material is never
/// changed under a document that is being published.
/// </summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "解读中的热价数据需要更新。"}</example>
public sealed record ReopenInterpretation(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/interpretation/reopen", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Signer, Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("reopenInterpretation");

    static Task<IResult> Post(
        Guid id,
        ReopenInterpretation command,
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
            (document, by) => Decide(document, command.Reason!, by, time.GetUtcNow())
        );

    internal static Decision Decide(PolicyDocument document, string reason, Actor by, DateTimeOffset now) =>
        document.IsPublished || document.Interpretation is null
            ? document.WrongState("reopened for interpretation", "while a signed interpretation waits for its publication")
            : Decision
                .Record(new InterpretationReopened(reason, by, now, document.Version + 1))
                .Telling(new InterpretationReopenedMessage(document.Id, document.Version + 1));
}
