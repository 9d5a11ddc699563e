namespace PolicyPlatform.Documents.Text;

/// <summary>The signs of the fonts Symbol and Wingdings, which stand in Word files under codes of their own.</summary>
static class Symbols
{
    /// <summary>〓 stands for a sign that is not known, as printers do.</summary>
    public const char Unknown = '〓';

    const char FirstPrivate = '\uF000',
        LastPrivate = '\uF0FF';

    static readonly Dictionary<int, char> Symbol = new()
    {
        [0x22] = '∀',
        [0x24] = '∃',
        [0x27] = '∋',
        [0x40] = '≅',
        [0x5C] = '∴',
        [0x5E] = '⊥',
        [0xA1] = 'ϒ',
        [0xA2] = '′',
        [0xA3] = '≤',
        [0xA4] = '⁄',
        [0xA5] = '∞',
        [0xA6] = 'ƒ',
        [0xAB] = '↔',
        [0xAC] = '←',
        [0xAD] = '↑',
        [0xAE] = '→',
        [0xAF] = '↓',
        [0xB0] = '°',
        [0xB1] = '±',
        [0xB2] = '″',
        [0xB3] = '≥',
        [0xB4] = '×',
        [0xB5] = '∝',
        [0xB6] = '∂',
        [0xB7] = '•',
        [0xB8] = '÷',
        [0xB9] = '≠',
        [0xBA] = '≡',
        [0xBB] = '≈',
        [0xBC] = '…',
        [0xC7] = '∩',
        [0xC8] = '∪',
        [0xCC] = '⊂',
        [0xCD] = '⊆',
        [0xCE] = '∈',
        [0xCF] = '∉',
        [0xD0] = '∠',
        [0xD5] = '∏',
        [0xD6] = '√',
        [0xD7] = '⋅',
        [0xD8] = '¬',
        [0xD9] = '∧',
        [0xDA] = '∨',
        [0xDB] = '⇔',
        [0xDC] = '⇐',
        [0xDD] = '⇑',
        [0xDE] = '⇒',
        [0xDF] = '⇓',
        [0xE5] = '∑',
        [0xF2] = '∫',
    };

    // The Greek letters of the font stand at the places of Latin ones.
    const string Greek = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ",
        SmallGreek = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";

    static readonly Dictionary<int, char> Wingdings = new()
    {
        [0x28] = '☎',
        [0x2A] = '✉',
        [0x46] = '☞',
        [0x6C] = '●',
        [0x6D] = '❍',
        [0x6E] = '■',
        [0x6F] = '□',
        [0x70] = '◻',
        [0x71] = '❑',
        [0x72] = '❒',
        [0x73] = '⬧',
        [0x74] = '⧫',
        [0x75] = '◆',
        [0x76] = '❖',
        [0x77] = '⬥',
        [0x9E] = '·',
        [0x9F] = '•',
        [0xA1] = '○',
        [0xA7] = '▪',
        [0xA8] = '☐',
        [0xAB] = '★',
        [0xB2] = '☆',
        [0xD8] = '➢',
        [0xDC] = '➲',
        [0xDF] = '←',
        [0xE0] = '→',
        [0xE1] = '↑',
        [0xE2] = '↓',
        [0xE8] = '➔',
        [0xEF] = '⇦',
        [0xF0] = '⇨',
        [0xFB] = '✗',
        [0xFC] = '✓',
        [0xFD] = '☒',
        [0xFE] = '☑',
    };

    static readonly Dictionary<int, char> Wingdings2 = new()
    {
        [0x4F] = '✗',
        [0x50] = '✓',
        [0x51] = '☒',
        [0x52] = '☑',
        [0x53] = '☒',
        [0x54] = '☒',
        [0x97] = '●',
        [0x98] = '●',
        [0x9E] = '○',
        [0xA2] = '■',
        [0xA3] = '□',
    };

    /// <summary>A sign of a font; null where it is not known.</summary>
    public static char? Read(char code, string? font)
    {
        var isPrivate = code is >= FirstPrivate and <= LastPrivate;
        var place = isPrivate ? code - FirstPrivate : code;
        var named = font ?? "";
        if (named.Equals("Wingdings 2", StringComparison.OrdinalIgnoreCase))
            return Wingdings2.TryGetValue(place, out var sign) ? sign : null;
        if (named.StartsWith("Wingdings", StringComparison.OrdinalIgnoreCase))
            return Wingdings.TryGetValue(place, out var sign) ? sign : null;
        if (named.Equals("Symbol", StringComparison.OrdinalIgnoreCase))
            return Symbol.TryGetValue(place, out var sign) ? sign
                : place is >= 'A' and <= 'Z' ? Greek[place - 'A']
                : place is >= 'a' and <= 'z' ? SmallGreek[place - 'a']
                : place is >= ' ' and < 0x7F ? (char)place
                : null;
        return char.IsSurrogate(code) || char.IsControl(code) || char.IsBetween(code, '\uE000', '\uF8FF') ? null : code;
    }

    /// <summary>The words of a run in one of these fonts, in which Latin letters show as signs too; others stay as they are.</summary>
    public static string Read(string words, string? font) =>
        font is not null
        && (font.StartsWith("Wingdings", StringComparison.OrdinalIgnoreCase) || font.Equals("Symbol", StringComparison.OrdinalIgnoreCase))
            ? string.Concat(
                words.Select(c => c is >= FirstPrivate and <= LastPrivate or > ' ' and < '\u007F' ? Read(c, font) ?? Unknown : c)
            )
            : words;
}
