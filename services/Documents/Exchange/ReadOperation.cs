using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>How far long work has come.</summary>
public enum OperationState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>It is done.</summary>
    Done,
}

/// <summary>Long work and how far it has come.</summary>
/// <param name="Id">The operation.</param>
/// <param name="Kind">import.</param>
/// <param name="State">Whether it goes on.</param>
/// <param name="Total">How many lines there are.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Outcomes">How many came to what.</param>
/// <param name="Report">Where each line's outcome is.</param>
public sealed record OperationView(
    Guid Id,
    string Kind,
    OperationState State,
    int Total,
    int Done,
    IReadOnlyDictionary<ImportOutcome, int> Outcomes,
    string Report
);

/// <summary>How far an operation has come.</summary>
public sealed class ReadOperation : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/operations/{id:guid}", Get).RequireAnyRole(Roles.Integrator).Produces<OperationView>().WithName("readOperation");

    static async Task<IResult> Get(Guid id, Caller caller, IQuerySession session, HttpContext http)
    {
        if (await session.LoadAsync<ImportOperation>(id, http.RequestAborted) is not { } operation || operation.By.Id != caller.Id)
            return NotFound(id);
        var counts = new Dictionary<ImportOutcome, int>();
        foreach (var outcome in Enum.GetValues<ImportOutcome>())
            if (
                await session.Query<ImportLine>().CountAsync(l => l.ImportId == id && l.Outcome == outcome, http.RequestAborted)
                is var count
                    and > 0
            )
                counts[outcome] = count;
        var done = operation.Lines - counts.GetValueOrDefault(ImportOutcome.Waiting);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(
            new OperationView(
                id,
                "import",
                done == operation.Lines ? OperationState.Done : OperationState.Running,
                operation.Lines,
                done,
                counts,
                $"/api/v1/imports/{id}/report"
            )
        );
    }

    internal static IResult NotFound(Guid id) => CommonProblems.NotFound.With($"You have no operation {id}.").ToResult();
}
