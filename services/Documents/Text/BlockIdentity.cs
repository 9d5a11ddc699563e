using PolicyPlatform.ServiceDefaults.Search;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Gives the blocks of a new revision their ids: a block that was there before keeps its id, also when it was changed, renumbered or moved;
/// the others get new ones. In this order: the unchanged beginning and end, the same text under the same parent, the same text anywhere, the
/// same words under another number, the most similar block of its kind between the same neighbours, a very similar one elsewhere, and last the block with the same number
/// between the same neighbours.
/// </summary>
public static class BlockIdentity
{
    /// <summary>Below this share of common character pairs two blocks are two blocks.</summary>
    const double Similar = 0.45;

    /// <summary>Between other neighbours it takes more to be taken for the same block.</summary>
    const double SimilarElsewhere = 0.75;

    /// <summary>Unless both begin with the same dozen of characters.</summary>
    const double SimilarElsewhereAndBeginning = 0.5;

    /// <summary>Shorter blocks are alike by chance.</summary>
    const int ShortestMoved = 12;

    /// <summary>How much it counts that the shorter of two articles stands within the longer one.</summary>
    const double WithinShare = 0.7;

    /// <summary>So many characters in common at the beginning speak for the same block.</summary>
    const int Beginning = 8;

    /// <summary>More pairs than this between two anchors are not compared one by one: such a stretch was rewritten.</summary>
    const int MostPairs = 40_000;

    /// <summary>Carries the ids of <paramref name="previous"/> over.</summary>
    /// <param name="previous">The blocks of the revision before; empty for the first.</param>
    /// <param name="cut">The blocks of the new text.</param>
    /// <param name="nextId">The first number that no block of the document ever had.</param>
    /// <returns>The new revision's blocks, and the next number that is free.</returns>
    public static (IReadOnlyList<Block> Blocks, int NextId) Carry(IReadOnlyList<Block> previous, IReadOnlyList<CutBlock> cut, int nextId)
    {
        var kept = Match(previous, cut);
        var ids = new string[cut.Count];
        for (var i = 0; i < cut.Count; i++) ids[i] = kept[i] >= 0 ? previous[kept[i]].Id : $"b{nextId++}";
        return ([.. cut.Select((block, i) => Recorded(ids[i], block, block.Parent < 0 ? null : ids[block.Parent]))], nextId);
    }

    static Block Recorded(string id, CutBlock block, string? parent)
    {
        if (block.Kind is not (BlockKind.Paragraph or BlockKind.Heading or BlockKind.Clause or BlockKind.Item or BlockKind.SubItem or BlockKind.Article)) return new(id, block.Kind, parent, block.Label, block.Text);
        var responsible = Responsibility.Of(block.Text);
        return new(id, block.Kind, parent, block.Label, block.Text, responsible.Count > 0 ? [.. responsible.SelectMany(r => r.Bodies)] : null, responsible.Count > 0 ? responsible : null, Responsibility.TimeLimit(block.Text));
    }

