using MathNet.Numerics.LinearAlgebra;

namespace PolicyPlatform.Consultation.Analysis;

/// <summary>Where a respondent stands.</summary>
/// <param name="X">Along what divides respondents most.</param>
/// <param name="Y">Along what divides them most of the rest.</param>
/// <param name="Group">The group, counted from 0, the largest first.</param>
readonly record struct MappedOpinion(double X, double Y, int Group);

/// <summary>
/// Groups of opinion, as pol.is finds them: what respondents think of statements is laid out on the two axes that divide them most (PCA), and
/// those who stand together there are a group (k-means, with two to five groups, as many as stand apart best by their silhouette). The same
/// answers make the same groups. To be looked at, never a decision.
/// </summary>
/// <param name="Points">Where each respondent stands.</param>
/// <param name="Groups">How many groups there are.</param>
/// <param name="Silhouette">How well they stand apart, -1 to 1.</param>
/// <param name="Explained">How much of all difference each axis shows, 0 to 1.</param>
sealed record OpinionMap(IReadOnlyList<MappedOpinion> Points, int Groups, double Silhouette, (double X, double Y) Explained)
{
    const int MostGroups = 5,
        Starts = 6,
        MostRounds = 100,
        Sample = 600;

    /// <summary>
    /// Makes the map of what respondents think, -1 to 1 for each statement, null for what they said nothing about; null itself where there is
    /// nothing to tell respondents apart by.
    /// </summary>
    public static OpinionMap? Of(IReadOnlyList<double?[]> opinions)
    {
        if (opinions.Count < 2 || opinions[0].Length < 2)
            return null;
        var statements = opinions[0].Length;
        var means = new double[statements];
        for (var k = 0; k < statements; k++)
            means[k] = opinions.Average(o => o[k]) ?? 0;
        // What somebody said nothing about stands in the middle; who said little is not drawn there for that (as pol.is does).
        var centred = Matrix<double>.Build.Dense(opinions.Count, statements, (i, k) => opinions[i][k] is { } said ? (said - means[k]) : 0);
        var spread = centred.TransposeThisAndMultiply(centred) / opinions.Count;
        var all = spread.Diagonal().Sum();
        if (all <= 1e-12)
            return null;
        var axes = spread.Evd(Symmetricity.Symmetric);
        var (first, second) = (Axis(axes.EigenVectors.Column(statements - 1)), Axis(axes.EigenVectors.Column(statements - 2)));
        var (x, y) = (centred * first, centred * second);
        var points = new (double X, double Y)[opinions.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var stretched = Math.Sqrt((double)statements / Math.Max(1, opinions[i].Count(o => o is not null)));
            points[i] = (x[i] * stretched, y[i] * stretched);
        }
        var (groups, count, silhouette) = Together(points);
        return new(
            [.. points.Select((p, i) => new MappedOpinion(p.X, p.Y, groups[i]))],
            count,
            silhouette,
            (Share(axes.EigenValues[statements - 1].Real), Share(axes.EigenValues[statements - 2].Real))
        );

        double Share(double value) => Math.Clamp(value / all, 0, 1);
    }

    // An axis has no direction of its own: the statement that counts most on it points up.
    static Vector<double> Axis(Vector<double> axis)
    {
        var most = 0;
        for (var k = 1; k < axis.Count; k++)
            if (Math.Abs(axis[k]) > Math.Abs(axis[most]) + 1e-9)
                most = k;
        return axis[most] < 0 ? -axis : axis;
    }

    static (int[] Groups, int Count, double Silhouette) Together((double X, double Y)[] points)
    {
        var distinct = points.Distinct().Count();
        var best = (Groups: new int[points.Length], Count: 1, Silhouette: 0.0);
        for (var count = 2; count <= Math.Min(MostGroups, distinct - 1); count++)
        {
            var groups = Means(points, count);
            if (Silhouettes(points, groups, count) is var silhouette && silhouette > best.Silhouette + 1e-9)
                best = (groups, count, silhouette);
        }
        // Two points are two groups.
        if (best.Count == 1 && distinct == 2)
            best = (Means(points, 2), 2, 1);
        // The largest is the first; of two equal ones that of the earlier respondent.
        var order = Enumerable
            .Range(0, best.Count)
            .OrderByDescending(g => best.Groups.Count(of => of == g))
            .ThenBy(g => Array.IndexOf(best.Groups, g))
            .ToArray();
        return ([.. best.Groups.Select(g => Array.IndexOf(order, g))], best.Count, best.Silhouette);
    }

