using Wolverine.Attributes;

namespace PolicyPlatform.Contracts.Interpretation.V1;

/// <summary>
/// The plan of a document is approved and at least one material is signed for one revision of its text: the interpretation can become
/// public together with it (三同步, W 五).
/// From now on plan and materials stay as they are until Documents says that they are reopened.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">The revision of the text that plan and materials are for.</param>
/// <param name="PlanVersion">The version of the plan; a receiver ignores older ones.</param>
[MessageIdentity("PolicyPlatform.Contracts.Interpretation.V1.InterpretationReady")]
public sealed record InterpretationReadyMessage(Guid DocumentId, int Revision, long PlanVersion) : IAboutDocument;

/// <summary>A material became public.</summary>
/// <param name="MaterialId">The material.</param>
/// <param name="DocumentId">The document that it explains.</param>
/// <param name="Title">Its title.</param>
/// <param name="Form">Its form: <c>text</c>, <c>video</c> ….</param>
/// <param name="ConsultationId">The consultation that shows it, while the document itself is a draft; null otherwise.</param>
/// <param name="Issuers">发文机关 of that draft, codes of the Catalog; null for a document that everybody sees.</param>
/// <param name="Subject">主题分类 of that draft, a code of the Catalog; null for a document that everybody sees, and where it has none.</param>
/// <param name="Revision">The text that it was written for; null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Interpretation.V1.MaterialPublished")]
public sealed record MaterialPublishedMessage(
    Guid MaterialId,
    Guid DocumentId,
    string Title,
    string Form,
    Guid? ConsultationId = null,
    IReadOnlyList<string>? Issuers = null,
    string? Subject = null,
    int? Revision = null
) : IAboutDocument;

/// <summary>A benefit is to be had, or has changed.</summary>
/// <param name="BenefitId">The benefit.</param>
/// <param name="Version">The version of the benefit that was published.</param>
/// <param name="DocumentId">The document that it was cut out of.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">Who grants it, a code of the Catalog.</param>
/// <param name="Tags">What it is found by.</param>
/// <param name="Revision">The text that it was cut out of; null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Interpretation.V1.BenefitPublished")]
public sealed record BenefitPublishedMessage(
    Guid BenefitId,
    long Version,
    Guid DocumentId,
    string Title,
    string Body,
    IReadOnlyList<string> Tags,
    int? Revision = null
) : IAboutDocument;

/// <summary>A new or changed benefit fits registered profiles, or begins to fit them because days pass; their owner is told.</summary>
/// <param name="BenefitId">The benefit.</param>
/// <param name="Version">The version of the benefit that was matched.</param>
/// <param name="Part">Many profiles come in several messages, counted from 0.</param>
/// <param name="DocumentId">The document that it was cut out of.</param>
/// <param name="Title">Its title.</param>
/// <param name="Owner">The system that registered the profiles.</param>
/// <param name="Profiles">The profiles, by the names that their owner gave.</param>
/// <param name="FitsFrom">The day from which it fits, Asia/Shanghai, where it is because that has come; null where the benefit is new or changed.</param>
/// <param name="Revision">The text that it was cut out of; null where that is not told.</param>
[MessageIdentity("PolicyPlatform.Contracts.Interpretation.V1.BenefitOffered")]
public sealed record BenefitOfferedMessage(
    Guid BenefitId,
    long Version,
    int Part,
    Guid DocumentId,
    string Title,
    string Owner,
    IReadOnlyList<string> Profiles,
    DateOnly? FitsFrom = null,
    int? Revision = null
) : IAboutDocument;

/// <summary>A ticket of the hotline is to be answered within a working day (H 24).</summary>
/// <param name="TicketId">The hotline's own id.</param>
/// <param name="Body">Who answers, a code of the Catalog.</param>
/// <param name="DueOn">The last day, Asia/Shanghai.</param>
[MessageIdentity("PolicyPlatform.Contracts.Interpretation.V1.TicketDueSoon")]
public sealed record TicketDueSoonMessage(string TicketId, string Body, DateOnly DueOn);

/// <summary>A ticket of the hotline was not answered in time: it goes to those who oversee.</summary>
/// <param name="TicketId">The hotline's own id.</param>
/// <param name="Body">Who was to answer, a code of the Catalog.</param>
/// <param name="DueOn">The last day, which has passed, Asia/Shanghai.</param>
[MessageIdentity("PolicyPlatform.Contracts.Interpretation.V1.TicketOverdue")]
public sealed record TicketOverdueMessage(string TicketId, string Body, DateOnly DueOn);

/// <summary>Tickets of the hotline pile up about a document: whether it does what it is for is to be looked at.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Tickets">The hotline's own ids of the newest of them, 200 at most.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Since">The first day that was counted, Asia/Shanghai.</param>
/// <param name="At">When it was found, UTC; what came before is not counted again.</param>
[MessageIdentity("PolicyPlatform.Contracts.Interpretation.V1.TicketsPiledUp")]
public sealed record TicketsPiledUpMessage(Guid DocumentId, IReadOnlyList<string> Tickets, int Count, DateOnly Since, DateTimeOffset At)
    : IAboutDocument;