    static int[] Match(IReadOnlyList<Block> previous, IReadOnlyList<CutBlock> cut)
    {
        var kept = new int[cut.Count];
        Array.Fill(kept, -1);
        if (previous.Count == 0) return kept;
        var taken = new bool[previous.Count];
        // Most revisions change little: what is the same from the start and from the end is settled before anything is looked up.
        int start = 0, end = 0;
        while (start < cut.Count && start < previous.Count && Same(start, start)) Keep(start, start++);
        while (end < cut.Count - start && end < previous.Count - start && Same(previous.Count - 1 - end, cut.Count - 1 - end)) Keep(previous.Count - 1 - end, cut.Count - 1 - end++);
        if (start + end == cut.Count) return kept;

        var parents = Parents(previous);
        var before = new Keys(previous.Count, i => (previous[i].Text, previous[i].Body), i => parents[i]);
        var now = new Keys(cut.Count, i => (cut[i].Text, cut[i].Body), i => cut[i].Parent);
        Pair(i => (previous[i].Kind, before.Text(i), before.ParentText(i)), i => (cut[i].Kind, now.Text(i), now.ParentText(i)), _ => true);
        Pair(i => (previous[i].Kind, before.Text(i), ""), i => (cut[i].Kind, now.Text(i), ""), _ => true);
        // Short bodies such as 附件： say nothing about which block this is.
        Pair(i => (previous[i].Kind, before.Body(i), ""), i => (cut[i].Kind, now.Body(i), ""), i => cut[i].Label is not null && cut[i].Body.Length >= 8);
        // A better reading calls the same words another kind of block.
        Pair(i => (default, before.Text(i), ""), i => (default, now.Text(i), ""), i => now.Text(i).Length >= 4);
        PairBetween(previous, before, cut, now, kept, taken, byLabel: false);
        PairMoved(previous, before, cut, now, kept, taken);
        PairBetween(previous, before, cut, now, kept, taken, byLabel: true);
        return kept;

        // Pairs what has the same key, in reading order.
        void Pair(Func<int, (BlockKind, string, string)> keyBefore, Func<int, (BlockKind, string, string)> keyNow, Func<int, bool> when)
        {
            if (Array.IndexOf(kept, -1) < 0) return;
            var free = new Dictionary<(BlockKind, string, string), Queue<int>>();
            for (var i = 0; i < previous.Count; i++)
            {
                if (taken[i]) continue;
                var key = keyBefore(i);
                if (!free.TryGetValue(key, out var queue)) free[key] = queue = new();
                queue.Enqueue(i);
            }
            for (var i = 0; i < cut.Count; i++)
            {
                if (kept[i] < 0 && when(i) && free.TryGetValue(keyNow(i), out var queue) && queue.TryDequeue(out var old)) Keep(old, i);
            }
        }

        bool Same(int old, int i) => previous[old].Kind == cut[i].Kind && previous[old].Text == cut[i].Text;

        void Keep(int old, int i)
        {
            kept[i] = old;
            taken[old] = true;
        }
    }

    static int[] Parents(IReadOnlyList<Block> blocks)
    {
        var places = blocks.Select((b, i) => (b.Id, i)).ToDictionary(p => p.Id, p => p.i);
        return [.. blocks.Select(b => b.ParentId is { } id ? places[id] : -1)];
    }

    /// <summary>What blocks are recognised by: their texts without typography, made when they are asked for.</summary>
    sealed class Keys(int count, Func<int, (string Text, string Body)> block, Func<int, int> parent)
    {
        readonly string?[] texts = new string?[count];
        readonly string?[] bodies = new string?[count];
        readonly string?[] wholes = new string?[count];

        public string Text(int i) => texts[i] ??= Typography.Agreed(block(i).Text);
        public string Body(int i) => bodies[i] ??= Typography.Agreed(block(i).Body);

        /// <summary>A block with everything that belongs to it.</summary>
        public string Whole(int i)
        {
            if (wholes[i] is { } known) return known;
            var end = i + 1;
            while (end < count && parent(end) >= i) end++;
            return wholes[i] = end == i + 1 ? Body(i) : Body(i) + string.Concat(Enumerable.Range(i + 1, end - i - 1).Select(Text));
        }

        public string ParentText(int i) => parent(i) is var p and >= 0 ? Text(p) : "";
    }

