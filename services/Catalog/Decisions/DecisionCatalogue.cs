using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>The steps that a major administrative decision takes.</summary>
public enum RequiredStep
{
    /// <summary>公众参与 (M 14).</summary>
    PublicParticipation,

    /// <summary>专家论证 (M 19).</summary>
    ExpertArgument,

    /// <summary>风险评估 (M 22).</summary>
    RiskAssessment,

    /// <summary>合法性审查 (M 25).</summary>
    Legality,

    /// <summary>集体讨论决定 (M 30).</summary>
    CollectiveDecision,
}

/// <summary>An item of the catalogue.</summary>
/// <param name="Code">Its code within the year.</param>
/// <param name="Title">事项名称.</param>
/// <param name="Body">承办单位, a code of an organisation.</param>
/// <param name="PlannedOn">计划完成时间, Asia/Shanghai.</param>
/// <param name="LegalBasis">决策依据.</param>
/// <param name="Steps">法定程序.</param>
public sealed record DecisionItem(
    string Code,
    string Title,
    string Body,
    DateOnly PlannedOn,
    string? LegalBasis,
    IReadOnlyList<RequiredStep> Steps
);

/// <summary>An item came into the catalogue.</summary>
public sealed record DecisionItemAdded(int Year, DecisionItem Item, string? Reason, Actor By, DateTimeOffset At)
    : IEventOf<DecisionCatalogue>;

/// <summary>An item changed, for a reason that is published with it once the catalogue is.</summary>
public sealed record DecisionItemChanged(DecisionItem Item, string? Reason, Actor By, DateTimeOffset At) : IEventOf<DecisionCatalogue>;

/// <summary>An item left the catalogue.</summary>
public sealed record DecisionItemWithdrawn(string Code, string Reason, Actor By, DateTimeOffset At) : IEventOf<DecisionCatalogue>;

/// <summary>An item became a document.</summary>
public sealed record DecisionItemBecame(string Code, Guid DocumentId, Actor By, DateTimeOffset At) : IEventOf<DecisionCatalogue>;

/// <summary>The catalogue was published.</summary>
public sealed record DecisionCataloguePublished(DateOnly PublishedOn, Actor By, DateTimeOffset At) : IEventOf<DecisionCatalogue>;

/// <summary>An item and what became of it.</summary>
/// <param name="Item">What it says.</param>
/// <param name="DocumentId">The document that came of it.</param>
/// <param name="WithdrawnBecause">Why it left the catalogue.</param>
/// <param name="Version">The version of the catalogue in which it last changed.</param>
public sealed record KeptItem(DecisionItem Item, Guid? DocumentId, string? WithdrawnBecause, long Version);

/// <summary>重大行政决策事项年度目录: published once a year and changed during it (W 八).</summary>
public sealed record DecisionCatalogue : IState<DecisionCatalogue>
{
    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The events counted while folding them; the same as <see cref="Version"/> once loaded.</summary>
    public long Events { get; init; }

    /// <summary>Its year.</summary>
    public int Year { get; init; }

    /// <summary>When it was published; null before that.</summary>
    public DateOnly? PublishedOn { get; init; }

    /// <summary>Its items in the order in which they came.</summary>
    public IReadOnlyList<KeptItem> Items { get; init; } = [];

    /// <summary>An item that is in it.</summary>
    public KeptItem? Find(string code) => Items.FirstOrDefault(i => i.Item.Code == code);

    /// <summary>The key of a year's stream.</summary>
    public static string Key(int year) => $"decision-catalogue/{year}";

    /// <summary>The state after one more event.</summary>
    public static DecisionCatalogue? Next(DecisionCatalogue? catalogue, IEventOf<DecisionCatalogue> happened)
    {
        var version = (catalogue?.Events ?? 0) + 1;
        var next = (catalogue, happened) switch
        {
            (_, DecisionItemAdded e) => (catalogue ?? new() { Id = Key(e.Year), Year = e.Year }) is var c
                ? c with
                {
                    Items = [.. c.Items, new(e.Item, null, null, version)],
                }
                : null,
            ({ } c, DecisionItemChanged e) => c.With(e.Item.Code, i => i with { Item = e.Item, Version = version }),
            ({ } c, DecisionItemWithdrawn e) => c.With(e.Code, i => i with { WithdrawnBecause = e.Reason, Version = version }),
            ({ } c, DecisionItemBecame e) => c.With(e.Code, i => i with { DocumentId = e.DocumentId, Version = version }),
            ({ } c, DecisionCataloguePublished e) => c with { PublishedOn = e.PublishedOn },
            _ => catalogue,
        };
        return next is null ? null : next with { Events = version };
    }

    DecisionCatalogue With(string code, Func<KeptItem, KeptItem> change) =>
        this with
        {
            Items = [.. Items.Select(i => i.Item.Code == code ? change(i) : i)],
        };

    /// <summary>What the document of an item is told; nothing while it has none.</summary>
    public Decision Tell(Decision decision, string code)
    {
        var after = this.Then(decision.Events);
        return after?.Find(code) is { DocumentId: { } document } kept
            ? decision.Telling(
                new DecisionItemLinkedMessage(
                    document,
                    $"{Year}/{code}",
                    kept.Version,
                    kept.WithdrawnBecause is null ? [.. kept.Item.Steps.Select(JsonDefaults.Word)] : []
                )
            )
            : decision;
    }
}

/// <summary>An item as the API shows it.</summary>
/// <param name="Code">Its code within the year.</param>
/// <param name="Title">事项名称.</param>
/// <param name="Body">承办单位.</param>
/// <param name="PlannedOn">计划完成时间.</param>
/// <param name="LegalBasis">决策依据.</param>
/// <param name="Steps">法定程序.</param>
/// <param name="DocumentId">The document that came of it, for whoever may see it.</param>
/// <param name="WithdrawnBecause">Why it left the catalogue.</param>
/// <param name="BodyName">The name that the body has today; its code where there is none.</param>
public sealed record DecisionItemView(
    string Code,
    string Title,
    string Body,
    DateOnly PlannedOn,
    string? LegalBasis,
    IReadOnlyList<RequiredStep> Steps,
    Guid? DocumentId,
    string? WithdrawnBecause,
    string BodyName
)
{
    internal static DecisionItemView Of(KeptItem kept, CatalogNames names, bool showsDocument = true) =>
        new(
            kept.Item.Code,
            kept.Item.Title,
            kept.Item.Body,
            kept.Item.PlannedOn,
            kept.Item.LegalBasis,
            kept.Item.Steps,
            showsDocument ? kept.DocumentId : null,
            kept.WithdrawnBecause,
            names.Body(kept.Item.Body)
        );
}
