using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.KnownDocuments;

/// <summary>The published documents that can be interpreted, last published first, paged. Public.</summary>
public sealed class ListKnownDocuments : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/interpretations/documents", Get).Produces<Page<KnownDocument>>().WithName("listKnownDocuments");

    static async Task<IResult> Get(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<KnownDocument> query = session.Query<KnownDocument>();
        if ((await session.Hidden(http.RequestAborted)).Documents is { Length: > 0 } hidden)
            query = query.Where(d => !d.Id.IsOneOf(hidden));
        if (page.After is { } after)
            query = query.Where(d =>
                d.PublishedOn < after.PublishedOn || d.PublishedOn == after.PublishedOn && d.Id.CompareTo(after.Id) < 0
            );
        var rows = await query
            .OrderByDescending(d => d.PublishedOn)
            .ThenByDescending(d => d.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, d => d, d => new Place(d.PublishedOn, d.Id)));
    }

    sealed record Place(DateOnly PublishedOn, Guid Id);
}
