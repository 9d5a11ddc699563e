using System.Text;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>The forms in which document numbers are typed, as one.</summary>
static class NumberForms
{
    /// <summary>A folded number, or a part of one, with the brackets of 发文字号; leading zeros and 第 go where it is a whole one.</summary>
    public static string Of(string folded)
    {
        if (DocumentNumber.TryParse(folded, out var number))
            folded = number.ToString();
        var same = new StringBuilder(folded.Length);
        foreach (var c in folded)
            same.Append(
                c switch
                {
                    '[' or '【' or '(' or '（' or '〈' or '《' => '〔',
                    ']' or '】' or ')' or '）' or '〉' or '》' => '〕',
                    _ => c,
                }
            );
        return same.ToString();
    }
}
