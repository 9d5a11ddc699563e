namespace PolicyPlatform.Contracts.Interpretation.V1;

/// <summary>What <see cref="Interpretation"/> is asked to hide.</summary>
public sealed partial class HideDocumentRequest : IHideDocument;
