using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// Lets a document be published without interpretation, such as a purely internal arrangement. The reason is recorded and counted (W 五).
/// </summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "仅涉及机关内部工作安排，不需要解读。"}</example>
public sealed record ExemptInterpretation(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/interpretation/exemption", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("exemptInterpretation");

    static Task<IResult> Post(
        Guid id,
        ExemptInterpretation command,
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
        document.State is DocumentState.Published or DocumentState.Withdrawn
            ? document.WrongState("exempted from interpretation", "before it is published")
            : Decision
                .Record(new InterpretationExempted(reason, by, now))
                .Telling(
                    new InterpretationExemptedMessage(
                        document.Id,
                        document.Version + 1,
                        document.Revision,
                        document.Title,
                        document.Issuers,
                        reason
                    )
                );
}
