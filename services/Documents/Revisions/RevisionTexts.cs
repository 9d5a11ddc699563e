using Marten;
using Marten.Linq;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Operations;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Documents.Revisions;

/// <summary>One complete text as it was recorded.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Blocks">The blocks in reading order.</param>
/// <param name="TextHash">SHA-256 of the canonical text.</param>
/// <param name="ChainHash">The hash chain up to it.</param>
/// <param name="RecordedAt">When, UTC.</param>
/// <param name="Files">The files that it holds.</param>
/// <param name="Findings">What it did not say for sure.</param>
/// <param name="CanonicalForm">The rule by which it was brought into canonical form.</param>
public sealed record CompleteText(
    int Revision,
    IReadOnlyList<Block> Blocks,
    string TextHash,
    string ChainHash,
    DateTimeOffset RecordedAt,
    IReadOnlyList<AttachedFile> Files,
    IReadOnlyList<TextFinding> Findings,
    int CanonicalForm
)
{
    /// <summary>The formulas that it holds.</summary>
    public IReadOnlyList<TextFormula> Formulas { get; init; } = [];

    /// <summary>Whether it was erased: then it has no blocks and no files, and its hashes are what they were.</summary>
    public bool IsErased { get; init; }

    /// <summary>SHA-256 over the files that were sent with it; null for none.</summary>
    public string? FilesHash { get; init; }
}

/// <summary>
/// Finds the texts of revisions: a complete one and up to fifteen changes, read by their places in the stream. A recorded revision never
/// changes, so what was read once is kept while there is room, until something of the document is erased.
/// </summary>
/// <param name="configuration"><c>Texts:KeptMegaBytes</c> says how much room there is; 128 where it says nothing.</param>
[ReadsBySession]
public sealed class RevisionTexts(IConfiguration configuration) : IDisposable
{
    // In characters, two bytes each.
    readonly MemoryCache kept = new(
        new MemoryCacheOptions
        {
            SizeLimit = Math.Clamp(configuration.GetValue("Texts:KeptMegaBytes", 128), 1, 64 * 1024) * 1024L * 1024 / 2,
        }
    );
    readonly CacheUse use = new("revision_texts");

    /// <summary>One revision, or null when there is none of this number, or it was erased.</summary>
    public async Task<CompleteText?> Find(IQuerySession session, PolicyDocument document, int revision, CancellationToken cancellation)
    {
        var key = (document.Id, revision, document.Erasures);
        if (use.Count(kept.TryGetValue(key, out CompleteText? known)))
            return known;
        var text = await Read(session, document.Id, revision, cancellation);
        if (text is null or { IsErased: true })
            return null;
        Keep(key, text);
        return text;
    }

    static async Task<CompleteText?> Read(IQuerySession session, Guid documentId, int revision, CancellationToken cancellation)
    {
        var entries = (
            await session.QueryAsync(
                new TextsUpTo
                {
                    DocumentId = documentId,
                    First = revision - Recording.MostChanges,
                    Last = revision,
                },
                cancellation
            )
        ).ToArray();
        if (entries.Length == 0 || entries[^1].Revision != revision)
            return null;
        var complete = entries[^1].CompleteIn ?? revision;
        var first = entries.First(e => e.Revision == complete).Version;
        CompleteText? text = null;
        foreach (
            var e in await session.Events.FetchStreamAsync(
                documentId,
                version: entries[^1].Version,
                fromVersion: first,
                token: cancellation
            )
        )
            if (e.Data is RevisionRecorded recorded)
                text = Complete(recorded, text?.Blocks ?? []);
        return text;
    }

    /// <summary>
    /// One revision of each of many documents, read in one go and not kept: for what looks at a whole library. A document without that
    /// revision is left out, and one whose text was erased.
    /// </summary>
    public async Task<IReadOnlyDictionary<Guid, CompleteText>> Find(
        IQuerySession session,
        IReadOnlyList<(Guid DocumentId, int Revision)> wanted,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<Guid, CompleteText>();
        if (wanted.Count > 1)
            foreach (
                var (id, recorded) in await session.AdvancedSql.QueryAsync<Guid, RevisionRecorded>(
                    """
                    select row(e.stream_id), row(e.data)
                    from unnest(?, ?) as w (document_id, revision)
                    join documents.mt_doc_historyentry h on h.document_id = w.document_id and h.text_revision = w.revision
                    join documents.mt_events e on e.stream_id = h.document_id and e.version = h.version
                    """,
                    cancellation,
                    wanted.Select(w => w.DocumentId).ToArray(),
                    wanted.Select(w => w.Revision).ToArray()
                )
            )
                if (recorded is { Changes: null, Erased: null })
                    found[id] = Complete(recorded, []);
        // What is told by its changes is put together one by one.
        foreach (var (id, revision) in wanted)
            if (!found.ContainsKey(id) && await Read(session, id, revision, cancellation) is { IsErased: false } text)
                found[id] = text;
        return found;
    }

