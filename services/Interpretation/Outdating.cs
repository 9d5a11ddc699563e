namespace PolicyPlatform.Interpretation;

/// <summary>Why a material, an answer or a benefit no longer fits its document.</summary>
/// <param name="From">The first day of the text that it does not fit, Asia/Shanghai.</param>
/// <param name="Blocks">The explained blocks that changed.</param>
/// <param name="FromRevision">The revision before the change.</param>
/// <param name="ToRevision">The revision after it.</param>
public sealed record Outdating(DateOnly From, IReadOnlyList<string> Blocks, int FromRevision, int ToRevision)
{
    /// <summary>The comparison that explains it.</summary>
    public string Link(Guid documentId) => $"/api/v1/documents/{documentId}/comparison?from={FromRevision}&to={ToRevision}&unchanged=false";
}
