using System.Globalization;
using JasperFx.Events;
using Marten;
using PolicyPlatform.Documents;
using PolicyPlatform.Documents.Integrity;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Audit.Streams;

/// <summary>The hash chains over the texts of documents, and the checkpoints over all of them: computed again, as the service and Verify do.</summary>
sealed class TextChains : IMadeOfEvents
{
    const string FromBackup = "From a backup: a text is not what it was when it was recorded, and texts are never changed here.";

    readonly Dictionary<Guid, Texts> documents = [];

    sealed class Texts
    {
        public RevisionChain Chain { get; } = new();
        public List<string?> Heads { get; } = [];
        public CompleteText? Newest { get; set; }
        public PolicyDocument? State { get; set; }
        public int? Unreadable { get; set; }
    }

    /// <inheritdoc/>
    public string? Name => null;

    /// <inheritdoc/>
    public ValueTask Apply(Stream stream, IEvent happened)
    {
        if (happened.Data is not IEventOf<PolicyDocument> data)
            return ValueTask.CompletedTask;
        if (!documents.TryGetValue(stream.Id, out var texts))
            documents[stream.Id] = texts = new();
        texts.State = PolicyDocument.Next(texts.State, data);
        if (data is not RevisionRecorded recorded || texts.Unreadable is not null)
            return ValueTask.CompletedTask;
        try
        {
            texts.Chain.Add(texts.Newest = RevisionTexts.Complete(recorded, texts.Newest?.Blocks ?? []));
            texts.Heads.Add(texts.Chain.Head);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // Changes of a text that is not the one that they were made of.
            texts.Unreadable = recorded.Revision;
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task Compare(Snapshot at, IReadOnlyList<Stream> streams, Findings findings, CancellationToken cancellation)
    {
        Guid[] ids = [.. documents.Keys];
        var entries = (await at.Session.Query<CheckpointEntry>().Where(e => e.DocumentId.IsOneOf(ids)).ToListAsync(cancellation)).ToLookup(
            e => e.DocumentId
        );
        foreach (var (id, texts) in documents)
        {
            if ((texts.Unreadable ?? (texts.State is { } state ? texts.Chain.BrokenAt(state) : null)) is { } broken)
                findings.Add(
                    new(
                        at.Service.Name,
                        "text.chain",
                        $"{id} revision {broken}",
                        "the hash chain that was recorded with the text",
                        texts.Unreadable is null ? "another one" : "a text that cannot be put together",
                        FromBackup
                    )
                );
            foreach (var entry in entries[id].Where(e => texts.Heads.ElementAtOrDefault(e.Revision - 1) != e.ChainHash))
                findings.Add(
                    new(
                        at.Service.Name,
                        "checkpoint.text",
                        $"{id} revision {entry.Revision}",
                        $"the hash chain that checkpoint {entry.Number} was made with",
                        "another one",
                        FromBackup
                    )
                );
        }
        documents.Clear();
    }

    /// <inheritdoc/>
    public async Task Finish(Snapshot at, Findings findings, CancellationToken cancellation)
    {
        Checkpoint? before = null;
        Dictionary<Subtree, byte[]> tree = [];
        foreach (var kept in await at.Session.Query<KeptCheckpoint>().OrderBy(c => c.Id).ToListAsync(cancellation))
        {
            var checkpoint = kept.Checkpoint;
            var number = checkpoint.Number.ToString(CultureInfo.InvariantCulture);
            if (checkpoint.Number != kept.Id || checkpoint.Number != (before?.Number ?? 0) + 1 || checkpoint.Previous != before?.Hash())
                findings.Add(
                    new(
                        at.Service.Name,
                        "checkpoint.chain",
                        number,
                        $"a checkpoint that follows {before?.Number ?? 0}",
                        checkpoint.Number == (before?.Number ?? 0) + 1 ? "one that names another before it" : $"number {checkpoint.Number}",
                        FromBackup
                    )
                );
            var changed = await at.Session.Query<CheckpointEntry>().Where(e => e.Number == checkpoint.Number).ToListAsync(cancellation);
            string? root = null;
            try
            {
                foreach (
                    var (subtree, hash) in MerkleTree.Above(
                        changed.ToDictionary(e => e.Index, e => e.Leaf()),
                        checkpoint.Documents,
                        s => tree[s]
                    )
                )
                    tree[subtree] = hash;
                root = Convert.ToHexStringLower(MerkleTree.Root(checkpoint.Documents, s => tree[s]));
            }
            catch (Exception e) when (e is KeyNotFoundException or ArgumentException)
            {
                // Entries are missing, or there twice.
            }
            if (root != checkpoint.Root)
                findings.Add(
                    new(
                        at.Service.Name,
                        "checkpoint.root",
                        number,
                        $"the root {checkpoint.Root}, which was signed",
                        root ?? "entries that make no tree",
                        FromBackup
                    )
                );
            before = checkpoint;
        }
    }
}