    /// <summary>All revisions, oldest first, erased ones too, read in one go: for what looks at every one of them.</summary>
    public static async IAsyncEnumerable<CompleteText> All(
        IQuerySession session,
        PolicyDocument document,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        IReadOnlyList<Block> previous = [];
        for (var from = 1L; from <= document.Version; from += EventsAtOnce)
        {
            foreach (
                var e in await session.Events.FetchStreamAsync(
                    document.Id,
                    version: Math.Min(from + EventsAtOnce - 1, document.Version),
                    fromVersion: from,
                    token: cancellation
                )
            )
            {
                if (e.Data is not RevisionRecorded recorded)
                    continue;
                var text = Complete(recorded, previous);
                previous = text.Blocks;
                yield return text;
            }
        }
    }

    const int EventsAtOnce = 500;

    /// <summary>The newest revision, to carry ids over from; null when there is none. One that was erased has no blocks.</summary>
    public async Task<CompleteText?> Newest(IQuerySession session, PolicyDocument document, CancellationToken cancellation)
    {
        if (document.Revision == 0)
            return null;
        if (
            kept.TryGetValue((document.Id, document.Erasures), out CompleteText? known)
            && known!.ChainHash == document.ChainHash
            && known.Files.All(f => f.Sent is true)
        )
            return known;
        return await Find(session, document, document.Revision, cancellation)
            ?? await Read(session, document.Id, document.Revision, cancellation);
    }

    /// <summary>
    /// Keeps the text that is about to be recorded, in place of the one before it, for the next one to be compared with. It counts only
    /// when its chain
    /// hash is the document's, so a text whose recording failed is never taken for one that was recorded.
    /// </summary>
    /// <returns>The text.</returns>
    public CompleteText Expect(Guid documentId, int erasures, RevisionRecorded recorded, IReadOnlyList<Block> previous)
    {
        var text = Complete(recorded, previous);
        Keep((documentId, erasures), text);
        return text;
    }

    /// <summary>The text that an event tells, on top of the one before.</summary>
    internal static CompleteText Complete(RevisionRecorded recorded, IReadOnlyList<Block> previous) =>
        new(
            recorded.Revision,
            recorded.Changes is { } changes ? TextDelta.Apply(previous, changes) : recorded.Blocks,
            recorded.TextHash,
            recorded.ChainHash,
            recorded.At,
            recorded.Files ?? [],
            recorded.Findings ?? [],
            recorded.CanonicalForm ?? 1
        )
        {
            Formulas = recorded.Formulas ?? [],
            IsErased = recorded.Erased is not null,
            FilesHash = recorded.FilesHash ?? AttachedFile.HashOf(recorded.Files ?? []),
        };

    /// <inheritdoc/>
    public void Dispose() => kept.Dispose();

    void Keep(object key, CompleteText text) =>
        kept.Set(
            key,
            text,
            new MemoryCacheEntryOptions { Size = text.Blocks.Sum(b => b.Text.Length + 60) + text.Formulas.Sum(f => f.MathMl.Length) }
        );

    /// <summary>The history entries of a stretch of texts.</summary>
    public sealed class TextsUpTo : ICompiledListQuery<HistoryEntry>
    {
        /// <summary>The document.</summary>
        public Guid DocumentId { get; set; }

        /// <summary>The first revision.</summary>
        public int First { get; set; }

        /// <summary>The last revision.</summary>
        public int Last { get; set; }

        /// <inheritdoc/>
        public System.Linq.Expressions.Expression<Func<IMartenQueryable<HistoryEntry>, IEnumerable<HistoryEntry>>> QueryIs() =>
            entries =>
                entries
                    .Where(e => e.DocumentId == DocumentId && e.TextRevision >= First && e.TextRevision <= Last)
                    .OrderBy(e => e.TextRevision);
    }
}
