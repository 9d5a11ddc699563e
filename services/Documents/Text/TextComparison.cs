using DiffPlex;
using DiffPlex.Chunkers;
using PolicyPlatform.ServiceDefaults.Search;

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
    /// <summary>The same words in another place.</summary>
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
public sealed record BlockChange(string BlockId, ChangeKind Change, BlockKind Kind, IReadOnlyList<string> Path, string? Before, string? After, IReadOnlyList<ChangedSpan>? Spans = null,
    string? SplitFrom = null, string? MergedInto = null);

/// <summary>An exchange of characters within a block, counted in UTF-16 code units from 0; an insertion has no length before, a deletion none after.</summary>
/// <param name="BeforeStart">Where it starts in the earlier text.</param>
/// <param name="BeforeLength">How much of the earlier text went.</param>
/// <param name="AfterStart">Where it starts in the later text.</param>
/// <param name="AfterLength">How much of the later text came.</param>
public sealed record ChangedSpan(int BeforeStart, int BeforeLength, int AfterStart, int AfterLength);

/// <summary>What became of an article (条) or, in a notice, of a clause: with everything that belongs to it.</summary>
/// <param name="BlockId">The id of the article's block.</param>
/// <param name="Label">第八条, as the later text numbers it; a removed one as the earlier text did.</param>
/// <param name="Change">Modified when anything within it changed.</param>
public sealed record ArticleChange(string BlockId, string Label, ChangeKind Change);

/// <summary>Compares two revisions of a document block by block.</summary>
public static class TextComparison
{
    /// <summary>Fewer equal characters than this between two exchanges are read as part of one exchange.</summary>
    const int ShortestIsland = 2;

    /// <summary>A part of a block that is shorter than this says nothing about where it came from.</summary>
    const int ShortestPart = 10;

    /// <summary>So much of a part's character pairs must be what the other block lost or gained.</summary>
    const double PartShare = 0.6;

    /// <summary>The changes in the order of the later text; removed blocks stand where they stood.</summary>
    /// <param name="before">The earlier text.</param>
    /// <param name="after">The later text.</param>
    /// <param name="typography">Whether full-width for half-width signs and white space count as changes; they are none of the text.</param>
    public static IReadOnlyList<BlockChange> Compare(IReadOnlyList<Block> before, IReadOnlyList<Block> after, bool typography = false)
    {
        var old = before.ToDictionary(b => b.Id);
        var now = after.ToDictionary(b => b.Id);
        var inOrder = InOrder(before, after);
        var changes = new List<BlockChange>(after.Count);
        // Removed blocks follow the block that stood before them in the earlier text.
        var removed = new Dictionary<string, List<Block>>();
        var anchor = "";
        foreach (var block in before)
        {
            if (now.ContainsKey(block.Id)) anchor = block.Id;
            else if (removed.TryGetValue(anchor, out var list)) list.Add(block);
            else removed[anchor] = [block];
        }
        AddRemoved("");
        foreach (var block in after)
        {
            changes.Add(Change(old.GetValueOrDefault(block.Id), block));
            AddRemoved(block.Id);
        }
        TellSplitsAndMerges(changes);
        return changes;

        void AddRemoved(string id)
        {
            foreach (var block in removed.GetValueOrDefault(id) ?? []) changes.Add(new(block.Id, ChangeKind.Removed, block.Kind, Path(block, old), block.Text, null));
        }

        BlockChange Change(Block? was, Block block)
        {
            var path = Path(block, now);
            if (was is null) return new(block.Id, ChangeKind.Added, block.Kind, path, null, block.Text);
            var change = Same(was.Text, block.Text) ? (was.ParentId == block.ParentId && inOrder.Contains(block.Id) ? ChangeKind.Unchanged : ChangeKind.Moved)
                : Same(was.Body, block.Body) ? ChangeKind.Renumbered
                : ChangeKind.Modified;
            return new(block.Id, change, block.Kind, path, was.Text, block.Text, change is ChangeKind.Modified ? Spans(was.Text, block.Text) : null);
        }

        bool Same(string a, string b) => a == b || !typography && Typography.Agreed(a) == Typography.Agreed(b);
    }

    /// <summary>How many blocks there are of each change.</summary>
    public static IReadOnlyDictionary<ChangeKind, int> Count(IEnumerable<BlockChange> changes)
    {
        var counts = Enum.GetValues<ChangeKind>().ToDictionary(kind => kind, _ => 0);
        foreach (var change in changes) counts[change.Change]++;
        return counts;
    }

    /// <summary>The articles and clauses that are not what they were, in reading order.</summary>
    public static IReadOnlyList<ArticleChange> Articles(IReadOnlyList<Block> before, IReadOnlyList<Block> after, IReadOnlyList<BlockChange> changes)
    {
        var old = before.ToDictionary(b => b.Id);
        var now = after.ToDictionary(b => b.Id);
        // A block that left its article changed both the one that it left and the one that it came to.
        return [.. changes.Where(c => c.Change is not ChangeKind.Unchanged)
            .SelectMany(c => new[] { Around(c.BlockId, old), Around(c.BlockId, now) }.OfType<Block>().DistinctBy(b => b.Id), (c, article) => (c, article.Id))
            .GroupBy(p => p.Id, p => p.c)
            .Select(g => new ArticleChange(g.Key, (now.GetValueOrDefault(g.Key) ?? old[g.Key]).Label ?? "", Whole(g.Key, [.. g])))];

        // An article that came, went, or only changed its number or place is told as such; anything else in it makes it modified.
        static ChangeKind Whole(string id, BlockChange[] within) =>
            within.FirstOrDefault(c => c.BlockId == id)?.Change is { } own && (own is ChangeKind.Added or ChangeKind.Removed || within.Length == 1) ? own : ChangeKind.Modified;
    }

