using System.Text;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Shared.Search;

/// <summary>
/// What somebody typed into a search box: words that must all be found, <c>"a phrase"</c>, <c>-not</c>, and <c>one or other</c>; commas
/// divide words as spaces do. Chinese quotation marks and full-width signs do as well. A word is found wherever it stands as it is written;
/// spaces, full-width forms, capitals, traditional characters and the way in which articles are counted make no difference.
/// </summary>
/// <param name="All">Each of these must be found; of the alternatives of one, any.</param>
/// <param name="None">None of these may be found.</param>
/// <param name="Phrases">Those of them that are found only as they are written: they were put in quotation marks.</param>
/// <param name="Count">How many words were typed.</param>
public sealed record SearchQuery(
    IReadOnlyList<IReadOnlyList<string>> All,
    IReadOnlyList<string> None,
    IReadOnlySet<string> Phrases,
    int Count
)
{
    /// <summary>At most so many words.</summary>
    public const int MostTerms = 20;

    /// <summary>At most so many characters.</summary>
    public const int LongestQuery = 200;

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => All.Count == 0 && None.Count == 0;

    /// <summary>The words that may be found.</summary>
    public IEnumerable<string> Terms => All.SelectMany(alternatives => alternatives);

    /// <summary>Reads what was typed. Anything can be read: an open quotation mark lasts to the end, a lone OR is nothing.</summary>
    public static SearchQuery Parse(string? typed)
    {
        var all = new List<List<string>>();
        var none = new List<string>();
        var phrases = new HashSet<string>();
        var (joins, count) = (false, 0);
        foreach (var (words, quoted, negated) in Tokens(typed ?? ""))
        {
            if (!quoted && (words is "｜" or "|" || words.Equals("or", StringComparison.OrdinalIgnoreCase)))
            {
                joins = all.Count > 0;
                continue;
            }
            if (Fold(words) is not { Length: > 0 } term)
                continue;
            count++;
            string[] written = [.. new[] { term, ArticleNumbers.Otherwise(term) }.Distinct()];
            if (quoted)
                phrases.UnionWith(written);
            if (negated)
                none.AddRange(written);
            else if (joins)
                all[^1].AddRange(written);
            else
                all.Add([.. written]);
            joins = false;
        }
        return new([.. all], none, phrases, count);
    }

    /// <summary>A text as it is searched: without white space and typography, in lower case, with simplified characters.</summary>
    public static string Fold(string text)
    {
        var folded = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var c in text)
            if (Folded[c] is not Gone and var kept)
                folded[length++] = kept;
        return new(folded[..length]);
    }

    /// <summary>Whether a character of a text is one of the folded text as well.</summary>
    public static bool IsKept(char c) => Folded[c] != Gone;

    const char Gone = '\0';

    // Whole libraries are folded: what becomes of each character is looked up.
    static readonly char[] Folded =
    [
        .. Enumerable
            .Range(0, char.MaxValue + 1)
            .Select(c => SimplifiedCharacters.Of(Typography.Fold(((char)c).ToString()).ToLowerInvariant()) is [var folded] ? folded : Gone),
    ];

    /// <summary>Notes what keeps a query from being asked: the same wherever one is asked or kept to be asked later.</summary>
    public static void Check(Invalid invalid, string pointer, string? typed)
    {
        var words = Parse(typed);
        invalid
            .If(typed?.Length > LongestQuery, pointer, "value.tooLong", $"At most {LongestQuery} characters are searched for.")
            .If(words.Count > MostTerms, pointer, "query.tooManyTerms", $"At most {MostTerms} words are searched for at once.");
    }

    static IEnumerable<(string Words, bool Quoted, bool Negated)> Tokens(string typed)
    {
        for (var i = 0; i < typed.Length; )
        {
            if (IsBetween(typed[i]))
            {
                i++;
                continue;
            }
            var negated = typed[i] is '-' or '－' && i + 1 < typed.Length && !IsBetween(typed[i + 1]);
            if (negated)
                i++;
            var words = new StringBuilder();
            var quoted = IsQuote(typed[i]);
            if (quoted)
            {
                for (i++; i < typed.Length && !IsQuote(typed[i]); i++)
                    words.Append(typed[i]);
                i++;
            }
            else
                for (; i < typed.Length && !IsBetween(typed[i]) && !IsQuote(typed[i]); i++)
                    words.Append(typed[i]);
            yield return (words.ToString(), quoted, negated);
        }
    }

    static bool IsBetween(char c) => char.IsWhiteSpace(c) || c is ',' or '，' or '、' or ';' or '；';

    static bool IsQuote(char c) => c is '"' or '“' or '”' or '「' or '」' or '＂';
}
