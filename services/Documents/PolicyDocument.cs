using System.Text.Json.Serialization;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents;

/// <summary>Kinds of documents.</summary>
public enum DocumentKind
{
    /// <summary>行政规范性文件: reviewed for legality before it is signed.</summary>
    Normative,

    /// <summary>其他文件: work plans, minutes, internal rules.</summary>
    Other,
}

/// <summary>公开属性 (D 13–16).</summary>
public enum DisclosureKind
{
    /// <summary>主动公开.</summary>
    Proactive,

    /// <summary>依申请公开.</summary>
    OnRequest,

    /// <summary>不予公开.</summary>
    NotDisclosed,
}

/// <summary>Whether and why a document is public; fixed at drafting.</summary>
/// <param name="Attribute">公开属性.</param>
/// <param name="Reason">The legal ground, required for everything but 主动公开.</param>
public sealed record Disclosure(DisclosureKind Attribute, string? Reason = null);

/// <summary>What an author calls a change.</summary>
public enum Significance
{
    /// <summary>The substance changed.</summary>
    Major,

    /// <summary>Only the wording changed.</summary>
    Minor,
}

/// <summary>Where a document is on its way (W 五, 八).</summary>
public enum DocumentState
{
    /// <summary>起草.</summary>
    Drafting,

    /// <summary>征求意见.</summary>
    InConsultation,

    /// <summary>审核.</summary>
    UnderReview,

    /// <summary>签发: the text is frozen.</summary>
    Signed,

    /// <summary>编号: it has its number and date.</summary>
    Issued,

    /// <summary>发布.</summary>
    Published,

    /// <summary>撤回, before it was issued.</summary>
    Withdrawn,
}

/// <summary>Steps of the procedure for major decisions that an item of the decision catalogue can require.</summary>
public enum DecisionStep
{
    /// <summary>公众参与 (M 14).</summary>
    PublicParticipation,

    /// <summary>专家论证 (M 19).</summary>
    ExpertArgument,

    /// <summary>风险评估 (M 22).</summary>
    RiskAssessment,

    /// <summary>合法性审查 (M 25).</summary>
    Legality,

    /// <summary>集体讨论决定 (M 30).</summary>
    CollectiveDecision,
}

/// <summary>有效性: derived from dates and events, never typed in.</summary>
public enum Validity
{
    /// <summary>尚未生效.</summary>
    NotYetInForce,

    /// <summary>现行有效.</summary>
    InForce,

    /// <summary>已修改: in force, with another text than it was issued with.</summary>
    Amended,

    /// <summary>被替代.</summary>
    Superseded,

    /// <summary>已废止.</summary>
    Repealed,

    /// <summary>已失效.</summary>
    Expired,
}

/// <summary>What the library shows of a published document beside its text.</summary>
/// <param name="Title">标题.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null only for what was imported without it.</param>
/// <param name="Number">发文字号; null only for what was imported without it.</param>
/// <param name="WrittenOn">成文日期; null only for what was imported without it.</param>
/// <param name="IndexNumber">索引号, given at publication.</param>
/// <param name="Disclosure">公开方式.</param>
public sealed record PublicElements(
    string Title,
    DocumentKind Kind,
    IReadOnlyList<string> Issuers,
    string? Subject,
    DocumentNumber? Number,
    DateOnly? WrittenOn,
    string IndexNumber,
    Disclosure Disclosure
);

/// <summary>Elements of a published document that a correction is about; null for those that it is not about.</summary>
/// <param name="Title">标题.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="Number">发文字号.</param>
/// <param name="WrittenOn">成文日期.</param>
/// <param name="PublishedOn">发布日期.</param>
/// <param name="EffectiveFrom">The first day of a text.</param>
public sealed record GivenElements(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DocumentKind? Kind = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Issuers = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Subject = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DocumentNumber? Number = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? WrittenOn = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? PublishedOn = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? EffectiveFrom = null
);

/// <summary>What an item of the decision catalogue requires of a document.</summary>
/// <param name="Item">The item: year and code.</param>
/// <param name="ItemVersion">The version of the item.</param>
/// <param name="Steps">The steps.</param>
public sealed record RequiredSteps(string Item, long ItemVersion, IReadOnlyList<DecisionStep> Steps);

