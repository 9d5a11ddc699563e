using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>Where a questionnaire is on its way, at an instant.</summary>
public enum QuestionnaireState
{
    /// <summary>起草中: seen by those alone who make it.</summary>
    Drafted,

    /// <summary>进行中: answers are taken.</summary>
    Open,

    /// <summary>已截止: no more answers are taken.</summary>
    Closed,
}

/// <summary>Who answers.</summary>
public enum QuestionnaireAccess
{
    /// <summary>Anybody, without a name.</summary>
    Anonymous,

    /// <summary>Whoever has a link that was not used yet; without a name as well.</summary>
    Invitation,
}

/// <summary>When everybody sees the results.</summary>
public enum ShowingOfResults
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Once it is closed.</summary>
    AfterClosing,

    /// <summary>While it is open, too.</summary>
    Live,
}

/// <summary>What else a questionnaire belongs to.</summary>
/// <param name="Kind">What kind of thing it is: evaluation, openDay ….</param>
/// <param name="Id">Its id.</param>
public sealed record QuestionnaireSubject(string? Kind, string? Id);

/// <summary>A questionnaire was begun.</summary>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Body">Whose it is, a code of the Catalog.</param>
/// <param name="Title">Its title.</param>
/// <param name="ConsultationId">The consultation that it is a form of; null for none.</param>
/// <param name="About">What else it belongs to; null for nothing.</param>
/// <param name="Access">Who answers.</param>
/// <param name="Results">When everybody sees the results.</param>
/// <param name="By">Who began it.</param>
/// <param name="At">When, UTC.</param>
public sealed record QuestionnaireDrafted(
    Guid QuestionnaireId,
    string Body,
    string Title,
    Guid? ConsultationId,
    QuestionnaireSubject? About,
    QuestionnaireAccess Access,
    ShowingOfResults Results,
    Actor By,
    DateTimeOffset At
) : IEventOf<Questionnaire>;

/// <summary>It was changed; the questions stand in the edition.</summary>
/// <param name="Edition">The edition: another one where the last one was open.</param>
/// <param name="Title">Its title.</param>
/// <param name="Access">Who answers.</param>
/// <param name="Results">When everybody sees the results.</param>
/// <param name="By">Who changed it.</param>
/// <param name="At">When, UTC.</param>
public sealed record QuestionnaireChanged(
    int Edition,
    string Title,
    QuestionnaireAccess Access,
    ShowingOfResults Results,
    Actor By,
    DateTimeOffset At
) : IEventOf<Questionnaire>;

/// <summary>It was opened.</summary>
/// <param name="ClosesOn">The last day for answers, Asia/Shanghai.</param>
/// <param name="By">Who opened it.</param>
/// <param name="At">When, UTC.</param>
public sealed record QuestionnaireOpened(DateOnly ClosesOn, Actor By, DateTimeOffset At) : IEventOf<Questionnaire>;

/// <summary>It was closed before its last day had passed.</summary>
/// <param name="Reason">Why.</param>
/// <param name="By">Who closed it.</param>
/// <param name="At">When, UTC.</param>
public sealed record QuestionnaireClosed(string Reason, Actor By, DateTimeOffset At) : IEventOf<Questionnaire>;

/// <summary>Invitations were made.</summary>
/// <param name="Count">How many.</param>
/// <param name="By">Who made them.</param>
/// <param name="At">When, UTC.</param>
public sealed record InvitationsMade(int Count, Actor By, DateTimeOffset At) : IEventOf<Questionnaire>, IUnseen;

/// <summary>问卷: questions to whoever answers them. Its answers have rows of their own, so that no two of them wait for each other.</summary>
public sealed record Questionnaire : IState<Questionnaire>, IPublicState
{
    /// <summary>The questionnaire's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>How many of them everybody sees something of: from its opening on.</summary>
    public long PublicVersion { get; init; }

    /// <summary>Whose it is, a code of the Catalog.</summary>
    public string Body { get; init; } = "";

    /// <summary>Its title.</summary>
    public string Title { get; init; } = "";

    /// <summary>The consultation that it is a form of; null for none.</summary>
    public Guid? ConsultationId { get; init; }

    /// <summary>What else it belongs to; null for nothing.</summary>
    public QuestionnaireSubject? About { get; init; }

    /// <summary>Who answers.</summary>
    public QuestionnaireAccess Access { get; init; }

    /// <summary>When everybody sees the results.</summary>
    public ShowingOfResults Results { get; init; }

    /// <summary>The edition of its questions that is answered now.</summary>
    public int Edition { get; init; }

    /// <summary>How many invitations were made.</summary>
    public int Invitations { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public DateTimeOffset DraftedAt { get; init; }

    /// <summary>When it was opened, UTC; null before.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>The last day for answers, Asia/Shanghai; null before it is opened.</summary>
    public DateOnly? ClosesOn { get; init; }

    /// <summary>The instant from which on no answer is taken, UTC; null before it is opened.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>Why it was closed early; null where it was not.</summary>
    public string? ClosedBecause { get; init; }

    /// <summary>
    /// Where it is at an instant: the one place that decides whether an answer is taken. The second at which the last day ends in
    /// Asia/Shanghai is the first that is too late.
    /// </summary>
    public QuestionnaireState StateAt(DateTimeOffset now) =>
        OpenedAt is null ? QuestionnaireState.Drafted
        : now >= ClosesAt ? QuestionnaireState.Closed
        : QuestionnaireState.Open;

    /// <summary>Whether everybody sees the results at an instant.</summary>
    public bool ShowsResults(DateTimeOffset now) =>
        Results is ShowingOfResults.Live && OpenedAt is not null
        || Results is ShowingOfResults.AfterClosing && StateAt(now) is QuestionnaireState.Closed;

    /// <summary>The state after one more event.</summary>
    public static Questionnaire? Next(Questionnaire? questionnaire, IEventOf<Questionnaire> happened) =>
        After(questionnaire, happened) is { } next
            ? next with
            {
                PublicVersion = next.PublicVersion + (happened is IUnseen || next.OpenedAt is null ? 0 : 1),
            }
            : null;

    static Questionnaire? After(Questionnaire? questionnaire, IEventOf<Questionnaire> happened) =>
        (questionnaire, happened) switch
        {
            (null, QuestionnaireDrafted e) => new()
            {
                Id = e.QuestionnaireId,
                Body = e.Body,
                Title = e.Title,
                ConsultationId = e.ConsultationId,
                About = e.About,
                Access = e.Access,
                Results = e.Results,
                Edition = 1,
                DraftedAt = e.At,
            },
            ({ } q, QuestionnaireChanged e) => q with { Edition = e.Edition, Title = e.Title, Access = e.Access, Results = e.Results },
            ({ } q, QuestionnaireOpened e) => q with
            {
                OpenedAt = e.At,
                ClosesOn = e.ClosesOn,
                ClosesAt = OfficialTime.StartOf(e.ClosesOn.AddDays(1)).ToUniversalTime(),
            },
            ({ } q, QuestionnaireClosed e) => q with { ClosesOn = OfficialTime.DateIn(e.At), ClosesAt = e.At, ClosedBecause = e.Reason },
            ({ } q, InvitationsMade e) => q with { Invitations = q.Invitations + e.Count },
            _ => questionnaire,
        };
}
