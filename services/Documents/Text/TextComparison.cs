using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Text;

/// <summary>What became of a block between two revisions.</summary>
public enum ChangeKind
{
    /// <summary>Word for word the same, in the same place.</summary>
    Unchanged,

    /// <summary>Other words.</summary>
    Modified,

    /// <summary>Only in the later text.</summary>
    Added,

    /// <summary>Only in the earlier text.</summary>
    Removed,

    /// <summary>The same words, or the same but for the number, in another place.</summary>
    Moved,

    /// <summary>The same words under another number.</summary>
    Renumbered,
}

/// <summary>What became of one block.</summary>
/// <param name="BlockId">The block's id, the same in both texts.</param>
/// <param name="Change">What became of it.</param>
/// <param name="Kind">What kind of block it is, in the later text where it is there.</param>
/// <param name="Path">The labels of the blocks around it and its own, outermost first: 第二章, 第一节, 第八条.</param>
/// <param name="Before">The earlier text; null for an added block.</param>
/// <param name="After">The later text; null for a removed block.</param>
/// <param name="Spans">For a modified block, what was exchanged, in order; null otherwise.</param>
/// <param name="SplitFrom">For an added block whose words stood in another one before: that block.</param>
/// <param name="MergedInto">For a removed block whose words stand in another one now: that block.</param>
/// <param name="From">For a block that was moved or renumbered, its path in the earlier text; null otherwise.</param>
public sealed record BlockChange(
    string BlockId,
    ChangeKind Change,
    BlockKind Kind,
    IReadOnlyList<string> Path,
    string? Before,
    string? After,
    IReadOnlyList<ChangedSpan>? Spans = null,
    string? SplitFrom = null,
    string? MergedInto = null,
    IReadOnlyList<string>? From = null
);

/// <summary>
/// An exchange of characters within a block, counted in UTF-16 code units from 0; an insertion has no length before, a deletion none after.
/// </summary>
/// <param name="BeforeStart">Where it starts in the earlier text.</param>
/// <param name="BeforeLength">How much of the earlier text went.</param>
/// <param name="AfterStart">Where it starts in the later text.</param>
/// <param name="AfterLength">How much of the later text came.</param>
public sealed record ChangedSpan(int BeforeStart, int BeforeLength, int AfterStart, int AfterLength);

/// <summary>What became of an article (条) or, in a notice, of a clause: with everything that belongs to it.</summary>
/// <param name="BlockId">The id of the article's block.</param>
/// <param name="Label">第八条, as the later text numbers it; a removed one as the earlier text did.</param>
/// <param name="Change">Modified when anything within it changed.</param>
/// <param name="From">Where it stood in the earlier text, the labels outermost first; null for an added one.</param>
/// <param name="To">Where it stands in the later text; null for a removed one.</param>
public sealed record ArticleChange(
    string BlockId,
    string Label,
    ChangeKind Change,
    IReadOnlyList<string>? From = null,
    IReadOnlyList<string>? To = null
);

/// <summary>Compares two revisions of a document block by block.</summary>
public static class TextComparison
{
    /// <summary>A part of a block that is shorter than this says nothing about where it came from.</summary>
    const int ShortestPart = 10;

    const int CommonPair = 200;

    /// <summary>So much of a part's character pairs must be what the other block lost or gained.</summary>
    const double PartShare = 0.6;

    /// <summary>The changes in the order of the later text; removed blocks stand where they stood.</summary>
    /// <param name="before">The earlier text.</param>
    /// <param name="after">The later text.</param>
    /// <param name="typography">Whether full-width for half-width signs and white space count as changes; they are none of the
    /// text.</param>
    /// <param name="cancellation">Stops it when nobody waits any more.</param>
    public static IReadOnlyList<BlockChange> Compare(
        IReadOnlyList<Block> before,
        IReadOnlyList<Block> after,
        bool typography = false,
        CancellationToken cancellation = default
    )
    {
        var old = before.ToDictionary(b => b.Id);
        var now = after.ToDictionary(b => b.Id);
        var inPlace = new Places(before, after);
        var changes = new List<BlockChange>(after.Count);
        // Removed blocks follow the block that stood before them in the earlier text.
        var removed = new Dictionary<string, List<Block>>();
        var anchor = "";
        foreach (var block in before)
        {
            if (now.ContainsKey(block.Id))
                anchor = block.Id;
            else if (removed.TryGetValue(anchor, out var list))
                list.Add(block);
            else
                removed[anchor] = [block];
        }
        AddRemoved("");
        foreach (var block in after)
        {
            changes.Add(Change(old.GetValueOrDefault(block.Id), block));
            AddRemoved(block.Id);
        }
        TellSplitsAndMerges(changes, cancellation);
        return changes;

        void AddRemoved(string id)
        {
            foreach (var block in removed.GetValueOrDefault(id) ?? [])
                changes.Add(new(block.Id, ChangeKind.Removed, block.Kind, Path(block, old), block.Text, null));
        }

        BlockChange Change(Block? was, Block block)
        {
            var path = Path(block, now);
            if (was is null)
                return new(block.Id, ChangeKind.Added, block.Kind, path, null, block.Text);
            cancellation.ThrowIfCancellationRequested();
            var moved = inPlace.HasMoved(was, block);
            var change =
                Same(was.Text, block.Text) ? (moved ? ChangeKind.Moved : ChangeKind.Unchanged)
                : Same(was.Body, block.Body) ? (moved ? ChangeKind.Moved : ChangeKind.Renumbered)
                : ChangeKind.Modified;
            return new(
                block.Id,
                change,
                block.Kind,
                path,
                was.Text,
                block.Text,
                change is ChangeKind.Modified ? ChangedWords.Between(was, block) : null,
                From: moved || change is ChangeKind.Renumbered ? Path(was, old) : null
            );
        }

        bool Same(string a, string b) => a == b || !typography && Typography.Agreed(a) == Typography.Agreed(b);
    }

