using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents;

/// <summary>发文字号: 章政办发〔2025〕2号. Written with six-corner brackets, without 第 and without leading zeros (GB/T 9704-2012, 7.2.5).</summary>
/// <param name="IssuerCode">机关代字: 章政办发.</param>
/// <param name="Year">The year in full.</param>
/// <param name="Serial">The serial number within the year, from 1.</param>
public sealed partial record DocumentNumber(string IssuerCode, int Year, int Serial)
{
    /// <summary>Reads a number as people type it: any bracket, full-width digits, spaces, 第 and leading zeros are accepted.</summary>
    public static bool TryParse(string? typed, [NotNullWhen(true)] out DocumentNumber? number)
    {
        number = null;
        if (typed is null || typed.Length > 60) return false;
        var match = Typed().Match(CanonicalText.Fold(typed));
        if (!match.Success) return false;
        var year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
        var serial = int.Parse(match.Groups["serial"].ValueSpan, CultureInfo.InvariantCulture);
        if (year is < 1900 or > 2999 || serial == 0) return false;
        // 住建（规）发: in print the brackets within a code are full-width.
        number = new(match.Groups["issuer"].Value.Replace('(', '（').Replace(')', '）'), year, serial);
        return true;
    }

    /// <summary>The number as it is printed: 章政办发〔2025〕2号.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{IssuerCode}〔{Year}〕{Serial}号");

    // Folding has made （） into () and ［］ into [].
    [GeneratedRegex(@"^(?<issuer>(?:\p{Lo}|\(\p{Lo}{1,4}\)){1,20})[〔\[【(〈《<﹝](?<year>[0-9]{4})年?[〕\]】)〉》>﹞]第?(?<serial>[0-9]{1,6})号$")]
    private static partial Regex Typed();
}
