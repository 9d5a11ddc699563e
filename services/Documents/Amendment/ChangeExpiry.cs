using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>Extends the term of a published document, shortens it, or declares that it has no end.</summary>
/// <param name="Reason">Why; the public reads it.</param>
/// <example>{"expiresOn": "2033-02-28", "reason": "经评估仍有必要，有效期延长二年。"}</example>
public sealed record ChangeExpiry(string? Reason) : IEndpoint
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

    static Task<IResult> Post(Guid id, ChangeExpiry command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .Text("/reason", command.Reason, Limits.LongestNote)
                .If(
                    !command.saysUntilWhen,
                    "/expiresOn",
                    "value.missing",
                    "Say until when the document is in force; null says that it has no end."
                ),
            (document, by) => Decide(document, command.ExpiresOn, command.Reason!, by, time.GetUtcNow())
        );

    /// <summary>A term that has run out is not extended: what was not in force for a day does not come back.</summary>
    internal static Decision Decide(PolicyDocument document, DateOnly? expiresOn, string reason, Actor by, DateTimeOffset now)
    {
        var today = OfficialTime.DateIn(now);
        if (!document.IsPublished || document.HasEnded || document.ExpiresOn < today)
            return document.WrongState("given another term", "while it is published and has not ended");
        var first = document.PublicTexts.Earliest().EffectiveFrom;
        if (expiresOn < first)
            return new Invalid().Add("/expiresOn", "date.tooEarly", $"有效期至 lies before 施行日期 {first:yyyy-MM-dd}.").Problem!;
        return Decision
            .Record(new ExpiryChanged(expiresOn, reason, by, now))
            .Expiring(document.Id, expiresOn)
            .Telling(new DocumentExpiryChangedMessage(document.Id, document.Version + 1, expiresOn));
    }
}
