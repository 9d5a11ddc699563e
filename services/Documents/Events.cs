using System.Text.Json.Serialization;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents;

// Everything that can happen to a document. Events are kept for good, but for a text that is erased: fields are added, never renamed or
// retyped. `By` is an id and not a
// name,
// since an event cannot be erased; `At` is the instant, in UTC, at which the library came to know of it (record time).

/// <summary>A draft was begun. Its first text follows as <see cref="RevisionRecorded"/>.</summary>
public sealed record DraftCreated(
    Guid DocumentId,
    string Title,
    DocumentKind Kind,
    IReadOnlyList<string> Issuers,
    string? Subject,
    Disclosure? Disclosure,
    bool MajorDecision,
    Actor By,
    DateTimeOffset At,
    string? DisclosureItem = null
) : IEventOf<PolicyDocument>;

/// <summary>The elements of a draft were changed; each field holds the value from now on.</summary>
public sealed record ElementsChanged(
    string Title,
    DocumentKind Kind,
    IReadOnlyList<string> Issuers,
    string? Subject,
    Disclosure? Disclosure,
    bool MajorDecision,
    Actor By,
    DateTimeOffset At,
    string? DisclosureItem = null
) : IEventOf<PolicyDocument>;

/// <summary>A complete text was recorded. It is never changed: a correction is a further revision.</summary>
/// <param name="Revision">1 for the first.</param>
/// <param name="Blocks">The text, cut into blocks; empty when <paramref name="Changes"/> tells it.</param>
/// <param name="NextBlock">The first block number that this document has not used yet.</param>
/// <param name="ChangeNote">What was changed and why, for people.</param>
/// <param name="Significance">What the author calls the change; what changed is computed, not declared.</param>
/// <param name="TextHash">SHA-256 of the canonical text.</param>
/// <param name="ChainHash">SHA-256 over the chain hash before, the number, the text hash and the files that were sent with it: no revision
/// can be rewritten alone.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="At">When.</param>
/// <param name="Changes">What differs from the revision before; null when the event holds the complete text.</param>
/// <param name="Files">The files that the text holds or that were sent with it; null for none.</param>
/// <param name="Findings">What the text did not say for sure, with the places of the blocks in the complete text; null for none.</param>
/// <param name="Formulas">The formulas that the text holds, with the places of the blocks; null for none.</param>
/// <param name="CanonicalForm">The rule by which the text was brought into canonical form (<see cref="CanonicalText.Form"/>); null for the
/// first.</param>
/// <param name="CompleteIn">The newest revision up to this one whose event holds the complete text; null when it is this one.</param>
/// <param name="Erased">When the text was erased for good, UTC: nothing is left of it but its hashes; null where it was not.</param>
/// <param name="FilesHash">Of an erased text, the hash over the files that were sent with it; null for none.</param>
public sealed record RevisionRecorded(
    int Revision,
    IReadOnlyList<Block> Blocks,
    int NextBlock,
    string ChangeNote,
    Significance Significance,
    string TextHash,
    string ChainHash,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Splice>? Changes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AttachedFile>? Files = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CompleteIn = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TextFinding>? Findings = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CanonicalForm = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TextFormula>? Formulas = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Erased = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FilesHash = null
) : IEventOf<PolicyDocument>
{
    /// <summary>The SHA-256 of the files whose bytes are kept, each once.</summary>
    public IReadOnlyList<string> KeptFiles() => [.. (Files ?? []).Where(f => f.Erased is not true).Select(f => f.Sha256).Distinct()];
}

