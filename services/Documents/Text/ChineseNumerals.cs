namespace PolicyPlatform.Documents.Text;

/// <summary>Chinese numerals as articles are counted with them: 一 to 九千九百九十九.</summary>
public static class ChineseNumerals
{
    const string Digits = "零一二三四五六七八九";
    const string Units = "十百千";

    /// <summary>
    /// The number that a numeral means, or null when it is none. Reads 〇 as 零, 两 as 二, digits in their places (一〇六), and Arabic digits of
    /// both widths.
    /// </summary>
    public static int? Read(ReadOnlySpan<char> numeral)
    {
        if (numeral.IsEmpty || numeral.Length > 9)
            return null;
        if (ReadArabic(numeral) is { } arabic)
            return arabic;
        if (ReadDigits(numeral) is { } digits)
            return digits;
        int total = 0,
            digit = -1,
            lastUnit = int.MaxValue;
        foreach (var raw in numeral)
        {
            var c = raw switch
            {
                '〇' => '零',
                '两' => '二',
                _ => raw,
            };
            if (Units.IndexOf(c) is var unit and >= 0)
            {
                var value = unit switch
                {
                    0 => 10,
                    1 => 100,
                    _ => 1000,
                };
                if (value >= lastUnit || digit == 0)
                    return null;
                // 十二 is twelve, but a bare 百 is no numeral.
                if (digit < 0 && (value != 10 || total != 0))
                    return null;
                total += Math.Max(digit, 1) * value;
                lastUnit = value;
                digit = -1;
            }
            else if (Digits.IndexOf(c) is var next and >= 0)
            {
                if (digit > 0)
                    return null;
                digit = next;
            }
            else
                return null;
        }
        return digit switch
        {
            < 0 => total,
            0 => null,
            _ => total + digit,
        };
    }

    /// <summary>Writes a number from 1 to 9,999 as laws do: 12 is 十二, 110 is 一百一十, 1005 is 一千零五.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside 1 to 9,999.</exception>
    public static string Write(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 9999);
        var text = "";
        var zero = false;
        for (var (place, unit) = (3, 1000); place >= 0; place--, unit /= 10)
        {
            var digit = number / unit % 10;
            if (digit == 0)
            {
                zero |= text.Length > 0;
                continue;
            }
            if (zero)
                text += '零';
            zero = false;
            if (!(digit == 1 && place == 1 && text.Length == 0))
                text += Digits[digit];
            if (place > 0)
                text += Units[place - 1];
        }
        return text;
    }

    /// <summary>一〇六: digits in their places. Without a zero among them they may as well be two numbers, 三四级.</summary>
    static int? ReadDigits(ReadOnlySpan<char> numeral) =>
        numeral.Length > 4 || numeral.IndexOfAny('〇', '零') <= 0 ? null : ReadInPlaces(numeral);

    /// <summary>一一 and 一〇六, digit by digit.</summary>
    internal static int? ReadInPlaces(ReadOnlySpan<char> numeral)
    {
        var number = 0;
        foreach (var c in numeral)
        {
            var digit = Digits.IndexOf(c is '〇' ? '零' : c);
            if (digit < 0)
                return null;
            number = number * 10 + digit;
        }
        return number;
    }

    static int? ReadArabic(ReadOnlySpan<char> numeral)
    {
        var number = 0;
        foreach (var c in numeral)
        {
            var digit =
                c is >= '０' and <= '９' ? c - '０'
                : c is >= '0' and <= '9' ? c - '0'
                : -1;
            if (digit < 0 || number > 9999)
                return null;
            number = number * 10 + digit;
        }
        return number;
    }
}
