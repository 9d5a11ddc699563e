using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>When in the life of a document something is explained.</summary>
public enum Phase
{
    /// <summary>发布前: with the consultation draft.</summary>
    PreIssuance,

    /// <summary>发布时: together with the document.</summary>
    Issuance,

    /// <summary>发布后: 跟踪解读、二次解读.</summary>
    PostImplementation,
}

/// <summary>The form of a material.</summary>
public enum Form
{
    /// <summary>文字.</summary>
    Text,

    /// <summary>政策问答.</summary>
    QuestionsAndAnswers,

    /// <summary>图文.</summary>
    Illustrated,

    /// <summary>动漫.</summary>
    Animation,

    /// <summary>视频.</summary>
    Video,

    /// <summary>媒体访谈.</summary>
    MediaInterview,

    /// <summary>新闻发布会.</summary>
    PressConference,

    /// <summary>专家解读.</summary>
    Expert,
}

/// <summary>Where a plan is on its way.</summary>
public enum PlanState
{
    /// <summary>It is being written.</summary>
    Open,

    /// <summary>It is approved; materials are being made and signed.</summary>
    Approved,

    /// <summary>At least one material is signed with the text: everything waits for the publication and stays as it is.</summary>
    Ready,

    /// <summary>The document was published with it; for a plan before or after that: its materials are public.</summary>
    Carried,

    /// <summary>The document needs no interpretation, for a recorded reason.</summary>
    Exempted,

    /// <summary>The document was withdrawn; for a plan before issuance: or published before it was consulted on with its materials.</summary>
    Closed,
}

/// <summary>A plan was opened: by the review of a document (W 五), or by hand.</summary>
public sealed record PlanOpened(
    Guid PlanId,
    Guid DocumentId,
    string Title,
    IReadOnlyList<string> Issuers,
    Phase Phase,
    int Revision,
    string? Reason,
    Actor By,
    DateTimeOffset At
) : IEventOf<InterpretationPlan>;

/// <summary>The document went to review again, with another text.</summary>
public sealed record PlanMoved(int Revision, string Title, IReadOnlyList<string> Issuers, Actor By, DateTimeOffset At)
    : IEventOf<InterpretationPlan>;

/// <summary>The published document has another title or other issuers now: they were put right, or it was amended.</summary>
public sealed record PlanFollowedDocument(string Title, IReadOnlyList<string> Issuers, Actor By, DateTimeOffset At)
    : IEventOf<InterpretationPlan>;

/// <summary>What is planned was written down, or changed.</summary>
public sealed record PlanWritten(
    IReadOnlyList<Form> Forms,
    IReadOnlyList<string> Channels,
    string? Note,
    DateOnly? PlannedOn,
    Actor By,
    DateTimeOffset At
) : IEventOf<InterpretationPlan>;

/// <summary>The plan was approved.</summary>
public sealed record PlanApproved(string? Opinion, Actor By, DateTimeOffset At) : IEventOf<InterpretationPlan>;

/// <summary>A material of the plan was signed for a revision of the text.</summary>
public sealed record PlanMaterialSigned(Guid MaterialId, int Revision, Actor By, DateTimeOffset At) : IEventOf<InterpretationPlan>;

/// <summary>Plan and materials are ready for a revision; the document may be published with them.</summary>
public sealed record PlanReadied(int Revision, Actor By, DateTimeOffset At) : IEventOf<InterpretationPlan>;

/// <summary>Documents reopened the interpretation: it is changed and signed again. Its version tells a message that comes twice.</summary>
public sealed record PlanReopened(long DocumentVersion, Actor By, DateTimeOffset At) : IEventOf<InterpretationPlan>;

/// <summary>The document was published with it; what was planned beside that is public.</summary>
public sealed record PlanCarried(Actor By, DateTimeOffset At) : IEventOf<InterpretationPlan>;

/// <summary>The document needs no interpretation.</summary>
public sealed record PlanExempted(string Reason, Actor By, DateTimeOffset At) : IEventOf<InterpretationPlan>;

/// <summary>The document was withdrawn, or is past what was planned before its issuance.</summary>
public sealed record PlanClosed(Actor By, DateTimeOffset At) : IEventOf<InterpretationPlan>;

/// <summary>
/// 解读方案: what is explained of a document, in which forms, by whom. The plan that a review opens has the id of its document: there is one.
/// </summary>
public sealed record InterpretationPlan : IState<InterpretationPlan>
{
    /// <summary>The plan's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; init; }

    /// <summary>标题 of the document as it was heard of.</summary>
    public string Title { get; init; } = "";

