namespace PolicyPlatform.Shared.Search;

/// <summary>What two printings of a text differ in without saying anything else.</summary>
public static class Typography
{
    /// <summary>A text without any white space, half-width for full-width signs: for finding and recognising.</summary>
    public static string Fold(string text)
    {
        var folded = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var c in text)
            if (!char.IsWhiteSpace(c))
                folded[length++] = Half(c);
        return new(folded[..length]);
    }

    /// <summary>
    /// A text as two printings of it agree, for comparing. Typography is: half-width for full-width signs, brackets of another style
    /// (〔〕【】［］), quotation marks of another style, and white
    /// space, （一） and (一), 总　则 and 总则. Text is: white space between two digits or letters (2 000 is not 2000), and what divides the cells
    /// and rows of a table.
    /// </summary>
    public static string Agreed(string text)
    {
        var folded = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        var space = false;
        var isTable = text.Contains('\t', StringComparison.Ordinal);
        foreach (var c in text)
        {
            if (c is '\t' || c is '\n' && isTable)
            {
                folded[length++] = c;
                space = false;
                continue;
            }
            if (char.IsWhiteSpace(c))
            {
                space = true;
                continue;
            }
            var half = Half(c) switch
            {
                '〔' or '【' or '[' or '〖' or '﹝' or '⁅' => '(',
                '〕' or '】' or ']' or '〗' or '﹞' or '⁆' => ')',
                '“' or '”' or '„' or '‟' or '「' or '」' => '"',
                '‘' or '’' => '\'',
                var other => other,
            };
            if (space && length > 0 && char.IsAsciiLetterOrDigit(half) && char.IsAsciiLetterOrDigit(folded[length - 1]))
                folded[length++] = ' ';
            space = false;
            folded[length++] = half;
        }
        return new(folded[..length]);
    }

    static char Half(char c) => c is >= '！' and <= '～' ? (char)(c - '！' + '!') : c;
}
