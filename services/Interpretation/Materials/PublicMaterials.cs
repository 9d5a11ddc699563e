using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Which materials the public sees. The moment at which a document becomes public is the commit of one event in Documents. Until that has been heard of here, Documents is asked
/// before a signed material is shown or kept back: so there is no moment in which the one is public without the other, and while Documents cannot be asked, nobody sees the
/// document either.
/// </summary>
public sealed class PublicMaterials(Documents.DocumentsClient documents, ILogger<PublicMaterials> logger)
{
    const int MostAtOnce = 1000;

    /// <summary>Whether the public sees it.</summary>
    public async Task<bool> Shows(InterpretationMaterial material, CancellationToken cancellation) =>
        material.ShownAt is not null || material.Waits && (await WhichArePublic([material.DocumentId], cancellation)).Contains(material.DocumentId);

    /// <summary>The documents that signed materials wait for and that are public by now.</summary>
    public async Task<IReadOnlyCollection<Guid>> Arrived(IQuerySession session, CancellationToken cancellation)
    {
        var waiting = await session.Query<InterpretationMaterial>().Where(m => m.Waits).Select(m => m.DocumentId).Distinct().Take(MostAtOnce).ToListAsync(cancellation);
        return waiting.Count == 0 ? [] : await WhichArePublic(waiting, cancellation);
    }

    async Task<IReadOnlyCollection<Guid>> WhichArePublic(IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        try
        {
            var ask = new WhichArePublicRequest();
            ask.Ids.AddRange(ids.Select(id => id.ToString()));
            var answer = await documents.WhichArePublicAsync(ask, cancellationToken: cancellation);
            return [.. answer.Documents.Select(d => Guid.Parse(d.Id))];
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            logger.LogWarning("Documents cannot be asked; {Count} documents are taken as not public", ids.Count);
            return [];
        }
    }
}
