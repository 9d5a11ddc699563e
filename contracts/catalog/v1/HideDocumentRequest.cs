namespace PolicyPlatform.Contracts.Catalog.V1;

/// <summary>What <see cref="Catalog"/> is asked to hide.</summary>
public sealed partial class HideDocumentRequest : IHideDocument;
