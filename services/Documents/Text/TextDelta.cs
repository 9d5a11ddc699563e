namespace PolicyPlatform.Documents.Text;

/// <summary>
/// A step through the text before: so many of its blocks stay, so many go, and these come in their place. Stored in events.
/// </summary>
/// <param name="Keep">How many blocks stay as they are.</param>
/// <param name="Skip">How many blocks after them are left out.</param>
/// <param name="Add">The blocks that stand there now.</param>
public sealed record Splice(int Keep, int Skip, IReadOnlyList<Block> Add);

/// <summary>
/// Tells a text by what differs from the text before it, block by block, so that a law in which one article changed costs an article and
/// not a law.
/// </summary>
public static class TextDelta
{
    /// <summary>The steps that lead from one text to the other.</summary>
    public static IReadOnlyList<Splice> Between(IReadOnlyList<Block> before, IReadOnlyList<Block> after)
    {
        int start = 0,
            end = 0;
        while (start < before.Count && start < after.Count && Same(before[start], after[start]))
            start++;
        while (end < before.Count - start && end < after.Count - start && Same(before[^(end + 1)], after[^(end + 1)]))
            end++;

        var steps = new List<Splice>();
        int kept = start,
            at = start;
        var added = new List<Block>();
        var place = new Dictionary<string, int>(before.Count - start - end);
        for (var i = start; i < before.Count - end; i++)
            place[before[i].Id] = i;
        var inOrder = TextComparison.InOrder(before, after);
        for (var i = start; i < after.Count - end; i++)
        {
            if (!inOrder.Contains(after[i].Id) || !place.TryGetValue(after[i].Id, out var old) || old < at || !Same(before[old], after[i]))
            {
                added.Add(after[i]);
                continue;
            }
            Close(old);
            kept++;
            at = old + 1;
        }
        Close(before.Count - end);
        return steps;

        void Close(int upTo)
        {
            if (upTo == at && added.Count == 0)
                return;
            steps.Add(new(kept, upTo - at, [.. added]));
            kept = 0;
            at = upTo;
            added.Clear();
        }
    }

    /// <summary>The text that the steps lead to.</summary>
    public static IReadOnlyList<Block> Apply(IReadOnlyList<Block> before, IReadOnlyList<Splice> steps)
    {
        var after = new List<Block>(before.Count);
        var at = 0;
        foreach (var step in steps)
        {
            for (var i = 0; i < step.Keep; i++)
                after.Add(before[at++]);
            at += step.Skip;
            after.AddRange(step.Add);
        }
        while (at < before.Count)
            after.Add(before[at++]);
        return after;
    }

    static bool Same(Block a, Block b) =>
        a.Text == b.Text
        && a.Id == b.Id
        && a.Kind == b.Kind
        && a.ParentId == b.ParentId
        && a.Label == b.Label
        && a.TimeLimit == b.TimeLimit
        && (a.Responsible?.Count ?? 0) == (b.Responsible?.Count ?? 0);
}
