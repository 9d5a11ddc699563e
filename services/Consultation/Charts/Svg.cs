using System.Globalization;
using System.Text;
using System.Xml;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Consultation.Charts;

/// <summary>
/// A picture that is being written. What is told apart by colour is told apart by a pattern and a shape as well (WCAG 2.2, 1.4.1); the
/// colours are those that Okabe and Ito chose for all kinds of eyes.
/// </summary>
sealed class Svg : IDisposable
{
    internal const int Width = 720;
    const int Margin = 16,
        LetterSize = 14;
    const string Namespace = "http://www.w3.org/2000/svg",
        Ink = "#1a1a1a",
        Lines = "#c8c8c8";

    static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    // Lines and dots of the paper's colour over the fill; none for the first.
    static readonly string[] Patterns = ["", "M0 8L8 0", "M0 0L8 8", "M0 4H8", "M4 0V8", "M0 4H8M4 0V8"];

    readonly StringBuilder written = new();
    readonly XmlWriter xml;

    public Svg(string title, string description, int height)
    {
        xml = XmlWriter.Create(written, new() { OmitXmlDeclaration = true, CheckCharacters = true });
        xml.WriteStartElement("svg", Namespace);
        Say("role", "img");
        Say("viewBox", $"0 0 {Width} {height}");
        Say("width", Width);
        Say("height", height);
        Say("font-family", "'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif");
        Say("font-size", LetterSize);
        Say("fill", Ink);
        // The first title of a document is its name, and the first desc its description (SVG 2, 5.10).
        Say("aria-label", Clean(title));
        Words("title", title);
        Words("desc", description);
        xml.WriteStartElement("defs", Namespace);
        for (var i = 0; i < Colours.Length; i++)
            Pattern(i);
        xml.WriteEndElement();
        Box(0, 0, Width, height, "#ffffff", null);
        Text(Margin, Margin + LetterSize, title, Width - 2 * Margin, size: LetterSize + 2);
    }

    /// <summary>Where what is drawn begins: below the title.</summary>
    internal const int Top = 2 * Margin + LetterSize + 8;

    /// <summary>The document.</summary>
    public string Finished()
    {
        xml.WriteEndElement();
        xml.Flush();
        return written.ToString();
    }

    /// <summary>The fill of the n-th of several.</summary>
    public static string Fill(int n) => string.Create(CultureInfo.InvariantCulture, $"url(#fill-{n % Colours.Length})");

    /// <summary>The colour of the n-th of several.</summary>
    public static string Colour(int n) => Colours[n % Colours.Length];

    /// <summary>A rectangle; its name is read out and shown by browsers.</summary>
    public void Box(double x, double y, double width, double height, string fill, string? name)
    {
        xml.WriteStartElement("rect", Namespace);
        Say("x", x);
        Say("y", y);
        Say("width", width);
        Say("height", height);
        Say("fill", fill);
        if (name is not null)
            Words("title", name);
        xml.WriteEndElement();
    }

    /// <summary>A line from one place to the next and so on.</summary>
    public void Line(IEnumerable<(double X, double Y)> places, string? colour = null)
    {
        xml.WriteStartElement("polyline", Namespace);
        Say("points", string.Join(' ', places.Select(p => $"{Number(p.X)},{Number(p.Y)}")));
        Say("fill", "none");
        Say("stroke", colour ?? Lines);
        Say("stroke-width", colour is null ? 1 : 2);
        xml.WriteEndElement();
    }