    /// <summary>Between two blocks that are known, pairs what is left by how alike it is, or, last of all, by its number.</summary>
    static void PairBetween(IReadOnlyList<Block> previous, Keys before, IReadOnlyList<CutBlock> cut, Keys now, int[] kept, bool[] taken, bool byLabel)
    {
        for (var start = 0; start < cut.Count;)
        {
            if (kept[start] >= 0)
            {
                start++;
                continue;
            }
            var end = start;
            while (end < cut.Count && kept[end] < 0) end++;
            var from = start == 0 ? 0 : kept[start - 1] + 1;
            var to = from;
            while (to < previous.Count && !taken[to]) to++;
            if (byLabel) PairNumbered(from, to, start, end);
            else if ((long)(to - from) * (end - start) <= MostPairs) PairSimilar(from, to, start, end);
            start = end;
        }

        void PairSimilar(int from, int to, int start, int end)
        {
            var old = Enumerable.Range(from, to - from).Select(i => (Own: CharacterPairs(before.Body(i)), Whole: CharacterPairs(before.Whole(i)))).ToArray();
            var candidates = new List<(double Likeness, int Old, int New)>();
            for (var i = start; i < end; i++)
            {
                var (own, whole) = (CharacterPairs(now.Body(i)), CharacterPairs(now.Whole(i)));
                for (var o = from; o < to; o++)
                {
                    if (previous[o].Kind != cut[i].Kind) continue;
                    // An article that was given another first paragraph is known by what it says in all.
                    var likeness = Math.Max(Likeness(old[o - from].Own, own), cut[i].Kind is BlockKind.Article or BlockKind.Clause ? WithinShare * Within(old[o - from].Whole, whole) : 0);
                    if (likeness >= Similar) candidates.Add((likeness + (SameLabel(o, i) ? 0.1 : 0) + (SameBeginning(o, i) ? 0.1 : 0), o, i));
                }
            }
            foreach (var (_, o, i) in candidates.OrderByDescending(c => c.Likeness).ThenBy(c => Math.Abs(c.Old - from - (c.New - start)))) Keep(o, i);
        }

        void PairNumbered(int from, int to, int start, int end)
        {
            for (var i = start; i < end; i++)
                for (var o = from; o < to && kept[i] < 0; o++)
                    if (previous[o].Kind == cut[i].Kind && cut[i].Label is not null && SameLabel(o, i)) Keep(o, i);
        }

        bool SameLabel(int o, int i) => previous[o].Label is { } label && cut[i].Label is { } mine && CanonicalText.Fold(label) == CanonicalText.Fold(mine);

        bool SameBeginning(int o, int i) => before.Body(o).AsSpan().CommonPrefixLength(now.Body(i)) >= Beginning;

        void Keep(int o, int i)
        {
            if (taken[o] || kept[i] >= 0) return;
            kept[i] = o;
            taken[o] = true;
        }
    }

    /// <summary>Pairs what was moved and changed on the way: very much alike, wherever it stands.</summary>
    static void PairMoved(IReadOnlyList<Block> previous, Keys before, IReadOnlyList<CutBlock> cut, Keys now, int[] kept, bool[] taken)
    {
        var old = Enumerable.Range(0, previous.Count).Where(i => !taken[i] && before.Body(i).Length >= ShortestMoved).ToArray();
        var free = Enumerable.Range(0, cut.Count).Where(i => kept[i] < 0 && now.Body(i).Length >= ShortestMoved).ToArray();
        if (old.Length == 0 || free.Length == 0 || (long)old.Length * free.Length > MostPairs) return;
        var oldPairs = old.Select(i => CharacterPairs(before.Body(i))).ToArray();
        var candidates = free.SelectMany(i =>
        {
            var pairs = CharacterPairs(now.Body(i));
            return old.Select((o, n) => (Likeness: previous[o].Kind == cut[i].Kind ? Likeness(oldPairs[n], pairs) : 0, Old: o, New: i))
                .Where(c => c.Likeness >= SimilarElsewhere || c.Likeness >= SimilarElsewhereAndBeginning && before.Body(c.Old).AsSpan().CommonPrefixLength(now.Body(i)) >= ShortestMoved);
        });
        foreach (var (_, o, i) in candidates.OrderByDescending(c => c.Likeness))
        {
            if (taken[o] || kept[i] >= 0) continue;
            kept[i] = o;
            taken[o] = true;
        }
    }

    internal static int[] CharacterPairs(string text)
    {
        var pairs = new int[Math.Max(0, text.Length - 1)];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = text[i] << 16 | text[i + 1];
        Array.Sort(pairs);
        return pairs;
    }

    /// <summary>Which share of the shorter text's pairs the longer one has.</summary>
    static double Within(int[] a, int[] b) => Math.Min(a.Length, b.Length) < ShortestMoved ? 0 : Common(a, b) / (double)Math.Min(a.Length, b.Length);

    /// <summary>Dice's coefficient over the sorted character pairs: 1 for the same words, 0 for nothing in common.</summary>
    static double Likeness(int[] a, int[] b) => a.Length == 0 || b.Length == 0 ? 0 : 2.0 * Common(a, b) / (a.Length + b.Length);

    static int Common(int[] a, int[] b)
    {
        int common = 0, i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j]) (common, i, j) = (common + 1, i + 1, j + 1);
            else if (a[i] < b[j]) i++;
            else j++;
        }
        return common;
    }
}
