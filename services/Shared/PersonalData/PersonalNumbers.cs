using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyPlatform.Shared.PersonalData;

/// <summary>
/// What identifies a person does not belong into a question or its answer, and never reaches the body that is asked (H 32): numbers of
/// telephones, identity cards (GB 11643, of 18 and of 15 characters) and bank cards (ISO/IEC 7812), also written full-width, in groups, or
/// with +86.
/// </summary>
public static partial class PersonalNumbers
{
    const string Hidden = "〔已隐去〕";

    /// <summary>The text without such numbers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="landlines">Whether telephones of offices go as well; in an answer they are what is asked for.</param>
    public static string Hide(string text, bool landlines = true)
    {
        var plain = string.Create(text.Length, text, (into, from) => Plain(from, into));
        var found = IdentityCards()
            .Matches(plain)
            .Where(m => IsDay(Digits(m.Value).AsSpan(6, 8), "yyyyMMdd"))
            .Concat(BankCards().Matches(plain).Where(m => IsLuhn(Digits(m.Value))))
            .Concat(OldIdentityCards().Matches(plain).Where(m => IsDay($"19{Digits(m.Value).AsSpan(6, 6)}", "yyyyMMdd")))
            .Concat(Mobiles().Matches(plain))
            .Concat(landlines ? Landlines().Matches(plain) : [])
            .OrderBy(m => m.Index)
            .ThenByDescending(m => m.Length);
        var kept = new StringBuilder();
        var at = 0;
        foreach (var match in found)
        {
            // Of numbers that lie over each other the first one goes, and what the other one has beyond it.
            if (match.Index + match.Length <= at)
                continue;
            if (match.Index >= at)
                kept.Append(text, at, match.Index - at).Append(Hidden);
            at = match.Index + match.Length;
        }
        return kept.Append(text, at, text.Length - at).ToString();
    }

    // Each character stays where it is.
    static void Plain(string text, Span<char> into)
    {
        for (var i = 0; i < text.Length; i++)
            into[i] = text[i] switch
            {
                >= '！' and <= '～' and var wide => (char)(wide - '！' + '!'),
                '　' or '\u00A0' or '\u2009' or '\u202F' => ' ',
                '‐' or '‑' or '–' or '—' or '·' or '.' => '-',
                var other => other,
            };
    }

    static string Digits(string number) => string.Concat(number.Where(char.IsAsciiLetterOrDigit));

    static bool IsDay(ReadOnlySpan<char> digits, string format) =>
        DateOnly.TryParseExact(digits, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is >= 1880 and < 2100;

    static bool IsLuhn(string digits) => digits.Reverse().Select((c, i) => (c - '0') * (1 + i % 2)).Sum(d => d > 9 ? d - 9 : d) % 10 == 0;

    [GeneratedRegex("(?<![0-9])[1-9](?:[ -]?[0-9]){16}[ -]?[0-9Xx](?![0-9A-Za-z])")]
    private static partial Regex IdentityCards();

    [GeneratedRegex("(?<![0-9A-Za-z])[1-9](?:[ -]?[0-9]){14}(?![0-9A-Za-z])")]
    private static partial Regex OldIdentityCards();

    [GeneratedRegex("(?<![0-9A-Za-z])[1-9](?:[ -]?[0-9]){15,18}(?![0-9A-Za-z])")]
    private static partial Regex BankCards();

    [GeneratedRegex("(?<![0-9])(?:(?:[+]|00)?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]){8}(?![0-9])")]
    private static partial Regex Mobiles();

    [GeneratedRegex("(?<![0-9])(?:(?:[+]|00)86[ -]?)?[(]?0(?:10|2[0-9]|[3-9][0-9]{2})[)]?[ -]{0,2}[0-9]{3,4}[ -]?[0-9]{4}(?![0-9])")]
    private static partial Regex Landlines();
}
