using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// Takes a planned publication back before its instant: the document stays issued, and is published when that is said again. Another instant
/// is set by planning it anew.
/// </summary>
/// <param name="Reason">Why; it stays inside.</param>
/// <example>{"reason": "配套细则尚未印发，发布时间另定。"}</example>
public sealed record CancelPublication(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/publish/cancel", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("cancelPublication");

    static Task<IResult> Post(Guid id, CancelPublication command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestNote),
            (document, by) => Decide(document, command.Reason!, by, time.GetUtcNow())
        );

    /// <summary>The note for the instant stays where it is, and finds nothing to do.</summary>
    internal static Decision Decide(PolicyDocument document, string reason, Actor by, DateTimeOffset now) =>
        document.Scheduled is { } planned
            ? Decision.Record(new PublicationCancelled(planned.PublishAt, reason, by, now))
            : document.WrongState("taken out of the plan for publication", "while its publication is planned");
}
