using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>What made an obligation.</summary>
public enum ObligationCause
{
    /// <summary>A document was issued.</summary>
    Document,

    /// <summary>The text of a published document changed.</summary>
    Change,

    /// <summary>A business system reported information.</summary>
    Report,
}

/// <summary>Where an obligation stands on a day; computed, never typed in.</summary>
public enum ObligationState
{
    /// <summary>To be published, in time so far.</summary>
    Due,

    /// <summary>Not published everywhere, and the last day has passed.</summary>
    Overdue,

    /// <summary>Published everywhere.</summary>
    Met,

    /// <summary>Need not be published, for a recorded reason.</summary>
    Waived,
}

/// <summary>By when something is to be published in a channel.</summary>
/// <param name="Channel">The code of a channel that is known; of old obligations, whatever it was called.</param>
/// <param name="Rule">The period.</param>
/// <param name="DueOn">Its last day, Asia/Shanghai.</param>
/// <param name="Certain">Whether the calendar was announced for all of it.</param>
/// <param name="Explanation">How it was counted, for people.</param>
public sealed record ChannelDeadline(string Channel, DeadlineRule Rule, DateOnly DueOn, bool Certain, string Explanation)
{
    /// <summary>Counts the deadlines of channels.</summary>
    public static IReadOnlyList<ChannelDeadline> Of(
        IReadOnlyList<(string Channel, DeadlineRule Rule)> channels,
        DateOnly formedOn,
        WorkingCalendar calendar
    ) =>
        [
            .. channels
                .Select(c => (c.Channel, c.Rule, Counted: Count(c.Rule, formedOn, calendar)))
                .Select(c => new ChannelDeadline(c.Channel, c.Rule, c.Counted.DueOn, c.Counted.Certain, c.Counted.Explanation)),
        ];

    static (DateOnly DueOn, bool Certain, string Explanation) Count(DeadlineRule rule, DateOnly formedOn, WorkingCalendar calendar)
    {
        // A day that is named is that day: only the end of a period moves to a working day (民法典 203).
        if (rule.DayFrom(formedOn) is { } day)
            return (day, true, $"按“{rule.Words}”，{formedOn:yyyy-MM-dd}形成的信息至{day:yyyy-MM-dd}届满。");
        var counted = calendar.Count(formedOn, rule.Days, rule.WorkingDays);
        return (
            counted.DueOn,
            counted.Certain,
            rule.Kind is null
                ? counted.Explanation
                : $"“{rule.Words}”未写明天数，按《政府信息公开条例》第二十六条的{rule.Days}个工作日计算：{counted.Explanation}"
        );
    }
}

/// <summary>Information exists that must be published.</summary>
public sealed record ObligationOpened(
    string ObligationId,
    ObligationCause Cause,
    string Title,
    Guid? DocumentId,
    IReadOnlyList<string> Bodies,
    string? Item,
    DateOnly FormedOn,
    IReadOnlyList<ChannelDeadline> Deadlines,
    string? Source,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Revision = null
) : IEventOf<Obligation>;

/// <summary>It was published in a channel.</summary>
public sealed record ObligationMet(string Channel, DateOnly On, string? Link, Actor By, DateTimeOffset At) : IEventOf<Obligation>;

/// <summary>Its document was published in the library, which is none of its channels, or one that was kept by its name.</summary>
public sealed record ObligationDocumentPublished(DateOnly On, Actor By, DateTimeOffset At) : IEventOf<Obligation>;

/// <summary>Its document has another title or other issuers now: they were put right, or it was amended.</summary>
public sealed record ObligationFollowedDocument(
    string Title,
    IReadOnlyList<string> Bodies,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Revision = null
) : IEventOf<Obligation>;

/// <summary>It need not be published.</summary>
public sealed record ObligationWaived(string Reason, Actor By, DateTimeOffset At) : IEventOf<Obligation>;

/// <summary>The calendar changed, and with it the deadlines.</summary>
public sealed record DeadlinesRecounted(int Year, IReadOnlyList<ChannelDeadline> Deadlines, Actor By, DateTimeOffset At)
    : IEventOf<Obligation>;

