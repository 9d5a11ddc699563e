namespace PolicyPlatform.Contracts;

/// <summary>What every service that shows something about documents is asked by <c>HideDocument</c>: each has the call in its own package.</summary>
public interface IHideDocument
{
    /// <summary>The document, a UUID.</summary>
    string DocumentId { get; set; }

    /// <summary>The text that is taken from the public; 0 for the whole document.</summary>
    int Revision { get; set; }

    /// <summary>What the public reads in its place.</summary>
    string Explanation { get; set; }

    /// <summary>The version of the document's history that is to say that it stays so.</summary>
    long Version { get; set; }

    /// <summary>Whether it is hidden until it is erased, and is not taken down. Only services that keep texts are asked so.</summary>
    bool ForErasure => false;
}