    /// <summary>How many blocks there are of each change.</summary>
    public static IReadOnlyDictionary<ChangeKind, int> Count(IEnumerable<BlockChange> changes)
    {
        var counts = Enum.GetValues<ChangeKind>().ToDictionary(kind => kind, _ => 0);
        foreach (var change in changes)
            counts[change.Change]++;
        return counts;
    }

    /// <summary>The articles and clauses that are not what they were, in reading order.</summary>
    public static IReadOnlyList<ArticleChange> Articles(
        IReadOnlyList<Block> before,
        IReadOnlyList<Block> after,
        IReadOnlyList<BlockChange> changes
    )
    {
        var old = before.ToDictionary(b => b.Id);
        var now = after.ToDictionary(b => b.Id);
        // A block that left its article changed both the one that it left and the one that it came to.
        return
        [
            .. changes
                .Where(c => c.Change is not ChangeKind.Unchanged)
                .SelectMany(
                    c => new[] { Around(c.BlockId, old), Around(c.BlockId, now) }.OfType<Block>().DistinctBy(b => b.Id),
                    (c, article) => (c, article.Id)
                )
                .GroupBy(p => p.Id, p => p.c)
                .Select(g => new ArticleChange(
                    g.Key,
                    (now.GetValueOrDefault(g.Key) ?? old[g.Key]).Label ?? "",
                    Whole(g.Key, [.. g]),
                    old.TryGetValue(g.Key, out var was) ? Path(was, old) : null,
                    now.TryGetValue(g.Key, out var block) ? Path(block, now) : null
                )),
        ];

        // An article that came, went, or only changed its number or place is told as such; anything else in it makes it modified.
        static ChangeKind Whole(string id, BlockChange[] within) =>
            within.FirstOrDefault(c => c.BlockId == id)?.Change is { } own
            && (own is ChangeKind.Added or ChangeKind.Removed || within.Length == 1)
                ? own
                : ChangeKind.Modified;
    }

    /// <summary>The article around a block; in a notice the clause, and where there is none, the outermost numbered block.</summary>
    static Block? Around(string id, Dictionary<string, Block> blocks)
    {
        Block? clause = null,
            outermost = null;
        for (
            var block = blocks.GetValueOrDefault(id);
            block is not null;
            block = block.ParentId is { } parent ? blocks.GetValueOrDefault(parent) : null
        )
        {
            if (block.Kind is BlockKind.Article)
                return block;
            if (block.Kind is BlockKind.Clause)
                clause ??= block;
            if (block.Kind is BlockKind.Heading or BlockKind.Item or BlockKind.SubItem && block.Label is not null)
                outermost = block;
        }
        return clause ?? outermost;
    }

    static List<string> Path(Block block, Dictionary<string, Block> blocks)
    {
        var path = new List<string>();
        for (var b = block; b is not null; b = b.ParentId is { } parent ? blocks.GetValueOrDefault(parent) : null)
            if (b.Label is { } label)
                path.Insert(0, label);
        return path;
    }

