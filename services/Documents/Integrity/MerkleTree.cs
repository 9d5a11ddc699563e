using System.Security.Cryptography;
using System.Text;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>
/// A hash tree over an ordered list (RFC 6962, 2.1): one root for all, and for each entry a short path that proves that the root was made
/// with it.
/// </summary>
public static class MerkleTree
{
    /// <summary>The hash of an entry.</summary>
    public static byte[] Leaf(string entry) => SHA256.HashData([0, .. Encoding.UTF8.GetBytes(entry)]);

    /// <summary>The root; of no entries, the hash of nothing.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) =>
        leaves.Length switch
        {
            0 => SHA256.HashData([]),
            1 => leaves[0],
            _ => Node(Root(leaves[..Split(leaves.Length)]), Root(leaves[Split(leaves.Length)..])),
        };

    /// <summary>The path of an entry: its siblings from the bottom up.</summary>
    public static IReadOnlyList<byte[]> Path(ReadOnlySpan<byte[]> leaves, int index)
    {
        if (leaves.Length == 1)
            return [];
        var left = Split(leaves.Length);
        return index < left
            ? [.. Path(leaves[..left], index), Root(leaves[left..])]
            : [.. Path(leaves[left..], index - left), Root(leaves[..left])];
    }

    /// <summary>The root that an entry and its path lead to; null when the path has not the length that the tree has there.</summary>
    public static byte[]? RootOf(byte[] leaf, int index, int size, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= size)
            return null;
        if (size == 1)
            return path.Count == 0 ? leaf : null;
        if (path.Count == 0)
            return null;
        var left = Split(size);
        byte[][] below = [.. path.Take(path.Count - 1)];
        return index < left
            ? RootOf(leaf, index, left, below) is { } root
                ? Node(root, path[^1])
                : null
            : RootOf(leaf, index - left, size - left, below) is { } other
                ? Node(path[^1], other)
                : null;
    }

    static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    /// <summary>The largest power of two below <paramref name="size"/>.</summary>
    static int Split(int size)
    {
        var split = 1;
        while (split * 2 < size)
            split *= 2;
        return split;
    }
}
