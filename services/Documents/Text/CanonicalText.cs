using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PolicyPlatform.ServiceDefaults.Search;

namespace PolicyPlatform.Documents.Text;

/// <summary>
/// The form in which a text is kept, compared and hashed. The rule: line ends become \n; white space at the ends of a line goes, also full-width
/// and no-break spaces; runs of white space within a line become one space; empty lines go; a byte order mark, zero-width and other
/// control characters and the bookmark residues of Word (<c>[bookmark: _GoBack]</c>) go. Everything else stays as it is written.
/// </summary>
public static partial class CanonicalText
{
    /// <summary>The longest text accepted, in characters. The civil code has some 110,000.</summary>
    public const int LongestCharacters = 1_000_000;

    /// <summary>The lines of a text in canonical form.</summary>
    public static IReadOnlyList<string> Lines(string text)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var raw in LineEnds().Split(Bookmarks().Replace(text, "")))
        {
            line.Clear();
            foreach (var c in raw)
            {
                if (char.IsWhiteSpace(c))
                {
                    if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
                }
                else if (!char.IsControl(c) && c is not ('\uFEFF' or '\u200B' or '\u200C' or '\u200D' or '\u2060')) line.Append(c);
            }
            if (line.Length > 0 && line[^1] == ' ') line.Length--;
            if (line.Length > 0) lines.Add(line.ToString());
        }
        return lines;
    }

    /// <summary>The text made from the blocks: what was put in, in canonical form.</summary>
    public static string Of(IEnumerable<Block> blocks) => string.Join('\n', blocks.Select(b => b.Text));

    /// <summary>A text as two printings of it agree.</summary>
    public static string Fold(string text) => Typography.Fold(text);

    /// <summary>SHA-256 of the canonical text in UTF-8, as lower-case hexadecimal.</summary>
    public static string Hash(string canonical) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    /// <summary>The hash that binds a revision to all before it: rewriting any of them changes every later one.</summary>
    public static string Chain(string? previous, int revision, string textHash) => Hash($"{previous}\n{revision}\n{textHash}");

    [GeneratedRegex(@"\[bookmark:\s*[^\]\n]{0,60}\]")]
    private static partial Regex Bookmarks();

    [GeneratedRegex(@"\r\n|[\n\r\u000B\u000C\u0085\u2028\u2029]")]
    private static partial Regex LineEnds();
}
