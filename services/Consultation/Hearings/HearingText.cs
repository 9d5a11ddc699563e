using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolicyPlatform.ServiceDefaults.PersonalData;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>The words of a record (笔录) or of a report. A record tells who said what: it is sealed, and no event has it.</summary>
/// <param name="Id">The hearing and which text of it.</param>
/// <param name="Text">The words.</param>
public sealed record HearingText(string Id, Sealed<string> Text)
{
    /// <summary>The id of a record.</summary>
    public static string OfRecord(Guid hearing, int record) => string.Create(CultureInfo.InvariantCulture, $"{hearing:N}/record/{record}");

    /// <summary>The id of the report.</summary>
    public static string OfReport(Guid hearing) => $"{hearing:N}/report";

    /// <summary>The hash of words, lower-case hexadecimal.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
