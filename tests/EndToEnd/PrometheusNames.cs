using System.Text.RegularExpressions;
using PolicyPlatform.Testing.Otlp;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// Names of metrics as Prometheus has them: those of metrics that come by OTLP, as the OpenTelemetry specification has collectors and
/// Prometheus translate them, and those in a query.
/// </summary>
static partial class PrometheusNames
{
    static readonly string[] Keywords =
    [
        "and",
        "or",
        "unless",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "bool",
        "offset",
        "inf",
        "nan",
    ];

    /// <summary>The series of a metric.</summary>
    public static IEnumerable<string> Of(Metric metric)
    {
        var name = Other().Replace(metric.Name, "_");
        var unit = metric.Unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "1" when metric.DataCase is Metric.DataOneofCase.Gauge => "ratio",
            _ => "",
        };
        if (unit.Length > 0 && !name.EndsWith($"_{unit}", StringComparison.Ordinal))
            name = $"{name}_{unit}";
        return metric.DataCase switch
        {
            Metric.DataOneofCase.Histogram => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            Metric.DataOneofCase.Sum when metric.Sum.IsMonotonic =>
            [
                name.EndsWith("_total", StringComparison.Ordinal) ? name : $"{name}_total",
            ],
            _ => [name],
        };
    }

    /// <summary>The series that a query in PromQL asks for.</summary>
    public static IEnumerable<string> In(string query) =>
        Word().Matches(NoSeries().Replace(query, " ")).Select(m => m.Value).Where(w => !Keywords.Contains(w.ToLowerInvariant())).Distinct();

    [GeneratedRegex(@"[^a-zA-Z0-9_:]+")]
    private static partial Regex Other();

    // Strings, labels, ranges, and the labels that something is grouped or matched by.
    [GeneratedRegex("""("[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\))""")]
    private static partial Regex NoSeries();

    // What opens a bracket is a function.
    [GeneratedRegex(@"(?<![\w.$])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex Word();
}