/// <summary>A consultation about the draft, as it was heard of.</summary>
/// <param name="Id">The consultation.</param>
/// <param name="Version">The newest version of its history that was heard of.</param>
/// <param name="Revision">The revision put up last; 0 where its end was heard of first.</param>
/// <param name="IsOver">Whether it was completed or given up.</param>
public sealed record KnownConsultation(Guid Id, long Version, int Revision, bool IsOver);

/// <summary>An interpretation that can become public with the document.</summary>
/// <param name="Revision">The revision that it is for.</param>
/// <param name="PlanVersion">The version of its plan.</param>
public sealed record ReadyInterpretation(int Revision, long PlanVersion);

/// <summary>A publication that is set for an instant to come.</summary>
/// <param name="PublishAt">The instant at which document and interpretation become public together, UTC.</param>
/// <param name="EffectiveFrom">施行日期, Asia/Shanghai; null where the text or the day of publication is to tell it.</param>
/// <param name="ExpiresOn">有效期至, the last day in force; null where the text is to tell it, or for no end.</param>
/// <param name="DatesReason">Why the days hold although they contradict the text; null where nothing was said.</param>
/// <param name="NoEnd">Whether it has no last day, whatever the text names; null where nothing was said.</param>
public sealed record ScheduledPublication(
    DateTimeOffset PublishAt,
    DateOnly? EffectiveFrom,
    DateOnly? ExpiresOn,
    string? DatesReason = null,
    bool? NoEnd = null
);

/// <summary>A finished review of one revision.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Subject">The hash of what was reviewed (<see cref="Seal.OfReviewed"/>).</param>
public sealed record ReviewResult(int Revision, bool Passed, string? Subject = null);

/// <summary>A text that was prepared for a published document: what an amendment or a correction makes public once it is signed.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="SentToReviewAt">When it went to review, UTC; null before that, and once it was sent back.</param>
/// <param name="Legality">The legality review; null while there is none.</param>
/// <param name="Decision">The collective decision; null while there is none.</param>
/// <param name="SignedOn">The day of the signature, Asia/Shanghai; null while it is not signed.</param>
/// <param name="Seal">The hash of what was signed.</param>
/// <param name="RecordedBy">Who recorded it, by id: somebody else signs it.</param>
/// <param name="Corrects">The published text that it was signed as a correction of; null where it was signed as an amendment.</param>
public sealed record PreparedRevision(
    int Revision,
    DateTimeOffset? SentToReviewAt = null,
    ReviewResult? Legality = null,
    ReviewResult? Decision = null,
    DateOnly? SignedOn = null,
    string? Seal = null,
    string? RecordedBy = null,
    int? Corrects = null
)
{
    // What is refused goes back to its drafters, and a signature under it is void.
    internal PreparedRevision After(bool passed) =>
        passed ? this : this with { SentToReviewAt = null, SignedOn = null, Seal = null, Corrects = null };
}

/// <summary>A signer's consent to a change of the law in force that is not made yet.</summary>
/// <param name="To">The change.</param>
/// <param name="By">Who consented, by id.</param>
public sealed record GivenConsent(string To, string By);

/// <summary>The end of a document's force by repeal (废止).</summary>
/// <param name="EffectiveFrom">The first day on which it is no longer in force.</param>
/// <param name="RepealedBy">The repealing document, where the library holds it.</param>
/// <param name="Reason">Why.</param>
public sealed record Repeal(DateOnly EffectiveFrom, Guid? RepealedBy, string Reason);

/// <summary>The end of a document's force because another one stands in its place (被替代).</summary>
/// <param name="EffectiveFrom">The first day of the other one.</param>
/// <param name="SupersededBy">The other one.</param>
/// <param name="Reason">Why.</param>
public sealed record Supersession(DateOnly EffectiveFrom, Guid SupersededBy, string Reason);

