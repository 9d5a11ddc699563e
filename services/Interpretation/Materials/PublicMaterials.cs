using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Which materials the public sees. The moment at which a document becomes public is the commit of one event in Documents. Until that has
/// been heard of here, Documents is asked
/// before a signed material is shown or kept back: so there is no moment in which the one is public without the other. While Documents
/// cannot be asked there is no answer to that,
/// which is not the same as "no".
/// </summary>
public sealed class PublicMaterials(Documents.DocumentsClient documents, ILogger<PublicMaterials> logger)
{
    const int MostAtOnce = 1000;

    /// <summary>Whether the public sees it. Fails while that cannot be known.</summary>
    public async Task<bool> Shows(InterpretationMaterial material, CancellationToken cancellation) =>
        material.ShownAt is not null
        || material.Waits && (await documents.WhichArePublic([material.DocumentId], cancellation)).Contains(material.DocumentId);

    /// <summary>The documents that signed materials wait for and that are public by now.</summary>
    /// <param name="session">Where the materials are.</param>
    /// <param name="document">The only document that matters; fails while it cannot be known. Null for all: while Documents is away those
    /// that wait are left out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyCollection<Guid>> Arrived(IQuerySession session, Guid? document, CancellationToken cancellation)
    {
        var query = session.Query<InterpretationMaterial>().Where(m => m.Waits);
        if (document is not null)
            query = query.Where(m => m.DocumentId == document);
        var waiting = await query.Select(m => m.DocumentId).Distinct().Take(MostAtOnce).ToListAsync(cancellation);
        try
        {
            return await documents.WhichArePublic(waiting, cancellation);
        }
        catch (RpcException e) when (document is null && Faults.IsTemporary(e))
        {
            logger.LogWarning("Documents cannot be asked; the materials of {Count} documents are left out", waiting.Count);
            return [];
        }
    }
}
