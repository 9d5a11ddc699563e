using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Consultation.FormLetters;

/// <summary>
/// What a comment says, as it is compared with others: compatibility forms as their characters, without what letters begin and end with,
/// without punctuation, spaces and case. Two are as alike as the share of runs of three characters that both have (Jaccard); of two
/// characters where one of them is short.
/// </summary>
sealed partial class LetterText
{
    /// <summary>Shorter texts than this are compared by runs of two characters.</summary>
    internal const int Short = 40;

    // Up to this length a text can be like a short one: it is looked for by both.
    const int NearlyShort = 50;

    LetterText(string words)
    {
        Words = words;
        Pairs = words.Length < NearlyShort ? Runs(words, 2) : null;
        Triples = words.Length >= Short ? Runs(words, 3) : null;
    }

    /// <summary>What is compared; empty where there is nothing to compare.</summary>
    public string Words { get; }

    /// <summary>The runs of two characters, in order, each once; null for a text that is not like any short one.</summary>
    public ulong[]? Pairs { get; }

    /// <summary>The runs of three characters; null for a short text.</summary>
    public ulong[]? Triples { get; }

    /// <summary>Reads a text.</summary>
    public static LetterText Of(string text)
    {
        var folded = CompatibilityForms.Fold(Characters.Clean(text)).Replace(Hidden, "", StringComparison.Ordinal);
        var words = Letters(Body(folded));
        return new(words.Length > 0 ? words : Letters(folded));
    }

    /// <summary>How alike two texts are: 0 to 1. Exact, not estimated.</summary>
    public static double Likeness(LetterText one, LetterText other)
    {
        var (a, b) = one.Words.Length < Short || other.Words.Length < Short ? (one.Pairs, other.Pairs) : (one.Triples, other.Triples);
        if (a is null || b is null || a.Length == 0 || b.Length == 0)
            return 0;
        int i = 0,
            k = 0,
            both = 0;
        while (i < a.Length && k < b.Length)
        {
            var (x, y) = (a[i], b[k]);
            both += x == y ? 1 : 0;
            i += x <= y ? 1 : 0;
            k += y <= x ? 1 : 0;
        }
        return (double)both / (a.Length + b.Length - both);
    }

    // Up to three characters are one number as they are: no two runs are taken for each other.
    static ulong[] Runs(string words, int length)
    {
        if (words.Length == 0)
            return [];
        if (words.Length < length)
            return [words.Aggregate(0UL, (run, c) => run << 16 | c)];
        var runs = new ulong[words.Length - length + 1];
        var mask = (1UL << 16 * length) - 1;
        var run = 0UL;
        for (var i = 0; i < words.Length; i++)
        {
            run = (run << 16 | words[i]) & mask;
            if (i >= length - 1)
                runs[i - length + 1] = run;
        }
        Array.Sort(runs);
        var count = 1;
        for (var i = 1; i < runs.Length; i++)
            if (runs[i] != runs[count - 1])
                runs[count++] = runs[i];
        return runs[..count];
    }

    static string Letters(ReadOnlySpan<char> text)
    {
        var letters = text.Length <= 1024 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsLetterOrDigit(c))
                letters[length++] = char.ToLowerInvariant(c);
            else if (
                char.IsHighSurrogate(c)
                && i + 1 < text.Length
                && Rune.TryCreate(c, text[i + 1], out var rune)
                && Rune.IsLetterOrDigit(rune)
            )
            {
                letters[length++] = c;
                letters[length++] = text[++i];
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark)
                letters[length++] = c;
        }
        return new(letters[..length]);
    }

    // What stands where a telephone number was left out.
    const string Hidden = "〔已隐去〕";

    // How long what follows 此致 can be: 敬礼, names, an address, a date.
    const int LongestEnding = 160;

    // Further up nothing is an ending, and more lines than these nobody ends with.
    const int Tail = 200,
        MostLines = 12;

    // Without salutation and closing lines.
    static ReadOnlySpan<char> Body(string text)
    {
        var start = Salutation().Match(text) is { Success: true } salutation ? salutation.Length : 0;
        var end = text.Length;
        var isSigned = false;
        if (text.LastIndexOf("此致", StringComparison.Ordinal) is >= 0 and var closing && end - closing <= LongestEnding)
            (end, isSigned) = (closing, true);
        for (var line = 0; line < MostLines && end > start; line++)
        {
            end = text.AsSpan(0, end).TrimEnd().Length;
            var tailStart = Math.Max(0, end - Tail);
            var tail = text.AsSpan(tailStart, end - tailStart);
            if (Last(Closing().EnumerateMatches(tail)) is { } closes)
                (end, isSigned) = (tailStart + closes, true);
            else if (isSigned && Last(Name().EnumerateMatches(tail)) is { } name)
                (end, isSigned) = (tailStart + name, false);
            else
                break;
        }
        return end > start ? text.AsSpan(start, end - start) : [];

        static int? Last(Regex.ValueMatchEnumerator matches) => matches.MoveNext() ? matches.Current.Index : null;
    }

    [GeneratedRegex(
        @"\A(?:\s*(?:(?:尊敬的|敬爱的|亲爱的)[^\n:,。!]{0,40}[:,!\n]|致[^\n:,。!]{1,30}[:\n]|(?:各位|诸位)?[^\n:,。!?]{0,15}(?:领导|同志|同志们|负责人|工作人员)(?:您好|你好|大家好|好)?[:,!\n]|(?:您好|你好|您们好|你们好|大家好|领导好|早上好|上午好|下午好)[:,!。\s]+))+"
    )]
    private static partial Regex Salutation();

    [GeneratedRegex(
        @"(?:(?<=[\n。!,;\s]|\A)(?:(?:万分|非常|十分|衷心|最后)?(?:感谢|谢谢|多谢)[^\n。!,;?]{0,12}[。!]?|(?:敬礼|(?:顺|敬)?祝[^\n。!,;?]{1,12}|特此(?:建议|反映|报告|说明|函告))[。!]?)|(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*[年./-]\s*[\d一二三四五六七八九十]{1,3}\s*[月./-]\s*[\d一二三四五六七八九十]{1,3}\s*日?|\n\s*(?:署名|签名|落款|建议人|意见人|反映人|联系人|姓名|联系电话|电话|手机|地址|住址|单位)\s*:?[^\n]{0,40}|\n[^\n。!?;:,]{0,12}(?:业主|市民|居民|群众|村民|家长|乘客|司机|用户)[^\n。!?;:,]{0,15}|\n?—{1,2}[^\n。!?;:,—]{1,20})\z"
    )]
    private static partial Regex Closing();

    // Who signed: under a date or a greeting alone, for a short line can also be what somebody wants.
    [GeneratedRegex(@"\n\s*[^\n。!?;:,]{2,10}\z")]
    private static partial Regex Name();
}
