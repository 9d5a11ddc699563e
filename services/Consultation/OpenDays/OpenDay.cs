using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Where an open day is on its way; told for an instant.</summary>
public enum OpenDayState
{
    /// <summary>Announced; it has not begun.</summary>
    Announced,

    /// <summary>It is going on.</summary>
    Underway,

    /// <summary>It has ended; its summary is to be published.</summary>
    Over,

    /// <summary>Its summary is published.</summary>
    Completed,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

/// <summary>When an open day is, and until when the public takes part in its preparation.</summary>
/// <param name="StartsAt">When it begins, UTC.</param>
/// <param name="EndsAt">When it ends, UTC.</param>
/// <param name="RegistrationUntil">The first instant that is too late to register, UTC.</param>
/// <param name="QuestionsUntil">The first instant that is too late for a question before the day, UTC.</param>
public sealed record OpenDayTimes(
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    DateTimeOffset RegistrationUntil,
    DateTimeOffset QuestionsUntil
);

/// <summary>A change of an open day, as it is published.</summary>
/// <param name="What">postponed, capacity or cancelled.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record OpenDayChange(string What, string Reason, DateTimeOffset At);

/// <summary>What came of an open day, counted when its summary was published.</summary>
/// <param name="People">How many people had a registration that was not cancelled.</param>
/// <param name="Seats">How many of them had a seat.</param>
/// <param name="Attended">How many came.</param>
/// <param name="Questions">How many questions were gathered before.</param>
/// <param name="LiveQuestions">How many were asked on the day.</param>
/// <param name="LiveAnswers">How many of those were answered.</param>
public sealed record OpenDayCounts(int People, int Seats, int Attended, int Questions, int LiveQuestions, int LiveAnswers);

/// <summary>What is published after an open day.</summary>
/// <param name="Text">What was shown, asked and promised.</param>
/// <param name="Counts">What came of it.</param>
/// <param name="PublishedAt">When, UTC.</param>
public sealed record OpenDaySummary(string Text, OpenDayCounts Counts, DateTimeOffset PublishedAt);

/// <summary>An open day (政府开放日) was announced (W 九).</summary>
/// <param name="OpenDayId">The open day.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Body">Who opens its doors, a code of the Catalog.</param>
/// <param name="Place">Where.</param>
/// <param name="Description">What there is to see and to ask.</param>
/// <param name="Times">When.</param>
/// <param name="Capacity">How many seats there are.</param>
/// <param name="By">Who announced it.</param>
/// <param name="At">When.</param>
public sealed record OpenDayAnnounced(
    Guid OpenDayId,
    string Topic,
    string Body,
    string Place,
    string Description,
    OpenDayTimes Times,
    int Capacity,
    Actor By,
    DateTimeOffset At
) : IEventOf<OpenDay>;

/// <summary>It takes place at another time, and perhaps at another place.</summary>
public sealed record OpenDayPostponed(string Place, OpenDayTimes Times, string Reason, Actor By, DateTimeOffset At) : IEventOf<OpenDay>;

/// <summary>There are more seats, or fewer.</summary>
public sealed record OpenDayCapacityChanged(int Capacity, string Reason, Actor By, DateTimeOffset At) : IEventOf<OpenDay>;

/// <summary>It does not take place.</summary>
public sealed record OpenDayCancelled(string Reason, Actor By, DateTimeOffset At) : IEventOf<OpenDay>;

/// <summary>Those who came are asked what they think of it by a questionnaire.</summary>
public sealed record OpenDayQuestionnaireNamed(Guid QuestionnaireId, Actor By, DateTimeOffset At) : IEventOf<OpenDay>;

/// <summary>Its summary was published, or another one in its place.</summary>
public sealed record OpenDaySummarised(string Text, OpenDayCounts Counts, Actor By, DateTimeOffset At) : IEventOf<OpenDay>;

/// <summary>政府开放日: a body opens its doors, hears questions before, and shows what it does.</summary>
public sealed record OpenDay : IState<OpenDay>, IPublicState
{
    /// <summary>The open day's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>How many of them everybody sees something of.</summary>
    public long PublicVersion { get; init; }

