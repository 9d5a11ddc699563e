using JasperFx.Events;
using Marten;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>
/// Lets the outcomes that are recorded take effect on the documents, all in one transaction. For what is to be amended the draft of the
/// decision that amends it is begun, for its leading issuer or the body that took over from it. Nobody ends a document alone: a repeal or a
/// declared expiry was proposed by somebody else than who applies it, or rests on the published result of the clean-up.
/// </summary>
/// <param name="DecidedBy">The published document with the result of the clean-up (清理结果), in force on the day of each change; it names each
/// document that it ends by title or number.</param>
/// <param name="EmergencyReason">Why who proposed what ends a document applies it without such a document: it is counted.</param>
/// <example>{"decidedBy": "01920f4e-8b4c-7d6e-8f30-1b2c3d4e5f60"}</example>
public sealed record ApplyOutcomes(Guid? DecidedBy = null, string? EmergencyReason = null) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups/{id:guid}/apply", Post).RequireAnyRole(Roles.Publisher).Produces<CleanUpStep>().WithName("applyOutcomes");

    static Task<IResult> Post(
        Guid id,
        ApplyOutcomes? command,
        Caller caller,
        CatalogCodes catalog,
        WayOfChange way,
        IQuerySession reading,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var given = command ?? new();
        return writer.Append<CleanUpCampaign, IReadOnlyDictionary<string, string?>>(
            http,
            id,
            campaign => Drafters(campaign, catalog, reading, time.Today(), http.RequestAborted),
            async (campaign, drafters, session) =>
            {
                if (campaign is null)
                    return CleanUpProblems.NotFound(id);
                var by = caller.Actor();
                var now = time.GetUtcNow();
                var due = campaign.Due;
                var invalid = new Invalid()
                    .Text("/emergencyReason", given.EmergencyReason, Limits.LongestNote, required: false)
                    .If(
                        due.Count == 0,
                        "",
                        "cleanUp.nothingToApply",
                        "No outcome waits to be applied. Record outcomes first: POST …/outcomes."
                    )
                    .If(
                        due.Any(i => i.DocumentId == given.DecidedBy),
                        "/decidedBy",
                        "document.unknown",
                        "The result of a clean-up is none of the documents that it is about."
                    );
                var order =
                    given.DecidedBy is { } decided && invalid.Problem is null
                        ? await session.PublishedOther(decided, id, "/decidedBy", invalid, http.RequestAborted)
                        : null;
                if (invalid.Problem is { } malformed)
                    return malformed;
                var named = order is not null && way.IsNeeded ? await DocumentNames.Naming(session, order.Id, http.RequestAborted) : null;
                var made = new List<Decision>();
                var drafts = new Dictionary<Guid, Guid>();
                var alone = new List<ProblemError>();
                foreach (var item in due)
                {
                    var stream = await session.Events.FetchForWriting<PolicyDocument>(item.DocumentId, http.RequestAborted);
                    var document = stream.Aggregate!;
                    var (ground, wrong) = await GroundOf(campaign, item, document, order, named, session);
                    alone.AddRange(wrong);
                    var decision = Effect(document, campaign.Id, item, ground, by, now);
                    if (decision.Problem is { } problem)
                        invalid.Add($"/documents/{item.DocumentId}", problem.Kind.Code, $"{item.Title}: {problem.Detail}");
                    else
                        stream.AppendMany(decision.Events);
                    if (decision.Events.OfType<DocumentRepealed>().FirstOrDefault() is { } repealed)
                        ground.Order?.State(RelationKind.Repeals, document.Id, repealed.EffectiveFrom, repealed.Reason, by, now);
                    made.Add(decision);
                    if (decision.Events.OfType<DocumentCleanedUp>().FirstOrDefault()?.Draft is not { } draft)
                        continue;
                    if (DrafterOf(document, item, drafters) is not { } drafter)
                    {
                        invalid.Add(
                            $"/documents/{item.DocumentId}",
                            "cleanUp.issuer.dissolved",
                            $"{item.Title}: {document.Issuers[0]} no longer exists, and the Catalog names nobody that took over. Give the document to the body that is to draft the decision: POST …/assignments."
                        );
                        continue;
                    }
                    drafts[item.DocumentId] = draft;
                    session.Events.StartStream<PolicyDocument>(
                        draft,
                        AmendmentDraft.Begin(draft, document, item.Reason!, by, now, drafter)
                    );
                }
                if (invalid.Problem is { } refused)
                    return refused;
                if (alone.Count > 0)
                    return (
                        order is null
                            ? Gates.Problem([new("way", Ways, "publisher")])
                            : DocumentProblems.NotOrdered.With(Wording.Together(alone.Select(e => e.Detail)))
                    ) with
                    {
                        Errors = alone,
                    };
                var all = Decision
                    .Record(new OutcomesApplied([.. due.Select(i => i.DocumentId)], by, now, drafts.Count > 0 ? drafts : null))
                    .Telling([.. made.SelectMany(d => d.Messages)]);
                return made.SelectMany(d => d.Scheduled).Aggregate(all, (sofar, note) => sofar.Later(note.Message, note.At));
            },
            recorded => new Answer(200, new CleanUpStep(id, recorded.Version, recorded.The<OutcomesApplied>().Documents.Count))
        );

        // On what ground an outcome ends its document, and why it does not.
        async Task<(Ground, IReadOnlyList<ProblemError>)> GroundOf(
            CleanUpCampaign campaign,
            CleanUpItem item,
            PolicyDocument document,
            IEventStream<PolicyDocument>? order,
            IReadOnlyList<object>? orderNaming,
            IDocumentSession session
        )
        {
            var at = $"/documents/{item.DocumentId}";
            var today = time.Today();
            if (item.Outcome is not (CleanUpOutcome.Repeal or CleanUpOutcome.DeclareExpired) || document.HasEnded)
                return (Ground.None, []);
            var disorder =
                order is not null && way.IsNeeded
                    ? await way.Disorder(
                        session,
                        document,
                        order.Aggregate!,
                        new(
                            order.Id,
                            at,
                            item.EffectiveFrom is { } from && from > today ? from : today,
                            null,
                            Ways,
                            caller.Id,
                            Does: RelationKind.Repeals
                        ),
                        http.RequestAborted,
                        orderNaming
                    )
                    : null;
            if (order is not null && disorder is null)
                return (new(order, true, null), []);
            var isAlone = way.IsNeeded && campaign.ProposedBy.GetValueOrDefault(item.DocumentId) == caller.Id;
            if (given.EmergencyReason.OrNone() is { } emergency)
                // Where one way holds, it is no emergency.
                return (isAlone ? new(null, false, emergency) : Ground.None, []);
            // A result that is named is true, whoever proposed the outcome.
            if (disorder is not null)
                return (Ground.None, disorder.Errors);
            return (Ground.None, isAlone ? [new ProblemError(at, "cleanUp.alone", $"{item.Title}: you proposed this yourself.")] : []);
        }
    }

    static Wording Ways =>
        "Who proposed what ends a document does not apply it alone: another publisher does, or it rests on the published result of the clean-up (`decidedBy`); in an emergency it is applied for a reason (`emergencyReason`).";

    // For whom an amendment is drafted: whoever took over from the issuer, or else the body that the document was given to.
    static string? DrafterOf(PolicyDocument document, CleanUpItem item, IReadOnlyDictionary<string, string?> drafters) =>
        drafters.GetValueOrDefault(document.Issuers[0]) ?? drafters.GetValueOrDefault(item.Body);

    static async Task<IReadOnlyDictionary<string, string?>> Drafters(
        CleanUpCampaign? campaign,
        CatalogCodes catalog,
        IQuerySession session,
        DateOnly today,
        CancellationToken cancellation
    )
    {
        var amended = campaign?.Due.Where(i => i.Outcome is CleanUpOutcome.Amend).ToArray() ?? [];
        if (amended.Length == 0)
            return new Dictionary<string, string?>();
        var documents = await session.LoadManyAsync<PolicyDocument>(cancellation, [.. amended.Select(i => i.DocumentId)]);
        return await catalog.TakingOver([.. documents.Select(d => d.Issuers[0]), .. amended.Select(i => i.Body)], today, cancellation);
    }

    /// <summary>
    /// What an outcome does to its document. One that has ended meanwhile keeps its end; the outcome is recorded all the same.
    /// </summary>
    internal static Decision Effect(PolicyDocument document, Guid cleanUp, CleanUpItem item, Ground ground, Actor by, DateTimeOffset now)
    {
        var today = OfficialTime.DateIn(now);
        var outcome = new DocumentCleanedUp(
            cleanUp,
            item.Outcome!.Value,
            item.Reason!,
            by,
            now,
            AmendmentDraft.IdFor(cleanUp, document, item.Outcome, today)
        );
        // What follows comes after the outcome.
        document = document with
        {
            Version = document.Version + 1,
        };
        var effect = item.Outcome switch
        {
            CleanUpOutcome.Repeal when !document.HasEnded => RepealDocument.Decide(
                document,
                new(item.Reason, item.EffectiveFrom, null),
                ground,
                by,
                now
            ),
            CleanUpOutcome.DeclareExpired when !document.HasEnded && !(document.ExpiresOn < today) => ChangeExpiry.Decide(
                document,
                (item.EffectiveFrom ?? today).AddDays(-1),
                item.Reason!,
                ground,
                by,
                now
            ),
            _ => Decision.Record(),
        };
        return effect.Problem is null ? effect.After(outcome) : effect;
    }
}
