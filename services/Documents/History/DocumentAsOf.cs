using JasperFx.Events;
using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.History;

/// <summary>Record time: a document as the library knew it at an instant.</summary>
static class DocumentAsOf
{
    /// <summary>
    /// The state made of everything recorded up to <paramref name="instant"/>; null when nothing was. Texts are left unread: of them, only
    /// their number matters to the state. What is taken down is down at whatever instant it is asked for,
    /// and what was erased is gone.
    /// </summary>
    public static async Task<PolicyDocument?> Find(
        IQuerySession session,
        PolicyDocument now,
        DateTimeOffset instant,
        CancellationToken cancellation
    )
    {
        var id = now.Id;
        var last = await session
            .Query<HistoryEntry>()
            .Where(e => e.DocumentId == id && e.At <= instant)
            .OrderByDescending(e => e.Version)
            .FirstOrDefaultAsync(cancellation);
        if (last is null)
            return null;
        var text = last.TextRevision is not null
            ? last
            : await session
                .Query<HistoryEntry>()
                .Where(e => e.DocumentId == id && e.TextRevision != null && e.Version < last.Version)
                .OrderByDescending(e => e.Version)
                .FirstOrDefaultAsync(cancellation);
        var events = await session
            .Events.QueryAllRawEvents()
            .Where(e => e.StreamId == id && e.Version <= last.Version && e.EventTypeName != TextEvent)
            .OrderBy(e => e.Version)
            .ToListAsync(cancellation);
        var document = ((PolicyDocument?)null).Then(events.Select(e => e.Data));
        return document is null
            ? null
            : document with
            {
                Version = last.Version,
                Revision = text?.Revision ?? 0,
                ChangedAt = last.At,
                Down = now.Down,
                Erased = now.Erased,
                Erasures = now.Erasures,
            };
    }

    static readonly string TextEvent = typeof(RevisionRecorded).GetEventTypeName();
}
