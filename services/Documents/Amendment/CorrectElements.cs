using JasperFx.Events;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Puts elements of a published document right, or completes them (要素更正, W 十一); a field that is left out stays as it is. 索引号 stays: others
/// refer to it. What changes the law in force, the first day of a text, the last day, and 行政规范性文件 that become other documents, for which
/// fewer rules hold, goes the way of such a change: it is ordered by a published document, consented to by a signer, or counted as an
/// emergency. What becomes 行政规范性文件 has more rules from then on, and needs none.
/// </summary>
/// <param name="Title">标题 as it should have been; it takes the place of that of <paramref name="Revision"/>, or else of the title today,
/// for all the days that this was one.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="DocumentNumber">发文字号 in any bracket style. The wrong one is free again.</param>
/// <param name="WrittenOn">成文日期, Asia/Shanghai.</param>
/// <param name="PublishedOn">发布日期, Asia/Shanghai.</param>
/// <param name="EffectiveFrom">施行日期, the first day of a text, Asia/Shanghai.</param>
/// <param name="Revision">The published text that first day and title are of; when left out, the earliest has the day.</param>
/// <param name="Reason">What was wrong; the public reads it.</param>
/// <param name="ExchangeWith">Another published document: where each of two documents has the number of the other one, both are exchanged at
/// once, for the same reason. <paramref name="DocumentNumber"/> can say which one this document gets.</param>
/// <param name="OrderedBy">Where that changes the law in force, the published document that orders it; it names this one by title or number.</param>
/// <param name="EmergencyReason">Where that changes the law in force, why no published document orders it: it is counted.</param>
/// <example>{"documentNumber": "云泽政发〔2026〕5号", "subject": "CXJS", "reason": "导入时文号有误，主题分类遗漏。"}</example>
public sealed record CorrectElements(
    string? Title,
    DocumentKind? Kind,
    IReadOnlyList<string>? Issuers,
    string? Subject,
    string? DocumentNumber,
    DateOnly? WrittenOn,
    DateOnly? PublishedOn,
    DateOnly? EffectiveFrom,
    int? Revision,
    string? Reason,
    Guid? ExchangeWith = null,
    Guid? OrderedBy = null,
    string? EmergencyReason = null
) : IEndpoint
{
    // Null takes the end away, which is something else than leaving it as it is.
    bool saysUntilWhen;

    /// <summary>有效期至, the last day in force, Asia/Shanghai; null for no end. Unlike a change of the term this undoes a lapse, too.</summary>
    public DateOnly? ExpiresOn
    {
        get;
        init => (field, saysUntilWhen) = (value, true);
    }

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/elements", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("correctElements");

    static Task<IResult> Post(
        Guid id,
        CorrectElements command,
        Caller caller,
        CatalogCodes catalog,
        WayOfChange way,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Append<PolicyDocument, (Text.DocumentNumber? Number, Problem? Wrong)>(
            http,
            id,
            document =>
                caller.WorksOn(document)
                    ? Ask(document!, command, catalog, time.Today(), http.RequestAborted)
                    : Task.FromResult<(Text.DocumentNumber?, Problem?)>(default),
            async (document, asked, session) =>
            {
                if (!caller.WorksOn(document))
                    return Visibility.NotFound(id, document);
                if (asked.Wrong is { } wrong)
                    return wrong;
                var (other, refused) = await Other(document!, command, asked.Number, session, http.RequestAborted);
                if (refused is not null)
                    return refused;
                var (by, now) = (caller.Actor(), time.GetUtcNow());
                var decision = Decide(document!, command, asked.Number ?? other?.Aggregate!.Number, by, now);
                if (decision.Problem is null && way.IsNeeded && BeforeSignature(document!, command) is { } early)
                    return early;
                var (ground, noWay) = await way.Find(
                    session,
                    document!,
                    new(
                        command.OrderedBy,
                        "/orderedBy",
                        time.Today(),
                        command.EmergencyReason,
                        "First and last days, and a kind with fewer rules, change the law in force: a published document orders that (`orderedBy`), or a signer consents (POST …/consent); in an emergency it is done for a reason (`emergencyReason`).",
                        caller.Id,
                        ConsentToChange.IsGiven(document!, decision.Events, caller.Id),
                        Obstacle: decision.Problem,
                        Actor: "signer"
                    ),
                    isReady: !decision.Events.Any(ChangesTheLaw),
                    new(),
                    http.RequestAborted
                );
                if (noWay is not null)
                    return noWay;
                decision = On(ground, decision);
                if (decision.Events is not [ElementsCorrected corrected, ..])
                    return decision;
                return other is not null && corrected.After.Number is not null
                        ? await Exchange(document!, decision, corrected, other, session)
                    : await session.Rename(document!, corrected, http.RequestAborted) is { } taken ? taken
                    : decision;

                async Task<Decision> Exchange(
                    PolicyDocument one,
                    Decision decision,
                    ElementsCorrected corrected,
                    IEventStream<PolicyDocument> other,
                    IDocumentSession session
                )
                {
                    var second = other.Aggregate!;
                    var counterpart = Decide(second, OnlyBecause(command.Reason), one.Number, by, now);
                    await session.Rename(one, corrected, http.RequestAborted, exchanged: true);
                    await session.Rename(second, (ElementsCorrected)counterpart.Events[0], http.RequestAborted, exchanged: true);
                    other.AppendMany(counterpart.Completed(e => With(e, id)).Events);
                    return decision.Completed(e => With(e, second.Id)).Telling(counterpart.Messages);
                }
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

    /// <summary>
    /// 发布日期 does not come to lie before the signature, as at publication; what lay there was confirmed, and an emergency says why.
    /// </summary>
    internal static Problem? BeforeSignature(PolicyDocument document, CorrectElements command) =>
        command.PublishedOn < document.SignedOn && !(document.PublishedOn < document.SignedOn) && command.EmergencyReason.OrNone() is null
            ? new Invalid()
                .Add(
                    "/publishedOn",
                    "date.beforeSignature",
                    $"The document was signed on {document.SignedOn:yyyy-MM-dd}: it was not published before that."
                )
                .Problem
            : null;

    static bool ChangesTheLaw(object happened) => ConsentedChange.Of([happened]) is not null;

    // One change is counted once.
    static Decision On(Ground ground, Decision decision)
    {
        var first = decision.Events.FirstOrDefault(ChangesTheLaw);
        return decision.Completed(e =>
            !ReferenceEquals(e, first) ? e
            : e is ElementsCorrected corrected ? corrected with { OrderedBy = ground.OrderedBy, EmergencyReason = ground.Emergency }
            : ((ExpiryChanged)e) with { OrderedBy = ground.OrderedBy, EmergencyReason = ground.Emergency }
        );
    }

    static CorrectElements OnlyBecause(string? reason) => new(null, null, null, null, null, null, null, null, null, reason);

    static object With(object happened, Guid other) =>
        happened is ElementsCorrected corrected ? corrected with { ExchangedWith = other } : happened;

    // The document whose number this one gets in exchange for its own; null where there is none to exchange with.
    static async Task<(IEventStream<PolicyDocument>? Stream, Problem? Refused)> Other(
        PolicyDocument document,
        CorrectElements command,
        Text.DocumentNumber? given,
        IDocumentSession session,
        CancellationToken cancellation
    )
    {
        if (command.ExchangeWith is not { } with || !document.IsPublished)
            return default;
        var invalid = new Invalid();
        var stream = await session.PublishedOther(with, document.Id, "/exchangeWith", invalid, cancellation);
        if (stream?.Aggregate is { } other)
            invalid
                .If(
                    document.Number is null || other.Number is null,
                    "/exchangeWith",
                    "documentNumber.missing",
                    "One of the two has no number: there is nothing to exchange. Give the right number to each by itself."
                )
                .If(
                    given is not null && given != other.Number && given != document.Number,
                    "/documentNumber",
                    "value.contradicts",
                    $"The other document has the number {other.Number}. Leave the number out, or give that one."
                );
        return (stream, invalid.Problem);
    }

    // What is wrong with what is given, all at once, and the number in full.
    static async Task<(Text.DocumentNumber? Number, Problem? Wrong)> Ask(
        PolicyDocument document,
        CorrectElements command,
        CatalogCodes catalog,
        DateOnly today,
        CancellationToken cancellation
    )
    {
        Text.DocumentNumber? number = null;
        var invalid = new Invalid()
            .Text("/reason", command.Reason, Limits.LongestNote)
            .Text("/emergencyReason", command.EmergencyReason, Limits.LongestNote, required: false)
            .If(
                command.DocumentNumber is { } typed && !Text.DocumentNumber.TryParse(typed, out number),
                "/documentNumber",
                "documentNumber.malformed",
                Text.DocumentNumber.Example
            )
            .If(command.WrittenOn > today, "/writtenOn", "date.inFuture", "成文日期 is not dated ahead.")
            .If(command.PublishedOn > today, "/publishedOn", "date.inFuture", "发布日期 is not dated ahead.")
            .If(
                command is { Revision: not null, EffectiveFrom: null, Title: null },
                "/revision",
                "value.contradicts",
                "A revision is named with its first day, its title or both."
            );
        // Whoever issued it may have ended since.
        await catalog.Check(
            command.Title ?? document.Title,
            command.Issuers ?? document.Issuers,
            command.Subject,
            null,
            null,
            invalid,
            cancellation,
            ofAnyDay: true
        );
        if (invalid.Problem is { } problem)
            return (null, problem);
        return (number is null ? null : await catalog.Complete(number, (command.Issuers ?? document.Issuers)[0], cancellation), null);
    }

    /// <summary>What is as it was is not recorded; the days have to be in their order afterwards.</summary>
    internal static Decision Decide(
        PolicyDocument document,
        CorrectElements command,
        Text.DocumentNumber? number,
        Actor by,
        DateTimeOffset now
    )
    {
        if (!document.IsPublished)
            return document.WrongState("put right in its elements", "once it is published");
        var today = OfficialTime.DateIn(now);
        var earliest = document.PublicTexts.Earliest();
        if (document.PublicTexts.FirstOrDefault(t => t.Revision == (command.Revision ?? earliest.Revision)) is not { } text)
            return new Invalid()
                .Add(
                    "/revision",
                    "revision.unknown",
                    $"Revision {command.Revision} is no published text of this document. GET …/revisions lists those there are."
                )
                .Problem!;
        var was = new GivenElements(
            command.Revision is null ? document.TitleOn(today) : text.Title ?? document.Title,
            document.Kind,
            document.Issuers,
            document.Subject,
            document.Number,
            document.WrittenOn,
            document.PublishedOn,
            text.EffectiveFrom
        );
        var corrected = new ElementsCorrected(
            was,
            new(
                command.Title?.Trim(),
                command.Kind,
                command.Issuers,
                command.Subject,
                number,
                command.WrittenOn,
                command.PublishedOn,
                command.EffectiveFrom
            ),
            text.Revision,
            command.Reason!,
            by,
            now
        ).OnlyWhatDiffers();
        var after = document.Then(corrected)!;
        var expiresOn = command.saysUntilWhen ? command.ExpiresOn : document.ExpiresOn;
        var first = after.PublicTexts.Earliest();
        var (said, ended) = (corrected.After, document.Repealed?.EffectiveFrom ?? document.Superseded?.EffectiveFrom);
        // What was not in order before, as of what was taken in, is not asked to be.
        var invalid = new Invalid()
            .If(
                expiresOn != document.ExpiresOn && document.HasEnded,
                "/expiresOn",
                "document.ended",
                "It was repealed or superseded: no term of it is to be put right. POST …/restore takes that back."
            )
            .If(
                after.PublishedOn < after.WrittenOn && !(document.PublishedOn < document.WrittenOn),
                said.PublishedOn is null ? "/writtenOn" : "/publishedOn",
                "date.tooEarly",
                $"A document is not published before 成文日期 {after.WrittenOn:yyyy-MM-dd}."
            )
            .If(
                said.PublishedOn is not null && ended < after.PublishedOn,
                "/publishedOn",
                "date.tooLate",
                $"Its force ended on {ended:yyyy-MM-dd}: a document is published before that."
            )
            .If(
                first.EffectiveFrom < after.WrittenOn && !(earliest.EffectiveFrom < document.WrittenOn),
                said.EffectiveFrom is null ? "/writtenOn" : "/effectiveFrom",
                "date.tooEarly",
                $"A document does not take effect before 成文日期 {after.WrittenOn:yyyy-MM-dd}."
            )
            .If(
                document.PublicTexts.IsSameText(text, earliest) && !after.PublicTexts.IsSameText(first, earliest),
                "/effectiveFrom",
                "date.tooLate",
                $"Revision {first.Revision}, which amends it, is in force from {first.EffectiveFrom:yyyy-MM-dd}: a document takes effect before it is amended."
            )
            .If(
                !document.PublicTexts.IsSameText(text, earliest) && after.PublicTexts.IsSameText(first, text),
                "/effectiveFrom",
                "date.tooEarly",
                $"An amendment does not take effect before the document itself, {earliest.EffectiveFrom:yyyy-MM-dd}."
            )
            .If(
                expiresOn < first.EffectiveFrom && !(document.ExpiresOn < earliest.EffectiveFrom),
                command.saysUntilWhen ? "/expiresOn" : "/effectiveFrom",
                command.saysUntilWhen ? "date.tooEarly" : "date.tooLate",
                $"有效期至 {expiresOn:yyyy-MM-dd} lies before 施行日期 {first.EffectiveFrom:yyyy-MM-dd}."
            );
        if (invalid.Problem is { } problem)
            return problem;
        var termChanges = expiresOn != document.ExpiresOn;
        IReadOnlyList<string> names = [.. corrected.Names(), .. termChanges ? ["expiresOn"] : Array.Empty<string>()];
        if (names.Count == 0)
            return Decision.Record();
        var decision = Decision
            .Record(corrected.Names().Count > 0 ? [corrected] : Array.Empty<object>())
            .Telling(
                new DocumentElementsCorrectedMessage(
                    document.Id,
                    document.Version + 1,
                    after.PublishedOn!.Value,
                    after.PublicTexts[0].EffectiveFrom,
                    names,
                    text.Revision,
                    after.PublicTexts.First(t => t.Revision == text.Revision).EffectiveFrom
                )
            );
        return termChanges
            ? decision
                .And(new ExpiryChanged(expiresOn, command.Reason!, by, now))
                .Expiring(document.Id, expiresOn)
                .Telling(new DocumentExpiryChangedMessage(document.Id, document.Version + decision.Events.Count + 1, expiresOn))
            : decision;
    }
}
