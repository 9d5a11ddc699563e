using CsCheck;

namespace PolicyPlatform.Testing;

/// <summary>
/// Strings as nobody should write them and somebody will: marks, formulas and markup, characters that cannot be seen, are none, or lie
/// beyond the first plane.
/// </summary>
public static class AnyWords
{
    static readonly string[] Pieces =
    [
        "供热",
        "办法",
        "=1+1",
        "-2",
        "+3",
        "@a",
        "'",
        "\"",
        ",",
        "\n",
        "\r\n",
        "\t",
        ";",
        "<b>",
        "</title>",
        "]]>",
        "<!--",
        "&amp;",
        "&#0;",
        "&",
        "%",
        "\\",
        "{0}",
        "$1",
        "《",
        "》",
        "“",
        "”",
        "a b",
        "　",
        " ",
        "\u0000",
        "\u0001",
        "\u000B",
        "\u0085",
        "\u00AD",
        "\u200B",
        "\u200E",
        "\u202E",
        "\u2028",
        "\uFEFF",
        "\uFFFE",
        "\uFFFF",
        "\uFDD0",
        "\uFFFD",
        "\u2F45",
        "\uF9B4",
        "\uE000",
        "𠮷",
        "😀",
        "\U0001FFFE",
        "e\u0301",
        "\u0E01\u0E33",
        "﷽",
        "ﬁ",
    ];

    /// <summary>Any of them, one after another; also characters of the first plane at random.</summary>
    static readonly Gen<string> Any = Gen.OneOf(
            Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]),
            Gen.Char['\u0001', '\uD7FF'].Select(c => $"{c}")
        )
        .Array[1, 12]
        .Select(string.Concat);

    /// <summary>The same without the one character that every door refuses, U+0000.</summary>
    public static readonly Gen<string> Accepted = Any.Where(words => !words.Contains('\0', StringComparison.Ordinal));
}
