using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// Gives the blocks of a new revision their ids: a block that was there before keeps its id, also when it was changed, renumbered or moved;
/// the others get new ones. An article is known by
/// everything that belongs to it, not by its first line or its number. In this order: the unchanged beginning and end; articles that say
/// the same as a whole; the same text under
/// the same parent, anywhere, or under another number; the most similar between the same neighbours; very similar ones elsewhere; and last,
/// between the same neighbours, those of the same number
/// that have something in common.
/// </summary>
public static class BlockIdentity
{
    /// <summary>Below this share of common character pairs two blocks are two blocks.</summary>
    const double Similar = 0.45;

    /// <summary>Between other neighbours it takes more to be taken for the same block.</summary>
    const double SimilarElsewhere = 0.75;

    /// <summary>Unless both begin with the same dozen of characters.</summary>
    const double SimilarElsewhereAndBeginning = 0.5;

    /// <summary>A paragraph that became an article, or the other way round, says nearly the same.</summary>
    const double SimilarOfOtherKind = 0.6;

    /// <summary>Two articles of one number that have less in common than this share their number alone.</summary>
    const double SimilarByNumber = 0.2;

    /// <summary>Shorter blocks are alike by chance.</summary>
    const int ShortestMoved = 12;

    /// <summary>How much it counts that the shorter of two articles stands within the longer one.</summary>
    const double WithinShare = 0.7;

    /// <summary>How much the first paragraph of an article counts against the whole of it.</summary>
    const double OwnShare = 0.7;

    /// <summary>So many characters in common at the beginning speak for the same block.</summary>
    const int Beginning = 8;

    /// <summary>A pair of characters that so many blocks have tells none from another.</summary>
    const int CommonPair = 200;

    /// <summary>Of a block so many candidates are looked at closely.</summary>
    const int MostCandidates = 8;

    /// <summary>Carries the ids of <paramref name="previous"/> over.</summary>
    /// <param name="previous">The blocks of the revision before; empty for the first.</param>
    /// <param name="cut">The blocks of the new text.</param>
    /// <param name="nextId">The first number that no block of the document ever had.</param>
    /// <returns>The new revision's blocks, and the next number that is free.</returns>
    public static (IReadOnlyList<Block> Blocks, int NextId) Carry(IReadOnlyList<Block> previous, IReadOnlyList<CutBlock> cut, int nextId)
    {
        var kept = Match(previous, cut);
        var ids = new string[cut.Count];
        for (var i = 0; i < cut.Count; i++)
            ids[i] = kept[i] >= 0 ? previous[kept[i]].Id : $"b{nextId++}";
        return ([.. cut.Select((block, i) => Recorded(ids[i], block, block.Parent < 0 ? null : ids[block.Parent]))], nextId);
    }

    static Block Recorded(string id, CutBlock block, string? parent)
    {
        if (
            block.Kind
            is not (
                BlockKind.Paragraph
                or BlockKind.Heading
                or BlockKind.Clause
                or BlockKind.Item
                or BlockKind.SubItem
                or BlockKind.Article
            )
        )
            return new(id, block.Kind, parent, block.Label, block.Text);
        var responsible = Responsibility.Of(block.Text);
        return new(
            id,
            block.Kind,
            parent,
            block.Label,
            block.Text,
            responsible.Count > 0 ? [.. responsible.SelectMany(r => r.Bodies)] : null,
            responsible.Count > 0 ? responsible : null,
            Responsibility.TimeLimit(block.Text)
        );
    }

    static int[] Match(IReadOnlyList<Block> previous, IReadOnlyList<CutBlock> cut)
    {
        if (previous.Count == 0)
        {
            var none = new int[cut.Count];
            Array.Fill(none, -1);
            return none;
        }
        return new Matching(previous, cut).Find();
    }

    sealed class Matching
    {
        readonly IReadOnlyList<Block> previous;
        readonly IReadOnlyList<CutBlock> cut;
        readonly int[] parents;
        readonly Keys before,
            now;
        readonly int[] kept;
        readonly bool[] taken;

        public Matching(IReadOnlyList<Block> previous, IReadOnlyList<CutBlock> cut)
        {
            (this.previous, this.cut) = (previous, cut);
            (kept, taken) = (new int[cut.Count], new bool[previous.Count]);
            Array.Fill(kept, -1);
            parents = Parents(previous);
            before = new Keys(previous.Count, i => (previous[i].Text, previous[i].Body), i => parents[i]);
            now = new Keys(cut.Count, i => (cut[i].Text, cut[i].Body), i => cut[i].Parent);
        }

