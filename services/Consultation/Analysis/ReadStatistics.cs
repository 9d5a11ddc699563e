using System.Globalization;
using CsvHelper;
using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Analysis;

/// <summary>How many comments there are: by state, position, day, block, kind of sender, region, channel and outcome. Public, and of this moment.</summary>
public sealed class ReadStatistics : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations/{id:guid}/statistics", Get).Produces<ConsultationStatistics>().WithName("readStatistics");
        api.MapGet("/consultations/{id:guid}/statistics.csv", Csv).Produces<string>(200, "text/csv").WithName("exportStatistics");
    }

    /// <summary>
    /// How many comments there are: by state, position, day, block, kind of sender, region, channel, reason not to show and outcome, and how many
    /// different ones. What was withdrawn is counted as that alone; what is not shown counts.
    /// </summary>
    static async Task<IResult> Get(Guid id, IQuerySession session, ReadDatabase database, HttpContext http)
    {
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is null)
            return ConsultationSteps.NotFound(id).ToResult();
        var counts = await Counts(database, id, http.RequestAborted);
        return http.Conditional(Tag(counts), () => Results.Ok(ConsultationStatistics.Of(id, counts)));
    }

    /// <summary>The same as a table (CSV in UTF-8): a row a count, told by dimension, value and position.</summary>
    static async Task<IResult> Csv(Guid id, IQuerySession session, ReadDatabase database, HttpContext http)
    {
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is null)
            return ConsultationSteps.NotFound(id).ToResult();
        var counts = await Counts(database, id, http.RequestAborted);
        return http.Conditional(
            Tag(counts),
            () =>
            {
                using var table = new MemoryStream();
                using (var csv = CsvWriter.Create(table, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true))
                {
                    csv.WriteRecord(["dimension", "value", "position", "count"]);
                    foreach (var (kind, count) in counts.OrderBy(c => c.Key, StringComparer.Ordinal))
                    {
                        var parts = kind.Split('/');
                        csv.WriteRecord([
                            parts[0],
                            parts.ElementAtOrDefault(1) ?? "",
                            parts.ElementAtOrDefault(2) ?? "",
                            count.ToString(CultureInfo.InvariantCulture),
                        ]);
                    }
                }
                return Results.File(table.ToArray(), "text/csv; charset=utf-8", "statistics.csv");
            }
        );
    }

    static async Task<IReadOnlyDictionary<string, long>> Counts(ReadDatabase database, Guid id, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>((await CommentTally.Read(database, id, cancellation)).Public());
        if (await database.CountLetters(id, cancellation) is > 0 and var letters)
            counts[ConsultationStatistics.DifferentOnes] = letters;
        return counts;
    }

    static string Tag(IReadOnlyDictionary<string, long> counts) =>
        $"\"{ConditionalRequests.Mark(counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"))}\"";
}

/// <summary>How many comments think what.</summary>
/// <param name="Value">The day, block, kind, region, channel, reason or outcome; empty where none was said.</param>
/// <param name="Count">How many in all.</param>
/// <param name="Support">How many support.</param>
/// <param name="Oppose">How many oppose.</param>
/// <param name="Suggest">How many suggest.</param>
public sealed record Counted(string Value, long Count, long? Support = null, long? Oppose = null, long? Suggest = null);

/// <summary>How many comments there are.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Received">How many were received and not withdrawn.</param>
/// <param name="Shown">How many of them everybody reads.</param>
/// <param name="NotShown">How many are not shown.</param>
/// <param name="Waiting">How many wait to be looked at, or hold something that does.</param>
/// <param name="Withdrawn">How many were withdrawn.</param>
/// <param name="Signatures">How many people signed them.</param>
/// <param name="Letters">
/// How many different ones there are: comments that say the same are one letter, and count once. Without those of the last two seconds, and those
/// that say nothing in words.
/// </param>
/// <param name="Positions">By position.</param>
/// <param name="Days">By day, Asia/Shanghai, in order.</param>
/// <param name="Blocks">By block; empty for the whole.</param>
/// <param name="Kinds">By kind of sender.</param>
/// <param name="Regions">By region, the 500 with the most.</param>
/// <param name="Channels">By the way by which they came.</param>
/// <param name="Reasons">Those not shown, by reason.</param>
/// <param name="Outcomes">Those answered by themselves, by outcome.</param>
public sealed record ConsultationStatistics(
    Guid ConsultationId,
    long Received,
    long Shown,
    long NotShown,
    long Waiting,
    long Withdrawn,
    long Signatures,
    long Letters,
    IReadOnlyList<Counted> Positions,
    IReadOnlyList<Counted> Days,
    IReadOnlyList<Counted> Blocks,
    IReadOnlyList<Counted> Kinds,
    IReadOnlyList<Counted> Regions,
    IReadOnlyList<Counted> Channels,
    IReadOnlyList<Counted> Reasons,
    IReadOnlyList<Counted> Outcomes
)
{
    const int MostRegions = 500;

    internal const string DifferentOnes = "letters";

    internal static ConsultationStatistics Of(Guid id, IReadOnlyDictionary<string, long> counts)
    {
        long Count(string kind) => counts.GetValueOrDefault(kind);
        IReadOnlyList<Counted> By(string dimension) =>
            [
                .. counts
                    .Where(c => c.Key.StartsWith($"{dimension}/", StringComparison.Ordinal))
                    .Select(c => new Counted(c.Key[(dimension.Length + 1)..], c.Value))
                    .OrderByDescending(c => c.Count)
                    .ThenBy(c => c.Value, StringComparer.Ordinal),
            ];
        IEnumerable<Counted> ByPosition(string dimension) =>
            counts
                .Where(c => c.Key.StartsWith($"{dimension}/", StringComparison.Ordinal))
                .GroupBy(c => c.Key.Split('/')[1])
                .Select(g => new Counted(
                    g.Key,
                    g.Sum(c => c.Value),
                    Count($"{dimension}/{g.Key}/support"),
                    Count($"{dimension}/{g.Key}/oppose"),
                    Count($"{dimension}/{g.Key}/suggest")
                ));
        return new(
            id,
            By("position").Sum(p => p.Count),
            Count("state/shown"),
            Count("state/notShown"),
            Count("waiting"),
            Count("state/withdrawn"),
            Count("signatures"),
            Count(DifferentOnes),
            By("position"),
            [.. ByPosition("day").OrderBy(c => c.Value, StringComparer.Ordinal)],
            [.. ByPosition("block").OrderByDescending(c => c.Count).ThenBy(c => c.Value, StringComparer.Ordinal)],
            By("kind"),
            [.. By("region").Take(MostRegions)],
            By("channel"),
            By("reason"),
            By("outcome")
        );
    }
}
