namespace PolicyPlatform.Contracts.Catalog.V1;

/// <summary>An item of the decision catalogue was linked to a document, or changed after that: the document must take these steps (M 14–30).</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Item">The item: year and code, <c>2026/01</c>.</param>
/// <param name="ItemVersion">The version of the item; a receiver ignores older ones.</param>
/// <param name="Steps">The steps required: publicParticipation, expertArgument, riskAssessment, legality, collectiveDecision.</param>
public sealed record DecisionItemLinked(Guid DocumentId, string Item, long ItemVersion, IReadOnlyList<string> Steps);
