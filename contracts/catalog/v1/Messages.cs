using Wolverine.Attributes;

namespace PolicyPlatform.Contracts.Catalog.V1;

/// <summary>
/// An item of the decision catalogue was linked to a document, or changed after that: the document must take these steps (M 14–30).
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Item">The item: year and code, <c>2026/01</c>.</param>
/// <param name="ItemVersion">The version of the item; a receiver ignores older ones.</param>
/// <param name="Steps">The steps required: publicParticipation, expertArgument, riskAssessment, legality, collectiveDecision.</param>
[MessageIdentity("PolicyPlatform.Contracts.Catalog.V1.DecisionItemLinked")]
public sealed record DecisionItemLinkedMessage(Guid DocumentId, string Item, long ItemVersion, IReadOnlyList<string> Steps)
    : IAboutDocument;

/// <summary>The calendar of a year was set: whoever counted working days in it counts its open deadlines again.</summary>
/// <param name="Year">The year.</param>
[MessageIdentity("PolicyPlatform.Contracts.Catalog.V1.CalendarSet")]
public sealed record CalendarSetMessage(int Year);

/// <summary>Something must be published soon and is not yet (D 26).</summary>
/// <param name="ObligationId">The obligation.</param>
/// <param name="Title">What is to be published.</param>
/// <param name="Bodies">Whose it is, codes of the Catalog.</param>
/// <param name="DueOn">The last day, Asia/Shanghai.</param>
/// <param name="DocumentId">The document; null for what a business system reported.</param>
/// <param name="Channels">Where it is not published yet: website, newMedia ….</param>
/// <param name="IsPublic">Whether everybody may know of it: its document is published, or it is about none.</param>
/// <param name="Revision">The text whose title it bears; null where that is not known, and without a document.</param>
[MessageIdentity("PolicyPlatform.Contracts.Catalog.V1.ObligationDueSoon")]
public sealed record ObligationDueSoonMessage(
    string ObligationId,
    string Title,
    IReadOnlyList<string> Bodies,
    DateOnly DueOn,
    Guid? DocumentId,
    IReadOnlyList<string>? Channels = null,
    bool IsPublic = false,
    int? Revision = null
);

/// <summary>Something was to be published and is not.</summary>
/// <param name="ObligationId">The obligation.</param>
/// <param name="Title">What is to be published.</param>
/// <param name="Bodies">Whose it is, codes of the Catalog.</param>
/// <param name="DueOn">The last day, which has passed, Asia/Shanghai.</param>
/// <param name="DocumentId">The document; null for what a business system reported.</param>
/// <param name="Channels">Where it is not published yet: website, newMedia ….</param>
/// <param name="IsPublic">Whether everybody may know of it: its document is published, or it is about none.</param>
/// <param name="Revision">The text whose title it bears; null where that is not known, and without a document.</param>
[MessageIdentity("PolicyPlatform.Contracts.Catalog.V1.ObligationOverdue")]
public sealed record ObligationOverdueMessage(
    string ObligationId,
    string Title,
    IReadOnlyList<string> Bodies,
    DateOnly DueOn,
    Guid? DocumentId,
    IReadOnlyList<string>? Channels = null,
    bool IsPublic = false,
    int? Revision = null
);
