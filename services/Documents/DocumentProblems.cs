using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents;

/// <summary>The problems that only Documents answers with.</summary>
public static class DocumentProblems
{
    /// <summary>There is no such document, or the caller may not know of it.</summary>
    public static readonly ProblemCode NotFound = new("document.notFound", 404, "No such document");

    /// <summary>There is no such revision, or the caller may not know of it.</summary>
    public static readonly ProblemCode RevisionNotFound = new("revision.notFound", 404, "No such revision");

    /// <summary>There is no such block in what the caller may read.</summary>
    public static readonly ProblemCode BlockNotFound = new("block.notFound", 404, "No such block");

    /// <summary>There is no such file, or the caller may not know of it.</summary>
    public static readonly ProblemCode FileNotFound = new("file.notFound", 404, "No such file");

    /// <summary>The service has no key to sign checkpoints with.</summary>
    public static readonly ProblemCode NoIntegrityKey = new("integrity.key.missing", 409, "No key signs checkpoints here");

    /// <summary>The checkpoint was made before the revision was recorded.</summary>
    public static readonly ProblemCode NotYetCovered = new("integrity.checkpoint.tooEarly", 409, "No checkpoint covers this revision yet");

    /// <summary>The document of a clean-up is given to another organisation.</summary>
    public static readonly ProblemCode ForeignItem = new("cleanUp.body.foreign", 403, "The document is given to another organisation");

    /// <summary>The document is not in a state in which this can be done.</summary>
    public static readonly ProblemCode WrongState = new("document.state.wrong", 409, "The document's state does not allow this");

    /// <summary>The text is signed: only amendments and corrections change it.</summary>
    public static readonly ProblemCode TextFrozen = new("document.text.frozen", 409, "The text is frozen");

    /// <summary>The new text is word for word the newest revision.</summary>
    public static readonly ProblemCode TextUnchanged = new("document.text.unchanged", 409, "The text has not changed");

    /// <summary>A gate on the way to publication is open; <c>gates</c> names what is missing and who must act.</summary>
    public static readonly ProblemCode GateOpen = new("document.gate.open", 409, "Something is still missing on the way to publication");

    /// <summary>A published document is named that does not order the change; <c>errors</c> says what was looked for in it.</summary>
    public static readonly ProblemCode NotOrdered = new(
        "document.order.missing",
        409,
        "The document that is named does not order the change"
    );

    /// <summary>Elements that publication requires are missing; <c>errors</c> names all of them.</summary>
    public static readonly ProblemCode ElementsMissing = new(
        "document.elements.missing",
        422,
        "Elements required for publication are missing"
    );

    /// <summary>Another document has this number.</summary>
    public static readonly ProblemCode NumberTaken = new("document.number.taken", 409, "The document number is taken");

    /// <summary>The document is not to be disclosed on the authority's own initiative.</summary>
    public static readonly ProblemCode NotForDisclosure = new(
        "document.disclosure.notProactive",
        409,
        "The document is not for proactive disclosure"
    );

    /// <summary>The text is longer than the library accepts.</summary>
    public static readonly ProblemCode TextTooLong = new("document.text.tooLong", 413, "The text is too long");

    /// <summary>The drafter's organisation does not issue the document.</summary>
    public static readonly ProblemCode ForeignIssuer = new("document.issuer.foreign", 403, "The caller drafts for another organisation");
}
