using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>Where an evaluation is on its way.</summary>
public enum EvaluationState
{
    /// <summary>The platform proposes it; a publisher opens or dismisses it.</summary>
    Proposed,

    /// <summary>It is being carried out.</summary>
    Open,

    /// <summary>It has its conclusion.</summary>
    Concluded,

    /// <summary>What was proposed is not carried out.</summary>
    Dismissed,
}

/// <summary>Why a document is evaluated.</summary>
public enum EvaluationCause
{
    /// <summary>Somebody chose to.</summary>
    Chosen,

    /// <summary>It has been in force for long.</summary>
    LongInForce,

    /// <summary>Its term ends.</summary>
    TermEnds,

    /// <summary>Tickets of the hotline pile up about it.</summary>
    TicketsPiledUp,
}

/// <summary>What an evaluation comes to for its document.</summary>
public enum EvaluationConclusion
{
    /// <summary>继续有效.</summary>
    Keep,

    /// <summary>修改.</summary>
    Amend,

    /// <summary>废止.</summary>
    Repeal,
}

/// <summary>What tells whether a policy does what it is for.</summary>
/// <param name="Code">What it is called by within the evaluation.</param>
/// <param name="Name">What it is.</param>
/// <param name="Method">How it is measured.</param>
/// <param name="Target">What was aimed at.</param>
/// <param name="Unit">The unit of target and values.</param>
/// <param name="Weight">How much it counts; the weights of an evaluation are 100 together.</param>
public sealed record EvaluationIndicator(string Code, string Name, string Method, decimal Target, string Unit, decimal Weight);

/// <summary>How a document is evaluated.</summary>
/// <param name="Purpose">What is to be found out.</param>
/// <param name="Indicators">What is measured.</param>
/// <param name="DueOn">When the conclusion is to be there, Asia/Shanghai; null for no day.</param>
public sealed record EvaluationPlan(string Purpose, IReadOnlyList<EvaluationIndicator> Indicators, DateOnly? DueOn);

/// <summary>A measured value.</summary>
/// <param name="Indicator">The code of the indicator.</param>
/// <param name="Value">The value, in the unit of the indicator.</param>
/// <param name="From">The first day of the period that it was measured over, Asia/Shanghai.</param>
/// <param name="To">The last day of the period.</param>
/// <param name="Source">Where it is taken from.</param>
/// <param name="MeasuredAt">When it was recorded, UTC.</param>
public sealed record EvaluationMeasurement(
    string Indicator,
    decimal Value,
    DateOnly From,
    DateOnly To,
    string Source,
    DateTimeOffset MeasuredAt
);

/// <summary>People who were asked.</summary>
/// <param name="Group">Who: 供热企业, 居民 ….</param>
/// <param name="Asked">How many were asked.</param>
/// <param name="Answered">How many of them answered.</param>
public sealed record EvaluationRespondents(string Group, int Asked, int Answered);

/// <summary>What else is looked at.</summary>
/// <param name="Questionnaires">Questionnaires, by their ids.</param>
/// <param name="Tickets">Tickets of the hotline, by their numbers.</param>
/// <param name="Respondents">Who was asked.</param>
public sealed record EvaluationSources(
    IReadOnlyList<Guid> Questionnaires,
    IReadOnlyList<string> Tickets,
    IReadOnlyList<EvaluationRespondents> Respondents
);

/// <summary>What was found.</summary>
/// <param name="Text">The finding.</param>
/// <param name="Indicators">The codes of the indicators that it rests on.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
public sealed record EvaluationFinding(string Text, IReadOnlyList<string> Indicators, DateTimeOffset RecordedAt);

/// <summary>What the evaluation comes to.</summary>
/// <param name="Conclusion">Keep, amend or repeal.</param>
/// <param name="Reason">Why.</param>
/// <param name="ConcludedAt">When, UTC.</param>
public sealed record ReachedConclusion(EvaluationConclusion Conclusion, string Reason, DateTimeOffset ConcludedAt);

/// <summary>The platform proposes to evaluate a document.</summary>
/// <param name="EvaluationId">The evaluation.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Cause">Why.</param>
/// <param name="Note">The same in words.</param>
/// <param name="DueOn">When the conclusion is to be there; null for no day.</param>
/// <param name="Tickets">The tickets that piled up; empty for another cause.</param>
/// <param name="By">The platform.</param>
/// <param name="At">When.</param>
public sealed record EvaluationProposed(
    Guid EvaluationId,
    Guid DocumentId,
    string Title,
    IReadOnlyList<string> Issuers,
    EvaluationCause Cause,
    string Note,
    DateOnly? DueOn,
    IReadOnlyList<string> Tickets,
    Actor By,
    DateTimeOffset At
) : IEventOf<Evaluation>;

/// <summary>An evaluation that nobody had proposed was opened with its plan.</summary>
public sealed record EvaluationOpened(
    Guid EvaluationId,
    Guid DocumentId,
    string Title,
    IReadOnlyList<string> Issuers,
    EvaluationPlan Plan,
    Actor By,
    DateTimeOffset At
) : IEventOf<Evaluation>;

/// <summary>What was proposed is carried out by this plan.</summary>
public sealed record EvaluationTakenUp(EvaluationPlan Plan, Actor By, DateTimeOffset At) : IEventOf<Evaluation>;

/// <summary>What was proposed is not carried out.</summary>
public sealed record EvaluationDismissed(string Reason, Actor By, DateTimeOffset At) : IEventOf<Evaluation>;

