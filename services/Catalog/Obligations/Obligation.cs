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
/// <param name="Channel">website, newMedia, zone ….</param>
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
                .Select(c => (c.Channel, c.Rule, Counted: calendar.Count(formedOn, c.Rule.Days, c.Rule.WorkingDays)))
                .Select(c => new ChannelDeadline(c.Channel, c.Rule, c.Counted.DueOn, c.Counted.Certain, c.Counted.Explanation)),
        ];
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
    DateTimeOffset At
) : IEventOf<Obligation>;

/// <summary>It was published in a channel.</summary>
public sealed record ObligationMet(string Channel, DateOnly On, string? Link, Actor By, DateTimeOffset At) : IEventOf<Obligation>;

/// <summary>Its document was published in the library, which is none of its channels.</summary>
public sealed record ObligationDocumentPublished(DateOnly On, Actor By, DateTimeOffset At) : IEventOf<Obligation>;

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
            (null, ObligationOpened e) => Counted(
                new()
                {
                    Id = Key(e.ObligationId),
                    Cause = e.Cause,
                    Title = e.Title,
                    DocumentId = e.DocumentId,
                    Bodies = e.Bodies,
                    Item = e.Item,
                    FormedOn = e.FormedOn,
                    Deadlines = e.Deadlines,
                    Source = e.Source,
                    // The text of a published document changes, and what is reported is about none.
                    IsPublic = e.Cause is not ObligationCause.Document,
                }
            ),
            ({ } o, ObligationMet e) => Counted(
                o with
                {
                    MetOn = new Dictionary<string, DateOnly>(o.MetOn) { [e.Channel] = e.On },
                    Links = e.Link is null ? o.Links : new Dictionary<string, string>(o.Links) { [e.Channel] = e.Link },
                    // What a person says of the website is not the library's word.
                    IsPublic = o.IsPublic || e.Channel == Channel.Website && e.By == Actor.Platform,
                }
            ),
            ({ } o, ObligationDocumentPublished) => o with { IsPublic = true },
            ({ } o, ObligationWaived e) => Counted(o with { WaivedBecause = e.Reason }),
            ({ } o, DeadlinesRecounted e) => Counted(o with { Deadlines = e.Deadlines }),
            ({ } o, ObligationReminded e) => o with { Reminders = [.. o.Reminders, e] },
            _ => obligation,
        };

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
    DateTimeOffset? RemindedAt
)
{
    internal static ObligationView Of(Obligation o, DateOnly today) =>
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
                    o.Links.GetValueOrDefault(d.Channel)
                )),
            ],
            o.WasLate,
            o.WaivedBecause,
            o.Source,
            o.Reminders is [.., var last] ? last.At : null
        );
}

/// <summary>A channel of an obligation.</summary>
/// <param name="Channel">website, newMedia, zone ….</param>
/// <param name="DueOn">Its last day.</param>
/// <param name="Certain">Whether the calendar was announced for all of the period.</param>
/// <param name="Explanation">How the deadline was counted.</param>
/// <param name="MetOn">The day of publication there; null while it is open.</param>
/// <param name="Link">Where it was published.</param>
public sealed record ObligationChannel(string Channel, DateOnly DueOn, bool Certain, string Explanation, DateOnly? MetOn, string? Link);

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