        public int[] Find()
        {
            if (KeepEnds())
                return kept;
            // Articles first, by everything that belongs to them; what stands in them follows.
            PairWholes(i => (previous[i].Kind, before.Whole(i), previous[i].Label), i => (cut[i].Kind, now.Whole(i), cut[i].Label));
            PairWholes(i => (previous[i].Kind, before.Whole(i), null), i => (cut[i].Kind, now.Whole(i), null));
            Pair(
                i => (previous[i].Kind, before.Text(i), before.ParentText(i)),
                i => (cut[i].Kind, now.Text(i), now.ParentText(i)),
                i => !IsWhole(i)
            );
            Pair(i => (previous[i].Kind, before.Text(i), ""), i => (cut[i].Kind, now.Text(i), ""), i => !IsWhole(i));
            // Short bodies such as 附件： say nothing about which block this is.
            Pair(
                i => (previous[i].Kind, before.Body(i), ""),
                i => (cut[i].Kind, now.Body(i), ""),
                i => !IsWhole(i) && cut[i].Label is not null && cut[i].Body.Length >= 8
            );
            // What is said once before and once now is the same, however short; an item may have become the last one.
            PairUnique();
            // A better reading, or an editor, calls the same words another kind of block: a paragraph becomes an article.
            Pair(
                i => (default, before.Body(i), ""),
                i => (default, now.Body(i), ""),
                i => now.Body(i).Length >= 4 && (cut[i].Label is null || !IsWhole(i))
            );
            PairSimilar(between: true);
            PairSimilar(between: false);
            PairNumbered();
            PairSimilar(between: true, otherKinds: true);
            PairLast();
            return kept;
        }

        /// <summary>A block that is known by what belongs to it.</summary>
        bool IsWhole(int i) => cut[i].Kind is BlockKind.Article or BlockKind.Clause && i + 1 < cut.Count && cut[i + 1].Parent == i;

        bool WasWhole(int o) => previous[o].Kind is BlockKind.Article or BlockKind.Clause && o + 1 < previous.Count && parents[o + 1] == o;

        /// <summary>
        /// Most revisions change little: what is the same from the start and from the end is settled before anything is looked up.
        /// </summary>
        bool KeepEnds()
        {
            int start = 0,
                end = 0;
            while (start < cut.Count && start < previous.Count && Same(start, start))
                start++;
            while (end < cut.Count - start && end < previous.Count - start && Same(previous.Count - 1 - end, cut.Count - 1 - end))
                end++;
            var all = start + end == cut.Count && start + end == previous.Count;
            if (!all)
            {
                // An article of which only a part is the same is not settled by it: another one may begin with the same words.
                while (
                    start > 0
                    && (
                        Reaches(start, cut.Count, i => cut[i].Parent, i => cut[i].Kind)
                        || Reaches(start, previous.Count, i => parents[i], i => previous[i].Kind)
                    )
                )
                    start--;
                while (
                    end > 0
                    && (
                        IsOrphan(cut.Count - end, cut.Count - end, i => cut[i].Parent, i => cut[i].Kind)
                        || IsOrphan(previous.Count - end, previous.Count - end, i => parents[i], i => previous[i].Kind)
                    )
                )
                    end--;
            }
            for (var i = 0; i < start; i++)
                Keep(i, i);
            for (var i = 1; i <= end; i++)
                Keep(previous.Count - i, cut.Count - i);
            return start + end == cut.Count;

            bool Same(int old, int i) => previous[old].Kind == cut[i].Kind && previous[old].Text == cut[i].Text;

            // Whether the last block of the beginning belongs to, or is, an article that goes on behind it.
            static bool Reaches(int start, int count, Func<int, int> parent, Func<int, BlockKind> kind)
            {
                if (start >= count)
                    return false;
                for (var p = parent(start); p >= 0; p = parent(p))
                    if (kind(p) is BlockKind.Article or BlockKind.Clause)
                        return p < start;
                return false;
            }

            static bool IsOrphan(int i, int first, Func<int, int> parent, Func<int, BlockKind> kind)
            {
                for (var p = parent(i); p >= 0; p = parent(p))
                    if (kind(p) is BlockKind.Article or BlockKind.Clause)
                        return p < first;
                return false;
            }
        }

