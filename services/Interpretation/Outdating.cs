using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Shared.DocumentAccess;

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

    /// <summary>
    /// Why something no longer fits after a change; what is known already where it fits, or that is known. What is about the document as a
    /// whole is met by any change.
    /// </summary>
    /// <param name="known">Why it did not fit before; null where it did.</param>
    /// <param name="change">The change.</param>
    /// <param name="changed">The blocks that it met.</param>
    /// <param name="fits">The text that it is written for, or was found to hold for.</param>
    /// <param name="blocks">The blocks that it is about; none for the document as a whole.</param>
    internal static Outdating? After(
        Outdating? known,
        TextChange change,
        IReadOnlySet<string> changed,
        int fits,
        IReadOnlyList<string> blocks
    )
    {
        if (fits >= change.Revision)
            return known;
        string[] met = blocks.Count == 0 ? [.. changed] : [.. blocks.Where(changed.Contains)];
        if (met.Length == 0)
            return known;
        if (known is null)
            return new(change.EffectiveFrom, met, change.PreviousRevision, change.Revision);
        // Several changes are explained together, in whichever order they are heard of.
        var both = new Outdating(
            known.From < change.EffectiveFrom ? known.From : change.EffectiveFrom,
            [.. known.Blocks.Union(met)],
            Math.Min(known.FromRevision, change.PreviousRevision),
            Math.Max(known.ToRevision, change.Revision)
        );
        return both with { Blocks = known.Blocks } == known && both.Blocks.Count == known.Blocks.Count ? known : both;
    }

    /// <summary>The same once the first days of the changes are other ones.</summary>
    internal Outdating Within(IEnumerable<TextChange> changes) =>
        changes.Where(c => c.Revision > FromRevision && c.Revision <= ToRevision).Select(c => (DateOnly?)c.EffectiveFrom).Min() is { } first
            ? this with
            {
                From = first,
            }
            : this;
}

/// <summary>Looks whether what becomes public fits the text that is in force, and those that will be.</summary>
static class LaterTexts
{
    /// <summary>
    /// Why what was written for a text does not fit a later one; null where it fits. What changed since was heard of when that was recorded, and
    /// marked what there was by then.
    /// </summary>
    /// <param name="documents">Tells what changed.</param>
    /// <param name="known">The document; null while it is not public.</param>
    /// <param name="fits">The text that it is written for, or was found to hold for.</param>
    /// <param name="blocks">The blocks that it is about; none for the document as a whole.</param>
    /// <param name="today">The day, Asia/Shanghai.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Outdating?> Outdates(
        this Documents.DocumentsClient documents,
        KnownDocument? known,
        int fits,
        IReadOnlyList<string> blocks,
        DateOnly today,
        CancellationToken cancellation
    )
    {
        // Of a document that is taken from the public nothing is shown.
        if (known is null || await documents.Public(known.Id, cancellation) is not { } document)
            return null;
        var later = known.Changes.Where(c => c.Revision > fits).OrderBy(c => c.Revision).ToList();
        // Changes from before they were noted.
        if (document.CurrentRevision > fits && later.All(c => c.Revision != document.CurrentRevision))
            later.Add(new(fits, document.CurrentRevision, today));
        Outdating? why = null;
        foreach (var change in later)
        {
            var answer = await documents.ListChangedBlocksAsync(
                new()
                {
                    Id = known.Id.ToString(),
                    From = change.PreviousRevision,
                    To = change.Revision,
                },
                [],
                cancellationToken: cancellation
            );
            why = Outdating.After(why, change, answer.Blocks.Select(b => b.Id).ToHashSet(), fits, blocks);
        }
        return why;
    }
}
