using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Topics;

/// <summary>What an item of a topic points to.</summary>
public enum TopicItemKind
{
    /// <summary>A document.</summary>
    Document,

    /// <summary>An interpretation.</summary>
    Interpretation,

    /// <summary>A benefit.</summary>
    Benefit,

    /// <summary>An entry of a list: <c>kind/code</c>.</summary>
    ListEntry,

    /// <summary>An address elsewhere, of another level or body.</summary>
    Link,
}

/// <summary>Something that was chosen for a topic.</summary>
/// <param name="Kind">What it points to.</param>
/// <param name="Target">Its id; <c>kind/code</c> of a list entry; the address of a link.</param>
/// <param name="Title">How it is called here; its own title when null.</param>
public sealed record TopicItem(TopicItemKind Kind, string Target, string? Title);

/// <summary>What comes into a topic by itself.</summary>
/// <param name="Q">Words as the library is searched.</param>
/// <param name="Issuer">发文机关.</param>
/// <param name="Subject">主题分类.</param>
/// <param name="BenefitTag">Benefits with this tag, instead of documents.</param>
/// <param name="List">Entries of this list, instead of documents: those of the issuer, with the words in their titles.</param>
public sealed record TopicRule(string? Q, string? Issuer, string? Subject, string? BenefitTag, string? List = null)
{
    /// <summary>The rule as the library is asked; null for one of benefits or entries.</summary>
    public LibraryFilter? Filter() =>
        BenefitTag is not null || List is not null
            ? null
            : new()
            {
                Q = Q ?? "",
                Issuer = Issuer ?? "",
                Subject = Subject ?? "",
            };
}

/// <summary>A part of a topic's page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Items">What was chosen, in its order.</param>
/// <param name="Rules">What comes by itself, after that.</param>
public sealed record TopicSection(string Title, IReadOnlyList<TopicItem> Items, IReadOnlyList<TopicRule> Rules);

/// <summary>A topic was set.</summary>
public sealed record TopicSet(string Code, string Title, string? Summary, IReadOnlyList<TopicSection> Sections, Actor By, DateTimeOffset At)
    : IEventOf<Topic>;

/// <summary>A topic was taken off.</summary>
public sealed record TopicRemoved(string Reason, Actor By, DateTimeOffset At) : IEventOf<Topic>;

/// <summary>场景专题: one page that gathers what several bodies and levels have to a matter (W 十一).</summary>
public sealed record Topic : IState<Topic>
{
    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Its code.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its title.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it is about.</summary>
    public string? Summary { get; init; }

    /// <summary>Its parts.</summary>
    public IReadOnlyList<TopicSection> Sections { get; init; } = [];

    /// <summary>Whether it was taken off.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>What of a kind was chosen for it.</summary>
    public IEnumerable<string> Targets(TopicItemKind kind) => TargetsIn(Sections, kind);

    /// <summary>What of a kind was chosen in some parts.</summary>
    public static IEnumerable<string> TargetsIn(IEnumerable<TopicSection> sections, TopicItemKind kind) =>
        sections.SelectMany(s => s.Items).Where(i => i.Kind == kind).Select(i => i.Target).Distinct();

    /// <summary>The key of a topic's stream.</summary>
    public static string Key(string code) => $"topic/{code}";

    /// <summary>The state after one more event.</summary>
    public static Topic? Next(Topic? topic, IEventOf<Topic> happened) =>
        happened switch
        {
            TopicSet e => (topic ?? new() { Id = Key(e.Code), Code = e.Code }) with
            {
                Title = e.Title,
                Summary = e.Summary,
                Sections = e.Sections,
                IsRemoved = false,
            },
            TopicRemoved => topic! with { IsRemoved = true },
            _ => topic,
        };
}
