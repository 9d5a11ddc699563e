namespace PolicyPlatform.ServiceDefaults.Search;

/// <summary>What two printings of a text differ in without saying anything else.</summary>
public static class Typography
{
    /// <summary>
    /// A text as two printings of it agree: half-width for full-width signs, and no white space. What differs only here, （一） and (一) or 总　则 and 总则, is
    /// typography and no change of the text.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var c in text)
            if (!char.IsWhiteSpace(c)) folded[length++] = c is >= '！' and <= '～' ? (char)(c - '！' + '!') : c;
        return new(folded[..length]);
    }
}
