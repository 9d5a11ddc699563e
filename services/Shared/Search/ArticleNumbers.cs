using System.Text.RegularExpressions;

namespace PolicyPlatform.Shared.Search;

/// <summary>第2条 and 第二条 are the same place: whoever asks for one of them is shown the other as well.</summary>
static partial class ArticleNumbers
{
    const int Most = 999;

    static readonly Dictionary<string, int> Numbers = Enumerable.Range(1, Most).ToDictionary(Chinese);

    /// <summary>The folded words with every place counted the other way; the same words where there is none.</summary>
    public static string Otherwise(string words) =>
        Place()
            .Replace(
                words,
                place =>
                {
                    var number = place.Groups["number"].Value;
                    var other =
                        Numbers.TryGetValue(number, out var meant) ? meant.ToString(System.Globalization.CultureInfo.InvariantCulture)
                        : int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out var arabic)
                        && arabic is > 0 and <= Most
                            ? Chinese(arabic)
                        : number;
                    return $"第{other}{place.Groups["what"].Value}";
                }
            );

    static string Chinese(int number)
    {
        const string Digits = "零一二三四五六七八九";
        var (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
        var written = hundreds > 0 ? $"{Digits[hundreds]}百" : "";
        if (tens > 0)
            written += tens == 1 && hundreds == 0 ? "十" : $"{Digits[tens]}十";
        else if (hundreds > 0 && ones > 0)
            written += "零";
        return ones > 0 ? written + Digits[ones] : written;
    }

    [GeneratedRegex("第(?<number>[0-9]{1,3}|[一二三四五六七八九十百零]{1,6})(?<what>[编章节条款项目])", RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
