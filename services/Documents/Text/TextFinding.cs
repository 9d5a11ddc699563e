using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Documents.Text;

/// <summary>Something that a text did not say for sure, and what was assumed: for an editor to look at.</summary>
/// <param name="Code">What kind of thing: <c>title.assumed</c>. Stable.</param>
/// <param name="Place">The line, later the block, that it is about; -1 for the whole text.</param>
/// <param name="Detail">What was assumed and why.</param>
public sealed record TextFinding(string Code, int Place, Wording Detail);

/// <summary>A finding as the API shows it.</summary>
/// <param name="Code">What kind of thing: <c>title.assumed</c>. Stable.</param>
/// <param name="BlockId">The block that it is about; null for the whole text.</param>
/// <param name="Detail">What was assumed and why.</param>
public sealed record Finding(string Code, string? BlockId, Wording Detail)
{
    /// <summary>The findings of a text with its blocks.</summary>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<TextFinding> findings, IReadOnlyList<Block> blocks) =>
        [.. findings.Select(f => new Finding(f.Code, f.Place >= 0 && f.Place < blocks.Count ? blocks[f.Place].Id : null, f.Detail))];
}
