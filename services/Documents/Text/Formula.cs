using System.Globalization;
using System.Text;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Math;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents.Text;

/// <summary>A formula of a text. Stored in events.</summary>
/// <param name="Place">The number of the block that it stands in.</param>
/// <param name="Start">Where it begins in the block, in UTF-16 code units.</param>
/// <param name="Text">As the text has it, in one line.</param>
/// <param name="MathMl">The same as MathML 3, a <c>math</c> element.</param>
public sealed record TextFormula(int Place, int Start, string Text, string MathMl);

/// <summary>A formula on its way into a text.</summary>
/// <param name="Line">The line that it is read into.</param>
/// <param name="Before">The words right before it.</param>
/// <param name="Text">The formula in one line.</param>
/// <param name="MathMl">The same as MathML.</param>
readonly record struct FoundFormula(int Line, string Before, string Text, string MathMl)
{
    // Lines that were divided moved what came after them.
    const int BlocksAhead = 3;

    /// <summary>The formula in its block; null where what it stood in is no part of the text.</summary>
    public TextFormula? In(IReadOnlyList<CutBlock> blocks, int block)
    {
        for (var at = Math.Max(block, 0); at < blocks.Count && at <= block + BlocksAhead; at++)
            foreach (var between in new[] { "", " " })
                if (blocks[at].Text.IndexOf(Before + between + Text, StringComparison.Ordinal) is var found and >= 0)
                    return new(at, found + Before.Length + between.Length, Text, MathMl);
        return null;
    }
}

/// <summary>Writes a formula of a Word file in one line, (a+b)/c, x^2, √(x), ∑_(i=1)^n x, and as MathML.</summary>
static class Formula
{
    static readonly XNamespace MathMl = "http://www.w3.org/1998/Math/MathML";

    // What Word calls a formula and is larger is none that a person reads.
    const int MostElements = 2000;

    /// <summary>Whether it is small enough to be written as MathML.</summary>
    public static bool IsReadable(OpenXmlElement formula) => formula.Descendants().Take(MostElements + 1).Count() <= MostElements;

    /// <summary>The formula as a <c>math</c> element of MathML 3, with its line as the text for those who do not see it.</summary>
    public static string AsMathMl(OpenXmlElement formula, string line) =>
        new XElement(MathMl + "math", new XAttribute("alttext", line), Elements(formula)).ToString(SaveOptions.DisableFormatting);

    static IEnumerable<XElement> Elements(OpenXmlElement? element) => element?.ChildElements.SelectMany(Element) ?? [];

    static IEnumerable<XElement> Element(OpenXmlElement element) =>
        element switch
        {
            Fraction { FractionProperties.FractionType.Val: { } kind } f when kind == FractionTypeValues.NoBar =>
            [
                new XElement(MathMl + "mfrac", new XAttribute("linethickness", "0"), Row(f.Numerator), Row(f.Denominator)),
            ],
            Fraction f => [Made("mfrac", Row(f.Numerator), Row(f.Denominator))],
            Superscript s => [Made("msup", Row(s.Base), Row(s.SuperArgument))],
            Subscript s => [Made("msub", Row(s.Base), Row(s.SubArgument))],
            SubSuperscript s => [Made("msubsup", Row(s.Base), Row(s.SubArgument), Row(s.SuperArgument))],
            PreSubSuper s => [Made("mmultiscripts", Row(s.Base), Made("mprescripts"), Row(s.SubArgument), Row(s.SuperArgument))],
            Radical r when Linear(r.Degree ?? new Degree()).Length > 0 => [Made("mroot", Row(r.Base), Row(r.Degree))],
            Radical r => [Made("msqrt", Elements(r.Base))],
            Nary n => [Limits(Operator(n.NaryProperties?.AccentChar?.Val?.Value ?? "∫"), n.SubArgument, n.SuperArgument), Row(n.Base)],
            Delimiter d =>
            [
                Made(
                    "mrow",
                    [
                        Operator(d.DelimiterProperties?.BeginChar?.Val?.Value ?? "("),
                        .. d.Elements<Base>()
                            .SelectMany(
                                (part, i) =>
                                    i == 0
                                        ? [Row(part)]
                                        : new[] { Operator(d.DelimiterProperties?.SeparatorChar?.Val?.Value ?? "|"), Row(part) }
                            ),
                        Operator(d.DelimiterProperties?.EndChar?.Val?.Value ?? ")"),
                    ]
                ),
            ],
            MathFunction f => [Made("mrow", Row(f.FunctionName), Operator("\u2061"), Row(f.Base))],
            LimitLower l => [Made("munder", Row(l.Base), Row(l.Limit))],
            LimitUpper l => [Made("mover", Row(l.Base), Row(l.Limit))],
            Accent a => [Made("mover", Row(a.Base), Operator(a.AccentProperties?.AccentChar?.Val?.Value ?? "\u0302"))],
            Bar b when b.BarProperties?.Position?.Val?.Value is { } place && place == VerticalJustificationValues.Top =>
            [
                Made("mover", Row(b.Base), Operator("¯")),
            ],
            Bar b => [Made("munder", Row(b.Base), Operator("_"))],
            GroupChar g when g.GroupCharProperties?.Position?.Val?.Value is { } place && place == VerticalJustificationValues.Top =>
            [
                Made("mover", Row(g.Base), Operator(g.GroupCharProperties?.AccentChar?.Val?.Value ?? "⏟")),
            ],
            GroupChar g => [Made("munder", Row(g.Base), Operator(g.GroupCharProperties?.AccentChar?.Val?.Value ?? "⏟"))],
            EquationArray a => [Made("mtable", a.Elements<Base>().Select(row => Made("mtr", Made("mtd", Elements(row)))))],
            Matrix m =>
            [
                Made(
                    "mtable",
                    m.Elements<MatrixRow>().Select(row => Made("mtr", row.Elements<Base>().Select(cell => Made("mtd", Elements(cell)))))
                ),
            ],
            DocumentFormat.OpenXml.Math.Text t => Tokens(t.Text),
            DocumentFormat.OpenXml.Wordprocessing.Text t => Tokens(t.Text),
            _ when element.LocalName.EndsWith("Pr", StringComparison.Ordinal) => [],
            _ => Elements(element),
        };

