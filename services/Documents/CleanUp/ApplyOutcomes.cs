using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>
/// Lets the outcomes that are recorded take effect on the documents, all in one transaction. For what is to be amended the draft of the
/// decision that amends it is begun.
/// </summary>
public sealed record ApplyOutcomes : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups/{id:guid}/apply", Post).RequireAnyRole(Roles.Publisher).Produces<CleanUpStep>().WithName("applyOutcomes");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<CleanUpCampaign>(
            http,
            id,
            async (campaign, session) =>
            {
                if (campaign is null)
                    return CleanUpProblems.NotFound(id);
                var by = caller.Actor();
                var now = time.GetUtcNow();
                var due = campaign.Items.Where(i => i is { Outcome: not null, Applied: false }).ToArray();
                var invalid = new Invalid().If(
                    due.Length == 0,
                    "",
                    "cleanUp.nothingToApply",
                    "No outcome waits to be applied. Record outcomes first: POST …/outcomes."
                );
                var decided = new List<Decision>();
                var drafts = new Dictionary<Guid, Guid>();
                foreach (var item in due)
                {
                    var stream = await session.Events.FetchForWriting<PolicyDocument>(item.DocumentId, http.RequestAborted);
                    var decision = Effect(stream.Aggregate!, campaign.Id, item, by, now);
                    if (decision.Problem is { } wrong)
                        invalid.Add($"/documents/{item.DocumentId}", wrong.Kind.Code, $"{item.Title}: {wrong.Detail}");
                    else
                        stream.AppendMany(decision.Events);
                    decided.Add(decision);
                    if (decision.Events.OfType<DocumentCleanedUp>().FirstOrDefault()?.Draft is not { } draft)
                        continue;
                    drafts[item.DocumentId] = draft;
                    session.Events.StartStream<PolicyDocument>(
                        draft,
                        AmendmentDraft.Begin(draft, stream.Aggregate!, item.Reason!, by, now)
                    );
                }
                if (invalid.Problem is { } problem)
                    return problem;
                var all = Decision
                    .Record(new OutcomesApplied([.. due.Select(i => i.DocumentId)], by, now, drafts.Count > 0 ? drafts : null))
                    .Telling([.. decided.SelectMany(d => d.Messages)]);
                return decided.SelectMany(d => d.Scheduled).Aggregate(all, (sofar, note) => sofar.Later(note.Message, note.At));
            },
            recorded => new Answer(200, new CleanUpStep(id, recorded.Version, recorded.The<OutcomesApplied>().Documents.Count))
        );

    /// <summary>
    /// What an outcome does to its document. One that has ended meanwhile keeps its end; the outcome is recorded all the same.
    /// </summary>
    internal static Decision Effect(PolicyDocument document, Guid cleanUp, CleanUpItem item, Actor by, DateTimeOffset now)
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
                by,
                now
            ),
            CleanUpOutcome.DeclareExpired when !document.HasEnded && !(document.ExpiresOn < today) => ChangeExpiry.Decide(
                document,
                (item.EffectiveFrom ?? today).AddDays(-1),
                item.Reason!,
                by,
                now
            ),
            _ => Decision.Record(),
        };
        return effect.Problem is null ? effect.After(outcome) : effect;
    }
}