    /// <summary>A mark in the shape of the n-th of several.</summary>
    public void Mark(int n, double x, double y, string? name)
    {
        const double r = 5;
        xml.WriteStartElement("path", Namespace);
        Say(
            "d",
            (n % Colours.Length) switch
            {
                0 =>
                    $"M{Number(x - r)} {Number(y)}a{Number(r)} {Number(r)} 0 1 0 {Number(2 * r)} 0a{Number(r)} {Number(r)} 0 1 0 {Number(-2 * r)} 0z",
                1 => $"M{Number(x - r)} {Number(y - r)}h{Number(2 * r)}v{Number(2 * r)}h{Number(-2 * r)}z",
                2 => $"M{Number(x)} {Number(y - r)}L{Number(x + r)} {Number(y + r)}H{Number(x - r)}z",
                3 => $"M{Number(x)} {Number(y - r)}L{Number(x + r)} {Number(y)}L{Number(x)} {Number(y + r)}L{Number(x - r)} {Number(y)}z",
                4 => $"M{Number(x)} {Number(y + r)}L{Number(x + r)} {Number(y - r)}H{Number(x - r)}z",
                _ => $"M{Number(x - r)} {Number(y - 2)}h3v-3h4v3h3v4h-3v3h-4v-3h-3z",
            }
        );
        Say("fill", Colour(n));
        Say("fill-opacity", "0.75");
        Say("stroke", "#ffffff");
        if (name is not null)
            Words("title", name);
        xml.WriteEndElement();
    }

    /// <summary>A text on a line, cut where it is wider than there is place; what was cut is shown whole by browsers.</summary>
    public void Text(double x, double y, string text, double widest, string anchor = "start", int size = LetterSize)
    {
        text = Clean(text).Replace('\n', ' ').Trim();
        var shown = Cut(text, widest / size);
        xml.WriteStartElement("text", Namespace);
        Say("x", x);
        Say("y", y);
        if (anchor != "start")
            Say("text-anchor", anchor);
        if (size != LetterSize)
            Say("font-size", size);
        if (shown != text)
            Words("title", text);
        xml.WriteString(shown);
        xml.WriteEndElement();
    }

    /// <summary>Which fill or mark means what, in lines from <paramref name="y"/> on; how high <see cref="LegendHeight"/>.</summary>
    public void Legend(double y, IReadOnlyList<string> names, bool asMarks)
    {
        foreach (var (name, n) in names.Select((name, n) => (name, n)))
        {
            var (left, line) = (Margin + n % LegendColumns * LegendColumn, y + n / LegendColumns * LineHeight);
            if (asMarks)
                Mark(n, left + 7, line - 5, null);
            else
                Box(left, line - 12, 14, 14, Fill(n), null);
            Text(left + 22, line, name, LegendColumn - 30);
        }
    }

    const int LegendColumns = 3,
        LegendColumn = (Width - 2 * Margin) / LegendColumns;

    /// <summary>How far a line of text is from the next.</summary>
    internal const int LineHeight = 24;

    /// <summary>How high a legend is.</summary>
    public static int LegendHeight(int names) => (names + LegendColumns - 1) / LegendColumns * LineHeight;

    // A Chinese character is as wide as it is high, a Latin letter about half as wide.
    internal static string Cut(string text, double widest)
    {
        var width = 0.0;
        var whole = StringInfo.ParseCombiningCharacters(text);
        var fits = 0;
        for (var i = 0; i < whole.Length; i++)
        {
            width += text[whole[i]] < '\u1100' ? 0.56 : 1;
            if (width > widest)
                return $"{text[..fits]}…";
            // The ellipsis has its place.
            if (width <= widest - 1)
                fits = i + 1 < whole.Length ? whole[i + 1] : text.Length;
        }
        return text;
    }

    static string Clean(string text) =>
        Characters.Clean(Characters.AreWhole(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    void Pattern(int n)
    {
        xml.WriteStartElement("pattern", Namespace);
        Say("id", string.Create(CultureInfo.InvariantCulture, $"fill-{n}"));
        Say("width", 8);
        Say("height", 8);
        Say("patternUnits", "userSpaceOnUse");
        Box(0, 0, 8, 8, Colour(n), null);
        if (Patterns[n].Length > 0)
        {
            xml.WriteStartElement("path", Namespace);
            Say("d", Patterns[n]);
            Say("stroke", "#ffffff");
            Say("stroke-width", 1.5);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    void Words(string element, string words) => xml.WriteElementString(element, Namespace, Clean(words));

    void Say(string name, string value) => xml.WriteAttributeString(name, value);

    void Say(string name, double value) => Say(name, Number(value));

    /// <summary>A number as people and SVG read it.</summary>
    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public void Dispose() => xml.Dispose();
}