/// <summary>A file that a text holds, or that was sent with it. Its bytes are kept once, under their hash.</summary>
/// <param name="Name">As it is named in the text, 图1, or as it was sent: 申请表.docx.</param>
/// <param name="MediaType">image/png.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Its hash, as lower-case hexadecimal.</param>
/// <param name="Sent">Whether it was sent with the text; null for a picture that stands in it.</param>
/// <param name="Erased">True where its bytes were erased for good: the hash tells what it was.</param>
public sealed record AttachedFile(
    string Name,
    string MediaType,
    long Bytes,
    string Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Sent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Erased = null
)
{
    /// <summary>
    /// SHA-256 over the hashes and names of the files that were sent with a text, a line each; null for none. Pictures that stand in a text
    /// are not part of it.
    /// </summary>
    public static string? HashOf(IReadOnlyList<AttachedFile> files) =>
        HashedLines(files) is { } lines ? CanonicalText.Hash(string.Join('\n', lines)) : null;

    /// <summary>These lines; null for none.</summary>
    public static IReadOnlyList<string>? HashedLines(IReadOnlyList<AttachedFile> files) =>
        files.Any(f => f.Sent is true) ? [.. files.Where(f => f.Sent is true).Select(f => $"{f.Sha256} {f.Name}")] : null;
}

