using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Gives a draft up before it is issued. Nothing is deleted: those who could read it still can.</summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "上级已出台统一规定，不再另行制定。"}</example>
public sealed record Withdraw(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/withdraw", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Signer, Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("withdraw");

    static Task<IResult> Post(Guid id, Withdraw command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestNote),
            (document, by) => Decide(document, command, by, time.GetUtcNow())
        );

    internal static Decision Decide(PolicyDocument document, Withdraw command, Actor by, DateTimeOffset now) =>
        document.State is DocumentState.Issued or DocumentState.Published or DocumentState.Withdrawn
            ? document.WrongState("withdrawn", "before it is issued")
            : Decision
                .Record(new DocumentWithdrawn(command.Reason!, by, now))
                .Telling(new DocumentWithdrawnMessage(document.Id, document.Version + 1));
}
