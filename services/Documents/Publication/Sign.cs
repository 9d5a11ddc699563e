using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// Signs the newest revision (签发). Its text and its elements are frozen from then on; of what is prepared for a published document, the text.
/// </summary>
/// <param name="SignedOn">The day of the signature, Asia/Shanghai; today when left out.</param>
/// <param name="Corrects">For a text that is prepared for a published document, the revision that it corrects, for all its days, where it is
/// signed as a correction (勘误); left out it is signed as an amendment, which holds from a day on.</param>
/// <example>{"signedOn": "2026-02-12"}</example>
public sealed record Sign(DateOnly? SignedOn, int? Corrects = null) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/sign", Post).RequireAnyRole(Roles.Signer).Produces<DocumentStep>().WithName("sign");

    static Task<IResult> Post(
        Guid id,
        Sign command,
        Caller caller,
        Consultation.ConsultationClient consultations,
        WayOfChange way,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().If(command.SignedOn > time.Today(), "/signedOn", "date.inFuture", "A signature is not dated ahead."),
            document => consultations.Heard(document, time.GetUtcNow(), http.RequestAborted),
            (document, by) => Decide(document, command, by, time.GetUtcNow(), way.IsNeeded)
        );

    internal static Decision Decide(PolicyDocument document, Sign command, Actor by, DateTimeOffset now, bool needsWay = true)
    {
        if (document.Prepared is { } prepared && (Gates.Unsigned(document).Count > 0 || prepared.Corrects != command.Corrects))
            // Nobody changes the law in force alone.
            return needsWay && prepared.RecordedBy == by.Id
                    ? Gates.Problem([new("signature", "Who prepared the text does not sign it: another signer does.", "signer")])
                : Gates.BeforeSigningPrepared(document) is { Count: > 0 } missing ? Gates.Problem(missing)
                : command.Corrects is { } wrong && document.PublicTexts.All(t => t.Revision != wrong)
                    ? new Invalid()
                        .Add(
                            "/corrects",
                            "revision.unknown",
                            $"Revision {wrong} is no published text of this document. GET …/revisions lists those there are."
                        )
                        .Problem!
                : Decision.Record(Signed(document, command, by, now));
        return !document.IsBeingDrafted ? document.WrongState("signed", "while it is underReview")
            : Gates.BeforeSigning(document) is { Count: > 0 } open ? Gates.Problem(open)
            : command.Corrects is not null
                ? new Invalid()
                    .Add(
                        "/corrects",
                        "value.unexpected",
                        "A draft corrects nothing: leave `corrects` out. It is for a text that is prepared for a published document."
                    )
                    .Problem!
            : Decision.Record(Signed(document, command, by, now));
    }

    static DocumentSigned Signed(PolicyDocument document, Sign command, Actor by, DateTimeOffset now) =>
        new(document.Revision, command.SignedOn ?? OfficialTime.DateIn(now), by, now, Seal.Of(document), command.Corrects);
}
