using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>A part of a hash tree under which no place is empty.</summary>
/// <param name="Level">Its height: it has 2^level entries.</param>
/// <param name="Place">How many such parts stand before it.</param>
public readonly record struct Subtree(int Level, int Place);

/// <summary>
/// A hash tree over an ordered list (RFC 6962, 2.1): one root for all, and for each entry a short path that proves that the root was made
/// with it.
/// </summary>
public static class MerkleTree
{
    /// <summary>The hash of an entry.</summary>
    public static byte[] Leaf(string entry) => SHA256.HashData([0, .. Encoding.UTF8.GetBytes(entry)]);

    /// <summary>The root of a tree; of no entries, the hash of nothing.</summary>
    /// <param name="size">How many entries it has.</param>
    /// <param name="hash">The hashes of its complete subtrees.</param>
    public static byte[] Root(int size, Func<Subtree, byte[]> hash) => size == 0 ? SHA256.HashData([]) : Root(0, size, hash);

    /// <summary>The path of an entry: its siblings from the bottom up.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="size">How many entries the tree has.</param>
    /// <param name="hash">The hashes of its complete subtrees.</param>
    public static IReadOnlyList<byte[]> Path(int index, int size, Func<Subtree, byte[]> hash) => [.. Siblings(index, 0, size, hash)];

    /// <summary>The hashes that change with some entries: their own and those of all complete subtrees above them.</summary>
    /// <param name="leaves">The entries that are new or others than before, by their places.</param>
    /// <param name="size">How many entries the tree has now.</param>
    /// <param name="before">The hashes of the tree before.</param>
    public static Dictionary<Subtree, byte[]> Above(IReadOnlyDictionary<int, byte[]> leaves, int size, Func<Subtree, byte[]> before)
    {
        var changed = leaves.ToDictionary(l => new Subtree(0, l.Key), l => l.Value);
        var places = leaves.Keys.ToHashSet();
        for (var level = 1; 1 << level <= size; level++)
        {
            var under = level - 1;
            places = [.. places.Select(p => p / 2).Where(p => (p + 1) << level <= size)];
            foreach (var place in places)
                changed[new(level, place)] = Node(Hash(new(under, 2 * place)), Hash(new(under, 2 * place + 1)));
        }
        return changed;

        byte[] Hash(Subtree subtree) => changed.TryGetValue(subtree, out var hash) ? hash : before(subtree);
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

    static byte[] Root(int first, int size, Func<Subtree, byte[]> hash)
    {
        if (BitOperations.IsPow2(size))
            return hash(new(BitOperations.Log2((uint)size), first / size));
        var left = Split(size);
        return Node(Root(first, left, hash), Root(first + left, size - left, hash));
    }

    static IEnumerable<byte[]> Siblings(int index, int first, int size, Func<Subtree, byte[]> hash)
    {
        if (size == 1)
            return [];
        var left = Split(size);
        return index < left
            ? Siblings(index, first, left, hash).Append(Root(first + left, size - left, hash))
            : Siblings(index - left, first + left, size - left, hash).Append(Root(first, left, hash));
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
