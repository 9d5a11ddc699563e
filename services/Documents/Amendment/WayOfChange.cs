using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Amendment;

/// <summary>
/// Nobody changes the law in force alone: what changes a published document is a text that was prepared, reviewed and signed, or is ordered by
/// a published document; in an emergency it is neither, for a reason that is counted. Set off by <c>Amendment:NeedsWay</c>.
/// </summary>
/// <param name="IsNeeded">Whether that is so here.</param>
public sealed record WayOfChange(bool IsNeeded)
{
    /// <summary>Reads what is set.</summary>
    internal static WayOfChange From(IConfiguration configuration) => new(configuration.GetValue("Amendment:NeedsWay", true));

    /// <summary>Why a change that comes with its text, or with none, is not made; null where it is.</summary>
    /// <param name="orderedBy">The published document that orders it.</param>
    /// <param name="emergencyReason">Why it goes no way.</param>
    /// <param name="ways">The ways that there are, for people.</param>
    public Problem? Missing(Guid? orderedBy, string? emergencyReason, Wording ways) =>
        !IsNeeded || orderedBy is not null || !string.IsNullOrWhiteSpace(emergencyReason)
            ? null
            : Gates.Problem([new("way", ways, "drafter")]);

    /// <summary>Why the text that is prepared is not made public; null where it is.</summary>
    /// <param name="document">The document.</param>
    /// <param name="revision">The text.</param>
    /// <param name="otherwise">Whether a published document orders it, or it is an emergency.</param>
    internal static Problem? Unready(PolicyDocument document, int revision, bool otherwise) =>
        document.Prepared is not { } prepared || prepared.Revision != revision
            ? new Invalid()
                .Add(
                    "/revision",
                    "revision.unknown",
                    $"Revision {revision} is not the newest text that is prepared for this document. `prepared` of the document names it."
                )
                .Problem
        : !otherwise && Open(document) is { Count: > 0 } open ? Gates.Problem(open)
        : null;

    /// <summary>Why it went no way, for the history: where one way holds, it is no emergency.</summary>
    /// <param name="orderedBy">The published document that orders it.</param>
    /// <param name="emergencyReason">What was said.</param>
    /// <param name="prepared">The document whose prepared text is made public; null for any other change.</param>
    internal static string? Emergency(Guid? orderedBy, string? emergencyReason, PolicyDocument? prepared = null) =>
        orderedBy is not null || prepared is not null && Open(prepared).Count == 0 ? null : emergencyReason.OrNone();

    static IReadOnlyList<Gate> Open(PolicyDocument document) => [.. Gates.BeforeSigningPrepared(document), .. Gates.Unsigned(document)];
}
