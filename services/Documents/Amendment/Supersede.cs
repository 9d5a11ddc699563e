using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Says that another document stands in the place of a published one (被替代).</summary>
/// <param name="SupersededBy">The published document in its place, in force on that day; it names this one by title or number.</param>
/// <param name="Reason">Why; the public reads it.</param>
/// <param name="EffectiveFrom">The first day of the other one, Asia/Shanghai; today when left out.</param>
/// <param name="EmergencyReason">Why that document does not say so itself: it is counted.</param>
/// <example>{"supersededBy": "01920f4e-8b4c-7d6e-8f30-1b2c3d4e5f60", "reason": "由新办法替代。", "effectiveFrom": "2026-07-01"}</example>
public sealed record Supersede(Guid? SupersededBy, string? Reason, DateOnly? EffectiveFrom, string? EmergencyReason = null) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/supersede", Post).RequireAnyRole(Roles.Publisher).Produces<DocumentStep>().WithName("supersede");

    static Task<IResult> Post(
        Guid id,
        Supersede command,
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
                        command.SupersededBy,
                        "/supersededBy",
                        command.EffectiveFrom ?? time.Today(),
                        command.EmergencyReason,
                        "A document is superseded by a published one that names it (`supersededBy`).",
                        caller.Id,
                        Does: RelationKind.Supersedes
                    ),
                    isReady: false,
                    new Invalid()
                        .Text("/reason", command.Reason, Limits.LongestNote)
                        .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false)
                        .If(
                            command.SupersededBy is null,
                            "/supersededBy",
                            "value.missing",
                            "The id of the document in its place is required."
                        ),
                    ground => Decide(document!, command, ground, by, now),
                    http.RequestAborted
                );
                if (decision.Events is [DocumentSuperseded superseded])
                    ground.Order!.State(RelationKind.Supersedes, id, superseded.EffectiveFrom, superseded.Reason, by, now);
                return decision;
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    internal static Decision Decide(PolicyDocument document, Supersede command, Ground ground, Actor by, DateTimeOffset now)
    {
        if (!document.IsPublished || document.HasEnded)
            return document.WrongState("superseded", "while it is published and neither repealed nor superseded");
        var from = command.EffectiveFrom ?? OfficialTime.DateIn(now);
        if (from < document.PublishedOn)
            return new Invalid()
                .Add(
                    "/effectiveFrom",
                    "date.tooEarly",
                    $"A document is not superseded before its publication on {document.PublishedOn:yyyy-MM-dd}."
                )
                .Problem!;
        return Decision
            .Record(new DocumentSuperseded(from, command.SupersededBy!.Value, command.Reason!, by, now, ground.Emergency))
            .Telling(new DocumentSupersededMessage(document.Id, document.Version + 1, from, command.SupersededBy.Value));
    }
}
