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
            return Visibility.NotFound(id, document).ToResult();
        var chain = new RevisionChain();
        var visible = 0;
        await foreach (var text in RevisionTexts.All(session, document!, http.RequestAborted))
        {
            chain.Add(text);
            if (caller.SeesRevision(document!, text.Revision))
                visible++;
        }
        var broken = chain.BrokenAt(document!);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new IntegrityReport(broken is null, visible, chain.Head, broken));
    }
}

/// <summary>The hash chain over the texts of a document, computed again text by text.</summary>
sealed class RevisionChain
{
    readonly List<int> erased = [];
    int texts;
    int? broken;

    /// <summary>The end of the chain so far; null before the first text.</summary>
    public string? Head { get; private set; }

    /// <summary>Adds the next text.</summary>
    public void Add(CompleteText text)
    {
        var hash = text.IsErased ? text.TextHash : CanonicalText.Hash(CanonicalText.Of(text.Blocks));
        Head = CanonicalText.Chain(Head, ++texts, hash, text.FilesHash);
        if (text.IsErased)
            erased.Add(texts);
        if (text.Revision != texts || hash != text.TextHash || Head != text.ChainHash)
            broken ??= texts;
    }

    /// <summary>
    /// The first revision that is not what it was when it was recorded; null when all are. Nothing is missing but what the history says was
    /// erased.
    /// </summary>
    public int? BrokenAt(PolicyDocument document) =>
        broken
        ?? erased.Except(document.Erased).Concat(document.Erased.Except(erased)).Order().Cast<int?>().FirstOrDefault()
        ?? (texts != document.Revision || Head != document.ChainHash ? texts + 1 : null);
}

/// <summary>Whether the texts of a document are what they were when they were recorded.</summary>
/// <param name="Intact">Whether all hashes are what they were.</param>
/// <param name="Revisions">How many texts there are that the caller may read; all are checked.</param>
/// <param name="Head">The end of the recomputed chain.</param>
/// <param name="BrokenAt">The first revision that is not what it was; null when all are.</param>
public sealed record IntegrityReport(bool Intact, int Revisions, string? Head, int? BrokenAt);
