using Marten;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Documents.History;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>
/// Finds the texts of revisions: one event each, read by its place in the stream. A recorded revision never changes, so what was read
/// once is kept while there is room.
/// </summary>
public sealed class RevisionTexts : IDisposable
{
    // In characters, two bytes each: some 64 MB.
    readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = 32_000_000 });

    /// <summary>One revision, or null when there is none of this number.</summary>
    public async Task<RevisionRecorded?> Find(IQuerySession session, Guid documentId, int revision, CancellationToken cancellation)
    {
        if (kept.TryGetValue((documentId, revision), out RevisionRecorded? known)) return known;
        var entry = await session.Query<HistoryEntry>().Where(e => e.DocumentId == documentId && e.TextRecorded && e.Revision == revision).FirstOrDefaultAsync(cancellation);
        if (entry is null) return null;
        var events = await session.Events.FetchStreamAsync(documentId, version: entry.Version, fromVersion: entry.Version, token: cancellation);
        if (events.Select(e => e.Data).OfType<RevisionRecorded>().FirstOrDefault() is not { } found) return null;
        Keep((documentId, revision), found);
        return found;
    }

    /// <summary>The blocks of the newest revision, to carry ids over from; empty when there is none.</summary>
    public async Task<IReadOnlyList<Block>> Newest(IQuerySession session, PolicyDocument document, CancellationToken cancellation)
    {
        if (document.Revision == 0) return [];
        if (kept.TryGetValue(document.Id, out RevisionRecorded? known) && known!.ChainHash == document.ChainHash) return known.Blocks;
        return (await Find(session, document.Id, document.Revision, cancellation))!.Blocks;
    }

    /// <summary>
    /// Keeps the text that is about to be recorded, in place of the one before it, for the next one to be compared with. It counts only when its chain
    /// hash is the document's, so a text whose recording failed is never taken for one that was recorded.
    /// </summary>
    public void Expect(Guid documentId, RevisionRecorded recorded) => Keep(documentId, recorded);

    /// <inheritdoc/>
    public void Dispose() => kept.Dispose();

    void Keep(object key, RevisionRecorded text) => kept.Set(key, text, new MemoryCacheEntryOptions { Size = text.Blocks.Sum(b => b.Text.Length + 60) });
}
