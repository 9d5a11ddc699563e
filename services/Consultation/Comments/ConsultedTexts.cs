using Marten;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Consultation.Periods;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>The texts that are commented on, found without asking the database for each comment: they never change.</summary>
sealed class ConsultedTexts(IDocumentStore store) : IDisposable
{
    const int MostBlocks = 200_000;

    static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = MostBlocks });

    /// <summary>The blocks of a revision that was put up, by id; null where it was not.</summary>
    public async Task<IReadOnlyDictionary<string, ConsultedBlock>?> Find(Guid consultation, int revision, CancellationToken cancellation)
    {
        var id = ConsultedText.IdOf(consultation, revision);
        if (known.TryGetValue(id, out IReadOnlyDictionary<string, ConsultedBlock>? blocks))
            return blocks;
        await using var session = store.QuerySession();
        if (await session.LoadAsync<ConsultedText>(id, cancellation) is not { } text)
            return null;
        blocks = text.Blocks.ToDictionary(b => b.Id);
        return known.Set(id, blocks, new MemoryCacheEntryOptions { Size = blocks.Count + 1, SlidingExpiration = Unused });
    }

    /// <inheritdoc/>
    public void Dispose() => known.Dispose();
}
