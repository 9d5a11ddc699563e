using System.Net;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Charts;

/// <summary>Charts as the API answers with them: the picture, and by <c>Accept</c> the table behind it.</summary>
static class ChartAnswer
{
    static readonly string[] Offered = [Chart.MediaType, "application/json", "text/csv", "text/html"];

    /// <summary>Says of an endpoint that it answers with a chart.</summary>
    public static RouteHandlerBuilder ProducesChart(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<ChartTable>(200, Offered[0], Offered[1..]);

    /// <summary>Answers with a chart in the form that the caller likes best.</summary>
    /// <param name="http">The request.</param>
    /// <param name="version">The version of what it shows.</param>
    /// <param name="beside">What else it is made of, for its tag; empty for nothing.</param>
    /// <param name="draw">Makes it.</param>
    public static async Task<IResult> ShowChart(this HttpContext http, long version, string beside, Func<Task<Chart>> draw)
    {
        if (http.Request.Accepted(Offered) is not { } format)
            return CommonProblems.NotAcceptable.With($"A chart can be had as {string.Join(", ", Offered)}.").ToResult();
        return await http.ConditionalAsync(
            ConditionalRequests.Tag(version, $"{beside}{format[(format.IndexOf('/', StringComparison.Ordinal) + 1)..][..3]}"),
            async () =>
            {
                var chart = await draw();
                return format switch
                {
                    "application/json" => Results.Ok(chart.Table),
                    "text/csv" => Results.Bytes(chart.Table.ToCsv(), "text/csv; charset=utf-8"),
                    "text/html" => Results.Text(
                        $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(chart.Title)}</title></head><body>{chart.Table.ToHtml()}</body></html>",
                        "text/html; charset=utf-8"
                    ),
                    _ => Results.Text(chart.ToSvg(), $"{Chart.MediaType}; charset=utf-8"),
                };
            }
        );
    }
}