    /// <summary>发文机关 of the document: who works on the plan.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>When in the document's life it explains.</summary>
    public Phase Phase { get; init; }

    /// <summary>The revision of the text that it is for.</summary>
    public int Revision { get; init; }

    /// <summary>Why it was opened, for one that was opened by hand or by questions that gathered.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it is on its way.</summary>
    public PlanState State { get; init; }

    /// <summary>The forms planned.</summary>
    public IReadOnlyList<Form> Forms { get; init; } = [];

    /// <summary>Where it will be published: website, newMedia ….</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What else is planned.</summary>
    public string? Note { get; init; }

    /// <summary>The day planned for publication, Asia/Shanghai.</summary>
    public DateOnly? PlannedOn { get; init; }

    /// <summary>Why the document needs no interpretation.</summary>
    public string? ExemptBecause { get; init; }

    /// <summary>The materials signed, with the revision of the text that each was signed for.</summary>
    public IReadOnlyDictionary<Guid, int> Signed { get; init; } = new Dictionary<Guid, int>();

    /// <summary>The version of the document's history that last reopened it.</summary>
    public long Reopened { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether its signed materials wait for the document; beside an exempted plan they do as well.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool WasHandedOver => State is PlanState.Ready or PlanState.Exempted;

    /// <summary>Whether a reopening that the document recorded as this version takes back what was handed over.</summary>
    public bool TakesBack(long documentVersion) => State is not (PlanState.Closed or PlanState.Carried) && Reopened < documentVersion;

    /// <summary>The state after one more event.</summary>
    public static InterpretationPlan? Next(InterpretationPlan? plan, IEventOf<InterpretationPlan> happened) =>
        (plan, happened) switch
        {
            (null, PlanOpened e) => new()
            {
                Id = e.PlanId,
                DocumentId = e.DocumentId,
                Title = e.Title,
                Issuers = e.Issuers,
                Phase = e.Phase,
                Revision = e.Revision,
                Reason = e.Reason,
                ChangedAt = e.At,
            },
            ({ } p, PlanMoved e) => p with { Revision = e.Revision, Title = e.Title, Issuers = e.Issuers, ChangedAt = e.At },
            ({ } p, PlanFollowedDocument e) => p with { Title = e.Title, Issuers = e.Issuers, ChangedAt = e.At },
            ({ } p, PlanWritten e) => p with
            {
                Forms = e.Forms,
                Channels = e.Channels,
                Note = e.Note,
                PlannedOn = e.PlannedOn,
                State = PlanState.Open,
                ChangedAt = e.At,
            },
            ({ } p, PlanApproved e) => p with { State = PlanState.Approved, ChangedAt = e.At },
            ({ } p, PlanMaterialSigned e) => p with
            {
                Signed = new Dictionary<Guid, int>(p.Signed) { [e.MaterialId] = e.Revision },
                ChangedAt = e.At,
            },
            ({ } p, PlanReadied e) => p with { State = PlanState.Ready, Revision = e.Revision, ChangedAt = e.At },
            ({ WasHandedOver: true } p, PlanReopened e) => p with
            {
                State = p.ExemptBecause is null ? PlanState.Open : PlanState.Exempted,
                Reopened = e.DocumentVersion,
                Signed = new Dictionary<Guid, int>(),
                ChangedAt = e.At,
            },
            ({ } p, PlanReopened e) => p with { Reopened = e.DocumentVersion },
            ({ } p, PlanCarried e) => p with { State = PlanState.Carried, ChangedAt = e.At },
            ({ } p, PlanExempted e) => p with { State = PlanState.Exempted, ExemptBecause = e.Reason, ChangedAt = e.At },
            ({ } p, PlanClosed e) => p with { State = PlanState.Closed, ChangedAt = e.At },
            _ => plan,
        };

    /// <summary>
    /// What follows when the plan of an issuance was approved or a material signed: with both there, everything is ready for the newest
    /// revision that a material was signed for, and stays
    /// as it is.
    /// </summary>
    public static Decision Complete(InterpretationPlan plan, Decision decision, Actor by, DateTimeOffset now)
    {
        var after = plan.Then(decision.Events)!;
        if (after.Phase is not Phase.Issuance || after.State is not PlanState.Approved || after.Signed.Count == 0)
            return decision;
        var revision = after.Signed.Values.Max();
        return decision
            .And(new PlanReadied(revision, by, now))
            .Telling(new InterpretationReadyMessage(after.DocumentId, revision, plan.Version + decision.Events.Count + 1));
    }
}
