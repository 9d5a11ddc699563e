using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>
/// The checkpoints, newest first, paged; one of them; and the key to check them with. Public: they are to be kept by others.
/// </summary>
public sealed class ReadCheckpoints : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/integrity/checkpoints", List).Produces<Page<Checkpoint>>().WithName("listCheckpoints");
        api.MapGet("/integrity/checkpoints/{number:int}", One).Produces<Checkpoint>().WithName("readCheckpoint");
        api.MapGet("/integrity/key", Key).Produces<string>(200, "application/x-pem-file").WithName("readIntegrityKey");
    }

    /// <summary>The signed checkpoints over all texts, newest first, paged.</summary>
    static async Task<IResult> List(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var before = page.After?.Number ?? int.MaxValue;
        var rows = await session
            .Query<KeptCheckpoint>()
            .Where(c => c.Id < before)
            .OrderByDescending(c => c.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, c => c.Checkpoint, c => new Place(c.Id)));
    }

    /// <summary>One checkpoint by its number, as it was signed; it never changes.</summary>
    static async Task<IResult> One(int number, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<KeptCheckpoint>(number, http.RequestAborted) is { } kept
            ? http.Conditional($"\"k{number}\"", () => Results.Ok(kept.Checkpoint))
            : CommonProblems.NotFound.With($"There is no checkpoint {number}.").ToResult();

    /// <summary>The public key that checkpoints are checked with, as PEM; to be kept by those who check them.</summary>
    static IResult Key(Checkpoints checkpoints) =>
        checkpoints.PublicKey is { } key
            ? Results.Text(key, "application/x-pem-file")
            : DocumentProblems.NoIntegrityKey.With("Integrity:KeyFile names no key.").ToResult();

    sealed record Place(int Number);
}