    static Block? Around(string id, Dictionary<string, Block> blocks)
    {
        var block = blocks.GetValueOrDefault(id);
        while (block is not null && block.Kind is not (BlockKind.Article or BlockKind.Clause)) block = block.ParentId is { } parent ? blocks.GetValueOrDefault(parent) : null;
        return block;
    }

    static List<string> Path(Block block, Dictionary<string, Block> blocks)
    {
        var path = new List<string>();
        for (var b = block; b is not null; b = b.ParentId is { } parent ? blocks.GetValueOrDefault(parent) : null)
            if (b.Label is { } label) path.Insert(0, label);
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
                if (place[kept[tails[middle]]] < place[kept[i]]) low = middle + 1;
                else high = middle;
            }
            previous[i] = low == 0 ? -1 : tails[low - 1];
            if (low == tails.Count) tails.Add(i);
            else tails[low] = i;
        }
        var inOrder = new HashSet<string>();
        for (var i = tails.Count == 0 ? -1 : tails[^1]; i >= 0; i = previous[i]) inOrder.Add(kept[i]);
        return inOrder;
    }

    /// <summary>What was exchanged, as a person would mark it: what stayed between two exchanges is part of them when it is shorter than both, and a number or a Latin word is marked as a whole.</summary>
    static List<ChangedSpan> Spans(string before, string after)
    {
        var spans = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, CharacterChunker.Instance).DiffBlocks
            .Select(d => Whole(new ChangedSpan(d.DeleteStartA, d.DeleteCountA, d.InsertStartB, d.InsertCountB))).ToList();
        for (var i = 1; i < spans.Count;)
        {
            var (one, next) = (spans[i - 1], spans[i]);
            var island = next.BeforeStart - one.BeforeStart - one.BeforeLength;
            if (island >= ShortestIsland && island >= Math.Min(Size(one), Size(next)))
            {
                i++;
                continue;
            }
            spans[i - 1] = one with { BeforeLength = next.BeforeStart + next.BeforeLength - one.BeforeStart, AfterLength = next.AfterStart + next.AfterLength - one.AfterStart };
            spans.RemoveAt(i);
            i = Math.Max(1, i - 1);
        }
        return spans;

        static int Size(ChangedSpan span) => Math.Max(span.BeforeLength, span.AfterLength);

        ChangedSpan Whole(ChangedSpan s)
        {
            while (s.BeforeStart > 0 && s.AfterStart > 0 && (Splits(before, s.BeforeStart) || Splits(after, s.AfterStart)))
                s = new(s.BeforeStart - 1, s.BeforeLength + 1, s.AfterStart - 1, s.AfterLength + 1);
            while (s.BeforeStart + s.BeforeLength < before.Length && s.AfterStart + s.AfterLength < after.Length && (Splits(before, s.BeforeStart + s.BeforeLength) || Splits(after, s.AfterStart + s.AfterLength)))
                s = s with { BeforeLength = s.BeforeLength + 1, AfterLength = s.AfterLength + 1 };
            return s;
        }

        static bool Splits(string text, int at) => at > 0 && at < text.Length && char.IsAsciiLetterOrDigit(text[at - 1]) && char.IsAsciiLetterOrDigit(text[at]);
    }

    /// <summary>Finds blocks that were cut out of another one, and blocks that went into another one.</summary>
    static void TellSplitsAndMerges(List<BlockChange> changes)
    {
        // What a block lost and what it gained, in pairs of characters.
        var lost = changes.Where(c => c.Change is ChangeKind.Modified or ChangeKind.Removed && c.Before!.Length >= ShortestPart).Select(c => (c.BlockId, Words: Surplus(c.Before!, c.After))).ToArray();
        var gained = changes.Where(c => c.Change is ChangeKind.Modified or ChangeKind.Added && c.After!.Length >= ShortestPart).Select(c => (c.BlockId, Words: Surplus(c.After!, c.Before))).ToArray();
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i] is { Change: ChangeKind.Added } added && Source(added.After!, lost, added.BlockId) is { } whole) changes[i] = added with { SplitFrom = whole };
            if (changes[i] is { Change: ChangeKind.Removed } removed && Source(removed.Before!, gained, removed.BlockId) is { } into) changes[i] = removed with { MergedInto = into };
        }

        static string? Source(string part, (string BlockId, HashSet<int> Words)[] wholes, string self)
        {
            if (part.Length < ShortestPart) return null;
            var words = BlockIdentity.CharacterPairs(CanonicalText.Fold(part));
            var best = wholes.Where(w => w.BlockId != self).Select(w => (w.BlockId, Share: words.Count(w.Words.Contains) / (double)words.Length)).OrderByDescending(w => w.Share).FirstOrDefault();
            return best.Share >= PartShare ? best.BlockId : null;
        }

        static HashSet<int> Surplus(string text, string? other)
        {
            var pairs = BlockIdentity.CharacterPairs(CanonicalText.Fold(text)).ToHashSet();
            if (other is not null) pairs.ExceptWith(BlockIdentity.CharacterPairs(CanonicalText.Fold(other)));
            return pairs;
        }
    }
}
