using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>One clause through all revisions that the caller may read: each wording once, newest first, paged.</summary>
public sealed class ReadBlockHistory : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/blocks/{blockId}/history", Get).Produces<Page<BlockVersion>>().WithName("readBlockHistory");

    static async Task<IResult> Get(
        Guid id,
        string blockId,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}/{blockId}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();

        var versions = new List<BlockVersion>();
        string? last = null,
            lastWords = null;
        await foreach (var text in RevisionTexts.All(session, document!, http.RequestAborted))
        {
            if (!caller.SeesRevision(document!, text.Revision))
                continue;
            var wording = Wording(text.Blocks, blockId);
            if (wording == last)
                continue;
            var block = text.Blocks.FirstOrDefault(b => b.Id == blockId);
            var words = block is { Label: { } label } ? wording![label.Length..].TrimStart() : wording;
            versions.Add(
                new(
                    text.Revision,
                    document!.PublicTexts.FirstOrDefault(t => t.Revision == text.Revision)?.EffectiveFrom,
                    text.RecordedAt,
                    last is null ? BlockEvent.Added
                        : wording is null ? BlockEvent.Removed
                        : words == lastWords ? BlockEvent.Renumbered
                        : BlockEvent.Changed,
                    block?.Label,
                    wording
                )
            );
            (last, lastWords) = (wording, words);
        }
        if (versions.Count == 0)
            return DocumentProblems
                .BlockNotFound.With($"No revision that you may read has a block {blockId}. GET …/revisions/current lists the blocks.")
                .ToResult();
        versions.Reverse();
        var rows = versions.Where(v => v.Revision < (page.After?.Revision ?? int.MaxValue)).Take(page.Size + 1).ToArray();
        return http.Conditional(
            $"\"b{document!.Version}-{caller.SeesInside(document)}-{blockId}-{page.Size}-{page.After?.Revision}\"",
            () => Results.Ok(page.Page(rows, v => v, v => new Place(v.Revision)))
        );
    }

    /// <summary>A block with everything that belongs to it, a line each; null where it is not there.</summary>
    internal static string? Wording(IReadOnlyList<Block> blocks, string blockId)
    {
        var within = new HashSet<string>();
        var lines = new List<string>();
        foreach (var block in blocks)
        {
            if (block.Id != blockId && !(block.ParentId is { } parent && within.Contains(parent)))
                continue;
            within.Add(block.Id);
            lines.Add(block.Text);
        }
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    sealed record Place(int Revision);
}

/// <summary>What happened to a clause in a revision.</summary>
public enum BlockEvent
{
    /// <summary>It came.</summary>
    Added,

    /// <summary>It was worded anew, or what belongs to it was.</summary>
    Changed,

    /// <summary>It went.</summary>
    Removed,

    /// <summary>It has another number, and says the same.</summary>
    Renumbered,
}

/// <summary>A wording of a clause.</summary>
/// <param name="Revision">The first revision that has it.</param>
/// <param name="EffectiveFrom">The first day on which that revision is the text in force, Asia/Shanghai; null for a draft.</param>
/// <param name="RecordedAt">When that revision was recorded, UTC.</param>
/// <param name="Event">What happened to the clause there.</param>
/// <param name="Label">第八条, as numbered there.</param>
/// <param name="Text">The clause with its paragraphs and items, a line each; null where it went.</param>
public sealed record BlockVersion(
    int Revision,
    DateOnly? EffectiveFrom,
    DateTimeOffset RecordedAt,
    BlockEvent Event,
    string? Label,
    string? Text
);
