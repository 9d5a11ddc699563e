using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// MinHash of 128 (Broder 1997), of each value one byte (Li and König 2010): in how many bytes two signatures agree tells how alike their texts
/// are, give or take 0.04. Four bytes are a band. Signatures are kept: what makes them is not changed without making them anew.
/// </summary>
static class LetterSignature
{
    internal const int Length = 128;

    // A byte agrees by chance this often.
    const double ByChance = 1.0 / 256;

    static readonly uint[] masks = new uint[Length],
        factors = new uint[Length];

    static LetterSignature()
    {
        // SplitMix64, so that they are the same for ever.
        var state = 0x2545F4914F6CDD1DUL;
        for (var i = 0; i < Length; i++)
            (masks[i], factors[i]) = ((uint)(Next() >> 32), (uint)(Next() >> 32) | 1);

        ulong Next()
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }
    }

    /// <summary>Makes the signature of runs of characters.</summary>
    public static void Make(ReadOnlySpan<ulong> runs, Span<byte> signature)
    {
        Span<uint> mixed = runs.Length <= 1024 ? stackalloc uint[runs.Length] : new uint[runs.Length];
        for (var i = 0; i < runs.Length; i++)
        {
            var z = runs[i] * 0x9E3779B97F4A7C15;
            mixed[i] = (uint)((z ^ z >> 29) * 0xBF58476D1CE4E5B9 >> 32);
        }
        // Four times eight values at once stay in registers while all runs go by.
        var width = Vector256<uint>.Count;
        for (var at = 0; at < Length; at += 4 * width)
        {
            var (m0, m1, m2, m3) = Four(masks, at);
            var (f0, f1, f2, f3) = Four(factors, at);
            var (s0, s1, s2, s3) = (
                Vector256<uint>.AllBitsSet,
                Vector256<uint>.AllBitsSet,
                Vector256<uint>.AllBitsSet,
                Vector256<uint>.AllBitsSet
            );
            foreach (var run in mixed)
            {
                var x = Vector256.Create(run);
                s0 = Vector256.Min(s0, (x ^ m0) * f0);
                s1 = Vector256.Min(s1, (x ^ m1) * f1);
                s2 = Vector256.Min(s2, (x ^ m2) * f2);
                s3 = Vector256.Min(s3, (x ^ m3) * f3);
            }
            Bytes(s0, signature[at..]);
            Bytes(s1, signature[(at + width)..]);
            Bytes(s2, signature[(at + 2 * width)..]);
            Bytes(s3, signature[(at + 3 * width)..]);
        }

        (Vector256<uint>, Vector256<uint>, Vector256<uint>, Vector256<uint>) Four(uint[] of, int at) =>
            (
                Vector256.Create(of, at),
                Vector256.Create(of, at + width),
                Vector256.Create(of, at + 2 * width),
                Vector256.Create(of, at + 3 * width)
            );
    }

    // Of a smallest value all bits count, not only those that are nearly always zero.
    static void Bytes(Vector256<uint> smallest, Span<byte> signature)
    {
        for (var i = 0; i < Vector256<uint>.Count; i++)
            signature[i] = (byte)(smallest[i] * 0x9E3779B1u >> 24);
    }

    /// <summary>The signatures by which a text is found: of its runs of three, of its runs of two, or both.</summary>
    public static IReadOnlyList<byte[]> Of(LetterText text)
    {
        var signatures = new List<byte[]>(2);
        foreach (var runs in (ulong[]?[])[text.Triples, text.Pairs])
        {
            if (runs is not { Length: > 0 })
                continue;
            var signature = new byte[Length];
            Make(runs, signature);
            signatures.Add(signature);
        }
        return signatures;
    }

    /// <summary>How alike two texts are by their signatures.</summary>
    public static double Estimate(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var ones = MemoryMarshal.Cast<byte, Vector256<byte>>(one);
        var others = MemoryMarshal.Cast<byte, Vector256<byte>>(other);
        var same = 0;
        for (var i = 0; i < ones.Length; i++)
            same += int.PopCount((int)Vector256.Equals(ones[i], others[i]).ExtractMostSignificantBits());
        return Math.Max(0, ((double)same / Length - ByChance) / (1 - ByChance));
    }
}
