using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Publishes an issued document: from now on everybody reads it.</summary>
/// <param name="PublishedOn">发布日期, Asia/Shanghai; today when left out, earlier for what was published before it came into the
/// library.</param>
/// <param name="EffectiveFrom">施行日期, and it can lie in the future; when left out, the day that the text itself names, or the day of
/// publication.</param>
/// <param name="ExpiresOn">有效期至, the last day in force; when left out, the day that the text itself names, or none.</param>
/// <param name="PublishAt">The instant at which document and interpretation become public together; at once when left out.</param>
/// <param name="DatesReason">Confirms days that contradict the text, lie before the signature, or contradict the rules for 行政规范性文件 (30 days before they take effect, a term of 3
/// to 5 years), and says why; the history shows it.</param>
/// <param name="NoEnd">Whether it has no last day, whatever the text names.</param>
/// <example>{"effectiveFrom": "2026-03-01", "expiresOn": "2031-02-28", "publishAt": "2026-02-20T01:00:00Z"}</example>
public sealed record Publish(
    DateOnly? PublishedOn,
    DateOnly? EffectiveFrom,
    DateOnly? ExpiresOn,
    DateTimeOffset? PublishAt = null,
    string? DatesReason = null,
    bool? NoEnd = null
) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/publish", Post).RequireAnyRole(Roles.Publisher).Produces<PublicationStep>().WithName("publish");

    static Task<IResult> Post(
        Guid id,
        Publish command,
        Caller caller,
        EventWriter writer,
        RevisionTexts texts,
        Interpretation.InterpretationClient interpretation,
        Consultation.ConsultationClient consultations,
        NormativeRules rules,
        WayOfChange way,
        TimeProvider time,
        HttpContext http
    )
    {
        if (new Invalid().Text("/datesReason", command.DatesReason, Limits.LongestNote, required: false).Problem is { } tooLong)
            return Task.FromResult(tooLong.ToResult());
        return writer.Append<PolicyDocument, IReadOnlyList<object>>(
            http,
            id,
            async document =>
                caller.Sees(document)
                    ?
                    [
                        .. await consultations.Heard(document!, time.GetUtcNow(), http.RequestAborted),
                        .. await Readied(document!, interpretation, time.GetUtcNow(), http.RequestAborted),
                    ]
                    : [],
            async (document, heard, session) =>
            {
                if (!caller.Sees(document))
                    return Visibility.NotFound(id, document);
                var by = caller.Actor();
                document = document!.Hearing(heard);
                if (Obstacle(document, command, time.Today()) is { } problem)
                    return ((Decision)problem).Having(heard);
                // Days before the signature are confirmed: rules for what is published now do not hold for them.
                if (way.IsNeeded && command.PublishedOn < document.SignedOn && command.DatesReason.OrNone() is null)
                    return new Invalid()
                        .Add(
                            "/publishedOn",
                            "date.beforeSignature",
                            $"The document was signed on {document.SignedOn:yyyy-MM-dd}. Leave the day out, or say in `datesReason` why it was published before that; what was published before it came into the library is best signed with the day on which that was (`signedOn` of POST …/sign)."
                        )
                        .Problem!;
                var own = OwnDays.In((await texts.Newest(session, document, http.RequestAborted))?.Blocks ?? []);
                var (days, taken, contradiction) = WithOwnDays(document, command, own, rules, time.GetUtcNow());
                if ((contradiction ?? Obstacle(document, days, time.Today())) is { } wrong)
                    return wrong;
                var decision =
                    command.PublishAt > time.GetUtcNow()
                        ? Schedule(document, command, by, time.GetUtcNow())
                        : Decide(document, days, await NextSerial(session, http.RequestAborted), by, time.GetUtcNow());
                var step = new PublicationStep(
                    id,
                    0,
                    days.EffectiveFrom,
                    days.ExpiresOn,
                    taken && own is { BlockId: { } block } ? new(block, own.Words) : null
                );
                return decision.Having(heard).Knowing(step);
            },
            recorded => new Answer(200, recorded.Known<PublicationStep>()! with { Version = recorded.Version })
        );
    }

    /// <summary>
    /// Takes the days that the text names where none are given; days that contradict it, or the rules for such documents, need a reason.
    /// </summary>
    internal static (Publish Command, bool Taken, Problem? Contradiction) WithOwnDays(
        PolicyDocument document,
        Publish command,
        OwnDays own,
        NormativeRules? rules,
        DateTimeOffset now
    )
    {
        var publishedOn =
            command.PublishAt > now ? OfficialTime.DateIn(command.PublishAt.Value) : command.PublishedOn ?? OfficialTime.DateIn(now);
        // A day before the document was made is that of an earlier text.
        var named = own.From(publishedOn) is { } day && day >= document.WrittenOn ? day : (DateOnly?)null;
        var effectiveFrom = command.EffectiveFrom ?? named ?? publishedOn;
        var last = named is null && own.ExpiresOn is null ? null : own.Until(effectiveFrom);
        var expiresOn = command.NoEnd is true ? null : command.ExpiresOn ?? last;
        var invalid = new Invalid().If(
            command.NoEnd is true && command.ExpiresOn is not null,
            "/expiresOn",
            "value.contradicts",
            "`noEnd` says that there is no last day; leave out one of them."
        );
        if (string.IsNullOrWhiteSpace(command.DatesReason))
        {
            rules?.Check(document, publishedOn, effectiveFrom, expiresOn, OfficialTime.DateIn(now), invalid);
            invalid
                .If(
                    named is { } first && effectiveFrom != first,
                    "/effectiveFrom",
                    "date.contradictsText",
                    $"The text says {own.Words} (block {own.BlockId}). Leave the day out, correct the text, or confirm it with a reason in `datesReason`."
                )
                .If(
                    last is { } end && expiresOn != end,
                    command.NoEnd is true ? "/noEnd" : "/expiresOn",
                    "date.contradictsText",
                    $"The text says {own.Words} (block {own.BlockId}), which is {last:yyyy-MM-dd}. Leave the day out, correct the text, or confirm it with a reason in `datesReason`."
                );
        }
        var taken =
            command.EffectiveFrom is null && named is not null
            || command.ExpiresOn is null && command.NoEnd is not true && last is not null;
        return (command with { EffectiveFrom = effectiveFrom, ExpiresOn = expiresOn }, taken, invalid.Problem);
    }

    // Whoever signs the material and publishes at once is faster than the message that tells of it: it is asked for. After a reopening the
    // message is waited for, and whether anybody is there to send it is asked all the same.
    static async Task<IReadOnlyList<object>> Readied(
        PolicyDocument document,
        Interpretation.InterpretationClient interpretation,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (document.State is not DocumentState.Issued || Gates.Interpretation(document) is not { } gate)
            return [];
        try
        {
            var answer = await interpretation.GetReadinessAsync(
                new() { DocumentId = document.Id.ToString() },
                cancellationToken: cancellation
            );
            return answer.Ready && document.InterpretationVersion == 0
                ? [new InterpretationReadied(answer.Revision, answer.PlanVersion, Actor.Platform, now)]
                : [];
        }
        catch (RpcException e) when (Faults.IsTemporary(e))
        {
            return [new Unanswered("Interpretation", gate.Code)];
        }
    }

    internal static async Task<long> NextSerial(IDocumentSession session, CancellationToken cancellation) =>
        (await session.QueryAsync<long>($"select nextval('{DocumentsStore.IndexNumberSequence}') as data", cancellation))[0];

    /// <summary>
    /// What keeps the document from being published; null for nothing. Missing elements come first, all of them at once (W 十一).
    /// </summary>
    internal static Problem? Obstacle(PolicyDocument document, Publish command, DateOnly today)
    {
        if (document.State is DocumentState.Published or DocumentState.Withdrawn)
            return document.WrongState("published", "once");
        if (Gates.MissingElements(document) is { Count: > 0 } missing)
            return DocumentProblems.ElementsMissing.With(
                $"{missing.Count} required elements are missing; `errors` names them and how each is supplied."
            ) with
            {
                Errors = missing,
                Extensions = new Dictionary<string, object?> { ["gates"] = Gates.Open(document) },
            };
        if (document.State is not DocumentState.Issued)
            return Gates.Problem(Gates.Open(document));
        if (document.Disclosure is not { Attribute: DisclosureKind.Proactive })
            return DocumentProblems.NotForDisclosure.With(
                $"公开属性 is {JsonDefaults.Word(document.Disclosure!.Attribute)}. Such a document stays issued and is not published."
            );
        if (Gates.AfterSigning(document) is { Count: > 0 } open)
            return Gates.Problem(open);
        if (Gates.Interpretation(document) is { } gate)
            return Gates.Problem([gate]);
        var publishedOn = command.PublishedOn ?? today;
        return new Invalid()
            .If(
                command.PublishAt is not null && command.PublishedOn is not null,
                "/publishedOn",
                "value.contradicts",
                "`publishAt` sets 发布日期; leave out one of them."
            )
            .If(
                command.PublishedOn > today,
                "/publishedOn",
                "date.inFuture",
                "发布日期 is not dated ahead; set `effectiveFrom` for what takes effect later."
            )
            .If(
                publishedOn < document.WrittenOn,
                "/publishedOn",
                "date.tooEarly",
                $"A document is not published before 成文日期 {document.WrittenOn:yyyy-MM-dd}."
            )
            .If(
                command.EffectiveFrom < document.WrittenOn,
                "/effectiveFrom",
                "date.tooEarly",
                $"A document does not take effect before 成文日期 {document.WrittenOn:yyyy-MM-dd}."
            )
            .If(command.ExpiresOn < (command.EffectiveFrom ?? publishedOn), "/expiresOn", "date.tooEarly", "有效期至 lies before 施行日期.")
            .Problem;
    }

    /// <summary>索引号: the leading issuer, the year of publication, and a serial of the library.</summary>
    internal static string IndexNumber(string issuer, DateOnly publishedOn, long serial) => $"{issuer}/{publishedOn.Year}-{serial:D7}";

    /// <summary>Keeps what was given; what the text names is counted from the day on which it is published.</summary>
    internal static Decision Schedule(PolicyDocument document, Publish command, Actor by, DateTimeOffset now) =>
        Decision
            .Record(
                new PublicationScheduled(
                    command.PublishAt!.Value.ToUniversalTime(),
                    command.EffectiveFrom,
                    command.ExpiresOn,
                    by,
                    now,
                    command.DatesReason.OrNone()?.Trim(),
                    command.NoEnd
                )
            )
            .Later(new PublishScheduled(document.Id, command.PublishAt.Value.ToUniversalTime()), command.PublishAt.Value);

    internal static Decision Decide(PolicyDocument document, Publish command, long serial, Actor by, DateTimeOffset now)
    {
        var today = OfficialTime.DateIn(now);
        if (Obstacle(document, command, today) is { } problem)
            return problem;
        var publishedOn = command.PublishedOn ?? today;
        var effectiveFrom = command.EffectiveFrom ?? publishedOn;
        var elements = new PublicElements(
            document.Title,
            document.Kind,
            document.Issuers,
            document.Subject!,
            document.Number!,
            document.WrittenOn!.Value,
            IndexNumber(document.Issuers[0], publishedOn, serial),
            document.Disclosure!
        );
        return Decision
            .Record(
                new DocumentPublished(
                    document.Id,
                    document.Revision,
                    elements,
                    publishedOn,
                    effectiveFrom,
                    command.ExpiresOn,
                    by,
                    now,
                    command.DatesReason.OrNone()?.Trim()
                )
            )
            .Telling(
                new DocumentPublishedMessage(
                    document.Id,
                    document.Version + 1,
                    document.Revision,
                    publishedOn,
                    effectiveFrom,
                    document.ReopenedIn,
                    command.ExpiresOn
                )
            )
            .Expiring(document.Id, command.ExpiresOn);
    }
}

/// <summary>The answer to a publication.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of the document from now on: its ETag.</param>
/// <param name="EffectiveFrom">施行日期, Asia/Shanghai.</param>
/// <param name="ExpiresOn">有效期至, the last day in force; null for no end.</param>
/// <param name="TakenFromText">Where the text named days that were not given: they were taken; null otherwise.</param>
public sealed record PublicationStep(Guid Id, long Version, DateOnly? EffectiveFrom, DateOnly? ExpiresOn, NamedDays? TakenFromText);

/// <summary>Days that a text names.</summary>
/// <param name="BlockId">The block that names them.</param>
/// <param name="Words">What it says.</param>
public sealed record NamedDays(string BlockId, string Words);
