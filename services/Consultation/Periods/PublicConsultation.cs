using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>Where a consultation is on its way, at an instant.</summary>
public enum ConsultationState
{
    /// <summary>征求意见中: comments are taken.</summary>
    Open,

    /// <summary>It pauses: no comments are taken for the time being.</summary>
    Suspended,

    /// <summary>已截止: the last day has passed, and what was said is being worked on.</summary>
    Closed,

    /// <summary>已反馈: everything has its feedback, and the summary is published (M 18).</summary>
    Completed,

    /// <summary>It was given up with its draft.</summary>
    GivenUp,
}

/// <summary>When what the public says is shown.</summary>
public enum ShowingOfComments
{
    /// <summary>After somebody has released it.</summary>
    AfterRelease,

    /// <summary>At once; it can be taken down.</summary>
    AtOnce,
}

/// <summary>What is published with the draft (M 15, R 15).</summary>
/// <param name="Explanation">起草说明: what is drafted and why.</param>
/// <param name="Ways">Ways to comment beside this one: an address, a fax number.</param>
/// <param name="Contact">Whom to ask: an office and its telephone.</param>
public sealed record Announcement(string Explanation, string Ways, string Contact);

/// <summary>A revision that was put up.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="At">Since when it is public, UTC.</param>
/// <param name="Note">What is new in it; null for the first.</param>
public sealed record PutUp(int Revision, DateTimeOffset At, string? Note);

/// <summary>A change of the period, as it is published.</summary>
/// <param name="What">extended, suspended, resumed or closed.</param>
/// <param name="ClosesOn">The last day from then on, Asia/Shanghai.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record PeriodChange(string What, DateOnly ClosesOn, string Reason, DateTimeOffset At);

/// <summary>A consultation was opened: from now on everybody reads this revision of the draft.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null for none.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Announcement">What is published with it.</param>
/// <param name="ClosesOn">The last day for comments, Asia/Shanghai.</param>
/// <param name="Counted">How the last day was counted, for people.</param>
/// <param name="ShorterBecause">Why it is shorter than the rules want; null where it is not.</param>
/// <param name="TouchesBusiness">Whether it touches business (优化营商环境条例 62).</param>
/// <param name="Showing">When comments are shown.</param>
/// <param name="WorkBits">How many leading zero bits a comment's proof of work has; 0 for none.</param>
/// <param name="FeedbackWeeks">How many weeks after closing feedback is due.</param>
/// <param name="Interpretations">The signed interpretations that are shown with it.</param>
/// <param name="By">Who opened it.</param>
/// <param name="At">When.</param>
public sealed record ConsultationOpened(
    Guid ConsultationId,
    Guid DocumentId,
    string Title,
    IReadOnlyList<string> Issuers,
    string? Subject,
    int Revision,
    Announcement Announcement,
    DateOnly ClosesOn,
    string Counted,
    string? ShorterBecause,
    bool TouchesBusiness,
    ShowingOfComments Showing,
    int WorkBits,
    int FeedbackWeeks,
    IReadOnlyList<Guid> Interpretations,
    Actor By,
    DateTimeOffset At
) : IEventOf<PublicConsultation>;

/// <summary>A later revision was put up, and the consultation goes on with it.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Title">标题 as it is by then.</param>
/// <param name="Note">What is new in it.</param>
/// <param name="ClosesOn">The last day for comments, Asia/Shanghai.</param>
/// <param name="By">Who put it up.</param>
/// <param name="At">When.</param>
/// <param name="Interpretations">The signed interpretations that are shown with it, beside those before.</param>
public sealed record RevisionPutUp(
    int Revision,
    string Title,
    string Note,
    DateOnly ClosesOn,
    Actor By,
    DateTimeOffset At,
    IReadOnlyList<Guid>? Interpretations = null
) : IEventOf<PublicConsultation>;

