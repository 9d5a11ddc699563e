using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>What became of an application.</summary>
public enum HearingApplicationState
{
    /// <summary>已报名: it is not known yet who takes part.</summary>
    Applied,

    /// <summary>入选: there is a seat.</summary>
    Chosen,

    /// <summary>候补: there is a seat when somebody before gives theirs up.</summary>
    Alternate,

    /// <summary>未入选.</summary>
    NotChosen,

    /// <summary>It was withdrawn, or its personal data erased before the hearing.</summary>
    Withdrawn,

    /// <summary>There is a seat, and it was confirmed that it will be taken.</summary>
    Confirmed,
}

/// <summary>What a participant said of the record (M 17).</summary>
/// <param name="Record">Which record it is said of.</param>
/// <param name="Confirms">Whether it is confirmed; otherwise there is an objection.</param>
/// <param name="At">When, UTC.</param>
public sealed record HearingRecordAnswer(int Record, bool Confirms, DateTimeOffset At);

/// <summary>Somebody applied, or was invited. Who it is stands beside the events, where it can be erased.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="HearingId">The hearing.</param>
/// <param name="Number">The number, in the order of receipt; public.</param>
/// <param name="Kind">For whom.</param>
/// <param name="Receipt">The hash of the receipt.</param>
/// <param name="IsInvited">Whether it is an invitation.</param>
/// <param name="By">Who wrote it down.</param>
/// <param name="At">When.</param>
public sealed record HearingAppliedFor(
    Guid ApplicationId,
    Guid HearingId,
    long Number,
    ApplicantKind Kind,
    string Receipt,
    bool IsInvited,
    Actor By,
    DateTimeOffset At
) : IEventOf<HearingApplication>;

/// <summary>It was withdrawn.</summary>
public sealed record HearingApplicationWithdrawn(Actor By, DateTimeOffset At) : IEventOf<HearingApplication>;

/// <summary>Whoever was chosen will come.</summary>
public sealed record HearingAttendanceConfirmed(Actor By, DateTimeOffset At) : IEventOf<HearingApplication>;

/// <summary>Who it is was erased.</summary>
public sealed record HearingApplicantErased(Actor By, DateTimeOffset At) : IEventOf<HearingApplication>;

/// <summary>The record was confirmed, or objected to; the words of the objection stand beside the events.</summary>
public sealed record HearingRecordAnswered(int Record, bool Confirms, Actor By, DateTimeOffset At) : IEventOf<HearingApplication>;

/// <summary>An application for a hearing. Each has a stream of its own: however many come at once, none waits for another.</summary>
[SentByPublic]
public sealed record HearingApplication : IState<HearingApplication>
{
    /// <summary>The public, who has no token.</summary>
    internal static readonly Actor Applicant = new("public", "");

    /// <summary>The application's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The hearing.</summary>
    public Guid HearingId { get; init; }

    /// <summary>The number, in the order of receipt; public.</summary>
    public long Number { get; init; }

    /// <summary>For whom.</summary>
    public ApplicantKind Kind { get; init; }

    /// <summary>The hash of the receipt.</summary>
    public string Receipt { get; init; } = "";

    /// <summary>When it was received, UTC.</summary>
    public DateTimeOffset AppliedAt { get; init; }

    /// <summary>When it was withdrawn, UTC; null where it was not.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>When attendance was confirmed, UTC; null where it was not.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When it was erased who it is, UTC; null where it was not.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>What was said of the record; null for nothing.</summary>
    public HearingRecordAnswer? Answer { get; init; }

    /// <summary>What became of it.</summary>
    public HearingApplicationState StateIn(PublicHearing hearing) =>
        WithdrawnAt is not null ? HearingApplicationState.Withdrawn
        : hearing.IsSeated(Number)
            ? ConfirmedAt is null ? HearingApplicationState.Chosen
                : HearingApplicationState.Confirmed
        : hearing.IsAlternate(Number) ? HearingApplicationState.Alternate
        : hearing.SelectedAt is null ? HearingApplicationState.Applied
        : HearingApplicationState.NotChosen;

    /// <summary>The state after one more event.</summary>
    public static HearingApplication? Next(HearingApplication? application, IEventOf<HearingApplication> happened) =>
        (application, happened) switch
        {
            (null, HearingAppliedFor e) => new()
            {
                Id = e.ApplicationId,
                HearingId = e.HearingId,
                Number = e.Number,
                Kind = e.Kind,
                Receipt = e.Receipt,
                AppliedAt = e.At,
            },
            ({ } a, HearingApplicationWithdrawn e) => a with { WithdrawnAt = e.At },
            ({ } a, HearingAttendanceConfirmed e) => a with { ConfirmedAt = e.At },
            ({ } a, HearingApplicantErased e) => a with { ErasedAt = e.At },
            ({ } a, HearingRecordAnswered e) => a with { Answer = new(e.Record, e.Confirms, e.At) },
            _ => application,
        };
}
