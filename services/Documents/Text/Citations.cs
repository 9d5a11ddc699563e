using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>A place in a text that names another document.</summary>
/// <param name="BlockId">The block.</param>
/// <param name="Start">Where it stands in the block, in UTF-16 code units from 0.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Words">What is written there.</param>
/// <param name="Title">The title within 《》; null when only a number is named.</param>
/// <param name="Number">发文字号 as it is printed; null when only a title is named. For a number in running text, what stands before the
/// bracket may be longer than the issuer's code.</param>
public sealed record Citation(string BlockId, int Start, int Length, string Words, string? Title, string? Number);

/// <summary>Finds 《titles》 and document numbers in a text.</summary>
public static partial class Citations
{
    /// <summary>All citations, in reading order. The title of the text itself is none.</summary>
    public static IReadOnlyList<Citation> In(IReadOnlyList<Block> blocks) =>
        [.. blocks.Where(b => b.Kind is not (BlockKind.DocumentNumber or BlockKind.Letterhead)).SelectMany(In)];

    static IEnumerable<Citation> In(Block block)
    {
        var covered = 0;
        foreach (Match match in Cited().Matches(block.Text))
        {
            var groups = match.Groups;
            var title = groups["title"] is { Success: true } t
                ? t
                    .Value.Replace('〈', '《')
                    .Replace('〉', '》')
                    .Replace('<', '《')
                    .Replace('>', '》')
                    .Replace('＜', '《')
                    .Replace('＞', '》')
                    .Replace("\n", "", StringComparison.Ordinal)
                : null;
            var (start, issuer) = (match.Index, groups["issuer"].Value);
            if (title is null)
            {
                start = Issuer(block.Text, match.Index, covered, groups["kind"].Success ? LongestBody : LongestCode);
                issuer = block.Text[start..match.Index].TrimEnd(' ');
                if (issuer.Length == 0)
                    continue;
            }
            covered = match.Index + match.Length;
            yield return new(
                block.Id,
                start,
                covered - start,
                block.Text[start..covered],
                title,
                groups["serial"].Success ? Number(issuer, groups) : null
            );
        }
    }

    static string? Number(string issuer, GroupCollection groups)
    {
        int? year = groups["year"] is { Success: true } y ? int.Parse(CanonicalText.Fold(y.Value), CultureInfo.InvariantCulture) : null;
        if (ChineseNumerals.Read(groups["serial"].Value) is not { } serial)
            return null;
        return new DocumentNumber(
            issuer.Replace('(', '（').Replace(')', '）') + groups["kind"].Value,
            year,
            serial,
            groups["kind"].Success ? NumberForm.Named : NumberForm.Bracketed
        ).ToString();
    }

    /// <summary>
    /// Where the issuer's code, or the body whose order it is, may begin at the earliest: nothing in running text tells it from the words
    /// before.
    /// </summary>
    static int Issuer(string text, int end, int from, int longest)
    {
        var at = end > from && text[end - 1] is ' ' ? end - 1 : end;
        for (var left = longest; left > 0 && at > from; left--)
        {
            if (char.GetUnicodeCategory(text[at - 1]) is UnicodeCategory.OtherLetter)
                at--;
            // 住建（规）发
            else if (
                text[at - 1] is '）' or ')'
                && text.AsSpan(from, at - 1 - from).LastIndexOfAny('（', '(') is var open and > 0
                && from + open >= at - 6
                && text.AsSpan(from + open + 1, at - from - open - 2).IndexOfAnyExceptInRange('\u4E00', '\u9FFF') < 0
            )
                at = from + open;
            else
                break;
        }
        return at == end - 1 && text[at] is ' ' ? end : at;
    }

    const int LongestCode = 16,
        LongestBody = 30;

    const string Year = "(?<year>(?:19|20|１９|２０)[0-9０-９]{2}) ?年";

    const string Serial = "第 ?(?<serial>[0-9０-９]{1,5}|[〇零一二三四五六七八九十百千]{1,7}) ?号";

    const string Kind = "(?<kind>命令|令|公告|通告)";

    // What stands behind the issuer: 〔2025〕2号, 令第157号, 公告2023年第37号, 第157号令.
    const string Numbered =
        @"(?:[〔\[［【(（﹝〈＜<](?<year>(?:19|20|１９|２０)[0-9０-９]{2})年?[〕\]］】)）﹞〉＞>] ?第?(?<serial>[0-9０-９]{1,5}) ?号|"
        + Kind
        + "(?:"
        + Year
        + " ?)?"
        + Serial
        + "|(?:"
        + Year
        + " ?)?"
        + Serial
        + Kind
        + ")";

    const string InBrackets = @"(?:[（(](?<issuer>(?:\p{Lo}|[（(]\p{Lo}{1,4}[）)]){1,30}?) ?" + Numbered + "[）)])?";

    [GeneratedRegex(
        Numbered
            + "|《(?<title>[^《》]{2,80}(?:《[^《》]{2,80}》[^《》]{0,40})?)》"
            + InBrackets
            + "|(?:<<|＜＜|«|〈)(?<title>[^<>＜＞«»〈〉《》]{4,80})(?:>>|＞＞|»|〉)"
            + InBrackets
    )]
    private static partial Regex Cited();
}
