using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Extends the term of a published document, shortens it, or declares that it has no end.</summary>
/// <param name="Reason">Why; the public reads it.</param>
/// <param name="EmergencyReason">Why a term is shortened though no published document orders it: it is counted.</param>
/// <example>{"expiresOn": "2033-02-28", "reason": "经评估仍有必要，有效期延长二年。"}</example>
public sealed record ChangeExpiry(string? Reason, string? EmergencyReason = null) : IEndpoint
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
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .Text("/reason", command.Reason, Limits.LongestNote)
                .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false)
                .If(
                    !command.saysUntilWhen,
                    "/expiresOn",
                    "value.missing",
                    "Say until when the document is in force; null says that it has no end."
                ),
            (document, by) =>
            {
                var shortens = command.ExpiresOn is { } last && !(document.ExpiresOn <= last);
                var noWay = shortens ? way.Missing(orderedBy: null, command.EmergencyReason, Ways) : null;
                return noWay is not null
                    ? noWay
                    : Decide(
                        document,
                        command.ExpiresOn,
                        command.Reason!,
                        by,
                        time.GetUtcNow(),
                        shortens ? command.EmergencyReason.OrNone() : null
                    );
            }
        );

    static Wording Ways =>
        "A term is shortened by a repeal that a published document orders, or by a clean-up; in an emergency it is shortened for a reason (`emergencyReason`).";

    /// <summary>A term that has run out is not extended: what was not in force for a day does not come back.</summary>
    internal static Decision Decide(
        PolicyDocument document,
        DateOnly? expiresOn,
        string reason,
        Actor by,
        DateTimeOffset now,
        string? emergencyReason = null
    )
    {
        var today = OfficialTime.DateIn(now);
        if (!document.IsPublished || document.HasEnded || document.ExpiresOn < today)
            return document.WrongState("given another term", "while it is published and has not ended");
        var first = document.PublicTexts.Earliest().EffectiveFrom;
        if (expiresOn < first)
            return new Invalid().Add("/expiresOn", "date.tooEarly", $"有效期至 lies before 施行日期 {first:yyyy-MM-dd}.").Problem!;
        return Decision
            .Record(new ExpiryChanged(expiresOn, reason, by, now, emergencyReason))
            .Expiring(document.Id, expiresOn)
            .Telling(new DocumentExpiryChangedMessage(document.Id, document.Version + 1, expiresOn));
    }
}
