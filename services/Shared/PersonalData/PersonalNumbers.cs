using System.Text.RegularExpressions;

namespace PolicyPlatform.Shared.PersonalData;

/// <summary>What identifies a caller does not belong into a question and never reaches the body that is asked (H 32).</summary>
public static partial class PersonalNumbers
{
    /// <summary>The text with numbers of telephones and identity cards left out.</summary>
    public static string Hide(string text) => Numbers().Replace(text, "〔已隐去〕");

    [GeneratedRegex(@"(?<![0-9])(1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx]|0[0-9]{2,3}-[0-9]{7,8})(?![0-9])")]
    private static partial Regex Numbers();
}
