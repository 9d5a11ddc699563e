using System.ComponentModel;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>The outcome of each line of an import, in their order, paged.</summary>
public sealed class ReadImportReport : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{id:guid}/report", Get)
            .RequireAnyRole(Roles.Integrator)
            .Produces<Page<ImportReportLine>>()
            .WithName("readImportReport");

    static async Task<IResult> Get(
        Guid id,
        [Description("Only lines with this outcome.")] [OneOf(typeof(ImportOutcome))] string? outcome,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        var wanted = invalid.OneOf<ImportOutcome>("outcome", outcome);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<ImportOperation>(id, http.RequestAborted) is not { } operation || operation.By.Id != caller.Id)
            return ReadOperation.NotFound(id);
        var after = page.After?.Number ?? 0;
        var query = session.Query<ImportLine>().Where(l => l.ImportId == id && l.Number > after);
        if (wanted is { } only)
            query = query.Where(l => l.Outcome == only);
        var rows = await query.OrderBy(l => l.Number).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(
            page.Page(
                rows,
                l => new ImportReportLine(l.Number, l.Source, l.Outcome, l.DocumentId, l.Recorded, l.Errors, l.Warnings),
                l => new Place(l.Number)
            )
        );
    }

    sealed record Place(int Number);
}

/// <summary>What became of a line.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Source">The line or the files that it came from.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Recorded">How many texts were recorded.</param>
/// <param name="Errors">Everything that is wrong with it.</param>
/// <param name="Warnings">What was taken where nothing was said, and what contradicts it.</param>
public sealed record ImportReportLine(
    int Number,
    string Source,
    ImportOutcome Outcome,
    Guid? DocumentId,
    int Recorded,
    IReadOnlyList<ProblemError> Errors,
    IReadOnlyList<ProblemError> Warnings
);
