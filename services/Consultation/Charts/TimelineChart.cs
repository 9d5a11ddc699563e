using System.Globalization;

namespace PolicyPlatform.Consultation.Charts;

/// <summary>A value on a day.</summary>
/// <param name="On">The day, Asia/Shanghai.</param>
/// <param name="Value">The value; never negative.</param>
public sealed record DayValue(DateOnly On, double Value);

/// <summary>A value a day.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same in a sentence or two.</param>
/// <param name="Heading">What the days are.</param>
/// <param name="Measured">What the values are of.</param>
/// <param name="Days">The days, oldest first. A day that is left out has no mark, and the line goes over it.</param>
public sealed record TimelineChart(string Title, string Description, string Heading, string Measured, IReadOnlyList<DayValue> Days)
    : Chart(Title, Description)
{
    const int Left = 64,
        Right = 40,
        Plot = 240,
        // With more of them there is no place for each.
        MostMarks = 62;

    /// <inheritdoc/>
    public override ChartTable Table =>
        new(Title, [Heading, Measured], [.. Days.Select(d => (string[])[Written(d.On), Svg.Number(d.Value)])]);

    private protected override int Height => Svg.Top + Plot + 40;

    private protected override void Draw(Svg svg)
    {
        const double bottom = Svg.Top + Plot;
        var shown = Days.Where(d => double.IsFinite(d.Value)).ToArray();
        var most = Round(shown.Select(d => d.Value).DefaultIfEmpty().Max());
        for (var i = 0; i <= 4; i++)
        {
            var y = bottom - Plot * i / 4.0;
            svg.Line([(Left, y), (Svg.Width - Right, y)]);
            svg.Text(Left - 8, y + 5, Svg.Number(most * i / 4), Left - 12, "end");
        }
        if (shown.Length == 0)
            return;
        var first = shown[0].On.DayNumber;
        var length = Math.Max(1, shown[^1].On.DayNumber - first);
        svg.Line(shown.Select(Place), Svg.Colour(0));
        if (shown.Length <= MostMarks)
            foreach (var day in shown)
                svg.Mark(0, Place(day).X, Place(day).Y, $"{Written(day.On)}: {Svg.Number(day.Value)}");
        svg.Text(Left, bottom + 24, Written(shown[0].On), 120);
        if (shown.Length > 1)
            svg.Text(Svg.Width - Right, bottom + 24, Written(shown[^1].On), 120, "end");

        (double X, double Y) Place(DayValue day) =>
            (
                Left + (double)(day.On.DayNumber - first) / length * (Svg.Width - Left - Right),
                bottom - Math.Clamp(day.Value / most, 0, 1) * Plot
            );
    }

    // The next of 4, 8, 20, 40, 80 …: a quarter of it is a number that people like to read.
    static double Round(double value)
    {
        double[] steps = [1, 2, 5];
        for (var (power, i) = (4.0, 0); ; i++)
        {
            if (power * steps[i % 3] is var round && (round >= value || round > 1e15))
                return round;
            if (i % 3 == 2)
                power *= 10;
        }
    }

    static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
