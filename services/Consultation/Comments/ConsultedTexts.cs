using Marten;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Operations;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>The texts that are commented on, found without asking the database for each comment: they never change.</summary>
public sealed class ConsultedTexts(IDocumentStore store) : IDisposable
{
    const int MostBlocks = 200_000;

    static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = MostBlocks });
    readonly CacheUse use = new("consulted_texts");

    /// <summary>The blocks of a revision that was put up, by id; null where it was not.</summary>
    public async Task<IReadOnlyDictionary<string, ConsultedBlock>?> Find(Guid consultation, int revision, CancellationToken cancellation)
    {
        var id = ConsultedText.IdOf(consultation, revision);
        if (use.Count(known.TryGetValue(id, out IReadOnlyDictionary<string, ConsultedBlock>? blocks)))
            return blocks;
        await using var session = store.QuerySession();
        if (await session.LoadAsync<ConsultedText>(id, cancellation) is not { } text)
            return null;
        blocks = text.Blocks.ToDictionary(b => b.Id);
        return known.Set(id, blocks, new MemoryCacheEntryOptions { Size = blocks.Count + 1, SlidingExpiration = Unused });
    }

    /// <summary>Reads a text anew when it is asked for next.</summary>
    public void Forget(Guid consultation, int revision) => known.Remove(ConsultedText.IdOf(consultation, revision));

    /// <summary>A consultation with all texts that were put up in it; null where there is none.</summary>
    public async Task<AskedAbout?> Load(IDocumentSession session, Guid id)
    {
        if (await session.LoadAsync<PublicConsultation>(id, CancellationToken.None) is not { } consultation)
            return null;
        var blocks = new Dictionary<int, IReadOnlyDictionary<string, ConsultedBlock>>();
        foreach (var revision in consultation.Revisions)
            if (await Find(id, revision.Revision, CancellationToken.None) is { } found)
                blocks[revision.Revision] = found;
        return new(consultation, blocks);
    }

    /// <inheritdoc/>
    public void Dispose() => known.Dispose();
}

/// <summary>What comments that arrive together are about.</summary>
/// <param name="Consultation">The consultation, as it is when they are recorded.</param>
/// <param name="Blocks">The blocks of each revision that was put up, by id.</param>
public sealed record AskedAbout(
    PublicConsultation Consultation,
    IReadOnlyDictionary<int, IReadOnlyDictionary<string, ConsultedBlock>> Blocks
);
