using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Memory;

namespace PolicyPlatform.Gateway.Keeping;

/// <summary>The memory in which output caching keeps answers: bounded, and emptied with each generation.</summary>
sealed class KeptAnswers : IOutputCacheStore, IDisposable
{
    readonly MemoryCache answers;

    /// <summary>Keeps nothing yet.</summary>
    /// <param name="largest">How many bytes are kept at most.</param>
    /// <param name="generations">Whose end empties it.</param>
    public KeptAnswers(long largest, Generations generations)
    {
        answers = new(new MemoryCacheOptions { SizeLimit = largest, TrackStatistics = true });
        generations.Ended += answers.Clear;
    }

    /// <summary>How many bytes are kept just now.</summary>
    public long Bytes => answers.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0;

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(answers.TryGetValue(key, out byte[]? answer) ? answer : null);

    /// <inheritdoc/>
    public ValueTask SetAsync(string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        // The key, two bytes a sign, and what an entry costs beside its bytes.
        answers.Set(key, value, new MemoryCacheEntryOptions { Size = value.Length + 2 * key.Length + 400 });
        return ValueTask.CompletedTask;
    }

    /// <summary>The tag of the answer that is kept under a name; null where it has none, or none is kept.</summary>
    public string? Tag(string name) => answers.TryGetValue(name, out string? tag) ? tag : null;

    /// <summary>Remembers the tag of an answer that is kept under a name.</summary>
    public void Remember(string name, string tag) =>
        answers.Set(name, tag, new MemoryCacheEntryOptions { Size = 2 * (name.Length + tag.Length) + 400 });

    /// <inheritdoc/>
    // Nothing is kept long enough to be taken out by itself.
    public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => answers.Dispose();
}
