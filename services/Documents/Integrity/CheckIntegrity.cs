using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>Recomputes the hashes of all texts of a document and the chain over them.</summary>
public sealed class CheckIntegrity : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/integrity", Get).Produces<IntegrityReport>().WithName("checkIntegrity");

    static async Task<IResult> Get(Guid id, Caller caller, IQuerySession session, HttpContext http)
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id).ToResult();
        string? chain = null;
        int? broken = null;
        int expected = 0,
            visible = 0;
        await foreach (var text in RevisionTexts.All(session, document!, http.RequestAborted))
        {
            var hash = CanonicalText.Hash(CanonicalText.Of(text.Blocks));
            chain = CanonicalText.Chain(chain, ++expected, hash, AttachedFile.HashOf(text.Files));
            if (broken is null && (text.Revision != expected || hash != text.TextHash || chain != text.ChainHash))
                broken = expected;
            if (caller.SeesRevision(document!, text.Revision))
                visible++;
        }
        if (broken is null && (expected != document!.Revision || chain != document.ChainHash))
            broken = expected + 1;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new IntegrityReport(broken is null, visible, chain, broken));
    }
}

/// <summary>Whether the texts of a document are what they were when they were recorded.</summary>
/// <param name="Intact">Whether all hashes are what they were.</param>
/// <param name="Revisions">How many texts there are that the caller may read; all are checked.</param>
/// <param name="Head">The end of the recomputed chain.</param>
/// <param name="BrokenAt">The first revision that is not what it was; null when all are.</param>
public sealed record IntegrityReport(bool Intact, int Revisions, string? Head, int? BrokenAt);
