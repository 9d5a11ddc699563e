using Wolverine.Attributes;

namespace PolicyPlatform.Contracts.Documents.V1;

/// <summary>A document was published. The public can read it from now on; ask Documents for its elements.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of; a receiver ignores older ones.</param>
/// <param name="Revision">The revision that was published, 1 for the first.</param>
/// <param name="PublishedOn">发布日期, a date in Asia/Shanghai.</param>
/// <param name="EffectiveFrom">施行日期, a date in Asia/Shanghai; it can lie in the future.</param>
/// <param name="ReopenedIn">The version of the last <see cref="InterpretationReopenedMessage"/> before it, which a receiver hears of first; 0 for
/// none.</param>
/// <param name="ExpiresOn">有效期至, the last day in force, Asia/Shanghai; null for no end.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentPublished")]
public sealed record DocumentPublishedMessage(
    Guid DocumentId,
    long Version,
    int Revision,
    DateOnly PublishedOn,
    DateOnly EffectiveFrom,
    long ReopenedIn = 0,
    DateOnly? ExpiresOn = null
) : IAboutDocument;

/// <summary>
/// A complete text of a document was recorded. Sent from consultation or review on; a text in drafting is known to its drafters alone (D
/// 16).
/// It names ids only: what a receiver may see of the text is decided by Documents when the receiver asks.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="Revision">The revision recorded, 1 for the first.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.RevisionRecorded")]
public sealed record RevisionRecordedMessage(Guid DocumentId, long Version, int Revision, DateTimeOffset RecordedAt) : IAboutDocument;

/// <summary>A published document was repealed (废止).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="EffectiveFrom">The first day on which it is no longer in force, a date in Asia/Shanghai; it can lie in the future.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentRepealed")]
public sealed record DocumentRepealedMessage(Guid DocumentId, long Version, DateOnly EffectiveFrom) : IAboutDocument;

/// <summary>A published document was superseded (被替代).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="EffectiveFrom">The first day on which another one stands in its place, a date in Asia/Shanghai; it can lie in the
/// future.</param>
/// <param name="SupersededBy">The document in its place.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentSuperseded")]
public sealed record DocumentSupersededMessage(Guid DocumentId, long Version, DateOnly EffectiveFrom, Guid SupersededBy) : IAboutDocument;

/// <summary>A repeal or a supersession was taken back: it was recorded by mistake, and the document was in force all the time.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of; what ended the document before it does not hold.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentRestored")]
public sealed record DocumentRestoredMessage(Guid DocumentId, long Version) : IAboutDocument;

/// <summary>Elements of a published document were put right or completed; ask Documents for them.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="PublishedOn">发布日期 from now on, a date in Asia/Shanghai.</param>
/// <param name="EffectiveFrom">施行日期 from now on, a date in Asia/Shanghai.</param>
/// <param name="Elements">The elements that were put right, as the API calls them.</param>
/// <param name="Revision">The text whose first day may be among them.</param>
/// <param name="FirstDay">The first day of that text from now on, a date in Asia/Shanghai.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentElementsCorrected")]
public sealed record DocumentElementsCorrectedMessage(
    Guid DocumentId,
    long Version,
    DateOnly PublishedOn,
    DateOnly EffectiveFrom,
    IReadOnlyList<string> Elements,
    int Revision,
    DateOnly FirstDay
) : IAboutDocument;

/// <summary>A published document, or one text of it, was taken from the public, or put back.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of; what was down before it and is not named here is
/// public again.</param>
/// <param name="Revision">The text that was taken down or put back; null for the whole document.</param>
/// <param name="PutBack">Whether it was put back.</param>
/// <param name="Down">What is down from now on.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog; null for none.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentVisibilityChanged")]
public sealed record DocumentVisibilityChangedMessage(
    Guid DocumentId,
    long Version,
    int? Revision,
    bool PutBack,
    IReadOnlyList<DownPart> Down,
    IReadOnlyList<string> Issuers,
    string? Subject
) : IAboutDocument;

/// <summary>What the public does not read for the time being.</summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Explanation">What the public reads in its place.</param>
public sealed record DownPart(int? Revision, string Explanation);

/// <summary>The text of a revision was erased for good: whoever has it from Documents erases it as well. Between services only.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="Revision">The revision.</param>
/// <param name="At">When, UTC.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.RevisionErased")]
public sealed record RevisionErasedMessage(Guid DocumentId, long Version, int Revision, DateTimeOffset At) : IAboutDocument;

/// <summary>The last day of a published document has passed (失效).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="ExpiredOn">The last day in force, a date in Asia/Shanghai.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentExpired")]
public sealed record DocumentExpiredMessage(Guid DocumentId, long Version, DateOnly ExpiredOn) : IAboutDocument;

/// <summary>
/// A draft went to review: its interpretation is to be planned (W 五). Between services only; the public never hears of a draft (D 16).
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="Revision">The revision that is reviewed.</param>
/// <param name="Title">标题.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentSentToReview")]
public sealed record DocumentSentToReviewMessage(Guid DocumentId, long Version, int Revision, string Title, IReadOnlyList<string> Issuers)
    : IAboutDocument;

/// <summary>A document was given up before it was issued; its interpretation is no longer needed.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentWithdrawn")]
public sealed record DocumentWithdrawnMessage(Guid DocumentId, long Version) : IAboutDocument;

/// <summary>A document got its number: the information exists, and the time for publishing it runs (D 26).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="Title">标题.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="WrittenOn">成文日期, Asia/Shanghai.</param>
/// <param name="Proactive">Whether it is to be published on the authority's own initiative (主动公开).</param>
/// <param name="DisclosureItem">The item of the disclosure catalogue that it is filed under, <c>district/04-01</c>; null for none.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentIssued")]
public sealed record DocumentIssuedMessage(
    Guid DocumentId,
    long Version,
    string Title,
    IReadOnlyList<string> Issuers,
    DateOnly WrittenOn,
    bool Proactive,
    string? DisclosureItem
) : IAboutDocument;

/// <summary>A published text was amended or corrected.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="PreviousRevision">The public text that it was before.</param>
/// <param name="Revision">The text that it becomes.</param>
/// <param name="EffectiveFrom">The first day of the new text, Asia/Shanghai; it can lie in the future.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentTextChanged")]
public sealed record DocumentTextChangedMessage(
    Guid DocumentId,
    long Version,
    int PreviousRevision,
    int Revision,
    DateOnly EffectiveFrom,
    DateTimeOffset RecordedAt
) : IAboutDocument;

/// <summary>The last day of a published document was set, moved or taken away (延期).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="ExpiresOn">The last day in force, Asia/Shanghai; null for no end.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.DocumentExpiryChanged")]
public sealed record DocumentExpiryChangedMessage(Guid DocumentId, long Version, DateOnly? ExpiresOn) : IAboutDocument;

/// <summary>
/// What was ready for publication with a document is opened again: plan and materials can be changed, and the document waits for them.
/// Documents decides, so that reopening
/// and publishing cannot both happen.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.InterpretationReopened")]
public sealed record InterpretationReopenedMessage(Guid DocumentId, long Version) : IAboutDocument;

/// <summary>A document is published without interpretation, for a reason that is recorded and counted (W 五).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="Revision">The revision that it was exempted with.</param>
/// <param name="Title">标题.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Reason">Why.</param>
[MessageIdentity("PolicyPlatform.Contracts.Documents.V1.InterpretationExempted")]
public sealed record InterpretationExemptedMessage(
    Guid DocumentId,
    long Version,
    int Revision,
    string Title,
    IReadOnlyList<string> Issuers,
    string Reason
) : IAboutDocument;
