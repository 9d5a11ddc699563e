namespace PolicyPlatform.Documents.Text;

/// <summary>How a list counts, from the outermost level to the innermost.</summary>
enum MarkStyle
{
    /// <summary>第一部分.</summary>
    Division,

    /// <summary>第一编.</summary>
    Part,

    /// <summary>第一分编.</summary>
    SubPart,

    /// <summary>第一章; 附则 alone.</summary>
    Chapter,

    /// <summary>第一节.</summary>
    Section,

    /// <summary>第一条.</summary>
    Article,

    /// <summary>甲、.</summary>
    Stem,

    /// <summary>Ⅰ、.</summary>
    Roman,

    /// <summary>一、.</summary>
    Chinese,

    /// <summary>（一）, ㈠.</summary>
    BracketedChinese,

    /// <summary>1., 1、, and 1.1, which counts within 1.</summary>
    Arabic,

    /// <summary>（1）, ⑴.</summary>
    BracketedArabic,

    /// <summary>①.</summary>
    Circled,

    /// <summary>1).</summary>
    HalfBracketed,

    /// <summary>(a), a), A.</summary>
    Latin,
}

/// <summary>How sure it is that a line begins an item, from its own words.</summary>
enum MarkCertainty
{
    /// <summary>It is written as a mark.</summary>
    Clear,

    /// <summary>It may be a mark, where the number goes on: 第二条无空格.</summary>
    Likely,

    /// <summary>It reads like a sentence, 第三条、第四条规定的 or 一、二审案件: a mark only where its number is due, and no other line has it.</summary>
    Doubtful,

    /// <summary>A number and a space, 1 总则: a mark only where 1.1 follows.</summary>
    Bare,
}