    /// <summary>What it is about.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Who opens its doors, a code of the Catalog.</summary>
    public string Body { get; init; } = "";

    /// <summary>Where.</summary>
    public string Place { get; init; } = "";

    /// <summary>What there is to see and to ask.</summary>
    public string Description { get; init; } = "";

    /// <summary>When it begins, UTC.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends, UTC.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>The first instant that is too late to register, UTC.</summary>
    public DateTimeOffset RegistrationUntil { get; init; }

    /// <summary>The first instant that is too late for a question before the day, UTC.</summary>
    public DateTimeOffset QuestionsUntil { get; init; }

    /// <summary>How many seats there are.</summary>
    public int Capacity { get; init; }

    /// <summary>What was changed about it, oldest first.</summary>
    public IReadOnlyList<OpenDayChange> Changes { get; init; } = [];

    /// <summary>The questionnaire for those who came.</summary>
    public Guid? QuestionnaireId { get; init; }

    /// <summary>What was published after it.</summary>
    public OpenDaySummary? Summary { get; init; }

    /// <summary>When it was cancelled, UTC.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Whether what was registered with it was erased, once nobody needs it any more.</summary>
    public bool IsForgotten { get; init; }

    /// <summary>Where it is at an instant; the same for everybody.</summary>
    public OpenDayState StateAt(DateTimeOffset now) =>
        CancelledAt is not null ? OpenDayState.Cancelled
        : Summary is not null ? OpenDayState.Completed
        : now >= EndsAt ? OpenDayState.Over
        : now >= StartsAt ? OpenDayState.Underway
        : OpenDayState.Announced;

    /// <summary>Whether somebody can register at an instant: the second of the deadline is the first that is too late.</summary>
    public bool TakesRegistrationsAt(DateTimeOffset now) => CancelledAt is null && now < RegistrationUntil;

    /// <summary>The state after one more event.</summary>
    public static OpenDay? Next(OpenDay? day, IEventOf<OpenDay> happened) =>
        After(day, happened) is { } next ? next with { PublicVersion = next.PublicVersion + (happened is IUnseen ? 0 : 1) } : null;

    static OpenDay? After(OpenDay? day, IEventOf<OpenDay> happened) =>
        (day, happened) switch
        {
            (null, OpenDayAnnounced e) => new OpenDay
            {
                Id = e.OpenDayId,
                Topic = e.Topic,
                Body = e.Body,
                Place = e.Place,
                Description = e.Description,
                Capacity = e.Capacity,
            }.At(e.Times),
            ({ } d, OpenDayPostponed e) => d.At(e.Times).Changed("postponed", e.Reason, e.At) with { Place = e.Place },
            ({ } d, OpenDayCapacityChanged e) => d.Changed("capacity", e.Reason, e.At) with { Capacity = e.Capacity },
            ({ } d, OpenDayCancelled e) => d.Changed("cancelled", e.Reason, e.At) with { CancelledAt = e.At },
            ({ } d, OpenDayQuestionnaireNamed e) => d with { QuestionnaireId = e.QuestionnaireId },
            ({ } d, OpenDaySummarised e) => d with { Summary = new(e.Text, e.Counts, e.At) },
            ({ } d, OpenDayRegistrantsForgotten) => d with { IsForgotten = true },
            _ => day,
        };

    OpenDay At(OpenDayTimes times) =>
        this with
        {
            StartsAt = times.StartsAt,
            EndsAt = times.EndsAt,
            RegistrationUntil = times.RegistrationUntil,
            QuestionsUntil = times.QuestionsUntil,
        };

    OpenDay Changed(string what, string reason, DateTimeOffset at) => this with { Changes = [.. Changes, new(what, reason, at)] };
}
