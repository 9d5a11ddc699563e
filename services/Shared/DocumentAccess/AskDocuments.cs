using Google.Rpc;
using Grpc.Core;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Shared.DocumentAccess;

/// <summary>Asks Documents with the eyes of the caller.</summary>
public static class AskDocuments
{
    /// <summary>A document that the caller sees; one that is not there or not visible is noted.</summary>
    public static async Task<Document?> Seen(
        this Documents.DocumentsClient documents,
        Guid id,
        string pointer,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        try
        {
            return await documents.GetDocumentAsync(new() { Id = id.ToString() }, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            invalid.Add(pointer, "document.unknown", $"There is no document {id} that you may see.");
            return null;
        }
    }

    /// <summary>A document as everybody sees it; null for one that is not there, not published, or taken from the public.</summary>
    public static async Task<Document?> Public(this Documents.DocumentsClient documents, Guid id, CancellationToken cancellation)
    {
        try
        {
            return await documents.GetDocumentAsync(new() { Id = id.ToString() }, [], cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>A document as everybody sees it; null for one that is taken from the public. Fails for one that is not there.</summary>
    public static async Task<Document?> PublicOrDown(this Documents.DocumentsClient documents, Guid id, CancellationToken cancellation)
    {
        try
        {
            return await documents.GetDocumentAsync(new() { Id = id.ToString() }, [], cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == CommonProblems.TakenDown.Code)
        {
            return null;
        }
    }

    /// <summary>A text as the caller sees it; null for one that is not there, or taken from the public.</summary>
    public static async Task<RevisionBlocks?> Blocks(
        this Documents.DocumentsClient documents,
        Guid id,
        int revision,
        CancellationToken cancellation
    )
    {
        try
        {
            return await documents.GetRevisionBlocksAsync(
                new() { Id = id.ToString(), Revision = revision },
                cancellationToken: cancellation
            );
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            return null;
        }
    }

    // So many ids are answered at once.
    const int MostAtOnce = 1000;

    /// <summary>Which of some documents everybody sees.</summary>
    public static async Task<IReadOnlySet<Guid>> WhichArePublic(
        this Documents.DocumentsClient documents,
        IEnumerable<Guid> ids,
        CancellationToken cancellation
    ) => (await documents.FindPublic(ids, cancellation)).Keys.ToHashSet();

    /// <summary>Those of some documents that everybody sees.</summary>
    public static async Task<IReadOnlyDictionary<Guid, PublicDocument>> FindPublic(
        this Documents.DocumentsClient documents,
        IEnumerable<Guid> ids,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<Guid, PublicDocument>();
        foreach (var some in ids.Distinct().Chunk(MostAtOnce))
        {
            var ask = new WhichArePublicRequest();
            ask.Ids.AddRange(some.Select(id => id.ToString()));
            foreach (var document in (await documents.WhichArePublicAsync(ask, cancellationToken: cancellation)).Documents)
                found[Guid.Parse(document.Id)] = document;
        }
        return found;
    }

    /// <summary>Notes the blocks that the revision does not have.</summary>
    public static async Task<RevisionBlocks?> WithBlocks(
        this Documents.DocumentsClient documents,
        Guid id,
        int revision,
        IReadOnlyList<string> blocks,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        try
        {
            var text = await documents.GetRevisionBlocksAsync(
                new() { Id = id.ToString(), Revision = revision },
                cancellationToken: cancellation
            );
            var known = text.Blocks.Select(b => b.Id).ToHashSet();
            for (var i = 0; i < blocks.Count; i++)
                invalid.If(
                    !known.Contains(blocks[i]),
                    $"/blocks/{i}",
                    "block.unknown",
                    $"Revision {revision} has no block {blocks[i]}. GET /api/v1/documents/{id}/revisions/{revision} lists them."
                );
            return text;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound)
        {
            invalid.Add("/revision", "revision.unknown", $"There is no revision {revision} of the document that you may see.");
            return null;
        }
    }
}
