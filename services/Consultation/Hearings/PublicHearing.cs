using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>In which form people are heard.</summary>
public enum HearingKind
{
    /// <summary>听证会 (R 16, M 16).</summary>
    Hearing,

    /// <summary>座谈会 (M 14).</summary>
    Symposium,
}

/// <summary>What is heard about; it decides how long before it is announced.</summary>
public enum HearingGround
{
    /// <summary>规章 (R 16).</summary>
    Rules,

    /// <summary>重大行政决策 (M 16).</summary>
    MajorDecision,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>How participants are chosen (遴选办法, M 16).</summary>
public enum SelectionMethod
{
    /// <summary>摇号: a draw by RFC 3797, once applications are closed.</summary>
    Draw,

    /// <summary>In the order in which applications were received.</summary>
    FirstCome,

    /// <summary>So many seats for each kind of participants, in the order of receipt within it.</summary>
    ByGroup,

    /// <summary>Those who are invited; symposia alone.</summary>
    Invitation,
}

/// <summary>For whom somebody takes part.</summary>
public enum ApplicantKind
{
    /// <summary>公民.</summary>
    Citizen,

    /// <summary>企业.</summary>
    Enterprise,

    /// <summary>行业协会商会 and other associations.</summary>
    Association,

    /// <summary>专家学者.</summary>
    Expert,

    /// <summary>人大代表、政协委员.</summary>
    Deputy,
}

/// <summary>Where a hearing is on its way, at an instant.</summary>
public enum HearingState
{
    /// <summary>已公告: applications are taken, or people invited.</summary>
    Announced,

    /// <summary>报名截止: applications are closed, and participants are being chosen.</summary>
    Closed,

    /// <summary>It is known who takes part.</summary>
    Selected,

    /// <summary>已举行: it is over, and its record is being written.</summary>
    Held,

    /// <summary>The record is written, and participants confirm it (M 17).</summary>
    Recorded,

    /// <summary>Record and report are published.</summary>
    Published,