/// <summary>Those whose it is were told that it will be, or is, overdue.</summary>
public sealed record ObligationReminded(bool Overdue, DateOnly DueOn, Actor By, DateTimeOffset At) : IEventOf<Obligation>;

/// <summary>主动公开义务: something must be published by a day (D 26), in each of its channels.</summary>
public sealed record Obligation : IState<Obligation>
{
    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>What made it.</summary>
    public ObligationCause Cause { get; init; }

    /// <summary>What is to be published.</summary>
    public string Title { get; init; } = "";

    /// <summary>The document; null for what a business system reported.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>The text of the document whose title it bears; null where that is not known, and without a document.</summary>
    public int? Revision { get; init; }

    /// <summary>Whose it is, codes of organisations.</summary>
    public IReadOnlyList<string> Bodies { get; init; } = [];

    /// <summary>The item of the disclosure catalogue, <c>district/04-01</c>.</summary>
    public string? Item { get; init; }

    /// <summary>The day on which the information was made or changed, Asia/Shanghai.</summary>
    public DateOnly FormedOn { get; init; }

    /// <summary>The deadline of each channel.</summary>
    public IReadOnlyList<ChannelDeadline> Deadlines { get; init; } = [];

    /// <summary>The system that reported it, and its reference there.</summary>
    public string? Source { get; init; }

    /// <summary>The day of publication in each channel.</summary>
    public IReadOnlyDictionary<string, DateOnly> MetOn { get; init; } = new Dictionary<string, DateOnly>();

    /// <summary>Where it was published in each channel.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether everybody may know what it is about: its document is published, or it has none.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Why it need not be published.</summary>
    public string? WaivedBecause { get; init; }

    /// <summary>The next last day of a channel that is open; null when none is.</summary>
    public DateOnly? NextDueOn { get; init; }

    /// <summary>The last days that its bodies were reminded of, and whether each had passed; earliest reminder first.</summary>
    public IReadOnlyList<ObligationReminded> Reminders { get; init; } = [];

    /// <summary>The deadlines of the channels in which it is not published; none once it need not be.</summary>
    public IEnumerable<ChannelDeadline> Open() => WaivedBecause is not null ? [] : Deadlines.Where(d => !MetOn.ContainsKey(d.Channel));

    /// <summary>The channel of it that is the library, by whatever name it was kept; null for none.</summary>
    public string? Website() => WebsiteIn(Deadlines);

    /// <summary>The channel among deadlines that is the library; null for none.</summary>
    public static string? WebsiteIn(IReadOnlyList<ChannelDeadline> deadlines) =>
        deadlines.FirstOrDefault(d => ChannelList.Standard.CodeOf(d.Channel) == Channel.Website)?.Channel;

    /// <summary>Whether a channel was published in after its last day.</summary>
    public bool WasLate => Deadlines.Any(d => MetOn.TryGetValue(d.Channel, out var on) && on > d.DueOn);

    /// <summary>Where it stands on a day.</summary>
    public ObligationState StateOn(DateOnly day) =>
        WaivedBecause is not null ? ObligationState.Waived
        : NextDueOn is null ? ObligationState.Met
        : NextDueOn < day ? ObligationState.Overdue
        : ObligationState.Due;

    /// <summary>The key of an obligation's stream.</summary>
    public static string Key(string id) => $"obligation/{id}";

