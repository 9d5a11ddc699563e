namespace PolicyPlatform.Contracts.Documents.V1;

/// <summary>A document was published. The public can read it from now on; ask Documents for its elements.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of; a receiver ignores older ones.</param>
/// <param name="Revision">The revision that was published, 1 for the first.</param>
/// <param name="PublishedOn">发布日期, a date in Asia/Shanghai.</param>
/// <param name="EffectiveFrom">施行日期, a date in Asia/Shanghai; it can lie in the future.</param>
public sealed record DocumentPublished(Guid DocumentId, long Version, int Revision, DateOnly PublishedOn, DateOnly EffectiveFrom);

/// <summary>
/// A complete text of a document was recorded. Sent from consultation or review on; a text in drafting is known to its drafters alone (D 16).
/// It names ids only: what a receiver may see of the text is decided by Documents when the receiver asks.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="Revision">The revision recorded, 1 for the first.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
public sealed record RevisionRecorded(Guid DocumentId, long Version, int Revision, DateTimeOffset RecordedAt);

/// <summary>A published document was repealed (废止).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="EffectiveFrom">The first day on which it is no longer in force, a date in Asia/Shanghai; it can lie in the future.</param>
public sealed record DocumentRepealed(Guid DocumentId, long Version, DateOnly EffectiveFrom);

/// <summary>A published document was superseded (被替代).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="EffectiveFrom">The first day on which another one stands in its place, a date in Asia/Shanghai; it can lie in the future.</param>
/// <param name="SupersededBy">The document in its place.</param>
public sealed record DocumentSuperseded(Guid DocumentId, long Version, DateOnly EffectiveFrom, Guid SupersededBy);

/// <summary>The last day of a published document has passed (失效).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version of the document's history that this message speaks of.</param>
/// <param name="ExpiredOn">The last day in force, a date in Asia/Shanghai.</param>
public sealed record DocumentExpired(Guid DocumentId, long Version, DateOnly ExpiredOn);