        /// <summary>Pairs articles that say the same as a whole, and then, one by one, what belongs to them.</summary>
        void PairWholes(Func<int, (BlockKind, string, string?)> keyBefore, Func<int, (BlockKind, string, string?)> keyNow)
        {
            var free = new Dictionary<(BlockKind, string, string?), Queue<int>>();
            for (var o = 0; o < previous.Count; o++)
            {
                if (taken[o] || !WasWhole(o))
                    continue;
                var key = keyBefore(o);
                if (!free.TryGetValue(key, out var queue))
                    free[key] = queue = new();
                queue.Enqueue(o);
            }
            if (free.Count == 0)
                return;
            for (var i = 0; i < cut.Count; i++)
            {
                if (kept[i] >= 0 || !IsWhole(i) || !free.TryGetValue(keyNow(i), out var queue) || !queue.TryDequeue(out var o))
                    continue;
                Keep(o, i);
                var length = Math.Min(now.End(i) - i, before.End(o) - o);
                for (var n = 1; n < length; n++)
                    if (kept[i + n] < 0 && !taken[o + n] && before.Text(o + n) == now.Text(i + n))
                        Keep(o + n, i + n);
            }
        }

        // Pairs what has the same key, in reading order.
        void Pair(Func<int, (BlockKind, string, string)> keyBefore, Func<int, (BlockKind, string, string)> keyNow, Func<int, bool> when)
        {
            if (Array.IndexOf(kept, -1) < 0)
                return;
            var free = new Dictionary<(BlockKind, string, string), Queue<int>>();
            for (var o = 0; o < previous.Count; o++)
            {
                if (taken[o] || WasWhole(o))
                    continue;
                var key = keyBefore(o);
                if (!free.TryGetValue(key, out var queue))
                    free[key] = queue = new();
                queue.Enqueue(o);
            }
            for (var i = 0; i < cut.Count; i++)
                if (kept[i] < 0 && when(i) && free.TryGetValue(keyNow(i), out var queue) && queue.TryDequeue(out var old))
                    Keep(old, i);
        }

        /// <summary>Pairs numbered blocks whose words, without the sign at their end, stand once in what is left of either text.</summary>
        void PairUnique()
        {
            var once = new Dictionary<(BlockKind, string), int>();
            for (var o = 0; o < previous.Count; o++)
                if (
                    !taken[o]
                    && !WasWhole(o)
                    && previous[o].Label is not null
                    && before.Body(o).TrimEnd('。', ';', ',') is { Length: > 0 } body
                )
                    once[(previous[o].Kind, body)] = once.ContainsKey((previous[o].Kind, body)) ? -1 : o;
            if (once.Count == 0)
                return;
            var now = new Dictionary<(BlockKind, string), int>();
            for (var i = 0; i < cut.Count; i++)
                if (
                    kept[i] < 0
                    && !IsWhole(i)
                    && cut[i].Label is not null
                    && this.now.Body(i).TrimEnd('。', ';', ',') is { Length: > 0 } body
                )
                    now[(cut[i].Kind, body)] = now.ContainsKey((cut[i].Kind, body)) ? -1 : i;
            foreach (var (key, i) in now)
                if (i >= 0 && once.TryGetValue(key, out var o) && o >= 0)
                    Keep(o, i);
        }

        /// <summary>The stretches of blocks that are not known yet, between blocks that are: the same number for both texts.</summary>
        (int[] Old, int[] New) Gaps()
        {
            var (old, @new) = (new int[previous.Count], new int[cut.Count]);
            Array.Fill(old, -1);
            Array.Fill(@new, -1);
            var gap = 0;
            for (var start = 0; start < cut.Count; gap++)
            {
                if (kept[start] >= 0)
                {
                    start++;
                    continue;
                }
                var end = start;
                while (end < cut.Count && kept[end] < 0)
                    @new[end++] = gap;
                for (var o = start == 0 ? 0 : kept[start - 1] + 1; o < previous.Count && !taken[o]; o++)
                    old[o] = gap;
                start = end;
            }
            return (old, @new);
        }

