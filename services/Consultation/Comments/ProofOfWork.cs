using System.Security.Cryptography;
using System.Text;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>
/// What a comment costs its sender's computer where a consultation asks for it: a word <c>proof</c> such that SHA-256 over
/// <c>{consultation id}\n{SHA-256 of the text, lower-case hexadecimal}\n{proof}</c> begins with so many zero bits. It slows a flood, and nobody
/// else.
/// </summary>
static class ProofOfWork
{
    internal const int LongestProof = 64;

    /// <summary>Whether a proof holds for a text.</summary>
    public static bool Holds(Guid consultation, string text, string? proof, int bits)
    {
        if (bits == 0)
            return true;
        if (proof is null or { Length: > LongestProof })
            return false;
        var ofText = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return LeadingZeros(SHA256.HashData(Encoding.UTF8.GetBytes($"{consultation}\n{ofText}\n{proof}"))) >= bits;
    }

    static int LeadingZeros(ReadOnlySpan<byte> hash)
    {
        var zeros = 0;
        foreach (var part in hash)
        {
            if (part != 0)
                return zeros + System.Numerics.BitOperations.LeadingZeroCount((uint)part) - 24;
            zeros += 8;
        }
        return zeros;
    }
}