/// <summary>It goes on by another plan.</summary>
public sealed record EvaluationPlanChanged(EvaluationPlan Plan, string Reason, Actor By, DateTimeOffset At) : IEventOf<Evaluation>;

/// <summary>The document has another title or other issuers now: they were put right, or it was amended.</summary>
public sealed record EvaluationFollowedDocument(string Title, IReadOnlyList<string> Issuers, Actor By, DateTimeOffset At)
    : IEventOf<Evaluation>;

/// <summary>A value was measured.</summary>
public sealed record EvaluationValueMeasured(
    string Indicator,
    decimal Value,
    DateOnly From,
    DateOnly To,
    string Source,
    Actor By,
    DateTimeOffset At
) : IEventOf<Evaluation>;

/// <summary>What else is looked at was named, all of it.</summary>
public sealed record EvaluationSourcesNamed(EvaluationSources Sources, Actor By, DateTimeOffset At) : IEventOf<Evaluation>;

/// <summary>Something was found.</summary>
public sealed record EvaluationFindingRecorded(string Text, IReadOnlyList<string> Indicators, Actor By, DateTimeOffset At)
    : IEventOf<Evaluation>;

/// <summary>It has come to its conclusion, which goes back to the document.</summary>
public sealed record EvaluationConcluded(EvaluationConclusion Conclusion, string Reason, Actor By, DateTimeOffset At)
    : IEventOf<Evaluation>;

/// <summary>后评估: whether a published document does what it is for.</summary>
public sealed record Evaluation : IState<Evaluation>
{
    /// <summary>The evaluation's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Where it is on its way.</summary>
    public EvaluationState State { get; init; }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; init; }

    /// <summary>标题.</summary>
    public string Title { get; init; } = "";

    /// <summary>发文机关, codes of the Catalog, the leading one first.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>Why it is evaluated.</summary>
    public EvaluationCause Cause { get; init; }

    /// <summary>The same in words, where the platform proposed it.</summary>
    public string? Note { get; init; }

    /// <summary>How it is evaluated; null while it is only proposed.</summary>
    public EvaluationPlan? Plan { get; init; }

    /// <summary>When the conclusion is to be there, Asia/Shanghai.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>What was measured, oldest first.</summary>
    public IReadOnlyList<EvaluationMeasurement> Measurements { get; init; } = [];

    /// <summary>What else is looked at.</summary>
    public EvaluationSources Sources { get; init; } = new([], [], []);

    /// <summary>What was found, oldest first.</summary>
    public IReadOnlyList<EvaluationFinding> Findings { get; init; } = [];

    /// <summary>What it comes to.</summary>
    public ReachedConclusion? Conclusion { get; init; }

    /// <summary>Why what was proposed is not carried out.</summary>
    public string? DismissedBecause { get; init; }

    /// <summary>When it was proposed or opened, UTC.</summary>
    public DateTimeOffset BegunAt { get; init; }

    /// <summary>Whether the document is under evaluation by it.</summary>
    public bool IsGoingOn => State is EvaluationState.Proposed or EvaluationState.Open;

    /// <summary>The id of what is proposed for a cause: the same cause proposes once.</summary>
    internal static Guid IdOf(Guid document, EvaluationCause cause, string of) => NamedId.Of($"evaluation/{document}/{cause}/{of}");

    /// <summary>The value of an indicator whose period ended last; of several the one recorded last.</summary>
    public decimal? Latest(string indicator) =>
        Measurements.Where(m => m.Indicator == indicator).Reverse().OrderByDescending(m => m.To).FirstOrDefault()?.Value;

    /// <summary>The state after one more event.</summary>
    public static Evaluation? Next(Evaluation? evaluation, IEventOf<Evaluation> happened) =>
        (evaluation, happened) switch
        {
            (null, EvaluationProposed e) => new()
            {
                Id = e.EvaluationId,
                DocumentId = e.DocumentId,
                Title = e.Title,
                Issuers = e.Issuers,
                Cause = e.Cause,
                Note = e.Note,
                DueOn = e.DueOn,
                Sources = new([], e.Tickets, []),
                BegunAt = e.At,
            },
            (null, EvaluationOpened e) => new()
            {
                Id = e.EvaluationId,
                State = EvaluationState.Open,
                DocumentId = e.DocumentId,
                Title = e.Title,
                Issuers = e.Issuers,
                Plan = e.Plan,
                DueOn = e.Plan.DueOn,
                BegunAt = e.At,
            },
            ({ } v, EvaluationTakenUp e) => v with { State = EvaluationState.Open, Plan = e.Plan, DueOn = e.Plan.DueOn ?? v.DueOn },
            ({ } v, EvaluationDismissed e) => v with { State = EvaluationState.Dismissed, DismissedBecause = e.Reason },
            ({ } v, EvaluationPlanChanged e) => v with { Plan = e.Plan, DueOn = e.Plan.DueOn },
            ({ } v, EvaluationFollowedDocument e) => v with { Title = e.Title, Issuers = e.Issuers },
            ({ } v, EvaluationValueMeasured e) => v with
            {
                Measurements = [.. v.Measurements, new(e.Indicator, e.Value, e.From, e.To, e.Source, e.At)],
            },
            ({ } v, EvaluationSourcesNamed e) => v with { Sources = e.Sources },
            ({ } v, EvaluationFindingRecorded e) => v with { Findings = [.. v.Findings, new(e.Text, e.Indicators, e.At)] },
            ({ } v, EvaluationConcluded e) => v with { State = EvaluationState.Concluded, Conclusion = new(e.Conclusion, e.Reason, e.At) },
            _ => evaluation,
        };
}
