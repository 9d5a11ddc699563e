using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Math;

namespace PolicyPlatform.Documents.Text;

/// <summary>Writes a formula of a Word file in one line: (a+b)/c, x^2, √(x), ∑_(i=1)^n x.</summary>
static class Formula
{
    /// <summary>The formula in one line.</summary>
    public static string Linear(OpenXmlElement formula)
    {
        var line = new StringBuilder();
        foreach (var child in formula.ChildElements) line.Append(Part(child));
        return line.ToString();
    }

    static string Part(OpenXmlElement element) => element switch
    {
        Fraction f => $"{Grouped(f.Numerator)}/{Grouped(f.Denominator)}",
        Superscript s => $"{Grouped(s.Base)}^{Grouped(s.SuperArgument)}",
        Subscript s => $"{Grouped(s.Base)}_{Grouped(s.SubArgument)}",
        SubSuperscript s => $"{Grouped(s.Base)}_{Grouped(s.SubArgument)}^{Grouped(s.SuperArgument)}",
        PreSubSuper s => $"_{Grouped(s.SubArgument)}^{Grouped(s.SuperArgument)}{Grouped(s.Base)}",
        Radical r => Linear(r.Degree ?? new Degree()) is { Length: > 0 } degree ? $"√[{degree}]({Inner(r.Base)})" : $"√({Inner(r.Base)})",
        Nary n => $"{n.NaryProperties?.AccentChar?.Val?.Value ?? "∫"}{Limit('_', n.SubArgument)}{Limit('^', n.SuperArgument)} {Inner(n.Base)}",
        Delimiter d => $"{d.DelimiterProperties?.BeginChar?.Val?.Value ?? "("}{string.Join(d.DelimiterProperties?.SeparatorChar?.Val?.Value ?? ",", d.Elements<Base>().Select(Inner))}{d.DelimiterProperties?.EndChar?.Val?.Value ?? ")"}",
        MathFunction f => $"{Inner(f.FunctionName)} {Grouped(f.Base)}",
        LimitLower l => $"{Inner(l.Base)}_{Grouped(l.Limit)}",
        LimitUpper l => $"{Inner(l.Base)}^{Grouped(l.Limit)}",
        Matrix m => $"[{string.Join("; ", m.Elements<MatrixRow>().Select(row => string.Join(", ", row.Elements<Base>().Select(Inner))))}]",
        DocumentFormat.OpenXml.Math.Text t => t.Text,
        DocumentFormat.OpenXml.Wordprocessing.Text t => t.Text,
        _ when element.LocalName.EndsWith("Pr", StringComparison.Ordinal) => "",
        _ => Linear(element),
    };

    static string Inner(OpenXmlElement? part) => part is null ? "" : Linear(part);

    /// <summary>In brackets where it is more than one sign or number.</summary>
    static string Grouped(OpenXmlElement? part) => Inner(part) is var inner && (inner.Length <= 1 || inner.All(char.IsLetterOrDigit)) ? inner : $"({inner})";

    static string Limit(char sign, OpenXmlElement? part) => Inner(part) is { Length: > 0 } inner ? $"{sign}{(inner.Length == 1 ? inner : $"({inner})")}" : "";
}
