using JasperFx.Events;
using Marten;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>
/// What becomes of the events of a document when a text or a file is taken out of them: the only place where what was recorded is written
/// anew.
/// </summary>
sealed class Erasing
{
    readonly List<(IEvent Event, RevisionRecorded Now, HistoryEntry Entry)> rewritten = [];
    readonly List<string> files = [];
    readonly string? file;
    readonly int revision;

    Erasing(int revision, string? file) => (this.revision, this.file) = (revision, file);

    /// <summary>The revisions that something is taken out of.</summary>
    public IReadOnlyList<int> Revisions => file is null ? [revision] : [.. rewritten.Select(r => r.Now.Revision)];

    /// <summary>Finds what is to be written anew; null where there is no such revision.</summary>
    /// <param name="session">Where the events are.</param>
    /// <param name="document">The document.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="file">The SHA-256 of the file that is taken out of all texts; null for the text with its files.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Erasing?> Of(
        IDocumentSession session,
        PolicyDocument document,
        int revision,
        string? file,
        CancellationToken cancellation
    )
    {
        if (revision < 1 || revision > document.Revision)
            return null;
        var erasing = new Erasing(revision, file);
        await (file is null ? erasing.FindText(session, document, cancellation) : erasing.FindFile(session, document, cancellation));
        return erasing;
    }

    /// <summary>Writes it anew in the transaction of a session.</summary>
    public void Carry(IDocumentSession session, DateTimeOffset now)
    {
        foreach (var (happened, recorded, entry) in rewritten)
        {
            var written = file is null && recorded.Revision == revision ? recorded with { Erased = now } : recorded;
            session.Events.OverwriteEvent(happened.WithData(written));
            var kept = written.KeptFiles();
            session.Store(entry with { CompleteIn = written.CompleteIn ?? written.Revision, Files = kept.Count > 0 ? kept : null });
        }
        if (files.Count > 0)
            session.EraseFiles(
                files,
                "select 1 from documents.mt_doc_historyentry h where not h.id = any(?) and h.data -> 'files' @> to_jsonb(f.sha256)",
                // What only builds on the text that is gone keeps its files.
                rewritten.Where(r => file is not null || r.Now.Revision == revision).Select(r => r.Entry.Id).ToArray()
            );
    }

    async Task FindText(IDocumentSession session, PolicyDocument document, CancellationToken cancellation)
    {
        var entries = (await Entries(session, document, cancellation)).ToDictionary(e => e.TextRevision!.Value);
        // The complete text that it builds on, up to the last one that builds on the same.
        var first = entries[revision].CompleteIn ?? revision;
        var last = entries
            .Values.Where(e => e.TextRevision >= revision && (e.CompleteIn ?? e.TextRevision) <= revision)
            .Max(e => e.TextRevision);
        IReadOnlyList<Block> blocks = [];
        foreach (
            var happened in await session.Events.FetchStreamAsync(
                document.Id,
                version: entries[last!.Value].Version,
                fromVersion: entries[first].Version,
                token: cancellation
            )
        )
        {
            if (happened.Data is not RevisionRecorded recorded)
                continue;
            blocks = RevisionTexts.Complete(recorded, blocks).Blocks;
            if (recorded.Revision == revision)
            {
                files.AddRange(recorded.KeptFiles());
                Rewrite(
                    happened,
                    recorded with
                    {
                        Blocks = [],
                        Changes = null,
                        CompleteIn = null,
                        Files = null,
                        FilesHash = AttachedFile.HashOf(recorded.Files ?? []),
                        Findings = null,
                        Formulas = null,
                    }
                );
            }
            else if (recorded.Revision == revision + 1)
                Rewrite(happened, recorded with { Blocks = blocks, Changes = null, CompleteIn = null });
            else if (recorded.Revision > revision)
                Rewrite(happened, recorded with { CompleteIn = revision + 1 });
        }

        void Rewrite(IEvent happened, RevisionRecorded now) => rewritten.Add((happened, now, entries[now.Revision]));
    }

    async Task FindFile(IDocumentSession session, PolicyDocument document, CancellationToken cancellation)
    {
        files.Add(file!);
        var holding = await session.QueryAsync<HistoryEntry>(
            "where document_id = ? and data -> 'files' @> to_jsonb(?::text)",
            cancellation,
            document.Id,
            file!
        );
        foreach (var entry in holding)
        foreach (
            var happened in await session.Events.FetchStreamAsync(
                document.Id,
                version: entry.Version,
                fromVersion: entry.Version,
                token: cancellation
            )
        )
            if (happened.Data is RevisionRecorded recorded)
                rewritten.Add(
                    (
                        happened,
                        recorded with
                        {
                            Files = [.. recorded.Files!.Select(f => f.Sha256 == file ? f with { Erased = true } : f)],
                        },
                        entry
                    )
                );
        // One that this text does not hold is not found by it.
        if (rewritten.All(r => r.Now.Revision != revision))
            rewritten.Clear();
    }

    Task<IReadOnlyList<HistoryEntry>> Entries(IDocumentSession session, PolicyDocument document, CancellationToken cancellation)
    {
        var (id, from, to) = (document.Id, revision - Recording.MostChanges, revision + Recording.MostChanges);
        return session
            .Query<HistoryEntry>()
            .Where(e => e.DocumentId == id && e.TextRevision >= from && e.TextRevision <= to)
            .ToListAsync(cancellation);
    }
}
