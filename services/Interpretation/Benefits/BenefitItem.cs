using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>How a benefit reaches the person.</summary>
public enum Access
{
    /// <summary>申请享受.</summary>
    Application,

    /// <summary>直达快享.</summary>
    Direct,

    /// <summary>免申即享.</summary>
    NoApplication,
}

/// <summary>What a benefit is.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Benefit">What there is to be had.</param>
/// <param name="DocumentId">The document that it was cut out of.</param>
/// <param name="Revision">The revision that it was cut out of.</param>
/// <param name="Blocks">The blocks that it stands in.</param>
/// <param name="Body">Who grants it, a code of the Catalog.</param>
/// <param name="Access">How it reaches the person.</param>
/// <param name="From">The first day of its window, Asia/Shanghai; null for the first day of the document.</param>
/// <param name="Until">The last day of its window; null for the last of the document.</param>
/// <param name="Conditions">Who gets it; everybody when null.</param>
/// <param name="Materials">What must be handed in.</param>
/// <param name="Tags">What it is found by.</param>
/// <param name="Link">Where one applies.</param>
public sealed record BenefitContent(
    string Title,
    string Benefit,
    Guid DocumentId,
    int Revision,
    IReadOnlyList<string> Blocks,
    string Body,
    Access Access,
    DateOnly? From,
    DateOnly? Until,
    Condition? Conditions,
    IReadOnlyList<string> Materials,
    IReadOnlyList<string> Tags,
    string? Link
);

/// <summary>A benefit was cut out of a document.</summary>
public sealed record BenefitDrafted(Guid BenefitId, BenefitContent Content, Actor By, DateTimeOffset At) : IEventOf<BenefitItem>;

/// <summary>A benefit was changed; the public goes on seeing what was published last.</summary>
public sealed record BenefitChanged(BenefitContent Content, Actor By, DateTimeOffset At) : IEventOf<BenefitItem>;

/// <summary>A benefit is offered, as it stands in a version.</summary>
public sealed record BenefitPublished(long Version, Actor By, DateTimeOffset At) : IEventOf<BenefitItem>;

/// <summary>A benefit is no longer offered.</summary>
public sealed record BenefitWithdrawn(string Reason, Actor By, DateTimeOffset At) : IEventOf<BenefitItem>;

/// <summary>The document changed in what the benefit stands in.</summary>
public sealed record BenefitOutdated(Outdating Because, Actor By, DateTimeOffset At) : IEventOf<BenefitItem>;

/// <summary>惠企政策标签化拆解: one claimable benefit cut out of a policy (W 十). It ends on the day on which its document does.</summary>
public sealed record BenefitItem : IState<BenefitItem>
{
    /// <summary>The benefit's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>What is being worked on.</summary>
    public BenefitContent Draft { get; init; } = null!;

    /// <summary>What is offered; null before and after that.</summary>
    public BenefitContent? Shown { get; init; }

    /// <summary>Whether it is offered as it is being worked on.</summary>
    public bool IsOfferedAsIs { get; init; }

    /// <summary>The version in which it was last published.</summary>
    public long PublishedIn { get; init; }

    /// <summary>When it was last published, UTC; null before.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The document that it stands in.</summary>
    public Guid DocumentId { get; init; }

    /// <summary>Why it was withdrawn.</summary>
    public string? WithdrawnBecause { get; init; }

    /// <summary>Why it no longer fits its document; null while it does.</summary>
    public Outdating? Outdated { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The last day on which it is to be had, by its window or the end of its document; null while none is known.</summary>
    public static DateOnly? LastDay(BenefitContent content, KnownDocument? document) =>
        content.Until < document?.LastDay || document?.LastDay is null ? content.Until : document.LastDay;

    /// <summary>The state after one more event.</summary>
    public static BenefitItem? Next(BenefitItem? benefit, IEventOf<BenefitItem> happened) =>
        (benefit, happened) switch
        {
            (null, BenefitDrafted e) => new()
            {
                Id = e.BenefitId,
                Draft = e.Content,
                DocumentId = e.Content.DocumentId,
                ChangedAt = e.At,
            },
            ({ } b, BenefitChanged e) => b with { Draft = e.Content, IsOfferedAsIs = false, ChangedAt = e.At },
            ({ } b, BenefitPublished e) => b with
            {
                Shown = b.Draft,
                IsOfferedAsIs = true,
                PublishedIn = e.Version,
                PublishedAt = e.At,
                WithdrawnBecause = null,
                Outdated = b.Outdated?.ToRevision > b.Draft.Revision ? b.Outdated : null,
                ChangedAt = e.At,
            },
            ({ } b, BenefitWithdrawn e) => b with { Shown = null, IsOfferedAsIs = false, WithdrawnBecause = e.Reason, ChangedAt = e.At },
            ({ } b, BenefitOutdated e) => b with { Outdated = e.Because, ChangedAt = e.At },
            _ => benefit,
        };
}

/// <summary>A benefit as the API shows it.</summary>
/// <param name="Id">The benefit.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="Content">What it is.</param>
/// <param name="IsOffered">Whether it is to be had today, Asia/Shanghai.</param>
/// <param name="EndsOn">The last day on which it is to be had; null while none is known.</param>
/// <param name="WithdrawnBecause">Why it was withdrawn.</param>
/// <param name="Outdated">Why it no longer fits its document.</param>
/// <param name="Comparison">What changed in the document since.</param>
/// <param name="ChangedAt">When something last happened to it, UTC.</param>
public sealed record BenefitView(
    Guid Id,
    long Version,
    BenefitContent Content,
    bool IsOffered,
    DateOnly? EndsOn,
    string? WithdrawnBecause,
    Outdating? Outdated,
    string? Comparison,
    DateTimeOffset ChangedAt
)
{
    internal static BenefitView Of(BenefitItem b, BenefitContent content, KnownDocument? document, DateOnly today)
    {
        var outdated = b.Outdated?.From <= today ? b.Outdated : null;
        return new(
            b.Id,
            b.Version,
            content,
            b.Shown is { } shown && OfferedBenefits.IsOfferedOn(shown, document, today),
            BenefitItem.LastDay(content, document),
            b.WithdrawnBecause,
            outdated,
            outdated?.Link(b.DocumentId),
            b.ChangedAt
        );
    }
}