/// <summary>The mark at the beginning of a line: 第三条, 一、, （一）, 1.1.</summary>
/// <param name="Style">How its list counts.</param>
/// <param name="Number">The number; of 1.2 the 2.</param>
/// <param name="Length">How long the mark is, in UTF-16 code units.</param>
/// <param name="Certainty">How sure it is one.</param>
/// <param name="Depth">How many numbers it has: 1.2.3 has three.</param>
/// <param name="Outer">What it counts within: of 2.1.3 the 2001, of 1.2 the 1.</param>
readonly record struct ListMark(MarkStyle Style, int Number, int Length, MarkCertainty Certainty, int Depth = 1, int Outer = 0)
{
    const string Numerals = "零〇○一二三四五六七八九十百千两";

    // What a number counts.
    const string Measures = "亿万元倍米级％%个份人户只台年月日时分秒名周天件条项次处页岁吨亩里公平立";

    const int LongestBare = 30;

    // What follows a number where it is only referred to.
    static readonly string[] ReferringWords =
    [
        "规定",
        "所列",
        "所称",
        "所指",
        "中",
        "的",
        "第",
        "之",
        "款",
        "项",
        "目",
        "和",
        "及",
        "与",
        "至",
        "或",
        "、",
        "，",
        "以及",
        "已",
        "由",
        "因",
        "自",
        "同",
    ];

    /// <summary>The mark of a line; null where it has none.</summary>
    public static ListMark? Of(string line)
    {
        var c = line[0];
        if (c is '第')
            return Counted(line);
        if (c is '（' or '(')
            return Bracketed(line);
        if (char.IsAsciiDigit(c) || c is >= '０' and <= '９')
            return Arabic(line);
        if (c is >= '①' and <= '⑳')
            return new(MarkStyle.Circled, c - '①' + 1, 1, MarkCertainty.Clear);
        if (c is >= '⑴' and <= '⒇')
            return new(MarkStyle.BracketedArabic, c - '⑴' + 1, 1, MarkCertainty.Clear);
        if (c is >= '⒈' and <= '⒛')
            return new(MarkStyle.Arabic, c - '⒈' + 1, 1, MarkCertainty.Clear);
        if (c is >= '㈠' and <= '㈩')
            return new(MarkStyle.BracketedChinese, c - '㈠' + 1, 1, MarkCertainty.Clear);
        if (c is >= 'Ⅰ' and <= 'Ⅻ' && line.Length > 2 && IsStop(line[1]))
            return new(MarkStyle.Roman, c - 'Ⅰ' + 1, 2, MarkCertainty.Likely);
        if ("甲乙丙丁戊己庚辛壬癸".IndexOf(c) is var stem and >= 0 && line.Length > 2 && line[1] is '、')
            return new(MarkStyle.Stem, stem + 1, 2, MarkCertainty.Doubtful);
        if (char.IsAsciiLetter(c) && line.Length > 2)
            return Latin(line, 0);
        return Numerals.Contains(c, StringComparison.Ordinal) ? Chinese(line) : null;
    }

    /// <summary>Where the mark stands among the levels of its surroundings.</summary>
    /// <param name="inArticle">Whether it belongs to an article, where 一、 is 项 and not a heading.</param>
    public int Rank(bool inArticle) =>
        Style switch
        {
            MarkStyle.Division => 8,
            MarkStyle.Part => 10,
            MarkStyle.SubPart => 15,
            MarkStyle.Chapter => 20,
            MarkStyle.Section => 30,
            MarkStyle.Article => 50,
            MarkStyle.Stem => inArticle ? 53 : 31,
            MarkStyle.Roman => inArticle ? 53 : 31,
            MarkStyle.Chinese => inArticle ? 55 : 32,
            MarkStyle.BracketedChinese => inArticle ? 60 : 40,
            MarkStyle.Arabic => (inArticle ? 70 : 60) + Math.Min(Depth, 5) - 1,
            MarkStyle.BracketedArabic => 80,
            MarkStyle.Circled => 85,
            MarkStyle.HalfBracketed => 87,
            _ => 90,
        };

    static ListMark? Counted(string line)
    {
        var (number, at) = Numeral(line, 1);
        // 第一一条, where 第一〇条 came before it.
        var digits = number is null && at is 3 or 4;
        if (digits && line[1] is not ('零' or '〇'))
            number = ChineseNumerals.ReadInPlaces(line.AsSpan(1..at));
        if (number is not { } n)
            return null;
        if (at >= line.Length)
            return null;
        var rest = line.AsSpan(at);
        var (style, unit) = rest[0] switch
        {
            '条' => (MarkStyle.Article, 1),
            '章' => (MarkStyle.Chapter, 1),
            '节' => (MarkStyle.Section, 1),
            '编' => (MarkStyle.Part, 1),
            '分' when rest.StartsWith("分编") => (MarkStyle.SubPart, 2),
            '部' when rest.StartsWith("部分") => (MarkStyle.Division, 2),
            _ => ((MarkStyle)(-1), 0),
        };
        if (unit == 0)
            return null;
        at += unit;
        // 第八条之一 is an article of its own; 第八条之规定 speaks of one.
        if (style is MarkStyle.Article && at + 1 < line.Length && line[at] is '之' && Numeral(line, at + 1) is (not null, var end))
            at = end;
        rest = line.AsSpan(at);
        if (rest.IsEmpty)
            return new(style, n, at, digits ? MarkCertainty.Doubtful : MarkCertainty.Clear);
        if (digits)
            return style is MarkStyle.Article ? new(style, n, at, MarkCertainty.Doubtful) : null;
        if (style is MarkStyle.Article)
            return new(
                style,
                n,
                at,
                rest[0] is ' ' ? MarkCertainty.Clear
                    : Refers(rest) ? MarkCertainty.Doubtful
                    : MarkCertainty.Likely
            );
        // A chapter's name is short and no sentence.
        if (rest.Length > 40 || rest.IndexOfAny("。；，") >= 0 || rest[0] is not (' ' or '：' or ':') && Refers(rest))
            return null;
        return new(style, n, at, rest[0] is ' ' ? MarkCertainty.Clear : MarkCertainty.Likely);
    }

    static ListMark? Bracketed(string line)
    {
        var (number, at) = Numeral(line, 1);
        if (number is not { } n)
            return line.Length > 3 && char.IsAsciiLetter(line[1]) && line[2] is '）' or ')'
                ? new(MarkStyle.Latin, (line[1] | 32) - 'a' + 1, 3, MarkCertainty.Likely)
                : null;
        while (at < line.Length && line[at] is ' ')
            at++;
        if (at >= line.Length || line[at] is not ('）' or ')'))
            return null;
        var rest = line.AsSpan(at + 1);
        var digits = char.IsAsciiDigit(Half(line[1]));
        if (digits && n > 999)
            return null;
        var certainty =
            rest is not [] && rest[0] is '、' or '，' or '和' or '至' or '项' or '款' or '目'
            || rest is ['（' or '(', var next, ..] && (char.IsAsciiDigit(Half(next)) || Numerals.Contains(next, StringComparison.Ordinal))
            || rest is ['及' or '或', '（' or '(', ..]
                ? MarkCertainty.Doubtful
                : MarkCertainty.Clear;
        return new(digits ? MarkStyle.BracketedArabic : MarkStyle.BracketedChinese, n, at + 1, certainty);
    }

    static ListMark? Chinese(string line)
    {
        var (number, at) = Numeral(line, 0);
        if (number is not { } n || n > 999)
            return null;
        var end = at;
        while (end < line.Length && line[end] is ' ')
            end++;
        if (end >= line.Length)
            return null;
        if (line[end] is '）' or ')')
            return new(MarkStyle.BracketedChinese, n, end + 1, MarkCertainty.Likely);
        if (line[end] is not ('、' or '．' or '.'))
            return null;
        // 一、二审案件, 三、四级医院 and 十、十一月份 count two things in one sentence.
        var next = Numeral(line, end + 1).Number;
        var certainty =
            next == n + 1 ? MarkCertainty.Doubtful
            : line[end] is '、' ? MarkCertainty.Clear
            : MarkCertainty.Likely;
        return new(MarkStyle.Chinese, n, end + 1, certainty);
    }

    static ListMark? Arabic(string line)
    {
        int number = 0,
            depth = 0,
            at = 0,
            outer = 0;
        while (true)
        {
            var (value, end) = Digits(line, at);
            if (end == at || end - at > 4)
                return null;
            var stop = end < line.Length ? line[end] : '\0';
            if (stop is '.' or '．' && Digits(line, end + 1) is (var following, var to) && to > end + 1)
            {
                // 1.2024年 is item 1 of the year 2024; 1.5倍 and 10.1% are measures, which no list counts along.
                if (depth == 0 && to - end - 1 == 4 && to < line.Length && line[to] is '年' && following is >= 1900 and < 2100)
                    return new(MarkStyle.Arabic, value, end + 1, MarkCertainty.Doubtful);
                if (value > 199)
                    return null;
                (number, depth, at, outer) = (value, depth + 1, end + 1, outer * 1000 + value);
                continue;
            }
            (number, depth) = (value, depth + 1);
            if (number > 999)
                return null;
            if (depth > 1)
            {
                if (stop is '.' or '．' or '、')
                    end++;
                else if (stop is not ' ' && !IsIdeograph(stop) && stop is not '《')
                    return null;
                return Measures.Contains(stop, StringComparison.Ordinal)
                    ? null
                    : new(MarkStyle.Arabic, number, end, MarkCertainty.Doubtful, depth, outer);
            }
            if (stop is '）' or ')')
                return new(MarkStyle.HalfBracketed, number, end + 1, MarkCertainty.Clear);
            if (stop is ' ' && end + 1 < line.Length && line[end + 1] is '、' or '．' or '.')
                (end, stop) = (end + 1, line[end + 1]);
            if (
                stop is ' '
                && line.Length - end <= LongestBare
                && IsIdeograph(line[end + 1])
                && !Measures.Contains(line[end + 1], StringComparison.Ordinal)
                && line.AsSpan(end).IndexOfAny("。；，：") < 0
            )
                return new(MarkStyle.Arabic, number, end, MarkCertainty.Bare);
            if (stop is not ('.' or '．' or '、'))
                return null;
            var rest = line.AsSpan(end + 1);
            if (rest.IsEmpty)
                return null;
            // 10、20年期限 counts two things; 1、5个分站 is the first item.
            return new(
                MarkStyle.Arabic,
                number,
                end + 1,
                !char.IsAsciiDigit(Half(rest[0])) ? MarkCertainty.Clear
                    : number == 1 && Digits(line, end + 1).Value != 2 ? MarkCertainty.Likely
                    : MarkCertainty.Doubtful
            );
        }
    }

    static ListMark? Latin(string line, int at) =>
        line[at + 1] switch
        {
            '）' or ')' => new(MarkStyle.Latin, (line[at] | 32) - 'a' + 1, at + 2, MarkCertainty.Likely),
            '.' or '．' or '、' when !char.IsAsciiLetterOrDigit(line[at + 2]) => new(
                MarkStyle.Latin,
                (line[at] | 32) - 'a' + 1,
                at + 2,
                MarkCertainty.Doubtful
            ),
            _ => null,
        };

    /// <summary>A numeral with spaces around and within, and where it ends.</summary>
    static (int? Number, int End) Numeral(string line, int at)
    {
        Span<char> numeral = stackalloc char[9];
        var (length, end) = (0, at);
        for (var i = at; i < line.Length && length < numeral.Length; i++)
        {
            if (line[i] is ' ')
                continue;
            var c = line[i] is '○' ? '〇' : line[i];
            if (!Numerals.Contains(c, StringComparison.Ordinal) && !char.IsAsciiDigit(Half(c)))
                break;
            numeral[length++] = c;
            end = i + 1;
        }
        if (length == 0)
            return (null, at);
        var number = ChineseNumerals.Read(numeral[..length]);
        while (
            end < line.Length
            && line[end] is ' '
            && end + 1 < line.Length
            && "条章节编分部".Contains(line[end + 1], StringComparison.Ordinal)
        )
            end++;
        return (number, end);
    }

    static (int Value, int End) Digits(string line, int at)
    {
        var value = 0;
        for (; at < line.Length && char.IsAsciiDigit(Half(line[at])) && value < 100_000; at++)
            value = value * 10 + Half(line[at]) - '0';
        return (value, at);
    }

    static bool Refers(ReadOnlySpan<char> rest)
    {
        foreach (var word in ReferringWords)
            if (rest.StartsWith(word, StringComparison.Ordinal))
                return true;
        return false;
    }

    static char Half(char c) => c is >= '０' and <= '９' ? (char)(c - '０' + '0') : c;

    static bool IsStop(char c) => c is '、' or '.' or '．';

    static bool IsIdeograph(char c) => c is >= '\u4E00' and <= '\u9FFF';
}
