using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyPlatform.Documents.Text;

/// <summary>How the number of a document is put together.</summary>
public enum NumberForm
{
    /// <summary>章政办发〔2025〕2号: what nearly all documents have (GB/T 9704-2012, 7.2.5).</summary>
    Bracketed,

    /// <summary>章丘区人民政府令第157号, counted through the years (GB/T 9704-2012, 10.2), and 税务总局公告2023年第37号.</summary>
    Named,
}

/// <summary>
/// 发文字号: 章政办发〔2025〕2号. Written with six-corner brackets, without 第 and without leading zeros (GB/T 9704-2012, 7.2.5); orders and
/// announcements as 某某令第157号 and 某某公告2023年第37号.
/// </summary>
/// <param name="IssuerCode">机关代字: 章政办发; of an order or an announcement the body with 令 or 公告.</param>
/// <param name="Year">The year in full; null for one that is counted through the years.</param>
/// <param name="Serial">The serial number, from 1.</param>
/// <param name="Form">How it is put together.</param>
public sealed partial record DocumentNumber(string IssuerCode, int? Year, int Serial, NumberForm Form = NumberForm.Bracketed)
{
    internal const string Example =
        "A document number reads 章政办发〔2025〕2号 (issuer code, year in brackets, serial, 号), 章丘区人民政府令第157号 or 税务总局公告2023年第37号 (GB/T 9704-2012).";

    // What an order or an announcement calls itself.
    const string Kinds = "命令|令|公告|通告|公报|决定";

    /// <summary>
    /// Reads a number as people type it: any bracket, full-width digits, spaces, 第 and leading zeros are accepted, 第157号令 is 令第157号.
    /// </summary>
    public static bool TryParse(string? typed, [NotNullWhen(true)] out DocumentNumber? number)
    {
        number = null;
        if (typed is null || typed.Length > 60)
            return false;
        var folded = CanonicalText.Fold(typed);
        var match = Bracketed().Match(folded);
        var form = match.Success ? NumberForm.Bracketed : NumberForm.Named;
        if (!match.Success)
            match = Named().Match(folded);
        if (!match.Success)
            return false;
        int? year = match.Groups["year"] is { Success: true } y ? int.Parse(y.ValueSpan, CultureInfo.InvariantCulture) : null;
        var serial = int.TryParse(match.Groups["serial"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
            ? digits
            : ChineseNumerals.Read(match.Groups["serial"].ValueSpan) ?? 0;
        if (year is < 1900 or > 2999 || serial == 0)
            return false;
        // 住建（规）发: in print the brackets within a code are full-width.
        number = new((match.Groups["issuer"].Value + match.Groups["kind"].Value).Replace('(', '（').Replace(')', '）'), year, serial, form);
        return true;
    }

    /// <summary>
    /// The number with the body whose order or announcement it is, where it names none: other bodies have a 令第157号 as well.
    /// </summary>
    public DocumentNumber Of(string body) => NamesNobody ? this with { IssuerCode = body + IssuerCode } : this;

    /// <summary>Whether it says 令第157号, and not whose.</summary>
    internal bool NamesNobody => Form is NumberForm.Named && Kinds.Split('|').Contains(IssuerCode);

    /// <summary>The number as it is printed: 章政办发〔2025〕2号.</summary>
    public override string ToString() =>
        IssuerCode
        + (
            Form is NumberForm.Bracketed ? $"〔{Year}〕"
            : Year is null ? "第"
            : $"{Year}年第"
        )
        + $"{Serial}号";

    /// <summary>What a printed number ends with, whatever stands before its issuer's code: 〔2025〕2号, 第157号.</summary>
    internal static string Tail(string printed) =>
        printed[Math.Max(printed.IndexOf('〔', StringComparison.Ordinal), printed.LastIndexOf('第'))..];

    // Folding has made （） into () and ［］ into [].
    [GeneratedRegex(
        @"^(?<issuer>(?:\p{Lo}|\(\p{Lo}{1,4}\)){1,20})[〔\[【(〈《<﹝](?<year>[0-9]{4})年?[〕\]】)〉》>﹞]第?(?<serial>[0-9]{1,6})号$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Bracketed();

    [GeneratedRegex(
        "^(?<issuer>(?:\\p{Lo}|\\(\\p{Lo}{1,4}\\)){0,40}?)(?:(?<kind>"
            + Kinds
            + ")(?:(?<year>[0-9]{4})年)?第(?<serial>[0-9]{1,6}|[零〇一二三四五六七八九十百千]{1,7})号|(?:(?<year>[0-9]{4})年)?第(?<serial>[0-9]{1,6}|[零〇一二三四五六七八九十百千]{1,7})号(?<kind>"
            + Kinds
            + "))$"
    )]
    private static partial Regex Named();
}
