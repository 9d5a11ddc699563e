namespace PolicyPlatform.Consultation.Charts;

/// <summary>A point.</summary>
/// <param name="Label">Whose it is, without a name: a number.</param>
/// <param name="X">From left to right.</param>
/// <param name="Y">From bottom to top.</param>
/// <param name="Group">The group that it belongs to, counted from 0.</param>
public sealed record Point(string Label, double X, double Y, int Group);

/// <summary>Points in a plane, in groups: groups of opinion.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same in a sentence or two.</param>
/// <param name="Headings">What the columns are of label, from left to right, from bottom to top, and group.</param>
/// <param name="Groups">The names of the groups.</param>
/// <param name="Points">The points.</param>
public sealed record PointChart(
    string Title,
    string Description,
    (string Label, string X, string Y, string Group) Headings,
    IReadOnlyList<string> Groups,
    IReadOnlyList<Point> Points
) : Chart(Title, Description)
{
    const int Left = 32,
        Plot = 440;

    /// <inheritdoc/>
    public override ChartTable Table =>
        new(
            Title,
            [Headings.Label, Headings.X, Headings.Y, Headings.Group],
            [.. Points.Select(p => (string[])[p.Label, Svg.Number(p.X), Svg.Number(p.Y), Name(p.Group)])]
        );

    string Name(int group) => group >= 0 && group < Groups.Count ? Groups[group] : "";

    private protected override int Height => Svg.Top + Svg.LegendHeight(Groups.Count) + Plot + 48;

    private protected override void Draw(Svg svg)
    {
        svg.Legend(Svg.Top + 8, Groups, asMarks: true);
        double top = Svg.Top + Svg.LegendHeight(Groups.Count),
            width = Svg.Width - 2 * Left;
        var shown = Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).ToArray();
        var (left, across) = Span(shown.Select(p => p.X));
        var (bottom, up) = Span(shown.Select(p => p.Y));
        svg.Line([(Left, top), (Left, top + Plot), (Left + width, top + Plot)]);
        svg.Text(Left + width, top + Plot + 22, Headings.X, width / 2, "end");
        svg.Text(Left + 6, top + 14, Headings.Y, width / 2);
        // Those that would lie on each other are one mark that says how many they are: a picture of any number of points has an end.
        foreach (
            var place in shown.GroupBy(p =>
                (
                    X: Math.Round(Left + (p.X / 2 - left / 2) / across * width),
                    Y: Math.Round(top + Plot - (p.Y / 2 - bottom / 2) / up * Plot),
                    Group: Math.Max(0, p.Group)
                )
            )
        )
            svg.Mark(
                place.Key.Group,
                place.Key.X,
                place.Key.Y,
                place.Count() == 1 ? $"{place.First().Label}: {Name(place.Key.Group)}" : $"{Name(place.Key.Group)} × {place.Count()}"
            );
    }

    // Half of the span, so that even the farthest numbers have one.
    static (double From, double Half) Span(IEnumerable<double> values)
    {
        double[] all = [.. values];
        if (all.Length == 0)
            return (0, 1);
        var half = all.Max() / 2 - all.Min() / 2;
        return half > 0 ? (all.Min(), half) : (all[0] - 1, 1);
    }
}
