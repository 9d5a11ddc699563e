using Grpc.Core;
using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Which documents are named to everybody: those that are published, and drafts that a consultation names. Any other draft is known to those
/// who work on it alone (D 16).
/// </summary>
static class NamedDocuments
{
    /// <summary>Those of some documents that are named to everybody. While Documents cannot be asked, no others than are consulted on.</summary>
    public static async Task<IReadOnlySet<Guid>> Named(
        this Documents.DocumentsClient documents,
        IQuerySession session,
        IEnumerable<Guid> ids,
        ILogger logger,
        CancellationToken cancellation
    )
    {
        Guid[] asked = [.. ids.Distinct()];
        if (asked.Length == 0)
            return new HashSet<Guid>();
        var named = (
            await session
                .Query<PublicConsultation>()
                .Where(c => c.DocumentId.IsOneOf(asked))
                .Select(c => c.DocumentId)
                .ToListAsync(cancellation)
        ).ToHashSet();
        try
        {
            named.UnionWith(await documents.WhichArePublic(asked.Except(named), cancellation));
        }
        catch (RpcException e) when (Faults.IsTemporary(e))
        {
            logger.LogWarning(
                "Documents cannot be asked what is public; hearings do not name {Count} documents",
                asked.Length - named.Count
            );
        }
        return named;
    }
}