    /// <summary>已取消.</summary>
    Cancelled,
}

/// <summary>The seats of a kind of participants.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Seats">How many seats there are for it.</param>
public sealed record SeatQuota(ApplicantKind Kind, int Seats);

/// <summary>Somebody who takes part, or may move up.</summary>
/// <param name="Number">The number of the application.</param>
/// <param name="Kind">For whom.</param>
public sealed record HearingSeat(long Number, ApplicantKind Kind);

/// <summary>How many of a kind applied, and what became of them.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Applied">How many applied and had not withdrawn when participants were chosen.</param>
/// <param name="Seated">How many of them were chosen.</param>
/// <param name="Alternates">How many of them move up when a seat becomes free.</param>
public sealed record HearingCount(ApplicantKind Kind, int Applied, int Seated, int Alternates);

/// <summary>A file for the participants.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MediaType">What its bytes are.</param>
/// <param name="Size">How many bytes.</param>
/// <param name="Sha256">Its hash, lower-case hexadecimal.</param>
public sealed record HearingMaterial(string Name, string MediaType, long Size, string Sha256);

/// <summary>A change of what was announced, as it is published.</summary>
/// <param name="What">postponed or cancelled.</param>
/// <param name="Reason">Why.</param>
/// <param name="StartsAt">When it begins from then on, UTC.</param>
/// <param name="At">When, UTC.</param>
public sealed record HearingChange(string What, string Reason, DateTimeOffset StartsAt, DateTimeOffset At);

/// <summary>A draw of the participants, as the hearing knows of it.</summary>
/// <param name="Number">Which: 1 is the first.</param>
/// <param name="Id">Its stream.</param>
/// <param name="AnnouncementHash">The hash of all that was published before it.</param>
/// <param name="PoolHash">The hash of its pool.</param>
/// <param name="AnnouncedAt">When it was announced, UTC.</param>
/// <param name="HeldAt">When it was drawn or became void, UTC; null while its sources have no values.</param>
/// <param name="Void">Why nobody was drawn; null where somebody was, or will be.</param>
public sealed record DrawOfHearing(
    int Number,
    Guid Id,
    string AnnouncementHash,
    string PoolHash,
    DateTimeOffset AnnouncedAt,
    DateTimeOffset? HeldAt,
    DrawVoid? Void
);

/// <summary>Contacts of applicants were read.</summary>
/// <param name="Numbers">The numbers of the applications.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who read them: the <c>sub</c> of the token.</param>
/// <param name="At">When, UTC.</param>
public sealed record HearingContactReading(IReadOnlyList<long> Numbers, string Reason, string By, DateTimeOffset At);

/// <summary>What was announced of a hearing (R 16, M 16).</summary>
/// <param name="Kind">In which form people are heard.</param>
/// <param name="Ground">What is heard about.</param>
/// <param name="Title">Its title.</param>
/// <param name="Place">Where.</param>
/// <param name="StartsAt">When it begins, UTC.</param>
/// <param name="EndsAt">When it ends, UTC.</param>
/// <param name="Matters">What is heard about, in words.</param>
/// <param name="Contact">Whom to ask: an office and its telephone.</param>
/// <param name="Method">How participants are chosen.</param>
/// <param name="Seats">How many take part.</param>
/// <param name="Quotas">The seats of each kind; empty unless they are given by group.</param>
/// <param name="Alternates">How many may move up, of each kind where seats are given by group.</param>
/// <param name="ApplicationsUntil">The instant from which on no application is taken, UTC; null where people are invited.</param>
/// <param name="MaterialsDueOn">The last day for the materials, Asia/Shanghai; null where none are due.</param>
public sealed record HearingTerms(
    HearingKind Kind,
    HearingGround Ground,
    string Title,
    string Place,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string Matters,
    string Contact,
    SelectionMethod Method,
    int Seats,
    IReadOnlyList<SeatQuota> Quotas,
    int Alternates,
    DateTimeOffset? ApplicationsUntil,
    DateOnly? MaterialsDueOn
);

/// <summary>A hearing was announced.</summary>
/// <param name="HearingId">The hearing.</param>
/// <param name="Terms">What was announced.</param>
/// <param name="ConsultationId">The consultation that it belongs to; null for none.</param>
/// <param name="DocumentId">The document that it is about; null for none.</param>
/// <param name="Bodies">The bodies that carry it out, codes of the Catalog, the leading one first.</param>
/// <param name="By">Who announced it.</param>
/// <param name="At">When.</param>
public sealed record HearingAnnounced(
    Guid HearingId,
    HearingTerms Terms,
    Guid? ConsultationId,
    Guid? DocumentId,
    IReadOnlyList<string> Bodies,
    Actor By,
    DateTimeOffset At
) : IEventOf<PublicHearing>;

/// <summary>The document that it is about has other issuers now, who carry it out: they were put right.</summary>
/// <param name="Bodies">The bodies that carry it out, codes of the Catalog, the leading one first.</param>
/// <param name="By">The platform.</param>
/// <param name="At">When.</param>
public sealed record HearingFollowedDocument(IReadOnlyList<string> Bodies, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>It is held later, or elsewhere.</summary>
public sealed record HearingPostponed(
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string Place,
    DateTimeOffset? ApplicationsUntil,
    DateOnly? MaterialsDueOn,
    string Reason,
    Actor By,
    DateTimeOffset At
) : IEventOf<PublicHearing>;

/// <summary>It is not held.</summary>
public sealed record HearingCancelled(string Reason, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>A draw was announced; from now on its pool does not change.</summary>
public sealed record HearingDrawAnnounced(int Number, Guid DrawId, string AnnouncementHash, string PoolHash, Actor By, DateTimeOffset At)
    : IEventOf<PublicHearing>;

/// <summary>The draw that was announced last was held, or is void.</summary>
public sealed record HearingDrawHeld(int Number, DrawVoid? Void, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>It is known who takes part, by the numbers of their applications.</summary>
/// <param name="Seated">Who takes part.</param>
/// <param name="Alternates">Who moves up, the first to do so first.</param>
/// <param name="Counts">How many of each kind there are.</param>
/// <param name="By">Who chose: the platform, by the rule that was announced.</param>
/// <param name="At">When.</param>
public sealed record HearingParticipantsSelected(
    IReadOnlyList<HearingSeat> Seated,
    IReadOnlyList<HearingSeat> Alternates,
    IReadOnlyList<HearingCount> Counts,
    Actor By,
    DateTimeOffset At
) : IEventOf<PublicHearing>;

/// <summary>Somebody was invited.</summary>
public sealed record HearingParticipantInvited(long Number, ApplicantKind Kind, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>Somebody who was chosen, or would have moved up, does not take part.</summary>
/// <param name="Number">The number of the application.</param>
/// <param name="Next">The number of the one who moves up; null for nobody.</param>
/// <param name="By">Who gave it up.</param>
/// <param name="At">When.</param>
public sealed record HearingSeatGivenUp(long Number, long? Next, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>The list of participants was published (M 16).</summary>
public sealed record HearingParticipantsPublished(Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>A file for the participants was attached.</summary>
public sealed record HearingMaterialAttached(HearingMaterial Material, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>The participants have the materials.</summary>
public sealed record HearingMaterialsSent(Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>The body was reminded of the materials, once for a last day.</summary>
public sealed record HearingMaterialsReminded(DateOnly DueOn, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>, IUnseen;

/// <summary>The last day for the materials has passed without them.</summary>
public sealed record HearingMaterialsMissed(DateOnly DueOn, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>, IUnseen;

/// <summary>The record (笔录) was written, or written anew. Its words are kept beside the events.</summary>
/// <param name="Number">Which record: 1 is the first.</param>
/// <param name="Sha256">The hash of its words.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="At">When.</param>
public sealed record HearingRecordWritten(int Number, string Sha256, Actor By, DateTimeOffset At) : IEventOf<PublicHearing>;

/// <summary>Record and report were published.</summary>
/// <param name="Confirmed">How many participants confirmed the record (M 17).</param>
/// <param name="Objected">How many objected to it.</param>
/// <param name="Silent">How many said nothing.</param>
/// <param name="SilentBecause">Why it was published without them; null where there are none.</param>
/// <param name="By">Who published it.</param>
/// <param name="At">When.</param>
public sealed record HearingRecordPublished(int Confirmed, int Objected, int Silent, string? SilentBecause, Actor By, DateTimeOffset At)
    : IEventOf<PublicHearing>;

/// <summary>Contacts of applicants were read.</summary>
public sealed record HearingContactsRead(IReadOnlyList<long> Numbers, string Reason, Actor By, DateTimeOffset At)
    : IEventOf<PublicHearing>,
        IUnseen;

/// <summary>听证会 or 座谈会.</summary>
public sealed record PublicHearing : IState<PublicHearing>, IPublicState
{
    /// <summary>The hearing's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>How many of them everybody sees something of.</summary>
    public long PublicVersion { get; init; }

    /// <summary>What was announced, as it holds now.</summary>
    public HearingTerms Terms { get; init; } = new(default, default, "", "", default, default, "", "", default, 0, [], 0, null, null);

    /// <summary>The consultation that it belongs to; null for none.</summary>
    public Guid? ConsultationId { get; init; }

    /// <summary>The document that it is about; null for none.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>The bodies that carry it out, codes of the Catalog, the leading one first.</summary>
    public IReadOnlyList<string> Bodies { get; init; } = [];

    /// <summary>When it was announced, UTC.</summary>
    public DateTimeOffset AnnouncedAt { get; init; }

    /// <summary>When it ends, UTC; kept, so that it can be asked for.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>The instant from which on no application is taken, UTC; kept, so that it can be asked for.</summary>
    public DateTimeOffset? ApplicationsUntil { get; init; }

    /// <summary>When it was cancelled, UTC; null where it was not.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>What was changed about it, oldest first.</summary>
    public IReadOnlyList<HearingChange> Changes { get; init; } = [];

    /// <summary>Its draws, void ones too, oldest first.</summary>
    public IReadOnlyList<DrawOfHearing> Draws { get; init; } = [];

    /// <summary>Since when it is known who takes part, UTC; null while it is not.</summary>
    public DateTimeOffset? SelectedAt { get; init; }

    /// <summary>Who takes part.</summary>
    public IReadOnlyList<HearingSeat> Seated { get; init; } = [];

    /// <summary>Who moves up when a seat becomes free, the first to do so first.</summary>
    public IReadOnlyList<HearingSeat> Alternates { get; init; } = [];

    /// <summary>How many of each kind there were when participants were chosen.</summary>
    public IReadOnlyList<HearingCount> Counts { get; init; } = [];

    /// <summary>Since when the list of participants is public, UTC; null while it is not.</summary>
    public DateTimeOffset? ParticipantsPublishedAt { get; init; }

    /// <summary>The files for the participants.</summary>
    public IReadOnlyList<HearingMaterial> Materials { get; init; } = [];

    /// <summary>Since when the participants have them, UTC; null while they do not.</summary>
    public DateTimeOffset? MaterialsSentAt { get; init; }

    /// <summary>The last day for the materials that the body was reminded of, Asia/Shanghai.</summary>
    public DateOnly? RemindedOf { get; init; }

    /// <summary>The last day that passed without them, Asia/Shanghai.</summary>
    public DateOnly? MissedOn { get; init; }

    /// <summary>Which record holds; 0 while none is written.</summary>
    public int Record { get; init; }

    /// <summary>When that was written, UTC; null while it is not.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>How it was published; null while it is not.</summary>
    public HearingRecordPublished? Publication { get; init; }

    /// <summary>When it was published, UTC; kept, so that it can be asked for.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Who read contacts of applicants, oldest first.</summary>
    public IReadOnlyList<HearingContactReading> Readings { get; init; } = [];

    /// <summary>The draw whose sources have no values yet; null for none.</summary>
    public DrawOfHearing? Pending => Draws is [.., { HeldAt: null } last] ? last : null;

    /// <summary>
    /// Where it is at an instant: the one place that decides whether an application is taken, for everybody. The second named as the end of
    /// applications is the first that is too late.
    /// </summary>
    public HearingState StateAt(DateTimeOffset now) =>
        CancelledAt is not null ? HearingState.Cancelled
        : PublishedAt is not null ? HearingState.Published
        : RecordedAt is not null ? HearingState.Recorded
        : now >= EndsAt ? HearingState.Held
        : SelectedAt is not null ? HearingState.Selected
        : Terms.ApplicationsUntil is { } until && now >= until ? HearingState.Closed
        : HearingState.Announced;

    /// <summary>Whether an application holds a seat.</summary>
    public bool IsSeated(long number) => Seated.Any(s => s.Number == number);

    /// <summary>Whether an application may move up.</summary>
    public bool IsAlternate(long number) => Alternates.Any(s => s.Number == number);

    /// <summary>Whether the materials should have been sent by now.</summary>
    public bool IsOverdueOn(DateOnly today) => MaterialsSentAt is null && CancelledAt is null && today > Terms.MaterialsDueOn;

    /// <summary>What follows when somebody does not take part: the first alternate moves up, by group the first of the same kind.</summary>
    public HearingSeatGivenUp GiveUp(long number, Actor by, DateTimeOffset at)
    {
        var seat = Seated.FirstOrDefault(s => s.Number == number);
        var next =
            seat is null ? null
            : Terms.Method is SelectionMethod.ByGroup ? Alternates.FirstOrDefault(a => a.Kind == seat.Kind)
            : Alternates.Count > 0 ? Alternates[0]
            : null;
        return new(number, next?.Number, by, at);
    }

    // Files are shown once they are sent, who takes part once the list is published.
    bool Shows(IEventOf<PublicHearing> happened) =>
        happened switch
        {
            IUnseen => false,
            HearingMaterialAttached => MaterialsSentAt is not null,
            HearingSeatGivenUp => ParticipantsPublishedAt is not null,
            HearingParticipantInvited e => ParticipantsPublishedAt is not null || SelectedAt == e.At,
            _ => true,
        };

    /// <summary>The state after one more event.</summary>
    public static PublicHearing? Next(PublicHearing? hearing, IEventOf<PublicHearing> happened) =>
        After(hearing, happened) is { } next ? next with { PublicVersion = next.PublicVersion + (next.Shows(happened) ? 1 : 0) } : null;

    static PublicHearing? After(PublicHearing? hearing, IEventOf<PublicHearing> happened) =>
        (hearing, happened) switch
        {
            (null, HearingAnnounced e) => new()
            {
                Id = e.HearingId,
                Terms = e.Terms,
                EndsAt = e.Terms.EndsAt,
                ApplicationsUntil = e.Terms.ApplicationsUntil,
                ConsultationId = e.ConsultationId,
                DocumentId = e.DocumentId,
                Bodies = e.Bodies,
                AnnouncedAt = e.At,
            },
            ({ } h, HearingFollowedDocument e) => h with { Bodies = e.Bodies },
            ({ } h, HearingPostponed e) => h with
            {
                Terms = h.Terms with
                {
                    StartsAt = e.StartsAt,
                    EndsAt = e.EndsAt,
                    Place = e.Place,
                    ApplicationsUntil = e.ApplicationsUntil,
                    MaterialsDueOn = e.MaterialsDueOn,
                },
                EndsAt = e.EndsAt,
                ApplicationsUntil = e.ApplicationsUntil,
                Changes = [.. h.Changes, new("postponed", e.Reason, e.StartsAt, e.At)],
            },
            ({ } h, HearingCancelled e) => h with
            {
                CancelledAt = e.At,
                Changes = [.. h.Changes, new("cancelled", e.Reason, h.Terms.StartsAt, e.At)],
            },
            ({ } h, HearingDrawAnnounced e) => h with
            {
                Draws = [.. h.Draws, new(e.Number, e.DrawId, e.AnnouncementHash, e.PoolHash, e.At, null, null)],
            },
            ({ } h, HearingDrawHeld e) => h with
            {
                Draws = [.. h.Draws.Select(d => d.Number == e.Number ? d with { HeldAt = e.At, Void = e.Void } : d)],
            },
            ({ } h, HearingParticipantsSelected e) => h with
            {
                SelectedAt = e.At,
                Seated = e.Seated,
                Alternates = e.Alternates,
                Counts = e.Counts,
            },
            ({ } h, HearingParticipantInvited e) => h with
            {
                SelectedAt = h.SelectedAt ?? e.At,
                Seated = [.. h.Seated, new(e.Number, e.Kind)],
            },
            ({ } h, HearingSeatGivenUp e) => h with
            {
                Seated = [.. h.Seated.Where(s => s.Number != e.Number), .. h.Alternates.Where(s => s.Number == e.Next)],
                Alternates = [.. h.Alternates.Where(s => s.Number != e.Number && s.Number != e.Next)],
            },
            ({ } h, HearingParticipantsPublished e) => h with { ParticipantsPublishedAt = e.At },
            ({ } h, HearingMaterialAttached e) => h with
            {
                Materials = [.. h.Materials.Where(m => m.Sha256 != e.Material.Sha256), e.Material],
            },
            ({ } h, HearingMaterialsSent e) => h with { MaterialsSentAt = e.At },
            ({ } h, HearingMaterialsReminded e) => h with { RemindedOf = e.DueOn },
            ({ } h, HearingMaterialsMissed e) => h with { MissedOn = e.DueOn },
            ({ } h, HearingRecordWritten e) => h with { Record = e.Number, RecordedAt = e.At },
            ({ } h, HearingRecordPublished e) => h with { Publication = e, PublishedAt = e.At },
            ({ } h, HearingContactsRead e) => h with { Readings = [.. h.Readings, new(e.Numbers, e.Reason, e.By.Id, e.At)] },
            _ => hearing,
        };
}
