using Marten;
using Npgsql;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>
/// The hash trees of all checkpoints: of each subtree its hash at the checkpoint at which it changed, so that a proof reads as many hashes
/// as the tree is high, and a checkpoint writes those above what changed.
/// </summary>
sealed class CheckpointTree(NpgsqlDataSource database, IDocumentStore store)
{
    /// <summary>The table of the hashes.</summary>
    public const string Table = "documents.checkpoint_nodes";

    /// <summary>The path that proves that a checkpoint was made with an entry.</summary>
    public async Task<IReadOnlyList<byte[]>> Path(Checkpoint checkpoint, CheckpointEntry entry, CancellationToken cancellation)
    {
        var path = await Read(checkpoint.Number, hash => MerkleTree.Path(entry.Index, checkpoint.Documents, hash), cancellation);
        var root = MerkleTree.RootOf(entry.Leaf(), entry.Index, checkpoint.Documents, path);
        if (root is not null && Convert.ToHexStringLower(root) == checkpoint.Root)
            return path;
        // What is kept does not lead to what was signed: the entries do, or nothing does.
        var known = await Made(checkpoint.Number, cancellation);
        return MerkleTree.Path(entry.Index, checkpoint.Documents, subtree => known[subtree]);
    }

    /// <summary>Keeps what changes of the tree, and returns its root.</summary>
    /// <param name="session">Keeps it in its transaction.</param>
    /// <param name="previous">The checkpoint before; null for none.</param>
    /// <param name="number">The new checkpoint.</param>
    /// <param name="size">How many documents it covers.</param>
    /// <param name="changed">What differs from the checkpoint before.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<byte[]> Grow(
        IDocumentSession session,
        Checkpoint? previous,
        int number,
        int size,
        IReadOnlyCollection<CheckpointEntry> changed,
        CancellationToken cancellation
    )
    {
        // What was signed before hashes were kept, or by a release that keeps none, is kept as a whole.
        var leaves = await IsKept(previous, cancellation) ? [] : await Leaves(number - 1, cancellation);
        foreach (var entry in changed)
            leaves[entry.Index] = entry.Leaf();
        var (renewed, root) = await Read(
            number - 1,
            before =>
            {
                var renewed = MerkleTree.Above(leaves, size, before);
                return (renewed, MerkleTree.Root(size, s => renewed.TryGetValue(s, out var hash) ? hash : before(s)));
            },
            cancellation
        );
        session.QueueSqlCommand(
            $"insert into {Table} (level, place, number, hash) select level, place, ?, hash from unnest(?, ?, ?) as n (level, place, hash)",
            number,
            renewed.Keys.Select(s => s.Level).ToArray(),
            renewed.Keys.Select(s => s.Place).ToArray(),
            renewed.Values.ToArray()
        );
        return root;
    }

    // Computes something from the hashes of a checkpoint's tree, asking for the same ones whenever it is called: first to learn which they are.
    async Task<T> Read<T>(int number, Func<Func<Subtree, byte[]>, T> compute, CancellationToken cancellation)
    {
        var needed = Needed(compute);
        var known = await Kept(number, needed, cancellation);
        // A checkpoint from before hashes were kept.
        if (known.Count < needed.Count)
            known = await Made(number, cancellation);
        return compute(subtree => known[subtree]);
    }

    async Task<Dictionary<Subtree, byte[]>> Kept(int number, HashSet<Subtree> needed, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select level, place, hash
            from unnest($1, $2) as needed (level, place)
            cross join lateral (
                select n.hash from {Table} n
                where n.level = needed.level and n.place = needed.place and n.number <= $3
                order by n.number desc
                limit 1
            ) newest
            """
        );
        command.Parameters.Add(new() { Value = needed.Select(s => s.Level).ToArray() });
        command.Parameters.Add(new() { Value = needed.Select(s => s.Place).ToArray() });
        command.Parameters.Add(new() { Value = number });
        var known = new Dictionary<Subtree, byte[]>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            known[new(reader.GetInt32(0), reader.GetInt32(1))] = reader.GetFieldValue<byte[]>(2);
        return known;
    }

    // Whether the hashes lead to the root that was signed.
    async Task<bool> IsKept(Checkpoint? checkpoint, CancellationToken cancellation)
    {
        if (checkpoint is null)
            return true;
        var needed = Needed(hash => MerkleTree.Root(checkpoint.Documents, hash));
        var known = await Kept(checkpoint.Number, needed, cancellation);
        return known.Count == needed.Count
            && Convert.ToHexStringLower(MerkleTree.Root(checkpoint.Documents, subtree => known[subtree])) == checkpoint.Root;
    }

    static HashSet<Subtree> Needed<T>(Func<Func<Subtree, byte[]>, T> compute)
    {
        var needed = new HashSet<Subtree>();
        compute(subtree =>
        {
            needed.Add(subtree);
            return [];
        });
        return needed;
    }

    async Task<Dictionary<Subtree, byte[]>> Made(int number, CancellationToken cancellation)
    {
        var leaves = await Leaves(number, cancellation);
        return MerkleTree.Above(leaves, leaves.Count, _ => []);
    }

    async Task<Dictionary<int, byte[]>> Leaves(int number, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return (await session.Query<CheckpointEntry>().Where(e => e.Number <= number).ToListAsync(cancellation))
            .GroupBy(e => e.Index)
            .ToDictionary(g => g.Key, g => g.MaxBy(e => e.Number)!.Leaf());
    }
}
