using System.Text;

namespace PolicyPlatform.Documents.Text;

/// <summary>Numbers of lists in letters: a, b, …, i, ii, ….</summary>
static class LatinNumbers
{
    // Thirty times the alphabet, as far as Word counts.
    const int MostLetters = 780,
        MostRoman = 3999;

    /// <summary>a to z, after which come aa and bb; null for what is beyond.</summary>
    public static string? Letters(int number, char first) =>
        number is < 1 or > MostLetters ? null : new((char)(first + (number - 1) % 26), (number - 1) / 26 + 1);

    /// <summary>I to MMMCMXCIX; null for what is beyond.</summary>
    public static string? Roman(int number)
    {
        if (number is < 1 or > MostRoman)
            return null;
        var text = new StringBuilder();
        foreach (
            var (value, sign) in new[]
            {
                (1000, "M"),
                (900, "CM"),
                (500, "D"),
                (400, "CD"),
                (100, "C"),
                (90, "XC"),
                (50, "L"),
                (40, "XL"),
                (10, "X"),
                (9, "IX"),
                (5, "V"),
                (4, "IV"),
                (1, "I"),
            }
        )
            for (; number >= value; number -= value)
                text.Append(sign);
        return text.ToString();
    }
}