    /// <summary>The longest sequence of blocks that kept their order: the others have moved.</summary>
    internal static HashSet<string> InOrder(IReadOnlyList<Block> before, IReadOnlyList<Block> after)
    {
        var place = before.Select((b, i) => (b.Id, i)).ToDictionary(p => p.Id, p => p.i);
        var kept = after.Where(b => place.ContainsKey(b.Id)).Select(b => b.Id).ToArray();
        var tails = new List<int>();
        var previous = new int[kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            var (low, high) = (0, tails.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (place[kept[tails[middle]]] < place[kept[i]])
                    low = middle + 1;
                else
                    high = middle;
            }
            previous[i] = low == 0 ? -1 : tails[low - 1];
            if (low == tails.Count)
                tails.Add(i);
            else
                tails[low] = i;
        }
        var inOrder = new HashSet<string>();
        for (var i = tails.Count == 0 ? -1 : tails[^1]; i >= 0; i = previous[i])
            inOrder.Add(kept[i]);
        return inOrder;
    }

    /// <summary>Tells what stands elsewhere: as little as explains the new order, and never what only stands beside it.</summary>
    sealed class Places(IReadOnlyList<Block> before, IReadOnlyList<Block> after)
    {
        readonly HashSet<string> inOrder = InOrder(before, after);
        readonly HashSet<string> idsBefore = [.. before.Select(b => b.Id)],
            idsAfter = [.. after.Select(b => b.Id)];

        public bool HasMoved(Block was, Block block)
        {
            // A paragraph that belongs to another article has moved, also where it stands in the same order.
            if (
                was.ParentId is { } from
                && block.ParentId is { } to
                && from != to
                && block.Kind is BlockKind.Paragraph or BlockKind.Item or BlockKind.SubItem
                && idsAfter.Contains(from)
                && idsBefore.Contains(to)
            )
                return true;
            if (inOrder.Contains(block.Id))
                return false;
            // What goes along with the block that it belongs to has not moved itself.
            return !(
                was.ParentId is { } parent
                && parent == block.ParentId
                && !inOrder.Contains(parent)
                && KeptAmongSiblings(parent).Contains(block.Id)
            );
        }

        readonly Dictionary<string, HashSet<string>> siblings = [];

        HashSet<string> KeptAmongSiblings(string parent)
        {
            if (!siblings.TryGetValue(parent, out var kept))
                siblings[parent] = kept = InOrder(
                    [.. before.Where(b => b.ParentId == parent)],
                    [.. after.Where(b => b.ParentId == parent)]
                );
            return kept;
        }
    }

    /// <summary>Finds blocks that were cut out of another one, and blocks that went into another one.</summary>
    static void TellSplitsAndMerges(List<BlockChange> changes, CancellationToken cancellation)
    {
        // What a block lost and what it gained, in pairs of characters.
        var lost = changes
            .Where(c => c.Change is ChangeKind.Modified or ChangeKind.Removed && c.Before!.Length >= ShortestPart)
            .Select(c => (c.BlockId, Words: Surplus(c.Before!, c.After)))
            .ToArray();
        var gained = changes
            .Where(c => c.Change is ChangeKind.Modified or ChangeKind.Added && c.After!.Length >= ShortestPart)
            .Select(c => (c.BlockId, Words: Surplus(c.After!, c.Before)))
            .ToArray();
        if (lost.Length == 0 && gained.Length == 0)
            return;
        var (losers, gainers) = (Holders(lost), Holders(gained));
        for (var i = 0; i < changes.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (changes[i] is { Change: ChangeKind.Added } added && Source(added.After!, losers, added.BlockId) is { } whole)
                changes[i] = added with { SplitFrom = whole };
            if (changes[i] is { Change: ChangeKind.Removed } removed && Source(removed.Before!, gainers, removed.BlockId) is { } into)
                changes[i] = removed with { MergedInto = into };
        }

        static string? Source(string part, Dictionary<int, List<string>> holders, string self)
        {
            if (part.Length < ShortestPart || holders.Count == 0)
                return null;
            var words = BlockIdentity.CharacterPairs(CanonicalText.Fold(part));
            var counts = new Dictionary<string, int>();
            foreach (var pair in words)
            // A pair that so many have tells none from another.
            foreach (var holder in holders.GetValueOrDefault(pair) is { Count: <= CommonPair } some ? some : [])
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, holder, out _)++;
            counts.Remove(self);
            if (counts.Count == 0)
                return null;
            var best = counts.MaxBy(c => c.Value);
            return best.Value >= PartShare * words.Length ? best.Key : null;
        }

        static Dictionary<int, List<string>> Holders((string BlockId, HashSet<int> Words)[] blocks)
        {
            var holders = new Dictionary<int, List<string>>();
            foreach (var (id, words) in blocks)
            foreach (var word in words)
                (System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(holders, word, out _) ??= []).Add(id);
            return holders;
        }

        static HashSet<int> Surplus(string text, string? other)
        {
            var pairs = BlockIdentity.CharacterPairs(CanonicalText.Fold(text)).ToHashSet();
            if (other is not null)
                pairs.ExceptWith(BlockIdentity.CharacterPairs(CanonicalText.Fold(other)));
            return pairs;
        }
    }
}
