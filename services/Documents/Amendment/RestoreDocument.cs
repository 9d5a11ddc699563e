using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.ServiceDefaults;
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
/// <param name="OrderedBy">The published document that orders it; it names this one by title or number.</param>
/// <param name="EmergencyReason">Why no published document orders it: it is counted.</param>
/// <example>{"reason": "废止决定所列文件系另一件，误登记于本文件。", "orderedBy": "01920f4e-8b4c-7d6e-8f30-1b2c3d4e5f60"}</example>
public sealed record RestoreDocument(string? Reason, Guid? OrderedBy = null, string? EmergencyReason = null) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/restore", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("restoreDocument");

    static Task<IResult> Post(
        Guid id,
        RestoreDocument command,
        Caller caller,
        WayOfChange way,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Append<PolicyDocument>(
            http,
            id,
            async (document, session) =>
            {
                if (!caller.WorksOn(document))
                    return Visibility.NotFound(id, document);
                var (by, now) = (caller.Actor(), time.GetUtcNow());
                var (decision, _) = await way.Decide(
                    session,
                    document!,
                    new(
                        command.OrderedBy,
                        "/orderedBy",
                        time.Today(),
                        command.EmergencyReason,
                        "What was repealed or superseded comes back into force by order of a published document (`orderedBy`), or with the consent of a signer (POST …/consent); in an emergency for a reason (`emergencyReason`).",
                        caller.Id,
                        Actor: "signer"
                    ),
                    isReady: false,
                    new Invalid()
                        .Text("/reason", command.Reason, Limits.LongestNote)
                        .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false),
                    ground => Decide(document!, command.Reason!, ground, by, now),
                    http.RequestAborted
                );
                if (decision.Events is [DocumentRestored])
                    await session.TakeBack(
                        document!.Repealed?.RepealedBy ?? document.Superseded?.SupersededBy,
                        id,
                        document.Repealed is null ? RelationKind.Supersedes : RelationKind.Repeals,
                        command.Reason!,
                        by,
                        now,
                        http.RequestAborted
                    );
                return decision;
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    internal static Decision Decide(PolicyDocument document, string reason, Ground ground, Actor by, DateTimeOffset now) =>
        !document.IsPublished || !document.HasEnded
            ? document.WrongState("restored", "while it is repealed or superseded")
            : Decision
                .Record(new DocumentRestored(document.Repealed, document.Superseded, reason, by, now, ground.OrderedBy, ground.Emergency))
                // A last day that passed meanwhile was not told: it had ended before.
                .Expiring(document.Id, document.HasExpired ? null : document.ExpiresOn)
                .Telling(new DocumentRestoredMessage(document.Id, document.Version + 1));
}
