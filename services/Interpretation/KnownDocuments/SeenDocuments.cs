using Grpc.Core;
using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Interpretation.KnownDocuments;

/// <summary>
/// Which documents a caller may be told of: those that are published, and drafts of which the caller knows (D 16). Whoever answers a question
/// or grants a benefit need not be one of their issuers.
/// </summary>
static class SeenDocuments
{
    /// <summary>Those of some documents that the caller may be told of. While Documents cannot be asked, those that are known here.</summary>
    public static async Task<IReadOnlySet<Guid>> SeenBy(
        this Documents.DocumentsClient documents,
        Caller caller,
        IQuerySession session,
        IEnumerable<Guid> ids,
        CancellationToken cancellation
    )
    {
        var asked = ids.ToHashSet();
        if (caller.WorksFor([]) || asked.Count == 0)
            return asked;
        var seen = (await session.LoadManyAsync<KnownDocument>(cancellation, [.. asked])).Select(d => d.Id).ToHashSet();
        asked.ExceptWith(seen);
        try
        {
            seen.UnionWith(await documents.WhichArePublic(asked, cancellation));
            if (caller.HasAny(Roles.Drafter))
                foreach (var draft in asked.Except(seen).ToArray())
                    if ((await documents.DocumentExistsAsync(new() { Id = draft.ToString() }, cancellationToken: cancellation)).Exists)
                        seen.Add(draft);
        }
        catch (RpcException e) when (Faults.IsTemporary(e))
        {
            // What is not known for sure is not told.
        }
        return seen;
    }
}
