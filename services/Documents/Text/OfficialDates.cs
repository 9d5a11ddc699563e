using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>Dates as official documents write them: 2025年10月9日 with spaces and full-width digits, 二〇二五年十月九日.</summary>
public static partial class OfficialDates
{
    /// <summary>The date that a line is; null where it is none.</summary>
    public static DateOnly? Read(string line) =>
        line.Length <= 40 && Whole().Match(CanonicalText.Fold(line)) is { Success: true } match ? Of(match) : null;

    /// <summary>The dates in a text, each with where it stands in the folded text.</summary>
    internal static IEnumerable<(DateOnly Date, int Start, int Length)> In(string folded)
    {
        foreach (Match match in Anywhere().Matches(folded))
            if (Of(match) is { } date)
                yield return (date, match.Index, match.Length);
    }

    static DateOnly? Of(Match match)
    {
        var (year, month, day) = (
            Year(match.Groups["year"].Value),
            ChineseNumerals.Read(match.Groups["month"].ValueSpan),
            ChineseNumerals.Read(match.Groups["day"].ValueSpan)
        );
        return year is >= 1900 and < 3000 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year.Value, month.Value)
            ? new(year.Value, month.Value, day.Value)
            : null;
    }

    static int? Year(string written)
    {
        var year = 0;
        foreach (var c in written)
        {
            var digit = char.IsAsciiDigit(c)
                ? c - '0'
                : "〇一二三四五六七八九".IndexOf(c is '○' or '零' or 'O' or 'o' or 'Ο' or '〇' ? '〇' : c);
            if (digit < 0)
                return null;
            year = year * 10 + digit;
        }
        return year;
    }

    const string Date =
        "(?<year>[0-9]{4}|[一二][〇○零OoΟ0一二三四五六七八九]{3})年(?<month>[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3})日";

    [GeneratedRegex("^" + Date + "$", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(Date, RegexOptions.NonBacktracking)]
    private static partial Regex Anywhere();
}
