using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Consents, as a signer, to a change of the law in force that no document orders: what was ended by mistake comes back, days or the kind are
/// put right, the term changes. A publisher makes exactly this change then, once: another person than who consents.
/// </summary>
/// <param name="Restore">Whether a repeal or a supersession is taken back; nothing else is said then.</param>
/// <param name="EffectiveFrom">施行日期, the first day of a text, Asia/Shanghai.</param>
/// <param name="Revision">The published text that first day is of; when left out, the earliest.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Note">A word on it; it stays inside.</param>
/// <example>{"expiresOn": "2031-02-28", "note": "经核对纸质文件，有效期登记有误。"}</example>
public sealed record ConsentToChange(bool? Restore, DateOnly? EffectiveFrom, int? Revision, DocumentKind? Kind, string? Note) : IEndpoint
{
    // Null takes the end away, which is something else than leaving it as it is.
    bool saysUntilWhen;

    /// <summary>有效期至, the last day in force, Asia/Shanghai; null for no end.</summary>
    public DateOnly? ExpiresOn
    {
        get;
        init => (field, saysUntilWhen) = (value, true);
    }

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/consent", Post).RequireAnyRole(Roles.Signer).Produces<DocumentStep>().WithName("consentToChange");

    static Task<IResult> Post(Guid id, ConsentToChange command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/note", command.Note, Limits.LongestNote, required: false),
            (document, by) => Decide(document, command, by, time.GetUtcNow())
        );

    internal static Decision Decide(PolicyDocument document, ConsentToChange command, Actor by, DateTimeOffset now)
    {
        var elements = new CorrectElements(
            null,
            command.Kind,
            null,
            null,
            null,
            null,
            null,
            command.EffectiveFrom,
            command.EffectiveFrom is null ? null : command.Revision,
            ""
        );
        if (command.saysUntilWhen)
            elements = elements with { ExpiresOn = command.ExpiresOn };
        var change = command.Restore is true
            ? RestoreDocument.Decide(document, "", Ground.None, by, now)
            : CorrectElements.Decide(document, elements, null, by, now);
        return change.Problem is { } problem ? problem
            : ConsentedChange.Of(change.Events) is { } to ? Decision.Record(new ChangeConsented(to, command.Note.OrNone(), by, now))
            : new Invalid()
                .Add("", "consent.empty", "The document cannot be changed so as it is: there is nothing to consent to.")
                .Problem!;
    }

    /// <summary>Whether somebody else has consented to what these events change.</summary>
    internal static bool IsGiven(PolicyDocument document, IReadOnlyList<object> events, string by) =>
        document.Consent is { } consent && consent.By != by && consent.To == ConsentedChange.Of(events);
}
