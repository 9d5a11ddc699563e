using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// The form in which a text is kept, compared and hashed. The rule: line ends become \n; white space at the ends of a line goes, also
/// full-width
/// and no-break spaces; runs of white space within a line become one space; empty lines go; what <see cref="Characters"/> cleans goes, and
/// the bookmark residues of
/// Word (<c>[bookmark: _GoBack]</c>). Of a table each row is a line, its cells divided by tabs, empty ones too. Everything else stays as it
/// is written.
/// </summary>
public static partial class CanonicalText
{
    /// <summary>The longest text accepted, in characters. The civil code has some 110,000.</summary>
    public const int LongestCharacters = 1_000_000;

    static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\u000B\u000C\u0085\u2028\u2029");

    /// <summary>
    /// Which rule a text was brought into this form by. 1 knew no tables and kept soft hyphens, direction marks and Kangxi radicals;
    /// recorded texts keep the form, and the hash, that
    /// they were recorded in.
    /// </summary>
    public const int Form = 2;

    /// <summary>The lines of a text in canonical form: without empty ones.</summary>
    public static IReadOnlyList<string> Lines(string text) => [.. RawLines(text).Select(Line).Where(line => line.Length > 0)];

    /// <summary>The lines of a text as they were given, empty ones too.</summary>
    internal static IEnumerable<string> RawLines(string text)
    {
        if (text.Contains("[bookmark:", StringComparison.Ordinal))
            text = Bookmarks().Replace(text, "");
        for (var start = 0; start <= text.Length; )
        {
            var length = text.AsSpan(start).IndexOfAny(LineEnds);
            if (length < 0)
                length = text.Length - start;
            yield return text.Substring(start, length);
            start += length + 1;
            if (start < text.Length && text[start - 1] is '\r' && text[start] is '\n')
                start++;
        }
    }

    /// <summary>One line in canonical form.</summary>
    internal static string Line(string raw)
    {
        var clean = Characters.CleanText(raw);
        // Most lines are in canonical form as they are.
        var at = 0;
        while (
            at < clean.Length
            && (!char.IsWhiteSpace(clean[at]) || clean[at] is ' ' && at > 0 && at + 1 < clean.Length && !char.IsWhiteSpace(clean[at + 1]))
        )
            at++;
        if (at == clean.Length)
            return clean;
        var line = new StringBuilder(clean.Length).Append(clean, 0, at);
        for (; at < clean.Length; at++)
        {
            if (!char.IsWhiteSpace(clean[at]))
                line.Append(clean[at]);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }
        if (line.Length > 0 && line[^1] == ' ')
            line.Length--;
        return line.ToString();
    }

    /// <summary>The text made from the blocks: what was put in, in canonical form.</summary>
    public static string Of(IEnumerable<Block> blocks) => string.Join('\n', blocks.Select(b => b.Text));

    /// <summary>A text without white space and full-width signs.</summary>
    public static string Fold(string text) => Typography.Fold(text);

    /// <summary>SHA-256 of the canonical text in UTF-8, as lower-case hexadecimal.</summary>
    public static string Hash(string canonical) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    /// <summary>The hash that binds a revision to all before it: rewriting any of them changes every later one.</summary>
    public static string Chain(string? previous, int revision, string textHash, string? filesHash = null) =>
        WithFiles(Hash($"{previous}\n{revision}\n{textHash}"), filesHash);

    /// <summary>The same over the files that were sent with a text too, where there are any.</summary>
    public static string WithFiles(string chain, string? filesHash) => filesHash is null ? chain : Hash($"{chain}\n{filesHash}");

    [GeneratedRegex(@"\[bookmark:\s*[^\]\n]{0,60}\]", RegexOptions.NonBacktracking)]
    private static partial Regex Bookmarks();
}
