using PolicyPlatform.ServiceDefaults.PersonalData;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Who applied for a hearing: kept in a sealed row that can be erased, never in an event, a message or a log.</summary>
/// <param name="Id">The application.</param>
/// <param name="Fingerprint">Tells the contact from others of the same hearing without saying it; null once the application is withdrawn.</param>
/// <param name="Data">Who it is.</param>
public sealed record HearingApplicant(Guid Id, string? Fingerprint, Sealed<ApplicantData> Data);

/// <summary>What somebody said about themselves.</summary>
/// <param name="Name">The name.</param>
/// <param name="Contact">A telephone number or an e-mail address.</param>
/// <param name="Region">Where they live or work; null where it was not said.</param>
/// <param name="Reason">Why they want to take part.</param>
/// <param name="ShowsSurname">Whether the list of participants may show the surname.</param>
/// <param name="Objection">The words of an objection to the record; null for none.</param>
public sealed record ApplicantData(string Name, string Contact, string? Region, string Reason, bool ShowsSurname, string? Objection = null)
{
    const int FewestDigits = 7,
        MostDigits = 20;

    static readonly string[] TwoCharacters =
    [
        .. "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 司徒 司空 令狐 东方 端木 百里 呼延 南宫 轩辕 宇文 长孙 独孤 西门 公冶 澹台 闻人 鲜于 申屠 太史 钟离 完颜 纳兰 赫连 淳于 濮阳 万俟 拓跋".Split(
            ' '
        ),
    ];

    /// <summary>The surname where it may be shown and can be told; null otherwise.</summary>
    public string? Surname =>
        !ShowsSurname || Name.Length == 0 || Name.Any(c => c is < '\u4E00' or > '\u9FFF') ? null
        : Name.Length > 2 && TwoCharacters.Contains(Name[..2]) ? Name[..2]
        : Name[..1];

    /// <summary>
    /// A contact as everybody writes it alike, so that one person applies once: an e-mail address in small letters, of a telephone number the
    /// digits alone, without 86. Null for what is neither.
    /// </summary>
    public static string? Normal(string contact)
    {
        var plain = string.Concat(contact.Trim().Select(Narrow)).ToLowerInvariant();
        if (plain.Contains('@', StringComparison.Ordinal))
            return
                plain.Split('@') is [{ Length: > 0 }, { Length: > 2 } domain]
                && domain.Contains('.', StringComparison.Ordinal)
                && !plain.Any(char.IsWhiteSpace)
                ? plain
                : null;
        if (plain.Any(c => !char.IsAsciiDigit(c) && c is not (' ' or '-' or '+' or '(' or ')')))
            return null;
        var digits = string.Concat(plain.Where(char.IsAsciiDigit));
        foreach (var prefix in new[] { "0086", "86" })
            if (digits.StartsWith(prefix, StringComparison.Ordinal) && digits.Length - prefix.Length >= FewestDigits)
            {
                digits = digits[prefix.Length..];
                break;
            }
        return digits.Length is >= FewestDigits and <= MostDigits ? digits : null;
    }

    // Full-width characters are the same ones.
    static char Narrow(char c) =>
        c switch
        {
            >= '！' and <= '～' => (char)(c - '！' + '!'),
            '　' or '\u00A0' => ' ',
            '–' or '—' or '‐' => '-',
            _ => c,
        };
}
