namespace PolicyPlatform.Consultation.Hearings;

/// <summary>How the values of public sources are written, so that everybody who reads them writes the same (RFC 3797, 4).</summary>
public static class KeyString
{
    /// <summary>The longest value that is read, in characters.</summary>
    public const int LongestValue = 1_000;

    /// <summary>
    /// A value as it stands in the key: a whole number without leading zeros, ended by a point; a number with a fraction without zeros that
    /// say nothing at either end, its point between them; letters in upper case and digits, without what stands between them, ended by a
    /// point. Null for what is no value of that kind: guessing at signs and separators would let everybody guess something else.
    /// </summary>
    public static string? Write(SourceKind kind, string value)
    {
        if (value.Length > LongestValue)
            return null;
        switch (kind)
        {
            case SourceKind.Integers when AreDigits(value):
                return $"{WithoutZeros(value)}.";
            case SourceKind.Decimal when value.Split('.') is { Length: 1 or 2 } number && number.All(AreDigits):
                return $"{WithoutZeros(number[0])}.{number.ElementAtOrDefault(1)?.TrimEnd('0')}";
            case SourceKind.Alphanumeric when value.All(char.IsAscii):
                var letters = string.Concat(value.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
                return letters.Length == 0 ? null : $"{letters}.";
            default:
                return null;
        }
    }

    /// <summary>
    /// A source in the key: its values from the smallest to the largest, since some report a lottery as it was drawn and others in order, and
    /// a slash. Null where one of them is no value of that kind.
    /// </summary>
    public static string? Write(SourceKind kind, IEnumerable<string> values)
    {
        string?[] written = [.. values.Select(v => Write(kind, v))];
        // Without leading zeros the longer number is the larger. Kinds with fractions or letters have one value.
        return written.Contains(null) ? null : string.Concat(written.OrderBy(v => v!.Length).ThenBy(v => v, StringComparer.Ordinal)) + "/";
    }

    static string WithoutZeros(string digits) => digits.TrimStart('0') is { Length: > 0 } significant ? significant : "0";

    static bool AreDigits(string value) => value.Length > 0 && value.All(char.IsAsciiDigit);
}
