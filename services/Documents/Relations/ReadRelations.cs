using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Relations;

/// <summary>The relations of a document, in both directions, and what its current text cites.</summary>
public sealed class ReadRelations : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/relations", Get).Produces<DocumentRelations>().WithName("readRelations");

    static async Task<IResult> Get(
        Guid id,
        DateOnly? on,
        Caller caller,
        IQuerySession session,
        FoundRelations relations,
        TimeProvider time,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Ok(await relations.Of(session, document!, caller, on ?? time.Today(), http.RequestAborted));
    }
}
