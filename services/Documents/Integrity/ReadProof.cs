using System.ComponentModel;
using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Integrity;

/// <summary>The proof that a revision was in the library at a checkpoint, the newest one when none is named.</summary>
public sealed class ReadProof : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/revisions/{revision:int}/proof", Get).Produces<RevisionProof>().WithName("readProof");

    static async Task<IResult> Get(
        Guid id,
        int revision,
        [Description("The number of the checkpoint that the revision is proved by; the newest when left out.")] int? checkpoint,
        Caller caller,
        CheckpointTree tree,
        IQuerySession session,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        if (!caller.SeesRevision(document!, revision))
            return caller.NoRevision(document!, revision).ToResult();
        var number =
            checkpoint
            ?? (await session.Query<KeptCheckpoint>().OrderByDescending(c => c.Id).FirstOrDefaultAsync(http.RequestAborted))?.Id
            ?? 0;
        // What is only prepared since is not told to the public, not by its hash either.
        if (!caller.SeesInside(document!))
        {
            var last = document!.PublicTexts.Max(t => t.Revision);
            var first = await session
                .Query<CheckpointEntry>()
                .Where(e => e.DocumentId == id && e.Revision > last && e.Number <= number)
                .OrderBy(e => e.Number)
                .FirstOrDefaultAsync(http.RequestAborted);
            number = first is null ? number : first.Number - 1;
        }
        var kept = await session.LoadAsync<KeptCheckpoint>(number, http.RequestAborted);
        var entry = await session
            .Query<CheckpointEntry>()
            .Where(e => e.DocumentId == id && e.Number <= number)
            .OrderByDescending(e => e.Number)
            .FirstOrDefaultAsync(http.RequestAborted);
        if (kept is null || entry is null || entry.Revision < revision)
            return DocumentProblems
                .NotYetCovered.With(
                    kept is null
                        ? (Wording)"There is no such checkpoint. One is made each day, and by POST /api/v1/integrity/checkpoints."
                        : $"Checkpoint {number} of {kept.Checkpoint.At:O} was made before revision {revision} was recorded. One is made each day."
                )
                .ToResult();

        string? before = null,
            text = null;
        IReadOnlyList<string>? files = null;
        var later = new List<LaterRevision>();
        await foreach (var recorded in RevisionTexts.All(session, document!, http.RequestAborted))
        {
            if (recorded.Revision == revision - 1)
                before = recorded.ChainHash;
            else if (recorded.Revision == revision)
                (text, files) = (CanonicalText.Of(recorded.Blocks), AttachedFile.HashedLines(recorded.Files));
            else if (recorded.Revision > revision && recorded.Revision <= entry.Revision)
                later.Add(new(recorded.Revision, recorded.TextHash, recorded.FilesHash));
        }
        var path = await tree.Path(kept.Checkpoint, entry, http.RequestAborted);
        return Results.Ok(
            new RevisionProof(
                id,
                revision,
                text!,
                before,
                later,
                entry.Index,
                [.. path.Select(Convert.ToHexStringLower)],
                kept.Checkpoint,
                files
            )
        );
    }
}
