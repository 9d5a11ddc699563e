using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>Comments by what they have in common; the same for their list and for what is done with many of them.</summary>
static class FittingComments
{
    /// <summary>The longest words that are looked for, in characters.</summary>
    internal const int LongestWords = 200;

    /// <summary>Of the comments those that fit all that is given.</summary>
    /// <param name="query">The comments.</param>
    /// <param name="block">The block that they are about; none for the whole.</param>
    /// <param name="position">What their senders think.</param>
    /// <param name="kind">Who says it.</param>
    /// <param name="region">Where that is.</param>
    /// <param name="text">Words that they hold.</param>
    public static IQueryable<Comment> Fitting(
        this IQueryable<Comment> query,
        string? block,
        Position? position,
        CommenterKind? kind,
        string? region,
        string? text
    )
    {
        if (block is not null)
            query = block == "none" ? query.Where(c => c.Block == null) : query.Where(c => c.Block == block);
        if (position is not null)
            query = query.Where(c => c.Position == position);
        if (kind is not null)
            query = query.Where(c => c.Kind == kind);
        if (region is not null)
            query = query.Where(c => c.Region == region);
        if (text.OrNone()?.Trim() is { } words)
            query = query.Where(c => c.Text.Contains(words, StringComparison.OrdinalIgnoreCase));
        return query;
    }
}
