using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.History;

/// <summary>What changed between two texts.</summary>
/// <param name="From">The earlier revision.</param>
/// <param name="To">The later revision; null for a text that is not recorded.</param>
/// <param name="Counts">How many blocks there are of each change.</param>
/// <param name="Articles">The articles, or clauses of a notice, that are not what they were.</param>
/// <param name="Blocks">Every block with what became of it, in the order of the later text; without the unchanged ones for
/// <c>unchanged=false</c>.</param>
public sealed record Comparison(
    int? From,
    int? To,
    IReadOnlyDictionary<ChangeKind, int> Counts,
    IReadOnlyList<ArticleChange> Articles,
    IReadOnlyList<BlockChange> Blocks
)
{
    /// <summary>The files that came, went or were replaced.</summary>
    public IReadOnlyList<FileChange> Files { get; init; } = [];

    internal static Comparison Between(
        int? from,
        IReadOnlyList<Block> before,
        int? to,
        IReadOnlyList<Block> after,
        bool typography,
        CancellationToken cancellation
    )
    {
        var changes = TextComparison.Compare(before, after, typography, cancellation);
        return new(from, to, TextComparison.Count(changes), TextComparison.Articles(before, after, changes), changes);
    }
}

/// <summary>What became of a file that goes with a text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Change">Added, removed, or modified: another file of the same name.</param>
public sealed record FileChange(string Name, ChangeKind Change)
{
    internal static IReadOnlyList<FileChange> Between(IReadOnlyList<AttachedFile> before, IReadOnlyList<AttachedFile> after)
    {
        var was = Sent(before);
        var now = Sent(after);
        return
        [
            .. now.Where(f => !was.TryGetValue(f.Key, out var hash) || hash != f.Value)
                .Select(f => new FileChange(f.Key, was.ContainsKey(f.Key) ? ChangeKind.Modified : ChangeKind.Added)),
            .. was.Where(f => !now.ContainsKey(f.Key)).Select(f => new FileChange(f.Key, ChangeKind.Removed)),
        ];

        static Dictionary<string, string> Sent(IReadOnlyList<AttachedFile> files) =>
            files.Where(f => f.Sent is true).ToDictionary(f => f.Name, f => f.Sha256);
    }
}