        /// <summary>
        /// Pairs what is left by how alike it is as a whole: first between the same neighbours, then anywhere. Candidates are those with
        /// the most pairs of characters in common.
        /// </summary>
        void PairSimilar(bool between, bool otherKinds = false)
        {
            var free = Enumerable
                .Range(0, previous.Count)
                .Where(o => !taken[o] && previous[o].Kind is not BlockKind.Contents && (between || before.Body(o).Length >= ShortestMoved))
                .ToArray();
            if (free.Length == 0)
                return;
            var (gapOld, gapNew) = Gaps();
            var postings = new Dictionary<int, List<int>>();
            foreach (var o in free)
            foreach (var pair in Distinct(before.KnownBy(o, previous[o].Kind)))
                (System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(postings, pair, out _) ??= []).Add(o);
            var common = Math.Clamp(free.Length / 8, CommonPair, 5 * CommonPair);
            var shared = new int[previous.Count];
            var touched = new List<int>();
            var candidates = new List<(double Likeness, int Old, int New)>();
            for (var i = 0; i < cut.Count; i++)
            {
                if (kept[i] >= 0 || cut[i].Kind is BlockKind.Contents || !between && now.Body(i).Length < ShortestMoved)
                    continue;
                foreach (var pair in Distinct(now.KnownBy(i, cut[i].Kind)))
                {
                    if (!postings.TryGetValue(pair, out var list) || list.Count > common)
                        continue;
                    foreach (var o in list)
                    {
                        if (between && gapOld[o] != gapNew[i])
                            continue;
                        if (shared[o]++ == 0)
                            touched.Add(o);
                    }
                }
                foreach (var o in touched.OrderByDescending(o => shared[o]).Take(MostCandidates))
                    if (previous[o].Kind == cut[i].Kind != otherKinds && Likely(o, i, between) is > 0 and var likeness)
                        candidates.Add((likeness, o, i));
                foreach (var o in touched)
                    shared[o] = 0;
                touched.Clear();
            }
            foreach (var (_, o, i) in candidates.OrderByDescending(c => c.Likeness).ThenBy(c => Math.Abs(c.Old - c.New)))
                if (!taken[o] && kept[i] < 0)
                    Keep(o, i);
        }

        /// <summary>How likely two blocks are one; 0 where they are two.</summary>
        double Likely(int o, int i, bool between)
        {
            var sameKind = previous[o].Kind == cut[i].Kind;
            if (!sameKind && !(IsClause(previous[o].Kind) && IsClause(cut[i].Kind)))
                return 0;
            var whole = IsWhole(i) || WasWhole(o);
            var own = Likeness(before.OwnPairs(o), now.OwnPairs(i));
            var all = whole ? Likeness(before.WholePairs(o), now.WholePairs(i)) : own;
            // An article that was given another first paragraph is known by what it says in all, and one that begins alike and goes on
            // otherwise is another.
            var likeness = whole ? Math.Max(all, OwnShare * own) : own;
            if (sameKind && cut[i].Kind is BlockKind.Article or BlockKind.Clause)
                likeness = Math.Max(likeness, WithinShare * Within(before.WholePairs(o), now.WholePairs(i)));
            if (!sameKind)
                return likeness >= SimilarOfOtherKind ? likeness : 0;
            if (between)
                return Math.Max(likeness, own) >= Similar && all >= SimilarByNumber
                    ? likeness + (SameLabel(o, i) ? 0.1 : 0) + (SameBeginning(o, i, Beginning) ? 0.1 : 0)
                    : 0;
            return likeness >= SimilarElsewhere || likeness >= SimilarElsewhereAndBeginning && SameBeginning(o, i, ShortestMoved)
                ? likeness
                : 0;
        }

        /// <summary>Between the same neighbours, what has the same number and something else in common.</summary>
        void PairNumbered()
        {
            var (gapOld, gapNew) = Gaps();
            var free = new Dictionary<(int, BlockKind, string), Queue<int>>();
            for (var o = 0; o < previous.Count; o++)
            {
                if (taken[o] || gapOld[o] < 0 || previous[o].Label is not { } label)
                    continue;
                var key = (gapOld[o], previous[o].Kind, CanonicalText.Fold(label));
                if (!free.TryGetValue(key, out var queue))
                    free[key] = queue = new();
                queue.Enqueue(o);
            }
            for (var i = 0; i < cut.Count; i++)
            {
                if (
                    kept[i] >= 0
                    || cut[i].Label is not { } label
                    || !free.TryGetValue((gapNew[i], cut[i].Kind, CanonicalText.Fold(label)), out var queue)
                    || !queue.TryPeek(out var o)
                )
                    continue;
                var isShort = before.Whole(o).Length < ShortestMoved || now.Whole(i).Length < ShortestMoved;
                if (!isShort && Likeness(before.WholePairs(o), now.WholePairs(i)) < SimilarByNumber)
                    continue;
                queue.Dequeue();
                Keep(o, i);
            }
        }

