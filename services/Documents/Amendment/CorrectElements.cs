using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Puts elements of a published document right, or completes them (要素更正, W 十一); a field that is left out stays as it is. 索引号 stays: others
/// refer to it.
/// </summary>
/// <param name="Title">标题 as it should have been; it takes the place of the title in force today, for all the days that this was one.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="DocumentNumber">发文字号 in any bracket style. The wrong one is free again.</param>
/// <param name="WrittenOn">成文日期, Asia/Shanghai.</param>
/// <param name="PublishedOn">发布日期, Asia/Shanghai.</param>
/// <param name="EffectiveFrom">The first day of a text, Asia/Shanghai.</param>
/// <param name="Revision">The published text whose first day <paramref name="EffectiveFrom"/> is; the earliest when left out.</param>
/// <param name="Reason">What was wrong; the public reads it.</param>
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
    string? Reason
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
                    return Visibility.NotFound(id);
                if (asked.Wrong is { } wrong)
                    return wrong;
                var decision = Decide(document!, command, asked.Number, caller.Actor(), time.GetUtcNow());
                return decision.Events is [ElementsCorrected corrected, ..]
                    ? await session.Rename(document!, corrected, http.RequestAborted) ?? decision
                    : decision;
            },
            recorded => new Answer(200, new DocumentStep(id, recorded.Version))
        );

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
            .If(
                command.DocumentNumber is { } typed && !Text.DocumentNumber.TryParse(typed, out number),
                "/documentNumber",
                "documentNumber.malformed",
                Text.DocumentNumber.Example
            )
            .If(command.WrittenOn > today, "/writtenOn", "date.inFuture", "成文日期 is not dated ahead.")
            .If(command.PublishedOn > today, "/publishedOn", "date.inFuture", "发布日期 is not dated ahead.")
            .If(
                command.Revision is not null && command.EffectiveFrom is null,
                "/effectiveFrom",
                "value.missing",
                "The first day of that revision is required."
            );
        await catalog.Check(
            command.Title ?? document.Title,
            command.Issuers ?? document.Issuers,
            command.Subject,
            null,
            null,
            invalid,
            cancellation
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
            document.TitleOn(today),
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
        var invalid = new Invalid()
            .If(
                command.saysUntilWhen && expiresOn != document.ExpiresOn && document.HasEnded,
                "/expiresOn",
                "document.ended",
                "It was repealed or superseded: no term of it is to be put right. POST …/restore takes that back."
            )
            .If(
                after.PublishedOn < after.WrittenOn,
                command.PublishedOn is null ? "/writtenOn" : "/publishedOn",
                "date.tooEarly",
                $"A document is not published before 成文日期 {after.WrittenOn:yyyy-MM-dd}."
            )
            .If(
                first.EffectiveFrom < after.WrittenOn,
                command.EffectiveFrom is null ? "/writtenOn" : "/effectiveFrom",
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
                expiresOn < first.EffectiveFrom,
                command.saysUntilWhen ? "/expiresOn" : "/effectiveFrom",
                command.saysUntilWhen ? "date.tooEarly" : "date.tooLate",
                $"有效期至 {expiresOn:yyyy-MM-dd} lies before 施行日期 {first.EffectiveFrom:yyyy-MM-dd}."
            );
        if (invalid.Problem is { } problem)
            return problem;
        var decision =
            corrected.Names().Count == 0
                ? Decision.Record()
                : Decision
                    .Record(corrected)
                    .Telling(
                        new DocumentElementsCorrectedMessage(
                            document.Id,
                            document.Version + 1,
                            after.PublishedOn!.Value,
                            after.PublicTexts[0].EffectiveFrom,
                            corrected.Names()
                        )
                    );
        return expiresOn == document.ExpiresOn
            ? decision
            : decision
                .And(new ExpiryChanged(expiresOn, command.Reason!, by, now))
                .Expiring(document.Id, expiresOn)
                .Telling(new DocumentExpiryChangedMessage(document.Id, document.Version + decision.Events.Count + 1, expiresOn));
    }
}
