namespace PolicyPlatform.Contracts;

/// <summary>
/// A message about one document. A service handles those about the same document one after the other, in whichever order they come: each
/// sees what the one before did.
/// </summary>
public interface IAboutDocument
{
    /// <summary>The document.</summary>
    Guid DocumentId { get; }
}