        /// <summary>
        /// Short blocks that stand alone between the same neighbours, one before and one now, and have something in common.
        /// </summary>
        void PairLast()
        {
            var (gapOld, gapNew) = Gaps();
            var olds = Enumerable
                .Range(0, previous.Count)
                .Where(o => !taken[o] && gapOld[o] >= 0)
                .GroupBy(o => gapOld[o])
                .ToDictionary(g => g.Key, g => g.ToArray());
            foreach (var news in Enumerable.Range(0, cut.Count).Where(i => kept[i] < 0).GroupBy(i => gapNew[i]))
                if (
                    news.ToArray() is [var i]
                    && olds.GetValueOrDefault(news.Key) is [var o]
                    && previous[o].Kind == cut[i].Kind
                    && Likeness(before.OwnPairs(o), now.OwnPairs(i)) >= SimilarByNumber
                )
                    Keep(o, i);
        }

        static bool IsClause(BlockKind kind) =>
            kind
                is BlockKind.Article
                    or BlockKind.Paragraph
                    or BlockKind.Clause
                    or BlockKind.Heading
                    or BlockKind.Item
                    or BlockKind.SubItem;

        bool SameLabel(int o, int i) =>
            previous[o].Label is { } label && cut[i].Label is { } mine && CanonicalText.Fold(label) == CanonicalText.Fold(mine);

        bool SameBeginning(int o, int i, int length) => before.Body(o).AsSpan().CommonPrefixLength(now.Body(i)) >= length;

        void Keep(int old, int i)
        {
            kept[i] = old;
            taken[old] = true;
        }
    }

    static int[] Parents(IReadOnlyList<Block> blocks)
    {
        var places = new Dictionary<string, int>(blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
            places[blocks[i].Id] = i;
        return [.. blocks.Select(b => b.ParentId is { } id ? places[id] : -1)];
    }

    static IEnumerable<int> Distinct(int[] sorted)
    {
        for (var i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1])
                yield return sorted[i];
    }

    /// <summary>What blocks are recognised by: their texts without typography, made when they are asked for.</summary>
    sealed class Keys(int count, Func<int, (string Text, string Body)> block, Func<int, int> parent)
    {
        readonly string?[] texts = new string?[count];
        readonly string?[] bodies = new string?[count];
        readonly string?[] wholes = new string?[count];
        readonly int[]?[] ownPairs = new int[count][];
        readonly int[]?[] wholePairs = new int[count][];

        public string Text(int i) => texts[i] ??= Typography.Agreed(block(i).Text);

        public string Body(int i) => bodies[i] ??= Typography.Agreed(block(i).Body);

        public int[] OwnPairs(int i) => ownPairs[i] ??= CharacterPairs(Body(i));

        public int[] WholePairs(int i) => wholePairs[i] ??= End(i) == i + 1 ? OwnPairs(i) : CharacterPairs(Whole(i));

        /// <summary>An article is known by the whole of it, a chapter by its name.</summary>
        public int[] KnownBy(int i, BlockKind kind) => kind is BlockKind.Article or BlockKind.Clause ? WholePairs(i) : OwnPairs(i);

        /// <summary>The first block that no longer belongs to this one.</summary>
        public int End(int i)
        {
            var end = i + 1;
            while (end < count && parent(end) >= i)
                end++;
            return end;
        }

        /// <summary>A block with everything that belongs to it.</summary>
        public string Whole(int i) =>
            wholes[i] ??=
                End(i) is var end && end == i + 1 ? Body(i) : Body(i) + string.Concat(Enumerable.Range(i + 1, end - i - 1).Select(Text));

        public string ParentText(int i) => parent(i) is var p and >= 0 ? Text(p) : "";
    }

    internal static int[] CharacterPairs(string text)
    {
        var pairs = new int[Math.Max(0, text.Length - 1)];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = text[i] << 16 | text[i + 1];
        Array.Sort(pairs);
        return pairs;
    }

    /// <summary>Which share of the shorter text's pairs the longer one has.</summary>
    static double Within(int[] a, int[] b) =>
        Math.Min(a.Length, b.Length) < ShortestMoved ? 0 : Common(a, b) / (double)Math.Min(a.Length, b.Length);

    /// <summary>Dice's coefficient over the sorted character pairs: 1 for the same words, 0 for nothing in common.</summary>
    static double Likeness(int[] a, int[] b) => a.Length == 0 || b.Length == 0 ? 0 : 2.0 * Common(a, b) / (a.Length + b.Length);

    static int Common(int[] a, int[] b)
    {
        int common = 0,
            i = 0,
            j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
                (common, i, j) = (common + 1, i + 1, j + 1);
            else if (a[i] < b[j])
                i++;
            else
                j++;
        }
        return common;
    }
}
