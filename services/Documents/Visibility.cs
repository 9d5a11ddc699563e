using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents;

/// <summary>
/// Who may know of what. Drafts, review opinions and discussion records are process information and never public (D 16); what is not
/// visible is
/// answered as if it were not there. Every read and every write asks here.
/// </summary>
public static class Visibility
{
    /// <summary>
    /// Whether the caller sees the document as those do who work on it: all revisions, all events, before publication too.
    /// </summary>
    public static bool SeesInside(this Caller caller, PolicyDocument document) => caller.SeesInside(document.Issuers);

    /// <summary>Whether the caller sees what these organisations issue as those do who work on it.</summary>
    public static bool SeesInside(this Caller caller, IReadOnlyList<string> issuers) =>
        caller.HasAny(Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor)
        || caller.HasAny(Roles.Drafter) && issuers.Contains(caller.Organisation);

    /// <summary>Whether the caller may know that the document exists.</summary>
    public static bool Sees(this Caller caller, PolicyDocument? document) =>
        document is not null && (document.IsPublic || caller.SeesInside(document));

    /// <summary>
    /// Whether the caller may take a step on the document, as far as it is about whose it is: that everybody reads it once it is published lets
    /// nobody work on it.
    /// </summary>
    public static bool WorksOn(this Caller caller, PolicyDocument? document) => document is not null && caller.SeesInside(document);

    /// <summary>Whether the caller may read this revision. What was erased nobody reads.</summary>
    public static bool SeesRevision(this Caller caller, PolicyDocument document, int revision) =>
        revision >= 1
        && revision <= document.Revision
        && !document.Erased.Contains(revision)
        && (caller.SeesInside(document) || document.PublicTexts.Any(t => t.Revision == revision) && document.Down.Of(revision) is null);

    /// <summary>
    /// The revision that the caller reads as the current one: the text in force, the coming one before its first day, or the newest draft.
    /// </summary>
    public static int CurrentRevision(PolicyDocument document, DateOnly today) =>
        document.IsPublished ? document.PublicTexts.ReadOn(today).Revision : document.Revision;

    /// <summary>The problem of a drafter whose organisation is not among the issuers; null where it is.</summary>
    public static Problem? DraftsForOthers(this Caller caller, IReadOnlyList<string> issuers) =>
        issuers.Contains(caller.Organisation)
            ? null
            : DocumentProblems.ForeignIssuer.With(
                $"You draft for {caller.Organisation}, which is not among the issuers {string.Join(", ", issuers)}. Name it as an issuer, or let an issuer's department draft."
            );

    /// <summary>The answer for a document that the caller does not see: not there, or taken from the public.</summary>
    public static Problem NotFound(Guid id, PolicyDocument? document) =>
        document is { IsPublished: true } && document.Down.Of(revision: null) is { } down
            ? CommonProblems.TakenDown.With(Wording.Verbatim(down.Explanation))
            : DocumentProblems.NotFound.With(
                $"There is no document {id} that you may see. Drafts are visible to the organisation that drafts them and to those who review, sign and publish."
            );

    /// <summary>The answer for a revision that the caller does not see: not there, taken from the public, or erased.</summary>
    public static Problem NoRevision(this Caller caller, PolicyDocument document, int revision) =>
        ErasedFor(caller, document, revision) ? CommonProblems.Erased.With(ErasedText(revision))
        : DownText(document, revision) is { } down ? CommonProblems.TakenDown.With(Wording.Verbatim(down.Explanation))
        : DocumentProblems.RevisionNotFound.With(
            $"There is no revision {revision} of this document that you may see. GET …/revisions lists those there are."
        );

    /// <summary>Notes a revision that the caller does not see.</summary>
    public static Invalid CheckRevision(this Invalid invalid, Caller caller, PolicyDocument document, int revision, string at) =>
        caller.SeesRevision(document, revision) ? invalid
        : ErasedFor(caller, document, revision) ? invalid.Add(at, CommonProblems.Erased.Code, ErasedText(revision))
        : DownText(document, revision) is { } down ? invalid.Add(at, CommonProblems.TakenDown.Code, Wording.Verbatim(down.Explanation))
        : invalid.Add(at, "revision.unknown", $"There is no revision {revision} that you may see. GET …/revisions lists those there are.");

    // The public reads the explanation that stands in its place.
    static bool ErasedFor(Caller caller, PolicyDocument document, int revision) =>
        caller.SeesInside(document) && document.Erased.Contains(revision);

    static Wording ErasedText(int revision) =>
        $"The text of revision {revision} was erased for good. Its hashes stay, and the history says why it was erased.";

    // That a text which never was public is not there is all that the public hears of it.
    static TakenDown? DownText(PolicyDocument document, int revision) =>
        document.PublicTexts.Any(t => t.Revision == revision) ? document.Down.Of(revision) : null;
}
