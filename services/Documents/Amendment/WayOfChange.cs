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
    public Problem? Missing(Guid? orderedBy, string? emergencyReason, ServiceDefaults.Language.Wording ways) =>
        !IsNeeded || orderedBy is not null || !string.IsNullOrWhiteSpace(emergencyReason)
            ? null
            : Gates.Problem([new("way", ways, "drafter")]);

    /// <summary>Why the text that is prepared is not made public; null where it is.</summary>
    internal static Problem? Unready(PolicyDocument document, int revision) =>
        document.Prepared is not { } prepared || prepared.Revision != revision
            ? new Invalid()
                .Add(
                    "/revision",
                    "revision.unknown",
                    $"Revision {revision} is not the newest text that is prepared for this document. `prepared` of the document names it."
                )
                .Problem
        : (IReadOnlyList<Gate>)[.. Gates.BeforeSigningPrepared(document), .. Gates.Unsigned(document)] is { Count: > 0 } open
            ? Gates.Problem(open)
        : null;
}
