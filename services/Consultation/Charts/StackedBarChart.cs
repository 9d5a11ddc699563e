using System.Globalization;

namespace PolicyPlatform.Consultation.Charts;

/// <summary>A bar that is put together.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Counts">How long its parts are, in the order of the chart's series; none negative.</param>
public sealed record StackedBar(string Label, IReadOnlyList<long> Counts);

/// <summary>Bars that are put together of the same parts: positions to each block, answers to each row of a matrix.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same in a sentence or two.</param>
/// <param name="Heading">What the labels are.</param>
/// <param name="Series">What the parts are, from left to right.</param>
/// <param name="Bars">The bars, from top to bottom.</param>
public sealed record StackedBarChart(
    string Title,
    string Description,
    string Heading,
    IReadOnlyList<string> Series,
    IReadOnlyList<StackedBar> Bars
) : Chart(Title, Description)
{
    const int Left = 256,
        Right = 72,
        BarHeight = 18,
        RowHeight = 28;

    /// <inheritdoc/>
    public override ChartTable Table =>
        new(
            Title,
            [Heading, .. Series],
            [.. Bars.Select(b => (string[])[b.Label, .. Series.Select((_, i) => Count(b, i).ToString(CultureInfo.InvariantCulture))])]
        );

    // A part that a bar does not have is none of it.
    static long Count(StackedBar bar, int part) => part < bar.Counts.Count ? bar.Counts[part] : 0;

    private protected override int Height => Svg.Top + Svg.LegendHeight(Series.Count) + Math.Max(1, Bars.Count) * RowHeight + 16;

    private protected override void Draw(Svg svg)
    {
        svg.Legend(Svg.Top + 8, Series, asMarks: false);
        var top = Svg.Top + Svg.LegendHeight(Series.Count);
        var most = Math.Max(1, Bars.Select(b => b.Counts.Sum()).DefaultIfEmpty().Max());
        foreach (var (bar, i) in Bars.Select((b, i) => (b, i)))
        {
            var y = top + i * RowHeight;
            svg.Text(Left - 8, y + 14, bar.Label, Left - 24, "end");
            double x = Left;
            for (var part = 0; part < Series.Count; part++)
            {
                var width = (double)Count(bar, part) / most * (Svg.Width - Left - Right);
                if (width > 0)
                    svg.Box(x, y, width, BarHeight, Svg.Fill(part), $"{bar.Label} – {Series[part]}: {Count(bar, part)}");
                x += width;
            }
            svg.Text(x + 6, y + 14, bar.Counts.Sum().ToString(CultureInfo.InvariantCulture), Right);
        }
        svg.Line([(Left, top - 4), (Left, top + Bars.Count * RowHeight)]);
    }
}
