using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Gives a signed document its number and date (编号).</summary>
/// <param name="DocumentNumber">发文字号 in any bracket style: 章政办发[2025]2号. An order or announcement that does not say whose it is, 令第157号,
/// gets the name of the leading issuer.</param>
/// <param name="WrittenOn">成文日期, Asia/Shanghai.</param>
/// <example>{"documentNumber": "云泽政办发〔2026〕5号", "writtenOn": "2026-02-13"}</example>
public sealed record Issue(string? DocumentNumber, DateOnly? WrittenOn) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/issue", Post).RequireAnyRole(Roles.Publisher).Produces<DocumentStep>().WithName("issue");

    static Task<IResult> Post(
        Guid id,
        Issue command,
        Caller caller,
        EventWriter writer,
        CatalogCodes catalog,
        Consultation.ConsultationClient consultations,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Append<PolicyDocument, (Text.DocumentNumber? Number, IReadOnlyList<object> Heard)>(
            http,
            id,
            async document =>
                caller.Sees(document) && Text.DocumentNumber.TryParse(command.DocumentNumber, out var typed)
                    ? (
                        await catalog.Complete(typed, document!.Issuers[0], http.RequestAborted),
                        await consultations.Heard(document, time.GetUtcNow(), http.RequestAborted)
                    )
                    : (null, []),
            async (document, asked, session) =>
            {
                var (number, heard) = asked;
                if (!caller.Sees(document))
                    return Visibility.NotFound(id, document);
                var invalid = new Invalid()
                    .If(number is null, "/documentNumber", "documentNumber.malformed", Text.DocumentNumber.Example)
                    .If(command.WrittenOn is null, "/writtenOn", "value.missing", "成文日期 is required.")
                    .If(command.WrittenOn > time.Today(), "/writtenOn", "date.inFuture", "成文日期 is not dated ahead.");
                if (invalid.Problem is { } problem)
                    return problem;
                var taken = await session.LoadAsync<TakenNumber>(number!.ToString(), http.RequestAborted);
                var decision = Decide(document!.Hearing(heard), number, command.WrittenOn!.Value, taken, caller.Actor(), time.GetUtcNow());
                // The row's key makes two who issue the same number at once meet; the second decides again and sees it taken.
                if (decision.Problem is null)
                    session.Insert(new TakenNumber(number.ToString(), id));
                return decision.Having(heard);
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    /// <summary>A number belongs to one document. Withdrawn documents never had one: withdrawal ends with issue.</summary>
    internal static Decision Decide(
        PolicyDocument document,
        DocumentNumber number,
        DateOnly writtenOn,
        TakenNumber? taken,
        Actor by,
        DateTimeOffset now
    ) =>
        document.State is not DocumentState.Signed ? document.WrongState("issued", "once it is signed")
        : Gates.AfterSigning(document) is { Count: > 0 } open ? Gates.Problem(open)
        : taken is not null ? DocumentProblems.NumberTaken.With($"{number} belongs to another document. Give the next free number.")
        : Decision
            .Record(new DocumentIssued(number, writtenOn, by, now))
            .Telling(
                new DocumentIssuedMessage(
                    document.Id,
                    document.Version + 1,
                    document.Title,
                    document.Issuers,
                    writtenOn,
                    document.Disclosure is { Attribute: DisclosureKind.Proactive },
                    document.DisclosureItem
                )
            );
}
