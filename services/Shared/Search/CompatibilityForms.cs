using System.Text;

namespace PolicyPlatform.Shared.Search;

/// <summary>
/// The forms that Unicode keeps for compatibility as the characters that they stand for (NFKC, UAX 15), as far as people write them in Chinese:
/// full-width and half-width forms, numbers in circles, brackets and with a dot, Roman numerals, letters and characters in circles and brackets,
/// units in one square, superior and inferior digits, ligatures. Written out, because <see cref="string.Normalize()"/> leaves a text as it is
/// where the platform runs without ICU. Radicals and compatibility ideographs are <see cref="ServiceDefaults.Characters"/>'s.
/// </summary>
public static class CompatibilityForms
{
    static readonly string?[] forms = Forms();

    /// <summary>A text with the characters that its forms stand for.</summary>
    public static string Fold(string text)
    {
        var at = 0;
        while (at < text.Length && forms[text[at]] is null)
            at++;
        if (at == text.Length)
            return text;
        var folded = new StringBuilder(text.Length + 16).Append(text, 0, at);
        for (; at < text.Length; at++)
            if (forms[text[at]] is { } form)
                folded.Append(form);
            else
                folded.Append(text[at]);
        return folded.ToString();
    }

    static string?[] Forms()
    {
        var made = new string?[char.MaxValue + 1];
        for (var c = '！'; c <= '～'; c++)
            made[c] = ((char)(c - '！' + '!')).ToString();
        Put('\u3000', " ");
        Put('\u00A0', " ");
        foreach (
            var (first, count, form) in new (char, int, Func<int, string>)[]
            {
                ('①', 20, n => $"{n}"),
                ('⑴', 20, n => $"({n})"),
                ('⒈', 20, n => $"{n}."),
                ('⒜', 26, n => $"({(char)('a' + n - 1)})"),
                ('Ⓐ', 26, n => $"{(char)('A' + n - 1)}"),
                ('ⓐ', 26, n => $"{(char)('a' + n - 1)}"),
                ('㉑', 15, n => $"{n + 20}"),
                ('㊱', 15, n => $"{n + 35}"),
                ('㏠', 31, n => $"{n}日"),
                ('㋀', 12, n => $"{n}月"),
                ('㍘', 25, n => $"{n - 1}点"),
            }
        )
            for (var n = 0; n < count; n++)
                made[first + n] = form(n + 1);
        Row('Ⅰ', "I II III IV V VI VII VIII IX X XI XII L C D M i ii iii iv v vi vii viii ix x xi xii l c d m");
        Row('㈠', "(一) (二) (三) (四) (五) (六) (七) (八) (九) (十) (月) (火) (水) (木) (金) (土) (日) (株) (有) (社) (名) (特) (財)");
        Row(
            '㊀',
            "一 二 三 四 五 六 七 八 九 十 月 火 水 木 金 土 日 株 有 社 名 特 財 祝 労 秘 男 女 適 優 印 注 項 休 写 正 上 中 下 左 右 医 宗 学 監 企 資 協 夜"
        );
        Row('㍱', "hPa da AU bar oV pc dm dm2 dm3 IU 平成 昭和 大正 明治 株式会社");
        Row(
            '㎀',
            "pA nA μA mA kA KB MB GB cal kcal pF nF μF μg mg kg Hz kHz MHz GHz THz μl ml dl kl fm nm μm mm cm km mm2 cm2 m2 km2 mm3 cm3 m3 km3 m/s m/s2 Pa kPa MPa GPa rad rad/s rad/s2 ps ns μs ms pV nV μV mV kV MV pW nW μW mW kW MW kΩ MΩ a.m. Bq cc cd C/kg Co. dB Gy ha HP in KK KM kt lm ln log lx mb mil mol PH p.m. PPM PR sr Sv Wb"
        );
        Row('⁰', "0 i");
        Row('⁴', "4 5 6 7 8 9 + - = ( ) n 0 1 2 3 4 5 6 7 8 9 + - = ( )");
        Row('ﬀ', "ff fi fl ffi ffl st st");
        Row('⅓', "1/3 2/3 1/5 2/5 3/5 4/5 1/6 5/6 1/8 3/8 5/8 7/8");
        Row('¼', "1/4 1/2 3/4");
        foreach (var pair in (string[])["²2", "³3", "¹1", "ªa", "ºo", "ℓl", "｡。", "､、", "｢「", "｣」", "￥¥", "￠¢", "￡£", "￢¬"])
            Put(pair[0], pair[1..]);
        Put('℃', "°C");
        Put('℉', "°F");
        Put('№', "No");
        Put('™', "TM");
        Put('…', "...");
        return made;

        void Put(char form, string characters) => made[form] = characters;

        void Row(char first, string row)
        {
            foreach (var (n, characters) in row.Split(' ').Index())
                made[first + n] = characters;
        }
    }
}
