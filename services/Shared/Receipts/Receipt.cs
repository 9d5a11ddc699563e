using System.Security.Cryptography;
using System.Text;

namespace PolicyPlatform.Shared.Receipts;

/// <summary>
/// What somebody without a login looks up again with what they handed in. It is told once; what is kept is its hash, from which it cannot be
/// found.
/// </summary>
public static class Receipt
{
    /// <summary>A new one: 128 bits of chance, as lower-case hexadecimal.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>What is kept of it.</summary>
    public static string HashOf(string receipt) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt)));
}