    static int[] Means((double X, double Y)[] points, int count)
    {
        var (best, least) = (new int[points.Length], double.PositiveInfinity);
        // The same chance each time.
        var chance = 0x9E3779B97F4A7C15UL;
        for (var start = 0; start < Starts; start++)
        {
            var middles = Begin(points, count, ref chance);
            var groups = new int[points.Length];
            for (var round = 0; round < MostRounds; round++)
            {
                var moved = false;
                for (var i = 0; i < points.Length; i++)
                {
                    var nearest = Nearest(points[i], middles);
                    moved |= nearest != groups[i];
                    groups[i] = nearest;
                }
                if (!moved && round > 0)
                    break;
                var sums = new (double X, double Y, int Count)[count];
                for (var i = 0; i < points.Length; i++)
                    sums[groups[i]] = (sums[groups[i]].X + points[i].X, sums[groups[i]].Y + points[i].Y, sums[groups[i]].Count + 1);
                for (var g = 0; g < count; g++)
                    if (sums[g].Count > 0)
                        middles[g] = (sums[g].X / sums[g].Count, sums[g].Y / sums[g].Count);
            }
            var apart = points.Select((p, i) => Distance(p, middles[groups[i]])).Sum();
            if (apart < least - 1e-9)
                (best, least) = (groups, apart);
        }
        return best;
    }

    // k-means++: each next middle far from those before (Arthur and Vassilvitskii 2007).
    static (double X, double Y)[] Begin((double X, double Y)[] points, int count, ref ulong chance)
    {
        var middles = new (double X, double Y)[count];
        middles[0] = points[(int)(Next(ref chance) * points.Length)];
        var far = new double[points.Length];
        for (var g = 1; g < count; g++)
        {
            var sum = 0.0;
            for (var i = 0; i < points.Length; i++)
                sum += far[i] = middles[..g].Min(m => Distance(points[i], m));
            var at = Next(ref chance) * sum;
            var chosen = Array.FindLastIndex(far, f => f > 0);
            for (var i = 0; i < points.Length; i++)
            {
                at -= far[i];
                if (at < 0 && far[i] > 0)
                {
                    chosen = i;
                    break;
                }
            }
            middles[g] = points[chosen];
        }
        return middles;
    }

    // SplitMix64, 0 to 1.
    static double Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return ((z ^ z >> 31) >> 11) * (1.0 / (1UL << 53));
    }

    static int Nearest((double X, double Y) point, (double X, double Y)[] middles)
    {
        var nearest = 0;
        for (var g = 1; g < middles.Length; g++)
            if (Distance(point, middles[g]) < Distance(point, middles[nearest]))
                nearest = g;
        return nearest;
    }

    // Of very many respondents every so many-th is looked at (Rousseeuw 1987).
    static double Silhouettes((double X, double Y)[] points, int[] groups, int count)
    {
        var step = Math.Max(1, points.Length / Sample);
        int[] looked = [.. Enumerable.Range(0, points.Length).Where(i => i % step == 0)];
        var sizes = new int[count];
        foreach (var i in looked)
            sizes[groups[i]]++;
        var sum = 0.0;
        var to = new double[count];
        foreach (var i in looked)
        {
            // Alone in a group is neither well nor badly placed.
            if (sizes[groups[i]] < 2)
                continue;
            Array.Clear(to);
            foreach (var k in looked)
                to[groups[k]] += Math.Sqrt(Distance(points[i], points[k]));
            var own = to[groups[i]] / (sizes[groups[i]] - 1);
            // A small group can have nobody among those that are looked at.
            var other = Enumerable
                .Range(0, count)
                .Where(g => g != groups[i] && sizes[g] > 0)
                .Select(g => to[g] / sizes[g])
                .DefaultIfEmpty(own)
                .Min();
            sum += Math.Max(own, other) is > 0 and var most ? (other - own) / most : 0;
        }
        return sum / looked.Length;
    }

    static double Distance((double X, double Y) one, (double X, double Y) other) =>
        (one.X - other.X) * (one.X - other.X) + (one.Y - other.Y) * (one.Y - other.Y);
}
