namespace PolicyPlatform.Contracts.Consultation.V1;

/// <summary>What <see cref="Consultation"/> is asked to hide.</summary>
public sealed partial class HideDocumentRequest : IHideDocument;