/// <summary>
/// 政策文件: what decisions need to know of a document, and how each event changes it. It holds no texts: those are in their
/// events. Immutable: Marten hands the same instance to everything in a session.
/// </summary>
public sealed record PolicyDocument : IState<PolicyDocument>
{
    /// <summary>The document's id, and its stream's.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>标题.</summary>
    public string Title { get; init; } = "";

    /// <summary>The kind of document.</summary>
    public DocumentKind Kind { get; init; }

    /// <summary>发文机关, codes of the Catalog, the leading one first.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>发文机关 that it was published or imported with, whatever was put right since; null where that is not kept.</summary>
    public IReadOnlyList<string>? FirstIssuers { get; init; }

    /// <summary>主题分类, a code of the Catalog.</summary>
    public string? Subject { get; init; }

    /// <summary>公开属性.</summary>
    public Disclosure? Disclosure { get; init; }

    /// <summary>Whether it is a major administrative decision (M 3), which needs a collective decision.</summary>
    public bool MajorDecision { get; init; }

    /// <summary>The item of the disclosure catalogue that it is filed under, <c>district/04-01</c>; null for none.</summary>
    public string? DisclosureItem { get; init; }

    /// <summary>What items of the decision catalogue require, each by itself; empty where it is in none.</summary>
    public IReadOnlyList<RequiredSteps> RequiredBy { get; init; } = [];

    /// <summary>The steps that were taken.</summary>
    public IReadOnlyList<DecisionStep> StepsTaken { get; init; } = [];

    /// <summary>The consultations about it, in the order in which they were heard of.</summary>
    public IReadOnlyList<KnownConsultation> Consultations { get; init; } = [];

    /// <summary>The interpretation that becomes public with it; null while there is none that is ready.</summary>
    public ReadyInterpretation? Interpretation { get; init; }

    /// <summary>The newest version of the plan that was heard of; what is older is not listened to.</summary>
    public long InterpretationVersion { get; init; }

    /// <summary>Why it is published without interpretation; null where it is not.</summary>
    public string? ExemptBecause { get; init; }

    /// <summary>The publication that is set; null where none is.</summary>
    public ScheduledPublication? Scheduled { get; init; }

    /// <summary>Where it is on its way.</summary>
    public DocumentState State { get; init; }

    /// <summary>The newest revision recorded; 0 for none.</summary>
    public int Revision { get; init; }

    /// <summary>The newest revision whose event holds a complete text; the later ones tell what differs.</summary>
    public int CompleteRevision { get; init; }

    /// <summary>The first block number that is free.</summary>
    public int NextBlock { get; init; } = 1;

    /// <summary>The end of the hash chain over the revisions.</summary>
    public string? ChainHash { get; init; }

    /// <summary>The newest legality review.</summary>
    public ReviewResult? Legality { get; init; }

    /// <summary>The newest collective decision.</summary>
    public ReviewResult? Decision { get; init; }

    /// <summary>The hash of what was signed; null for what is not signed, and for what was signed before there were any.</summary>
    public string? Seal { get; init; }

    /// <summary>The day of that signature, Asia/Shanghai; null for what is not signed.</summary>
    public DateOnly? SignedOn { get; init; }

    /// <summary>发文字号, from issue on.</summary>
    public DocumentNumber? Number { get; init; }

    /// <summary>成文日期, from issue on.</summary>
    public DateOnly? WrittenOn { get; init; }

    /// <summary>索引号, from publication on.</summary>
    public string? IndexNumber { get; init; }

    /// <summary>发布日期.</summary>
    public DateOnly? PublishedOn { get; init; }

    /// <summary>有效期至, the last day in force.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>The texts that the public may read, in the order in which they were recorded.</summary>
    public IReadOnlyList<PublicText> PublicTexts { get; init; } = [];

    /// <summary>
    /// Who gave the newest revision, by id: who recorded it, and once it is signed who signed it; null where that is not kept.
    /// </summary>
    public string? GivenBy { get; init; }

    /// <summary>The same of the texts that the public may read, by their revisions; what was published before it was kept is left out.</summary>
    public IReadOnlyDictionary<int, string> TextsGivenBy { get; init; } = new Dictionary<int, string>();

    /// <summary>The repeal, if there was one.</summary>
    public Repeal? Repealed { get; init; }

