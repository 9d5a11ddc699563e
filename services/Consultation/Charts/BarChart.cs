using System.Globalization;

namespace PolicyPlatform.Consultation.Charts;

/// <summary>How often something was chosen.</summary>
/// <param name="Label">What.</param>
/// <param name="Count">How often; never negative.</param>
public sealed record Bar(string Label, long Count);

/// <summary>Options and their counts: a bar each, one below the other, so that long labels are read.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same in a sentence or two.</param>
/// <param name="Heading">What the labels are.</param>
/// <param name="Counted">What the counts are of.</param>
/// <param name="Bars">The bars, from top to bottom.</param>
public sealed record BarChart(string Title, string Description, string Heading, string Counted, IReadOnlyList<Bar> Bars)
    : Chart(Title, Description)
{
    const int Left = 256,
        Right = 72,
        BarHeight = 18,
        RowHeight = 28;

    /// <inheritdoc/>
    public override ChartTable Table =>
        new(Title, [Heading, Counted], [.. Bars.Select(b => (string[])[b.Label, b.Count.ToString(CultureInfo.InvariantCulture)])]);

    private protected override int Height => Svg.Top + Math.Max(1, Bars.Count) * RowHeight + 16;

    private protected override void Draw(Svg svg)
    {
        var most = Math.Max(1, Bars.Select(b => b.Count).DefaultIfEmpty().Max());
        foreach (var (bar, i) in Bars.Select((b, i) => (b, i)))
        {
            var y = Svg.Top + i * RowHeight;
            var width = (double)bar.Count / most * (Svg.Width - Left - Right);
            svg.Text(Left - 8, y + 14, bar.Label, Left - 24, "end");
            svg.Box(Left, y, width, BarHeight, Svg.Fill(0), $"{bar.Label}: {bar.Count}");
            svg.Text(Left + width + 6, y + 14, bar.Count.ToString(CultureInfo.InvariantCulture), Right);
        }
        svg.Line([(Left, Svg.Top - 4), (Left, Svg.Top + Bars.Count * RowHeight)]);
    }
}
