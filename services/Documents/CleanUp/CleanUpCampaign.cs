using System.Text.Json.Serialization;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

// A clean-up is a stream of its own. Its events, as all events, are kept for good.

/// <summary>A clean-up (清理) of chosen documents began (R 37).</summary>
/// <param name="CleanUpId">The clean-up.</param>
/// <param name="Title">What it is called.</param>
/// <param name="DueOn">When all outcomes are to be there, Asia/Shanghai; null for no day.</param>
/// <param name="Items">The documents.</param>
/// <param name="By">Who began it.</param>
/// <param name="At">When.</param>
/// <param name="ProposedBy">Who proposed the outcomes that it begins with, by id: who concluded the evaluation; null where that is not known.</param>
public sealed record CleanUpOpened(
    Guid CleanUpId,
    string Title,
    DateOnly? DueOn,
    IReadOnlyList<CleanUpItem> Items,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ProposedBy = null
) : IEventOf<CleanUpCampaign>;

/// <summary>Documents were given to a body to look at.</summary>
public sealed record CleanUpAssigned(IReadOnlyList<Guid> Documents, string Body, Actor By, DateTimeOffset At) : IEventOf<CleanUpCampaign>;

/// <summary>What a body proposes to do with a document; a later proposal replaces it until the outcomes are applied.</summary>
public sealed record OutcomeRecorded(
    Guid DocumentId,
    CleanUpOutcome Outcome,
    string Reason,
    DateOnly? EffectiveFrom,
    Actor By,
    DateTimeOffset At
) : IEventOf<CleanUpCampaign>;

/// <summary>The outcomes of these documents took effect.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="By">Who let them take effect.</param>
/// <param name="At">When.</param>
/// <param name="Drafts">The drafts that were begun to amend some of them, by document; null for none.</param>
public sealed record OutcomesApplied(
    IReadOnlyList<Guid> Documents,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<Guid, Guid>? Drafts = null
) : IEventOf<CleanUpCampaign>;

/// <summary>A document in a clean-up.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题 when it was chosen; the explanation, for who does not read what is taken from the public.</param>
/// <param name="Body">The organisation that looks at it.</param>
/// <param name="Outcome">What it proposes; null while it has not said.</param>
/// <param name="Reason">Why; null also for who does not read what is taken from the public.</param>
/// <param name="EffectiveFrom">For a repeal, its first day; for a declared expiry, the day after the last one; the day of applying when
/// left out.</param>
/// <param name="Applied">Whether the outcome has taken effect.</param>
/// <param name="Draft">The draft of the decision that amends it, begun when that took effect; null for none, and for who may not see it.</param>
public sealed record CleanUpItem(
    Guid DocumentId,
    string Title,
    string Body,
    CleanUpOutcome? Outcome = null,
    string? Reason = null,
    DateOnly? EffectiveFrom = null,
    bool Applied = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? Draft = null
);

/// <summary>A clean-up as it stands.</summary>
public sealed record CleanUpCampaign : IState<CleanUpCampaign>
{
    /// <summary>The clean-up.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>What it is called.</summary>
    public string Title { get; init; } = "";

    /// <summary>When all outcomes are to be there, Asia/Shanghai.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>The documents.</summary>
    public IReadOnlyList<CleanUpItem> Items { get; init; } = [];

    /// <summary>Who proposed what was proposed last for a document, by id.</summary>
    public IReadOnlyDictionary<Guid, string> ProposedBy { get; init; } = new Dictionary<Guid, string>();

    /// <summary>The documents whose outcomes wait to take effect.</summary>
    [JsonIgnore]
    public IReadOnlyList<CleanUpItem> Due => [.. Items.Where(i => i is { Outcome: not null, Applied: false })];

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>The state after one more event.</summary>
    public static CleanUpCampaign? Next(CleanUpCampaign? campaign, IEventOf<CleanUpCampaign> happened) =>
        (campaign, happened) switch
        {
            (null, CleanUpOpened e) => new()
            {
                Id = e.CleanUpId,
                Title = e.Title,
                DueOn = e.DueOn,
                Items = e.Items,
                OpenedAt = e.At,
                ProposedBy = e.ProposedBy is { } by
                    ? e.Items.Where(i => i.Outcome is not null).ToDictionary(i => i.DocumentId, _ => by)
                    : new Dictionary<Guid, string>(),
            },
            ({ } c, CleanUpAssigned e) => c.With(e.Documents, item => item with { Body = e.Body }),
            ({ } c, OutcomeRecorded e) => c.With(
                [e.DocumentId],
                item => item with { Outcome = e.Outcome, Reason = e.Reason, EffectiveFrom = e.EffectiveFrom }
            ) with
            {
                ProposedBy = new Dictionary<Guid, string>(c.ProposedBy) { [e.DocumentId] = e.By.Id },
            },
            ({ } c, OutcomesApplied e) => c.With(
                e.Documents,
                item => item with { Applied = true, Draft = e.Drafts?.TryGetValue(item.DocumentId, out var draft) is true ? draft : null }
            ),
            var (c, _) => c,
        };

    CleanUpCampaign With(IReadOnlyList<Guid> documents, Func<CleanUpItem, CleanUpItem> change) =>
        this with
        {
            Items = [.. Items.Select(i => documents.Contains(i.DocumentId) ? change(i) : i)],
        };
}