    /// <summary>The state after one more event.</summary>
    public static Obligation? Next(Obligation? obligation, IEventOf<Obligation> happened) =>
        (obligation, happened) switch
        {
            (null, ObligationOpened e) => InLibrary(
                new()
                {
                    Id = Key(e.ObligationId),
                    Cause = e.Cause,
                    Title = e.Title,
                    DocumentId = e.DocumentId,
                    Revision = e.Revision,
                    Bodies = e.Bodies,
                    Item = e.Item,
                    FormedOn = e.FormedOn,
                    Deadlines = e.Deadlines,
                    Source = e.Source,
                    // The text of a published document changes, and what is reported is about none.
                    IsPublic = e.Cause is not ObligationCause.Document,
                },
                // A changed text is there at once. Of a website that was kept by its name, nothing was recorded of that.
                e.Cause is ObligationCause.Change
                && WebsiteIn(e.Deadlines) is not (null or Channel.Website)
                    ? e.FormedOn
                    : null
            ),
            ({ } o, ObligationMet e) => Counted(
                o with
                {
                    MetOn = new Dictionary<string, DateOnly>(o.MetOn) { [e.Channel] = e.On },
                    Links = e.Link is null ? o.Links : new Dictionary<string, string>(o.Links) { [e.Channel] = e.Link },
                    // What a person says of the website is not the library's word.
                    IsPublic = o.IsPublic || e.By == Actor.Platform,
                }
            ),
            ({ } o, ObligationDocumentPublished e) => InLibrary(o with { IsPublic = true }, e.On),
            ({ } o, ObligationWaived e) => Counted(o with { WaivedBecause = e.Reason }),
            ({ } o, DeadlinesRecounted e) => Counted(o with { Deadlines = e.Deadlines }),
            ({ } o, ObligationFollowedDocument e) => o with { Title = e.Title, Bodies = e.Bodies, Revision = e.Revision },
            ({ } o, ObligationReminded e) => o with { Reminders = [.. o.Reminders, e] },
            _ => obligation,
        };

    // An item whose 政府网站 was kept by its name owes publication in the library like one of the website.
    static Obligation InLibrary(Obligation o, DateOnly? on) =>
        Counted(
            on is { } day && o.DocumentId is { } document && o.Website() is { } website && !o.MetOn.ContainsKey(website)
                ? o with
                {
                    MetOn = new Dictionary<string, DateOnly>(o.MetOn) { [website] = day },
                    Links = new Dictionary<string, string>(o.Links) { [website] = PageOf(document) },
                }
                : o
        );

    /// <summary>Where a document is in the library.</summary>
    public static string PageOf(Guid document) => $"/api/v1/documents/{document}/page";

    static Obligation Counted(Obligation o) => o with { NextDueOn = o.Open().Select(d => (DateOnly?)d.DueOn).Min() };
}

/// <summary>An obligation as the API shows it.</summary>
/// <param name="Id">The obligation.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="State">Where it stands today, Asia/Shanghai.</param>
/// <param name="Cause">What made it.</param>
/// <param name="Title">What is to be published.</param>
/// <param name="DocumentId">The document; null for what a business system reported.</param>
/// <param name="Bodies">Whose it is.</param>
/// <param name="Item">The item of the disclosure catalogue.</param>
/// <param name="FormedOn">The day on which the information was made or changed.</param>
/// <param name="DueOn">The next last day of a channel that is open; null when none is.</param>
/// <param name="Channels">Each channel with its deadline and, once published there, the day.</param>
/// <param name="WasLate">Whether it was published after the last day somewhere.</param>
/// <param name="WaivedBecause">Why it need not be published.</param>
/// <param name="Source">The system that reported it, and its reference there.</param>
/// <param name="RemindedAt">When its bodies were last told that it is due soon or overdue, UTC.</param>
/// <param name="BodyNames">The names of today of <c>bodies</c>, in their order; the code where there is none.</param>
/// <param name="ItemName">二级事项: what the item is called.</param>
public sealed record ObligationView(
    string Id,
    long Version,
    ObligationState State,
    ObligationCause Cause,
    string Title,
    Guid? DocumentId,
    IReadOnlyList<string> Bodies,
    string? Item,
    DateOnly FormedOn,
    DateOnly? DueOn,
    IReadOnlyList<ObligationChannel> Channels,
    bool WasLate,
    string? WaivedBecause,
    string? Source,
    DateTimeOffset? RemindedAt,
    IReadOnlyList<string> BodyNames,
    string? ItemName
)
{
    /// <summary>The names that obligations are shown with.</summary>
    internal static Task<CatalogNames> Names(
        IQuerySession session,
        IReadOnlyList<Obligation> shown,
        DateOnly today,
        CancellationToken cancellation
    ) => CatalogNames.Read(session, shown.SelectMany(o => o.Bodies), today, cancellation, shown.Select(o => o.Item).OfType<string>());

    internal static ObligationView Of(Obligation o, DateOnly today, CatalogNames names) =>
        new(
            o.Id["obligation/".Length..],
            o.Version,
            o.StateOn(today),
            o.Cause,
            o.Title,
            o.DocumentId,
            o.Bodies,
            o.Item,
            o.FormedOn,
            o.NextDueOn,
            [
                .. o.Deadlines.Select(d => new ObligationChannel(
                    d.Channel,
                    d.DueOn,
                    d.Certain,
                    d.Explanation,
                    o.MetOn.TryGetValue(d.Channel, out var on) ? on : null,
                    o.Links.GetValueOrDefault(d.Channel),
                    names.Channel(d.Channel)
                )),
            ],
            o.WasLate,
            o.WaivedBecause,
            o.Source,
            o.Reminders is [.., var last] ? last.At : null,
            [.. o.Bodies.Select(names.Body)],
            o.Item is { } item ? names.Item(item) : null
        );
}

