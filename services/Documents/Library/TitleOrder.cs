using System.Text;

namespace PolicyPlatform.Documents.Library;

/// <summary>
/// The order in which people look for titles: by pinyin, numbers by what they mean, 2 before 10. GB 2312 lists its 3,755 common characters
/// by pinyin; rarer ones follow them, by radical.
/// </summary>
static class TitleOrder
{
    const int FirstOfGb2312 = 0xA1;

    const ushort RarerCharacter = 0xFA00;

    static readonly ushort[] Places = Make();

    /// <summary>Which of two titles comes first.</summary>
    public static int Compare(string one, string other)
    {
        int i = 0,
            j = 0;
        while (i < one.Length && j < other.Length)
        {
            if (char.IsAsciiDigit(one[i]) && char.IsAsciiDigit(other[j]))
            {
                var a = Number(one, ref i);
                var b = Number(other, ref j);
                var order = a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
                if (order != 0)
                    return order;
                continue;
            }
            var difference = Places[one[i++]].CompareTo(Places[other[j++]]);
            if (difference != 0)
                return difference;
        }
        return (one.Length - i).CompareTo(other.Length - j) is var longer and not 0 ? longer : string.CompareOrdinal(one, other);
    }

    static ReadOnlySpan<char> Number(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }

    static ushort[] Make()
    {
        var places = new ushort[char.MaxValue + 1];
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        var bytes = new byte[4];
        var character = new char[1];
        for (var c = 0; c <= char.MaxValue; c++)
        {
            character[0] = (char)c;
            var length = char.IsSurrogate((char)c) ? 0 : encoding.GetBytes(character, bytes);
            // What no double byte stands for keeps its place among its own, behind the others.
            places[c] = length switch
            {
                1 => (ushort)char.ToLowerInvariant((char)c),
                2 when bytes[0] >= FirstOfGb2312 && bytes[1] >= FirstOfGb2312 => (ushort)(bytes[0] << 8 | bytes[1]),
                2 => RarerCharacter,
                _ => ushort.MaxValue,
            };
        }
        return places;
    }
}