/// <summary>The last day was moved to a later one.</summary>
public sealed record PeriodExtended(DateOnly ClosesOn, string Reason, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>;

/// <summary>It pauses.</summary>
public sealed record ConsultationSuspended(string Reason, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>;

/// <summary>It goes on; the last day is later by the days that it paused.</summary>
public sealed record ConsultationResumed(DateOnly ClosesOn, string Reason, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>;

/// <summary>It was closed before its last day had passed, or while it paused.</summary>
public sealed record ConsultationClosed(string Reason, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>;

/// <summary>Its draft was given up.</summary>
public sealed record ConsultationGivenUp(string Reason, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>;

/// <summary>The summary was written, or written otherwise; it is published when the consultation is completed.</summary>
public sealed record SummaryWritten(string Text, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>, IUnseen;

/// <summary>Everything had its feedback, and the summary was published.</summary>
public sealed record ConsultationCompleted(int Comments, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>;

/// <summary>A reminder of feedback that is owed.</summary>
/// <param name="DueOn">The last day for it, Asia/Shanghai.</param>
/// <param name="WeeksLeft">How many weeks are left until then; 0 once it has passed.</param>
public sealed record FeedbackReminder(DateOnly DueOn, int WeeksLeft);

/// <summary>Its body was reminded of the feedback that it owes.</summary>
public sealed record FeedbackReminded(FeedbackReminder Reminder, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>, IUnseen;

/// <summary>Its body was reminded of the comments that wait to be looked at, once on a day.</summary>
public sealed record ModerationReminded(DateOnly Day, long Waiting, Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>, IUnseen;

/// <summary>Who sent its comments was erased, as it had been over for long enough.</summary>
public sealed record SendersForgotten(Actor By, DateTimeOffset At) : IEventOf<PublicConsultation>, IUnseen;

/// <summary>A person decided that letters are one, which then has the comments of all.</summary>
/// <param name="Letter">The letter that they are from now on.</param>
/// <param name="Letters">The others.</param>
/// <param name="Medoids">The comments in the middle of all of them, its own first: by them they are known when letters are made anew.</param>
/// <param name="By">Who decided it.</param>
/// <param name="At">When.</param>
public sealed record FormLettersMerged(Guid Letter, IReadOnlyList<Guid> Letters, IReadOnlyList<Guid> Medoids, Actor By, DateTimeOffset At)
    : IEventOf<PublicConsultation>,
        IUnseen;

/// <summary>A person decided that some comments of a letter are a letter of their own.</summary>
/// <param name="Letter">The letter that they were in.</param>
/// <param name="NewLetter">The letter that they are from now on.</param>
/// <param name="Comments">The comments.</param>
/// <param name="By">Who decided it.</param>
/// <param name="At">When.</param>
public sealed record FormLetterSplit(Guid Letter, Guid NewLetter, IReadOnlyList<Guid> Comments, Actor By, DateTimeOffset At)
    : IEventOf<PublicConsultation>,
        IUnseen;

/// <summary>A person decided that two letters, of which it was proposed that they are one, are two.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Other">The letter that it is not.</param>
/// <param name="Medoids">The comments in the middle of both, in this order.</param>
/// <param name="By">Who decided it.</param>
/// <param name="At">When.</param>
public sealed record FormLettersKeptApart(Guid Letter, Guid Other, IReadOnlyList<Guid> Medoids, Actor By, DateTimeOffset At)
    : IEventOf<PublicConsultation>,
        IUnseen;

/// <summary>The document that came of the draft has other issuers or another subject now: they were put right.</summary>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null for none.</param>
/// <param name="By">The platform.</param>
/// <param name="At">When.</param>
public sealed record ConsultationFollowedDocument(IReadOnlyList<string> Issuers, string? Subject, Actor By, DateTimeOffset At)
    : IEventOf<PublicConsultation>;

/// <summary>公开征求意见: one or more revisions of a draft on which the public is asked.</summary>
public sealed record PublicConsultation : IState<PublicConsultation>, IPublicState
{
    /// <summary>The consultation's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>How many of them everybody sees something of.</summary>
    public long PublicVersion { get; init; }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; init; }

    /// <summary>标题 of the revision put up last.</summary>
    public string Title { get; init; } = "";

    /// <summary>发文机关, codes of the Catalog, the leading one first.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>主题分类, a code of the Catalog; null for none.</summary>
    public string? Subject { get; init; }

    /// <summary>The revisions, in the order in which they were put up.</summary>
    public IReadOnlyList<PutUp> Revisions { get; init; } = [];

    /// <summary>What is published with the draft.</summary>
    public Announcement Announcement { get; init; } = new("", "", "");

    /// <summary>The last day for comments, Asia/Shanghai.</summary>
    public DateOnly ClosesOn { get; init; }

    /// <summary>How that was counted, for people.</summary>
    public string Counted { get; init; } = "";

    /// <summary>The instant from which on no comment is taken, UTC.</summary>
    public DateTimeOffset ClosesAt { get; init; }

    /// <summary>Why the period is shorter than the rules want; null where it is not.</summary>
    public string? ShorterBecause { get; init; }

    /// <summary>Whether it touches business (优化营商环境条例 62).</summary>
    public bool TouchesBusiness { get; init; }

    /// <summary>When comments are shown.</summary>
    public ShowingOfComments Showing { get; init; }

    /// <summary>How many leading zero bits the proof of work of a comment has; 0 for none.</summary>
    public int WorkBits { get; init; }

    /// <summary>How many weeks after closing feedback is due.</summary>
    public int FeedbackWeeks { get; init; }

    /// <summary>The signed interpretations that are shown with it.</summary>
    public IReadOnlyList<Guid> Interpretations { get; init; } = [];

    /// <summary>What was changed about its period, oldest first.</summary>
    public IReadOnlyList<PeriodChange> Changes { get; init; } = [];

    /// <summary>When it was opened, UTC.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Since when it pauses, UTC; null while it does not.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>When it was completed, UTC.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When it was given up, UTC.</summary>
    public DateTimeOffset? GivenUpAt { get; init; }

    /// <summary>Whether it is completed or given up; kept, so that it can be asked for.</summary>
    public bool IsOver { get; init; }

    /// <summary>What its body was reminded of last; null for nothing.</summary>
    public FeedbackReminder? RemindedOf { get; init; }

    /// <summary>The day on which its body was last reminded of comments that wait, Asia/Shanghai; null for never.</summary>
    public DateOnly? ModerationRemindedOn { get; init; }

    /// <summary>Whether it is not known any more who sent its comments.</summary>
    public bool SendersForgotten { get; init; }

    /// <summary>The revision put up last.</summary>
    public int Revision => Revisions[^1].Revision;

    /// <summary>The revisions that were put up.</summary>
    public int[] Texts() => [.. Revisions.Select(r => r.Revision)];

    /// <summary>What others hear when it is over.</summary>
    /// <param name="version">The version of its history that says so.</param>
    /// <param name="completed">Whether everything has its feedback; it was given up otherwise.</param>
    /// <param name="comments">How many comments it had.</param>
    /// <param name="at">When, UTC.</param>
    public ConsultationEndedMessage Ended(long version, bool completed, int comments, DateTimeOffset at) =>
        new(Id, DocumentId, version, completed, OfficialTime.DateIn(at), comments, Title, Body, Issuers, Subject, Texts());

    /// <summary>The consulting body: the leading issuer.</summary>
    public string Body => Issuers.Count > 0 ? Issuers[0] : "";

    /// <summary>The last day for feedback, Asia/Shanghai.</summary>
    public DateOnly FeedbackDueOn => OfficialTime.DateIn(ClosesAt.AddTicks(-1)).AddDays(7 * FeedbackWeeks);

    /// <summary>
    /// Where it is at an instant: the one place that decides whether a comment is taken, for everybody. The second at which the last day
    /// ends in Asia/Shanghai is the first that is too late.
    /// </summary>
    public ConsultationState StateAt(DateTimeOffset now) =>
        GivenUpAt is not null ? ConsultationState.GivenUp
        : CompletedAt is not null ? ConsultationState.Completed
        : now >= ClosesAt ? ConsultationState.Closed
        : SuspendedAt is not null ? ConsultationState.Suspended
        : ConsultationState.Open;

    /// <summary>The state after one more event.</summary>
    public static PublicConsultation? Next(PublicConsultation? consultation, IEventOf<PublicConsultation> happened) =>
        After(consultation, happened) is { } next ? next with { PublicVersion = next.PublicVersion + (happened is IUnseen ? 0 : 1) } : null;

    static PublicConsultation? After(PublicConsultation? consultation, IEventOf<PublicConsultation> happened) =>
        (consultation, happened) switch
        {
            (null, ConsultationOpened e) => new()
            {
                Id = e.ConsultationId,
                DocumentId = e.DocumentId,
                Title = e.Title,
                Issuers = e.Issuers,
                Subject = e.Subject,
                Revisions = [new(e.Revision, e.At, null)],
                Announcement = e.Announcement,
                ClosesOn = e.ClosesOn,
                Counted = e.Counted,
                ClosesAt = EndOf(e.ClosesOn),
                ShorterBecause = e.ShorterBecause,
                TouchesBusiness = e.TouchesBusiness,
                Showing = e.Showing,
                WorkBits = e.WorkBits,
                FeedbackWeeks = e.FeedbackWeeks,
                Interpretations = e.Interpretations,
                OpenedAt = e.At,
            },
            ({ } c, RevisionPutUp e) => c.Moved("extended", e.ClosesOn, e.Note, e.At) with
            {
                Title = e.Title,
                Revisions = [.. c.Revisions, new(e.Revision, e.At, e.Note)],
                Interpretations = [.. c.Interpretations.Union(e.Interpretations ?? [])],
            },
            ({ } c, ConsultationFollowedDocument e) => c with { Issuers = e.Issuers, Subject = e.Subject },
            ({ } c, PeriodExtended e) => c.Moved("extended", e.ClosesOn, e.Reason, e.At),
            ({ } c, ConsultationSuspended e) => c.Moved("suspended", c.ClosesOn, e.Reason, e.At) with { SuspendedAt = e.At },
            ({ } c, ConsultationResumed e) => c.Moved("resumed", e.ClosesOn, e.Reason, e.At) with { SuspendedAt = null },
            ({ } c, ConsultationClosed e) => c.Moved("closed", OfficialTime.DateIn(e.At), e.Reason, e.At) with
            {
                ClosesAt = e.At,
                SuspendedAt = null,
            },
            ({ } c, FeedbackReminded e) => c with { RemindedOf = e.Reminder },
            ({ } c, ModerationReminded e) => c with { ModerationRemindedOn = e.Day },
            ({ } c, Periods.SendersForgotten) => c with { SendersForgotten = true },
            ({ } c, SummaryWritten or FormLettersMerged or FormLetterSplit or FormLettersKeptApart) => c with { },
            ({ } c, ConsultationCompleted e) => c with { CompletedAt = e.At, IsOver = true },
            ({ } c, ConsultationGivenUp e) => c with { GivenUpAt = e.At, IsOver = true },
            _ => consultation,
        };

    PublicConsultation Moved(string what, DateOnly closesOn, string reason, DateTimeOffset at) =>
        this with
        {
            ClosesOn = closesOn,
            ClosesAt = closesOn == ClosesOn ? ClosesAt : EndOf(closesOn),
            Changes = [.. Changes, new(what, closesOn, reason, at)],
        };

    static DateTimeOffset EndOf(DateOnly day) => OfficialTime.StartOf(day.AddDays(1)).ToUniversalTime();
}
