using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>A place in a text that names another document.</summary>
/// <param name="BlockId">The block.</param>
/// <param name="Start">Where it stands in the block, in UTF-16 code units from 0.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Words">What is written there.</param>
/// <param name="Title">The title within 《》; null when only a number is named.</param>
/// <param name="Number">发文字号 as it is printed; null when only a title is named. For a number in running text, what stands before the bracket may be longer than the issuer's code.</param>
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
            if (match.Index < covered) continue;
            covered = match.Index + match.Length;
            var title = match.Groups["title"] is { Success: true } t ? t.Value.Replace('〈', '《').Replace('〉', '》').Replace('<', '《').Replace('>', '》').Replace('＜', '《').Replace('＞', '》').Replace("\n", "", StringComparison.Ordinal) : null;
            string? number = null;
            if (match.Groups["year"] is { Success: true } year)
                number = string.Create(CultureInfo.InvariantCulture, $"{match.Groups["issuer"].Value.Replace('(', '（').Replace(')', '）')}〔{CanonicalText.Fold(year.Value)}〕{int.Parse(CanonicalText.Fold(match.Groups["serial"].Value), CultureInfo.InvariantCulture)}号");
            yield return new(block.Id, match.Index, match.Length, match.Value, title, number);
        }
    }

    const string Number = @"(?<issuer>(?:\p{Lo}|[（(]\p{Lo}{1,4}[）)]){1,16}) ?[〔\[［【(（﹝〈＜<](?<year>(?:19|20|１９|２０)[0-9０-９]{2})年?[〕\]］】)）﹞〉＞>] ?第?(?<serial>[0-9０-９]{1,5}) ?号";

    [GeneratedRegex("《(?<title>[^《》]{2,80}(?:《[^《》]{2,80}》[^《》]{0,40})?)》(?:[（(]" + Number + "[）)])?|(?:<<|＜＜|«|〈)(?<title>[^<>＜＞«»〈〉《》]{4,80})(?:>>|＞＞|»|〉)(?:[（(]" + Number + "[）)])?|" + Number)]
    private static partial Regex Cited();
}