    static XElement Made(string name, params IEnumerable<XElement> parts) => new(MathMl + name, parts);

    static XElement Row(OpenXmlElement? part) =>
        Elements(part).ToArray() is var parts && parts is [var single] ? single : Made("mrow", parts);

    static XElement Operator(string sign) => new(MathMl + "mo", Characters.Clean(sign));

    static XElement Limits(XElement sign, OpenXmlElement? below, OpenXmlElement? above) =>
        (Inner(below).Length > 0, Inner(above).Length > 0) switch
        {
            (true, true) => Made("munderover", sign, Row(below), Row(above)),
            (true, false) => Made("munder", sign, Row(below)),
            (false, true) => Made("mover", sign, Row(above)),
            _ => sign,
        };

    /// <summary>Numbers and words as a whole, letters and signs one by one.</summary>
    static IEnumerable<XElement> Tokens(string text)
    {
        text = Characters.Clean(text);
        for (var at = 0; at < text.Length; )
        {
            var rune = Rune.GetRuneAt(text, at);
            var kind = Kind(rune);
            var end = at + rune.Utf16SequenceLength;
            while (
                kind is "mn" or "mtext"
                && end < text.Length
                && (
                    Kind(Rune.GetRuneAt(text, end)) == kind
                    || kind is "mn" && text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])
                )
            )
                end += Rune.GetRuneAt(text, end).Utf16SequenceLength;
            if (!Rune.IsWhiteSpace(rune))
                yield return new(MathMl + kind, text[at..end]);
            at = end;
        }

        static string Kind(Rune rune) =>
            Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherLetter ? "mtext"
            : Rune.IsDigit(rune) ? "mn"
            : Rune.IsLetter(rune) ? "mi"
            : "mo";
    }

    /// <summary>The formula in one line.</summary>
    public static string Linear(OpenXmlElement formula)
    {
        var line = new StringBuilder();
        foreach (var child in formula.ChildElements)
            line.Append(Part(child));
        return line.ToString();
    }

    static string Part(OpenXmlElement element) =>
        element switch
        {
            Fraction f => $"{Grouped(f.Numerator)}/{Grouped(f.Denominator)}",
            Superscript s => $"{Grouped(s.Base)}^{Grouped(s.SuperArgument)}",
            Subscript s => $"{Grouped(s.Base)}_{Grouped(s.SubArgument)}",
            SubSuperscript s => $"{Grouped(s.Base)}_{Grouped(s.SubArgument)}^{Grouped(s.SuperArgument)}",
            PreSubSuper s => $"_{Grouped(s.SubArgument)}^{Grouped(s.SuperArgument)}{Grouped(s.Base)}",
            Radical r => Linear(r.Degree ?? new Degree()) is { Length: > 0 } degree
                ? $"√[{degree}]({Inner(r.Base)})"
                : $"√({Inner(r.Base)})",
            Nary n =>
                $"{n.NaryProperties?.AccentChar?.Val?.Value ?? "∫"}{Limit('_', n.SubArgument)}{Limit('^', n.SuperArgument)} {Inner(n.Base)}",
            Delimiter d =>
                $"{d.DelimiterProperties?.BeginChar?.Val?.Value ?? "("}{string.Join(d.DelimiterProperties?.SeparatorChar?.Val?.Value ?? ",", d.Elements<Base>().Select(Inner))}{d.DelimiterProperties?.EndChar?.Val?.Value ?? ")"}",
            MathFunction f => $"{Inner(f.FunctionName)} {Grouped(f.Base)}",
            LimitLower l => $"{Inner(l.Base)}_{Grouped(l.Limit)}",
            LimitUpper l => $"{Inner(l.Base)}^{Grouped(l.Limit)}",
            Matrix m =>
                $"[{string.Join("; ", m.Elements<MatrixRow>().Select(row => string.Join(", ", row.Elements<Base>().Select(Inner))))}]",
            DocumentFormat.OpenXml.Math.Text t => t.Text,
            DocumentFormat.OpenXml.Wordprocessing.Text t => t.Text,
            _ when element.LocalName.EndsWith("Pr", StringComparison.Ordinal) => "",
            _ => Linear(element),
        };

    static string Inner(OpenXmlElement? part) => part is null ? "" : Linear(part);

    /// <summary>In brackets where it is more than one sign or number.</summary>
    static string Grouped(OpenXmlElement? part) =>
        Inner(part) is var inner && (inner.Length <= 1 || inner.All(char.IsLetterOrDigit)) ? inner : $"({inner})";

    static string Limit(char sign, OpenXmlElement? part) =>
        Inner(part) is { Length: > 0 } inner ? $"{sign}{(inner.Length == 1 ? inner : $"({inner})")}" : "";
}
