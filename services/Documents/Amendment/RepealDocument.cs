using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Repeals a published document (废止).</summary>
/// <param name="Reason">Why; the public reads it.</param>
/// <param name="EffectiveFrom">The first day on which it is no longer in force, Asia/Shanghai; today when left out.</param>
/// <param name="RepealedBy">The published document that repeals it, in force on that day; it names this one by title or number.</param>
/// <param name="EmergencyReason">Why no published document repeals it: it is counted.</param>
/// <example>{"reason": "所依据的上级文件已废止。", "effectiveFrom": "2026-07-01",
/// "repealedBy": "01920f4e-8b4c-7d6e-8f30-1b2c3d4e5f60"}</example>
public sealed record RepealDocument(string? Reason, DateOnly? EffectiveFrom, Guid? RepealedBy, string? EmergencyReason = null) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/repeal", Post).RequireAnyRole(Roles.Publisher).Produces<DocumentStep>().WithName("repeal");

    static Task<IResult> Post(
        Guid id,
        RepealDocument command,
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
                if (!caller.Sees(document))
                    return Visibility.NotFound(id, document);
                var (by, now) = (caller.Actor(), time.GetUtcNow());
                var (decision, ground) = await way.Decide(
                    session,
                    document!,
                    new(
                        command.RepealedBy,
                        "/repealedBy",
                        command.EffectiveFrom ?? time.Today(),
                        command.EmergencyReason,
                        "A repeal is ordered by a published document (`repealedBy`), or comes of a clean-up; in an emergency it is made for a reason (`emergencyReason`).",
                        caller.Id,
                        Does: RelationKind.Repeals
                    ),
                    isReady: false,
                    new Invalid()
                        .Text("/reason", command.Reason, Limits.LongestNote)
                        .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false),
                    ground => Decide(document!, command, ground, by, now),
                    http.RequestAborted
                );
                if (decision.Events is [DocumentRepealed repealed])
                    ground.Order?.State(RelationKind.Repeals, id, repealed.EffectiveFrom, repealed.Reason, by, now);
                return decision;
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    internal static Decision Decide(PolicyDocument document, RepealDocument command, Ground ground, Actor by, DateTimeOffset now)
    {
        if (!document.IsPublished || document.HasEnded)
            return document.WrongState("repealed", "while it is published and neither repealed nor superseded");
        var from = command.EffectiveFrom ?? OfficialTime.DateIn(now);
        if (from < document.PublishedOn)
            return new Invalid()
                .Add(
                    "/effectiveFrom",
                    "date.tooEarly",
                    $"A repeal does not take effect before the publication on {document.PublishedOn:yyyy-MM-dd}."
                )
                .Problem!;
        return Decision
            .Record(new DocumentRepealed(from, ground.OrderedBy, command.Reason!, by, now, ground.Emergency))
            .Telling(new DocumentRepealedMessage(document.Id, document.Version + 1, from));
    }
}
