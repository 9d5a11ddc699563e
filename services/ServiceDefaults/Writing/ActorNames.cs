using Marten;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>The name of somebody who acted: personal data, so it is one erasable, sealed row and not in the events.</summary>
/// <param name="Id">The <c>sub</c> of the token.</param>
/// <param name="Name">The name as the identity provider last gave it.</param>
public sealed record ActorName(string Id, Sealed<string> Name);

/// <summary>
/// Keeps the names of those who act, and finds them for people who read a history. They are read from the database each time: one that was
/// erased is gone at once, whichever process
/// erased it.
/// </summary>
public sealed class ActorNames : IDisposable
{
    const int MostNoted = 10_000;

    // Whose names need not be written again.
    readonly MemoryCache noted = new(new MemoryCacheOptions { SizeLimit = MostNoted });

    /// <summary>Notes the caller's name in <paramref name="session"/> when it is new or has changed.</summary>
    internal bool Note(IDocumentSession session, Caller caller)
    {
        if (caller.IsPublic || noted.TryGetValue(caller.Id, out string? name) && name == caller.Name)
            return false;
        session.Store(new ActorName(caller.Id, new(caller.Name)));
        return true;
    }

    /// <summary>Remembers that a name has been stored.</summary>
    internal void Remember(Caller caller) => noted.Set(caller.Id, caller.Name, new MemoryCacheEntryOptions { Size = 1 });

    /// <summary>The names of these actors; an erased one is missing, and one that cannot be read says so.</summary>
    public static async Task<IReadOnlyDictionary<string, Sealed<string>>> Find(
        IQuerySession session,
        IEnumerable<string> ids,
        CancellationToken cancellation
    ) => (await session.LoadManyAsync<ActorName>(cancellation, [.. ids.Distinct()])).ToDictionary(n => n.Id, n => n.Name);

    /// <summary>
    /// Tells these names from others, for the tag of a page that shows them: one that was erased, or cannot be read any more, is a change.
    /// </summary>
    public static string Mark(IReadOnlyDictionary<string, Sealed<string>> names) =>
        ConditionalRequests.Mark(names.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Key}\t{n.Value.IfReadable}"));

    /// <inheritdoc/>
    public void Dispose() => noted.Dispose();
}