/// <summary>The draft, or a text that was prepared for a published document, went to review.</summary>
public sealed record ReviewRequested(int Revision, string? Note, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>The legality of one revision was reviewed. A text that did not pass goes back to drafting (M 25–26).</summary>
/// <param name="Revision">The revision that was reviewed.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Opinion">The opinion.</param>
/// <param name="By">Who reviewed it.</param>
/// <param name="At">When.</param>
/// <param name="UrgentReason">Why it passed before the working days were over that a review has at least; null where none was given.</param>
public sealed record LegalityReviewed(
    int Revision,
    bool Passed,
    string Opinion,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UrgentReason = null
) : IEventOf<PolicyDocument>;

/// <summary>The collective decision on a major matter was recorded, with dissent (M 30).</summary>
/// <param name="Revision">The revision decided on.</param>
/// <param name="Meeting">The meeting: 区政府第12次常务会议.</param>
/// <param name="HeldOn">The day of the meeting, Asia/Shanghai.</param>
/// <param name="Approved">Whether it was approved.</param>
/// <param name="Dissent">Differing opinions as recorded.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="At">When it was recorded.</param>
public sealed record DecisionRecorded(
    int Revision,
    string Meeting,
    DateOnly HeldOn,
    bool Approved,
    IReadOnlyList<string> Dissent,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;

/// <summary>
/// The document was signed. From now on its text and its elements are frozen; the seal is the hash of both
/// (<see cref="Documents.Seal"/>), null for what was signed before there were any.
/// </summary>
/// <param name="Revision">The text.</param>
/// <param name="SignedOn">The day of the signature, Asia/Shanghai.</param>
/// <param name="By">Who signed it.</param>
/// <param name="At">When that was recorded.</param>
/// <param name="Seal">The hash.</param>
/// <param name="Corrects">The published text that it is signed as a correction of; null for any other.</param>
public sealed record DocumentSigned(
    int Revision,
    DateOnly SignedOn,
    Actor By,
    DateTimeOffset At,
    string? Seal = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Corrects = null
) : IEventOf<PolicyDocument>;

/// <summary>The document got its number and its date.</summary>
public sealed record DocumentIssued(DocumentNumber Number, DateOnly WrittenOn, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>The interpretation of one revision is planned, approved and signed; it becomes public with the document (三同步, W 五).</summary>
/// <param name="Revision">The revision of the text that it is for.</param>
/// <param name="PlanVersion">The version of the plan in Interpretation.</param>
/// <param name="By">The platform, which heard of it.</param>
/// <param name="At">When it was heard of.</param>
public sealed record InterpretationReadied(int Revision, long PlanVersion, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>The interpretation is worked on again; the document waits for it.</summary>
public sealed record InterpretationReopened(string Reason, Actor By, DateTimeOffset At, long Version = 0) : IEventOf<PolicyDocument>;

/// <summary>The document needs no interpretation, for a reason that is counted (W 五).</summary>
public sealed record InterpretationExempted(string Reason, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>An item of the decision catalogue requires these steps of the document (M 14–30).</summary>
/// <param name="Item">The item: year and code.</param>
/// <param name="ItemVersion">The version of the item that they follow from.</param>
/// <param name="Steps">The steps.</param>
/// <param name="By">The platform, which heard of it.</param>
/// <param name="At">When it was heard of.</param>
public sealed record StepsRequired(string Item, long ItemVersion, IReadOnlyList<DecisionStep> Steps, Actor By, DateTimeOffset At)
    : IEventOf<PolicyDocument>;

/// <summary>A step of the decision procedure was taken and recorded.</summary>
/// <param name="Step">The step.</param>
/// <param name="HeldOn">The day on which it was finished, Asia/Shanghai.</param>
/// <param name="Conclusion">What came of it; process information (D 16).</param>
/// <param name="By">Who recorded it.</param>
/// <param name="At">When.</param>
public sealed record StepTaken(DecisionStep Step, DateOnly HeldOn, string Conclusion, Actor By, DateTimeOffset At)
    : IEventOf<PolicyDocument>;

/// <summary>
/// The public is asked about one revision of the draft (M 14–15): everybody reads that revision in the consultation, and nothing else of the
/// draft.
/// </summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="ConsultationVersion">The version of its history in Consultation.</param>
/// <param name="Revision">The revision.</param>
/// <param name="ClosesOn">The last day for comments as it was then, Asia/Shanghai; the consultation tells whether it was moved.</param>
/// <param name="By">The platform, which heard of it.</param>
/// <param name="At">When it was heard of.</param>
public sealed record ConsultationBegan(
    Guid ConsultationId,
    long ConsultationVersion,
    int Revision,
    DateOnly ClosesOn,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;

/// <summary>A consultation goes on with a later revision of the draft.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="ConsultationVersion">The version of its history in Consultation.</param>
/// <param name="Revision">The later revision.</param>
/// <param name="ClosesOn">The last day for comments as it was then, Asia/Shanghai.</param>
/// <param name="By">The platform, which heard of it.</param>
/// <param name="At">When it was heard of.</param>
public sealed record ConsultationContinued(
    Guid ConsultationId,
    long ConsultationVersion,
    int Revision,
    DateOnly ClosesOn,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;

/// <summary>
/// A consultation about the draft is over. One that was completed is the public participation that a major decision needs (M 14, 18).
/// </summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="ConsultationVersion">The version of its history in Consultation.</param>
/// <param name="Completed">Whether all that was said has its feedback; otherwise it was given up.</param>
/// <param name="EndedOn">The day on which it ended, Asia/Shanghai.</param>
/// <param name="By">The platform, which heard of it.</param>
/// <param name="At">When it was heard of.</param>
public sealed record ConsultationFinished(
    Guid ConsultationId,
    long ConsultationVersion,
    bool Completed,
    DateOnly EndedOn,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;

/// <summary>Publication was set for an instant to come.</summary>
/// <param name="PublishAt">The instant, UTC.</param>
/// <param name="EffectiveFrom">施行日期; the day of publication when null.</param>
/// <param name="ExpiresOn">有效期至; null for no end.</param>
/// <param name="By">Who set it.</param>
/// <param name="At">When.</param>
/// <param name="DatesReason">Why its days are others than the text names; null where they are not.</param>
/// <param name="NoEnd">Whether it has no last day, whatever the text names.</param>
public sealed record PublicationScheduled(
    DateTimeOffset PublishAt,
    DateOnly? EffectiveFrom,
    DateOnly? ExpiresOn,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DatesReason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? NoEnd = null
) : IEventOf<PolicyDocument>;

/// <summary>The instant of publication came while something was missing: the document was not published and waits for a person.</summary>
public sealed record PublicationHeld(string Reason, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>A planned publication was taken back before its instant.</summary>
/// <param name="PublishAt">The instant that was set, UTC.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who took it back.</param>
/// <param name="At">When.</param>
public sealed record PublicationCancelled(DateTimeOffset PublishAt, string Reason, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>The document became public, with these elements and this revision.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">The revision that the public reads.</param>
/// <param name="Elements">What the library shows of it.</param>
/// <param name="PublishedOn">发布日期.</param>
/// <param name="EffectiveFrom">施行日期; it can lie in the future.</param>
/// <param name="ExpiresOn">有效期至, the last day in force; null for no end.</param>
/// <param name="By">Who published it.</param>
/// <param name="At">When it was recorded as published.</param>
/// <param name="DatesReason">Why its days are others than the text names; null where they are not.</param>
public sealed record DocumentPublished(
    Guid DocumentId,
    int Revision,
    PublicElements Elements,
    DateOnly PublishedOn,
    DateOnly EffectiveFrom,
    DateOnly? ExpiresOn,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DatesReason = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>The draft was given up before it was issued. It stays readable for those who could read it.</summary>
public sealed record DocumentWithdrawn(string Reason, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>
/// A text that was prepared for a published document was given up: it is made public by nothing. It stays readable for those who could read it.
/// </summary>
/// <param name="Revision">The text.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who gave it up.</param>
/// <param name="At">When.</param>
public sealed record RevisionWithdrawn(int Revision, string Reason, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>A published text was amended (修改): another revision is in force from a day on.</summary>
/// <param name="Revision">The revision that holds from then on; recorded in the same step, or prepared before.</param>
/// <param name="EffectiveFrom">The first day; it can lie in the future, or in the past for what is recorded late.</param>
/// <param name="AmendedBy">The amending document (修改决定), where the library holds it.</param>
/// <param name="Note">What was amended and by what decision, for the public.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="At">When.</param>
/// <param name="Title">标题 from then on; null where it stays.</param>
/// <param name="EmergencyReason">Why it was not prepared, reviewed and signed, and no published document orders it; null where that is not so.</param>
public sealed record DocumentAmended(
    int Revision,
    DateOnly EffectiveFrom,
    Guid? AmendedBy,
    string Note,
    Actor By,
    DateTimeOffset At,
    string? Title = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>
/// A published text was corrected (勘误): another revision stands for it, for all the days that it was or will be in force.
/// </summary>
/// <param name="Revision">The corrected text, recorded in the same step, or prepared before.</param>
/// <param name="Corrects">The revision that it stands for from now on.</param>
/// <param name="EffectiveFrom">The first day of the corrected revision, which is the first day of the new one.</param>
/// <param name="Reason">What was wrong, for the public.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="At">When.</param>
/// <param name="Title">标题 as it should have been; null where it was right.</param>
/// <param name="EmergencyReason">Why it was not prepared, reviewed and signed, and no published document orders it; null where that is not so.</param>
public sealed record DocumentCorrected(
    int Revision,
    int Corrects,
    DateOnly EffectiveFrom,
    string Reason,
    Actor By,
    DateTimeOffset At,
    string? Title = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>What was said of a published text was put right. What was said before stays in the history.</summary>
/// <param name="Revision">The text.</param>
/// <param name="Note">What is said of it from now on.</param>
/// <param name="Reason">Why, for the public.</param>
/// <param name="By">Who put it right.</param>
/// <param name="At">When.</param>
public sealed record NoteCorrected(int Revision, string Note, string Reason, Actor By, DateTimeOffset At)
    : IEventOf<PolicyDocument>,
        IEventOf<LibraryEntry>;

/// <summary>A published document was repealed (废止).</summary>
/// <param name="EffectiveFrom">The first day on which it is no longer in force.</param>
/// <param name="RepealedBy">The repealing document, where the library holds it.</param>
/// <param name="Reason">Why, for the public.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="At">When.</param>
/// <param name="EmergencyReason">Why it was not prepared, reviewed and signed, and no published document orders it; null where that is not so.</param>
public sealed record DocumentRepealed(
    DateOnly EffectiveFrom,
    Guid? RepealedBy,
    string Reason,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>A published document was superseded (被替代) by another one.</summary>
/// <param name="EffectiveFrom">The first day on which the other one stands in its place.</param>
/// <param name="SupersededBy">The document in its place.</param>
/// <param name="Reason">Why, for the public.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="At">When.</param>
/// <param name="EmergencyReason">Why it is so though that document does not say so; null where it does.</param>
public sealed record DocumentSuperseded(
    DateOnly EffectiveFrom,
    Guid SupersededBy,
    string Reason,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>
/// A published document, or one text of it, was taken from the public at once. Those who work on it go on reading it; everybody else reads an
/// explanation in its place.
/// </summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Ground">On what ground (D 14, 15).</param>
/// <param name="Explanation">What the public reads in its place.</param>
/// <param name="Reason">Why, for those who work on the document.</param>
/// <param name="By">Who took it down.</param>
/// <param name="At">When.</param>
public sealed record DocumentTakenDown(int? Revision, TakeDownGround Ground, string Explanation, string Reason, Actor By, DateTimeOffset At)
    : IEventOf<PolicyDocument>,
        IEventOf<LibraryEntry>;

/// <summary>What was taken down is public again.</summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Reason">Why, for those who work on the document.</param>
/// <param name="By">Who put it back.</param>
/// <param name="At">When.</param>
public sealed record DocumentPutBack(int? Revision, string Reason, Actor By, DateTimeOffset At)
    : IEventOf<PolicyDocument>,
        IEventOf<LibraryEntry>;

/// <summary>
/// A text, or a file of it, was erased for good (Personal Information Protection Law, art. 47). What recorded it holds its hashes alone from
/// now on, so that the chain over all texts goes on being verifiable.
/// </summary>
/// <param name="Revision">The text.</param>
/// <param name="File">The SHA-256 of the file; null for the text with all its files.</param>
/// <param name="Reason">Why, for those who work on the document. It does not repeat what was erased.</param>
/// <param name="By">Who erased it.</param>
/// <param name="At">When.</param>
public sealed record RevisionErased(
    int Revision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? File,
    string Reason,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;

/// <summary>A signer consented to a change of the law in force that no document orders. The change itself is an event of its own.</summary>
/// <param name="To">What is to change: <c>restore</c>, <c>expiresOn 2031-02-28</c>, <c>effectiveFrom (1) 2026-03-01</c>.</param>
/// <param name="Note">What was said about it; null for nothing.</param>
/// <param name="By">Who consented.</param>
/// <param name="At">When.</param>
public sealed record ChangeConsented(string To, string? Note, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>;

/// <summary>A repeal or a supersession was taken back: it was recorded by mistake, and the document was in force all the time.</summary>
/// <param name="Repealed">The repeal; null where it was none.</param>
/// <param name="Superseded">The supersession; null where it was none.</param>
/// <param name="Reason">What was wrong, for the public.</param>
/// <param name="By">Who took it back.</param>
/// <param name="At">When.</param>
/// <param name="OrderedBy">The published document that orders it; null for none.</param>
/// <param name="EmergencyReason">Why no document orders it; null where one does.</param>
public sealed record DocumentRestored(
    Repeal? Repealed,
    Supersession? Superseded,
    string Reason,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrderedBy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>Elements of a published document were put right or completed (要素更正). What was said before stays in the history.</summary>
/// <param name="Before">What was said of those that changed; null where nothing was.</param>
/// <param name="After">What is said from now on; null for what stays.</param>
/// <param name="Revision">The text whose first day is meant.</param>
/// <param name="Reason">What was wrong or missing, for the public.</param>
/// <param name="By">Who put it right.</param>
/// <param name="At">When.</param>
/// <param name="ExchangedWith">The document with which the number was exchanged; null where it was not.</param>
/// <param name="OrderedBy">The published document that orders it, where it changes what is in force; null for none.</param>
/// <param name="EmergencyReason">Why no document orders it, where it changes what is in force; null where one does, and for any other.</param>
public sealed record ElementsCorrected(
    GivenElements Before,
    GivenElements After,
    int Revision,
    string Reason,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ExchangedWith = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrderedBy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>The last day of a published document was set, moved or taken away: its term was extended, or it was declared expired.</summary>
/// <param name="ExpiresOn">The last day; null for no end.</param>
/// <param name="Reason">Why, for the public.</param>
/// <param name="By">Who set it.</param>
/// <param name="At">When.</param>
/// <param name="EmergencyReason">Why it was changed though no published document orders it; null where that is not so.</param>
/// <param name="OrderedBy">The published document that orders it; null for none.</param>
public sealed record ExpiryChanged(
    DateOnly? ExpiresOn,
    string Reason,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EmergencyReason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrderedBy = null
) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>
/// The last day of a document has passed (失效). Validity follows from the date alone; the event puts it into the history and tells others.
/// </summary>
/// <param name="ExpiredOn">The last day in force.</param>
/// <param name="By">The platform.</param>
/// <param name="At">When it was noticed.</param>
public sealed record DocumentExpired(DateOnly ExpiredOn, Actor By, DateTimeOffset At) : IEventOf<PolicyDocument>, IEventOf<LibraryEntry>;

/// <summary>How this document is related to another one was stated, or stated anew.</summary>
/// <param name="RelationId">The same id stated again replaces what was stated before.</param>
/// <param name="Kind">What this document does to the other one.</param>
/// <param name="Target">The other document.</param>
/// <param name="From">The first day on which it holds, Asia/Shanghai.</param>
/// <param name="Until">The last day on which it holds; null for no end.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="By">Who stated it.</param>
/// <param name="At">When.</param>
public sealed record RelationStated(
    Guid RelationId,
    RelationKind Kind,
    Guid Target,
    DateOnly From,
    DateOnly? Until,
    string? Note,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;

/// <summary>A relation was stated by mistake, and holds on no day.</summary>
/// <param name="RelationId">The relation.</param>
/// <param name="Kind">What this document was said to do to the other one.</param>
/// <param name="Reason">What was wrong.</param>
/// <param name="By">Who took it back.</param>
/// <param name="At">When.</param>
public sealed record RelationTakenBack(Guid RelationId, RelationKind Kind, string Reason, Actor By, DateTimeOffset At)
    : IEventOf<PolicyDocument>;

/// <summary>A clean-up (清理) came to an outcome for the document (R 37).</summary>
/// <param name="CleanUpId">The clean-up.</param>
/// <param name="Outcome">The outcome. What it changes is an event of its own.</param>
/// <param name="Reason">Why, for the history.</param>
/// <param name="By">Who decided it.</param>
/// <param name="At">When.</param>
/// <param name="Draft">The draft that was begun to amend it; null for none.</param>
public sealed record DocumentCleanedUp(
    Guid CleanUpId,
    CleanUpOutcome Outcome,
    string Reason,
    Actor By,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? Draft = null
) : IEventOf<PolicyDocument>;

/// <summary>An evaluation of the document came to its conclusion.</summary>
/// <param name="EvaluationId">The evaluation.</param>
/// <param name="Conclusion">What it comes to: keep, amend or repeal.</param>
/// <param name="Reason">Why, for the history.</param>
/// <param name="ConcludedOn">The day on which it was concluded, Asia/Shanghai.</param>
/// <param name="By">The platform.</param>
/// <param name="At">When the library came to know of it.</param>
public sealed record DocumentEvaluated(
    Guid EvaluationId,
    CleanUpOutcome Conclusion,
    string Reason,
    DateOnly ConcludedOn,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;

/// <summary>A document that was published before the library came to be was taken in, with the elements that are known of it.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类; null where it is not known.</param>
/// <param name="Number">发文字号; null where it has none or it is not known.</param>
/// <param name="WrittenOn">成文日期; null where it is not known.</param>
/// <param name="Source">Where it came from: the line or file of the import.</param>
/// <param name="By">Who imported it.</param>
/// <param name="At">When.</param>
public sealed record DocumentImported(
    Guid DocumentId,
    string Title,
    DocumentKind Kind,
    IReadOnlyList<string> Issuers,
    string? Subject,
    DocumentNumber? Number,
    DateOnly? WrittenOn,
    string Source,
    Actor By,
    DateTimeOffset At
) : IEventOf<PolicyDocument>;