/// <summary>A channel of an obligation.</summary>
/// <param name="Channel">Its code; of old obligations, whatever it was called.</param>
/// <param name="DueOn">Its last day.</param>
/// <param name="Certain">Whether the calendar was announced for all of the period.</param>
/// <param name="Explanation">How the deadline was counted.</param>
/// <param name="MetOn">The day of publication there; null while it is open.</param>
/// <param name="Link">Where it was published.</param>
/// <param name="ChannelName">Its name.</param>
public sealed record ObligationChannel(
    string Channel,
    DateOnly DueOn,
    bool Certain,
    string Explanation,
    DateOnly? MetOn,
    string? Link,
    string ChannelName
);

/// <summary>Who may see and meet which obligations.</summary>
static class ObligationCallers
{
    public static readonly string[] Readers = [Roles.Drafter, Roles.Publisher, Roles.Supervisor, Roles.Integrator];

    /// <summary>Whether the caller sees all of them; business systems see those of which everybody may know.</summary>
    public static bool Oversees(this Caller caller) => caller.HasAny(Roles.Publisher, Roles.Supervisor);

    /// <summary>The body whose obligations the caller sees whatever they are about; null for none.</summary>
    public static string? OwnBody(this Caller caller) => caller.HasAny(Roles.Drafter) ? caller.Organisation : null;

    public static bool AnswersFor(this Caller caller, Obligation obligation) =>
        caller.Oversees()
        || caller.HasAny(Roles.Integrator) && obligation.IsPublic
        || caller.OwnBody() is { } own && obligation.Bodies.Contains(own);

    /// <summary>Those that the caller sees, as <see cref="AnswersFor"/> says.</summary>
    public static IQueryable<Obligation> SeenBy(this IQueryable<Obligation> obligations, Caller caller)
    {
        if (caller.Oversees())
            return obligations;
        var own = caller.OwnBody();
        if (!caller.HasAny(Roles.Integrator))
            return obligations.Where(o => o.Bodies.Contains(own!));
        return own is null ? obligations.Where(o => o.IsPublic) : obligations.Where(o => o.IsPublic || o.Bodies.Contains(own));
    }

    /// <summary>Without those about documents that are taken from the public, but those of a body itself.</summary>
    public static IQueryable<Obligation> Without(this IQueryable<Obligation> obligations, HiddenParts hidden, string? own)
    {
        if (hidden.Documents.Length == 0)
            return obligations;
        var about = hidden.Documents.Cast<Guid?>().ToArray();
        var body = own ?? "";
        return obligations.Where(o => o.Bodies.Contains(body) || o.DocumentId == null || !about.Contains(o.DocumentId));
    }
}
