namespace PolicyPlatform.Contracts.Interpretation.V1;

/// <summary>
/// The plan of a document is approved and at least one material is signed for one revision of its text: the interpretation can become public together with it (三同步, W 五).
/// From now on plan and materials stay as they are until Documents says that they are reopened.
/// </summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">The revision of the text that plan and materials are for.</param>
/// <param name="PlanVersion">The version of the plan; a receiver ignores older ones.</param>
public sealed record InterpretationReady(Guid DocumentId, int Revision, long PlanVersion);

/// <summary>A material became public.</summary>
/// <param name="MaterialId">The material.</param>
/// <param name="DocumentId">The document that it explains.</param>
/// <param name="Title">Its title.</param>
/// <param name="Form">Its form: <c>text</c>, <c>video</c> ….</param>
public sealed record MaterialPublished(Guid MaterialId, Guid DocumentId, string Title, string Form);

/// <summary>A benefit is offered to registered profiles: it is new to them, or has changed for them.</summary>
/// <param name="BenefitId">The benefit.</param>
/// <param name="Version">The version of the benefit that was matched.</param>
/// <param name="DocumentId">The document that it was cut out of.</param>
/// <param name="Title">Its title.</param>
/// <param name="Profiles">The registered profiles that it matches, by the ids that their owners gave.</param>
public sealed record BenefitOffered(Guid BenefitId, long Version, Guid DocumentId, string Title, IReadOnlyList<string> Profiles);
