using Marten;
using PolicyPlatform.Consultation.Charts;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Analysis;

/// <summary>The statistics of a consultation as pictures, each with the table behind it. Public.</summary>
public sealed class DrawStatistics : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations/{id:guid}/statistics/timeline", Timeline).ProducesChart().WithName("drawTimeline");
        api.MapGet("/consultations/{id:guid}/statistics/positions", Positions).ProducesChart().WithName("drawPositions");
    }

    /// <summary>How many comments came on each day, as a picture (SVG), or by <c>Accept</c> as its table (JSON, CSV, HTML).</summary>
    static Task<IResult> Timeline(Guid id, IQuerySession session, ReadDatabase database, HttpContext http) =>
        Draw(
            id,
            session,
            database,
            http,
            (consultation, statistics) =>
                Task.FromResult<Chart>(
                    new TimelineChart(
                        "每日意见数",
                        $"《{consultation.Title}》公开征求意见期间每日收到的意见。",
                        "日期",
                        "意见",
                        [.. statistics.Days.Select(d => new DayValue(DateOnly.ParseExact(d.Value, "yyyy-MM-dd"), d.Count))]
                    )
                )
        );

    /// <summary>What comments think of each block, as a picture (SVG), or by <c>Accept</c> as its table (JSON, CSV, HTML).</summary>
    static Task<IResult> Positions(Guid id, IQuerySession session, ReadDatabase database, HttpContext http) =>
        Draw(
            id,
            session,
            database,
            http,
            async (consultation, statistics) =>
            {
                var text = await session.Text(id, consultation.Revision, http.RequestAborted);
                var places = text!.Blocks.Index().ToDictionary(b => b.Item.Id);
                return new StackedBarChart(
                    "各条款立场",
                    $"对《{consultation.Title}》各条款的意见：支持、反对、建议。",
                    "条款",
                    ["支持", "反对", "建议"],
                    [
                        .. statistics
                            .Blocks.OrderBy(b => places.TryGetValue(b.Value, out var place) ? place.Index : int.MaxValue)
                            .Select(b => new StackedBar(
                                b.Value.Length == 0 ? "全文"
                                    : places.TryGetValue(b.Value, out var place) ? place.Item.Label ?? place.Item.Text
                                    : b.Value,
                                [b.Support ?? 0, b.Oppose ?? 0, b.Suggest ?? 0]
                            )),
                    ]
                );
            }
        );

    static async Task<IResult> Draw(
        Guid id,
        IQuerySession session,
        ReadDatabase database,
        HttpContext http,
        Func<PublicConsultation, ConsultationStatistics, Task<Chart>> draw
    )
    {
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is not { } consultation)
            return ConsultationSteps.NotFound(id).ToResult();
        var counts = (await CommentTally.Read(database, id, http.RequestAborted)).Public();
        return await http.ShowChart(
            consultation.PublicVersion,
            ConditionalRequests.Mark(counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}")),
            () => draw(consultation, ConsultationStatistics.Of(id, counts))
        );
    }
}
