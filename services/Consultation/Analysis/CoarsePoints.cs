namespace PolicyPlatform.Consultation.Analysis;

/// <summary>
/// Where respondents stand, without telling what one of them answered: of a few statements every answer has a place of its own. Each is shown
/// in the middle of some of the same group who are near each other, at least so many (microaggregation; the cells of Mondrian, LeFevre et al.
/// 2006). Those of a smaller group are not shown.
/// </summary>
static class CoarsePoints
{
    /// <summary>The places, in an order that says nothing of who came first; to a tenth.</summary>
    /// <param name="points">Where respondents stand.</param>
    /// <param name="fewest">How many share a place at least.</param>
    public static IReadOnlyList<OpinionPoint> Of(IReadOnlyList<(double X, double Y, int Group)> points, int fewest) =>
        [
            .. points
                .OrderBy(p => p.X)
                .ThenBy(p => p.Y)
                .GroupBy(p => p.Group)
                .Where(g => g.Count() >= fewest)
                .SelectMany(g => Cells([.. g], fewest))
                .SelectMany(cell =>
                {
                    var middle = new OpinionPoint(
                        Math.Round(cell.Average(p => p.X), 1),
                        Math.Round(cell.Average(p => p.Y), 1),
                        cell[0].Group + 1
                    );
                    return Enumerable.Repeat(middle, cell.Length);
                })
                .OrderBy(p => p.Group)
                .ThenBy(p => p.X)
                .ThenBy(p => p.Y),
        ];

    // In halves along the axis on which they are further apart, as long as each half is large enough.
    static IEnumerable<(double X, double Y, int Group)[]> Cells((double X, double Y, int Group)[] points, int fewest)
    {
        if (points.Length < 2 * fewest)
            return [points];
        var isWide = points.Max(p => p.X) - points.Min(p => p.X) >= points.Max(p => p.Y) - points.Min(p => p.Y);
        (double X, double Y, int Group)[] sorted = isWide
            ? [.. points.OrderBy(p => p.X).ThenBy(p => p.Y)]
            : [.. points.OrderBy(p => p.Y).ThenBy(p => p.X)];
        return Cells(sorted[..(sorted.Length / 2)], fewest).Concat(Cells(sorted[(sorted.Length / 2)..], fewest));
    }
}
