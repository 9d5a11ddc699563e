using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Extends the term of a published document, shortens it, or declares that it has no end.</summary>
/// <param name="Reason">Why; the public reads it.</param>
/// <param name="OrderedBy">The published document that orders it (关于延长有效期的通知); it names this one by title or number.</param>
/// <param name="EmergencyReason">Why no published document orders it: it is counted.</param>
/// <example>{"expiresOn": "2033-02-28", "reason": "经评估仍有必要，有效期延长二年。",
/// "orderedBy": "01920f4e-8b4c-7d6e-8f30-1b2c3d4e5f60"}</example>
public sealed record ChangeExpiry(string? Reason, string? EmergencyReason = null, Guid? OrderedBy = null) : IEndpoint
{
    // Null takes the end away: what was only forgotten must not.
    bool saysUntilWhen;

    /// <summary>有效期至, the last day in force, Asia/Shanghai; null for no end. It is not left out.</summary>
    public DateOnly? ExpiresOn
    {
        get;
        init => (field, saysUntilWhen) = (value, true);
    }

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/expiry", Post).RequireAnyRole(Roles.Publisher).Produces<DocumentStep>().WithName("changeExpiry");

    static Task<IResult> Post(
        Guid id,
        ChangeExpiry command,
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
                        "A term is changed by order of a published document (`orderedBy`), with the consent of a signer (POST …/consent), or by a clean-up; in an emergency for a reason (`emergencyReason`).",
                        caller.Id,
                        Actor: "signer"
                    ),
                    // What stays as it is needs no ground.
                    isReady: command.ExpiresOn == document!.ExpiresOn,
                    new Invalid()
                        .Text("/reason", command.Reason, Limits.LongestNote)
                        .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false)
                        .If(
                            !command.saysUntilWhen,
                            "/expiresOn",
                            "value.missing",
                            "Say until when the document is in force; null says that it has no end."
                        ),
                    ground => Decide(document, command.ExpiresOn, command.Reason!, ground, by, now),
                    http.RequestAborted
                );
                return decision;
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    /// <summary>A term that has run out is not extended: what was not in force for a day does not come back.</summary>
    internal static Decision Decide(
        PolicyDocument document,
        DateOnly? expiresOn,
        string reason,
        Ground ground,
        Actor by,
        DateTimeOffset now
    )
    {
        var today = OfficialTime.DateIn(now);
        if (!document.IsPublished || document.HasEnded || document.ExpiresOn < today)
            return document.WrongState("given another term", "while it is published and has not ended");
        var first = document.PublicTexts.Earliest().EffectiveFrom;
        if (expiresOn < first)
            return new Invalid().Add("/expiresOn", "date.tooEarly", $"有效期至 lies before 施行日期 {first:yyyy-MM-dd}.").Problem!;
        return Decision
            .Record(new ExpiryChanged(expiresOn, reason, by, now, ground.Emergency, ground.OrderedBy))
            .Expiring(document.Id, expiresOn)
            .Telling(new DocumentExpiryChangedMessage(document.Id, document.Version + 1, expiresOn));
    }
}