    /// <summary>The supersession, if there was one.</summary>
    public Supersession? Superseded { get; init; }

    /// <summary>The newest text, where it is prepared and not public yet; null while there is none.</summary>
    public PreparedRevision? Prepared { get; init; }

    /// <summary>The consent to a change that was given last and is not made use of; null for none.</summary>
    public GivenConsent? Consent { get; init; }

    /// <summary>Since when the newest text of the draft is under review, UTC; null before that.</summary>
    public DateTimeOffset? SentToReviewAt { get; init; }

    /// <summary>What was taken from the public and is not put back.</summary>
    public IReadOnlyList<TakenDown> Down { get; init; } = [];

    /// <summary>The revisions whose texts were erased for good.</summary>
    public IReadOnlyList<int> Erased { get; init; } = [];

    /// <summary>How often something of it was erased: what was read before that is not what is there now.</summary>
    public int Erasures { get; init; }

    /// <summary>The version of its history in which its interpretation was last opened again; 0 for never.</summary>
    public long ReopenedIn { get; init; }

    /// <summary>The evaluations whose conclusions are in its history.</summary>
    public IReadOnlyList<Guid> Evaluations { get; init; } = [];

    /// <summary>Why it was withdrawn.</summary>
    public string? WithdrawnBecause { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether it was published, whatever was taken down since.</summary>
    public bool IsPublished => State is DocumentState.Published;

    /// <summary>Whether the public can see it.</summary>
    public bool IsPublic => IsPublished && Down.Of(revision: null) is null;

    /// <summary>Whether revisions can still be recorded on the way to publication.</summary>
    public bool IsBeingDrafted => State is DocumentState.Drafting or DocumentState.InConsultation or DocumentState.UnderReview;

    /// <summary>Whether it can be reviewed and decided on: also once it is signed, where something comes to be required after that.</summary>
    public bool IsBeingReviewed => State is DocumentState.UnderReview or DocumentState.Signed or DocumentState.Issued;

    /// <summary>Whether the public has, or will have, the text that was recorded last: not what is prepared, was given up or was erased.</summary>
    [JsonIgnore]
    public bool IsNewestPublic => PublicTexts.Any(t => t.Revision == Revision);

    /// <summary>Whether it is in the history that its last day has passed.</summary>
    public bool HasExpired { get; init; }

    /// <summary>Whether its force ends on a day that is known, by repeal or supersession.</summary>
    public bool HasEnded => Repealed is not null || Superseded is not null;

    /// <summary>The text in force on a day. Null before the first.</summary>
    public PublicText? TextInForceOn(DateOnly day) => PublicTexts.InForceOn(day);

    /// <summary>有效性 on a day; null for what is not published.</summary>
    public Validity? ValidityOn(DateOnly day) =>
        IsPublished ? PublicTexts.ValidityOn(day, ExpiresOn, Repealed?.EffectiveFrom, Superseded?.EffectiveFrom) : null;

    /// <summary>Whether its force has ended by a day: nothing of it is in force on that day.</summary>
    public bool HasEndedBy(DateOnly day) => ValidityOn(day) is Validity.Repealed or Validity.Superseded or Validity.Expired;

    /// <summary>标题 on a day: that of the text in force, or of the first one before it; for a draft the one of now.</summary>
    public string TitleOn(DateOnly day) => (TextInForceOn(day) ?? (PublicTexts.Count > 0 ? PublicTexts.Earliest() : null))?.Title ?? Title;

    /// <summary>
    /// 标题 as the public reads it on a day: not that of a text that is taken down, but of the last one that is not; the number where all are.
    /// </summary>
    public string PublicTitleOn(DateOnly day) =>
        Down.Count == 0 || PublicTexts.Count == 0 || Down.Of(PublicTexts.ReadOn(day).Revision) is null
            ? TitleOn(day)
            : PublicTexts.LastOrDefault(t => Down.Of(t.Revision) is null)?.Title ?? Number?.ToString() ?? IndexNumber ?? "";

    /// <summary>The state after one more event.</summary>
    public static PolicyDocument? Next(PolicyDocument? document, IEventOf<PolicyDocument> happened)
    {
        var next = Changed(document, happened);
        return next is { Consent: not null } && Outdates(happened) ? next with { Consent = null } : next;
    }

    // What was consented to was a change of what held then: another text, other days, elements or another validity are not it.
    static bool Outdates(IEventOf<PolicyDocument> happened) =>
        happened
            is DocumentAmended
                or DocumentCorrected
                or DocumentRepealed
                or DocumentSuperseded
                or DocumentRestored
                or DocumentExpired
                or DocumentTakenDown
                or DocumentPutBack
                or RevisionErased
                or ElementsCorrected
                or ExpiryChanged;

    static PolicyDocument? Changed(PolicyDocument? document, IEventOf<PolicyDocument> happened) =>
        (document, happened) switch
        {
            (null, DraftCreated e) => new()
            {
                Id = e.DocumentId,
                Title = e.Title,
                Kind = e.Kind,
                Issuers = e.Issuers,
                Subject = e.Subject,
                Disclosure = e.Disclosure,
                MajorDecision = e.MajorDecision,
                DisclosureItem = e.DisclosureItem,
                CreatedAt = e.At,
                ChangedAt = e.At,
            },
            (null, DocumentImported e) => new()
            {
                Id = e.DocumentId,
                Title = e.Title,
                Kind = e.Kind,
                Issuers = e.Issuers,
                Subject = e.Subject,
                Disclosure = new(DisclosureKind.Proactive),
                State = DocumentState.Issued,
                Number = e.Number,
                WrittenOn = e.WrittenOn,
                CreatedAt = e.At,
                ChangedAt = e.At,
            },
            (null, _) => null,
            (var d, ElementsChanged e) => d with
            {
                Title = e.Title,
                Kind = e.Kind,
                Issuers = e.Issuers,
                Subject = e.Subject,
                Disclosure = e.Disclosure,
                MajorDecision = e.MajorDecision,
                DisclosureItem = e.DisclosureItem,
                ChangedAt = e.At,
            },
            (var d, RevisionRecorded e) => d with
            {
                Revision = e.Revision,
                CompleteRevision = e.CompleteIn ?? e.Revision,
                NextBlock = e.NextBlock,
                ChainHash = e.ChainHash,
                GivenBy = e.By.Id,
                Prepared = d.IsPublished ? new(e.Revision, RecordedBy: e.By.Id) : null,
                // A review of it begins with it.
                SentToReviewAt = d.State is DocumentState.UnderReview ? e.At : d.SentToReviewAt,
                ChangedAt = e.At,
            },
            // By its state and not by what is prepared: what leaves the texts unread sees none recorded.
            ({ IsPublished: true } d, ReviewRequested e) => d.OnItsWay(e.Revision, p => p with { SentToReviewAt = e.At }, e.At),
            ({ IsPublished: true } d, LegalityReviewed e) => d.OnItsWay(
                e.Revision,
                p => (p with { Legality = new(e.Revision, e.Passed, Documents.Seal.OfReviewed(d)) }).After(e.Passed),
                e.At
            ),
            ({ IsPublished: true } d, DecisionRecorded e) => d.OnItsWay(
                e.Revision,
                p => (p with { Decision = new(e.Revision, e.Approved, Documents.Seal.OfReviewed(d)) }).After(e.Approved),
                e.At
            ),
            ({ IsPublished: true } d, DocumentSigned e) => (d with { GivenBy = e.By.Id }).OnItsWay(
                e.Revision,
                p => p with { SignedOn = e.SignedOn, Seal = e.Seal, Corrects = e.Corrects },
                e.At
            ),
            (var d, RevisionWithdrawn e) => d with { Prepared = d.Prepared?.Revision == e.Revision ? null : d.Prepared, ChangedAt = e.At },
            (var d, ReviewRequested e) => d with { State = DocumentState.UnderReview, SentToReviewAt = e.At, ChangedAt = e.At },
            (var d, LegalityReviewed e) => (
                d with
                {
                    Legality = new(e.Revision, e.Passed, Documents.Seal.OfReviewed(d)),
                    ChangedAt = e.At,
                }
            ).After(e.Passed),
            (var d, DecisionRecorded e) => (
                d with
                {
                    Decision = new(e.Revision, e.Approved, Documents.Seal.OfReviewed(d)),
                    ChangedAt = e.At,
                }
            ).After(e.Approved),
            (var d, InterpretationReadied e) => d with
            {
                Interpretation = new(e.Revision, e.PlanVersion),
                InterpretationVersion = e.PlanVersion,
                ChangedAt = e.At,
            },
            (var d, InterpretationReopened e) => d with { Interpretation = null, ReopenedIn = e.Version, ChangedAt = e.At },
            (var d, InterpretationExempted e) => d with { ExemptBecause = e.Reason, ChangedAt = e.At },
            (var d, StepsRequired e) => d with
            {
                RequiredBy = [.. d.RequiredBy.Where(r => r.Item != e.Item), new(e.Item, e.ItemVersion, e.Steps)],
                ChangedAt = e.At,
            },
            (var d, StepTaken e) => d with { StepsTaken = [.. d.StepsTaken.Where(s => s != e.Step), e.Step], ChangedAt = e.At },
            (var d, ConsultationBegan e) => d.Consulted(new(e.ConsultationId, e.ConsultationVersion, e.Revision, false), e.At),
            (var d, ConsultationContinued e) => d.Consulted(new(e.ConsultationId, e.ConsultationVersion, e.Revision, false), e.At),
            (var d, ConsultationFinished e) => d.Consulted(new(e.ConsultationId, e.ConsultationVersion, 0, true), e.At) with
            {
                StepsTaken = e.Completed ? [.. d.StepsTaken.Union([DecisionStep.PublicParticipation])] : d.StepsTaken,
            },
            (var d, PublicationScheduled e) => d with
            {
                Scheduled = new(e.PublishAt, e.EffectiveFrom, e.ExpiresOn, e.DatesReason, e.NoEnd),
                ChangedAt = e.At,
            },
            (var d, PublicationCancelled e) => d with { Scheduled = null, ChangedAt = e.At },
            (var d, PublicationHeld e) => d with { Scheduled = null, ChangedAt = e.At },
            (var d, DocumentSigned e) => d with
            {
                State = DocumentState.Signed,
                Seal = e.Seal,
                SignedOn = e.SignedOn,
                GivenBy = e.By.Id,
                ChangedAt = e.At,
            },
            (var d, DocumentIssued e) => d with
            {
                State = DocumentState.Issued,
                Number = e.Number,
                WrittenOn = e.WrittenOn,
                ChangedAt = e.At,
            },
            (var d, DocumentPublished e) => d with
            {
                State = DocumentState.Published,
                Scheduled = null,
                IndexNumber = e.Elements.IndexNumber,
                PublishedOn = e.PublishedOn,
                ExpiresOn = e.ExpiresOn,
                PublicTexts = [new(e.Revision, e.EffectiveFrom, e.At, null, e.Elements.Title)],
                TextsGivenBy = d.WithGiver(e.Revision),
                FirstIssuers = e.Elements.Issuers,
                ChangedAt = e.At,
            },
            (var d, DocumentWithdrawn e) => d with { State = DocumentState.Withdrawn, WithdrawnBecause = e.Reason, ChangedAt = e.At },
            (var d, DocumentAmended e) => d with
            {
                Prepared = null,
                PublicTexts = [.. d.PublicTexts, new(e.Revision, e.EffectiveFrom, e.At, e.Note, e.Title ?? d.TitleOn(e.EffectiveFrom))],
                TextsGivenBy = d.WithGiver(e.Revision),
                ChangedAt = e.At,
            },
            (var d, DocumentCorrected e) => d with
            {
                Prepared = null,
                PublicTexts =
                [
                    .. d.PublicTexts,
                    new(
                        e.Revision,
                        e.EffectiveFrom,
                        e.At,
                        e.Reason,
                        e.Title ?? d.PublicTexts.First(t => t.Revision == e.Corrects).Title,
                        e.Corrects
                    ),
                ],
                TextsGivenBy = d.WithGiver(e.Revision),
                ChangedAt = e.At,
            },
            (var d, NoteCorrected e) => d with
            {
                PublicTexts = [.. d.PublicTexts.Select(t => t.Revision == e.Revision ? t with { Note = e.Note } : t)],
                ChangedAt = e.At,
            },
            (var d, DocumentRepealed e) => d with { Repealed = new(e.EffectiveFrom, e.RepealedBy, e.Reason), ChangedAt = e.At },
            (var d, DocumentSuperseded e) => d with { Superseded = new(e.EffectiveFrom, e.SupersededBy, e.Reason), ChangedAt = e.At },
            (var d, ChangeConsented e) => d with { Consent = new(e.To, e.By.Id), ChangedAt = e.At },
            (var d, DocumentRestored e) => d with { Repealed = null, Superseded = null, ChangedAt = e.At },
            (var d, DocumentTakenDown e) => d with { Down = d.Down.Then(e), ChangedAt = e.At },
            (var d, DocumentPutBack e) => d with { Down = d.Down.Then(e), ChangedAt = e.At },
            (var d, RevisionErased e) => d with
            {
                Erased = e.File is null ? [.. d.Erased, e.Revision] : d.Erased,
                Erasures = d.Erasures + 1,
                Prepared = e.File is null && d.Prepared?.Revision == e.Revision ? null : d.Prepared,
                // What built on it is complete in the one after it from now on.
                CompleteRevision =
                    e.File is null && d.CompleteRevision <= e.Revision ? Math.Min(e.Revision + 1, d.Revision) : d.CompleteRevision,
                ChangedAt = e.At,
            },
            (var d, ElementsCorrected { Before: var before, After: var after } e) => d with
            {
                Title = after.Title is { } title && d.Title == before.Title ? title : d.Title,
                Kind = after.Kind ?? d.Kind,
                Issuers = after.Issuers ?? d.Issuers,
                Subject = after.Subject ?? d.Subject,
                Number = after.Number ?? d.Number,
                WrittenOn = after.WrittenOn ?? d.WrittenOn,
                PublishedOn = after.PublishedOn ?? d.PublishedOn,
                PublicTexts = d.PublicTexts.Corrected(e),
                ChangedAt = e.At,
            },
            (var d, ExpiryChanged e) => d with { ExpiresOn = e.ExpiresOn, HasExpired = false, ChangedAt = e.At },
            (var d, DocumentExpired e) => d with { HasExpired = true, ChangedAt = e.At },
            (var d, RelationStated e) => d with { ChangedAt = e.At },
            (var d, RelationTakenBack e) => d with { ChangedAt = e.At },
            (var d, DocumentCleanedUp e) => d with { ChangedAt = e.At },
            (var d, DocumentEvaluated e) => d with { Evaluations = [.. d.Evaluations, e.EvaluationId], ChangedAt = e.At },
            var (d, _) => d,
        };

    IReadOnlyDictionary<int, string> WithGiver(int revision) =>
        GivenBy is { } giver ? new Dictionary<int, string>(TextsGivenBy) { [revision] = giver } : TextsGivenBy;

    PolicyDocument OnItsWay(int revision, Func<PreparedRevision, PreparedRevision> step, DateTimeOffset at) =>
        this with
        {
            Prepared = step(Prepared ?? new(revision)),
            ChangedAt = at,
        };

    // What is refused goes back to its drafters, and a signature under it is void; what has its number already keeps it, and waits.
    PolicyDocument After(bool passed) =>
        passed || State is DocumentState.Issued ? this : this with { State = DraftState, Seal = null, SignedOn = null };

    PolicyDocument Consulted(KnownConsultation consultation, DateTimeOffset at)
    {
        var consulted = this with { Consultations = [.. Consultations.Where(c => c.Id != consultation.Id), consultation], ChangedAt = at };
        return State is DocumentState.Drafting or DocumentState.InConsultation
            ? consulted with
            {
                State = consulted.DraftState,
            }
            : consulted;
    }

    DocumentState DraftState => Consultations.Any(c => !c.IsOver) ? DocumentState.InConsultation : DocumentState.Drafting;
}
