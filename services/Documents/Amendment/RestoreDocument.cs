using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Takes back a repeal or a supersession that was recorded by mistake: the document was in force all the time. The mistake stays in the
/// history, and so does what was known while it lasted. A lapse by a mistaken term is undone by putting <c>expiresOn</c> right.
/// </summary>
/// <param name="Reason">What was wrong; the public reads it.</param>
/// <example>{"reason": "废止决定所列文件系另一件，误登记于本文件。"}</example>
public sealed record RestoreDocument(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/restore", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("restoreDocument");

    static Task<IResult> Post(Guid id, RestoreDocument command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<PolicyDocument>(
            http,
            id,
            async (document, session) =>
            {
                if (!caller.WorksOn(document))
                    return Visibility.NotFound(id, document);
                if (new Invalid().Text("/reason", command.Reason, Limits.LongestNote).Problem is { } problem)
                    return problem;
                var (actor, now) = (caller.Actor(), time.GetUtcNow());
                var decision = Decide(document!, command.Reason!, actor, now);
                if (decision.Events is [DocumentRestored])
                    await session.TakeBack(
                        document!.Repealed?.RepealedBy ?? document.Superseded?.SupersededBy,
                        id,
                        document.Repealed is null ? RelationKind.Supersedes : RelationKind.Repeals,
                        command.Reason!,
                        actor,
                        now,
                        http.RequestAborted
                    );
                return decision;
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    internal static Decision Decide(PolicyDocument document, string reason, Actor by, DateTimeOffset now) =>
        !document.IsPublished || !document.HasEnded
            ? document.WrongState("restored", "while it is repealed or superseded")
            : Decision
                .Record(new DocumentRestored(document.Repealed, document.Superseded, reason, by, now))
                // A last day that passed meanwhile was not told: it had ended before.
                .Expiring(document.Id, document.HasExpired ? null : document.ExpiresOn)
                .Telling(new DocumentRestoredMessage(document.Id, document.Version + 1));
}
