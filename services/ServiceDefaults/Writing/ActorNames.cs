using System.Collections.Concurrent;
using Marten;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>The name of somebody who acted: personal data, so it is one erasable, sealed row and not in the events.</summary>
/// <param name="Id">The <c>sub</c> of the token.</param>
/// <param name="Name">The name as the identity provider last gave it.</param>
public sealed record ActorName(string Id, Sealed<string> Name);

/// <summary>Keeps the names of those who act, and finds them for people who read a history.</summary>
public sealed class ActorNames
{
    readonly ConcurrentDictionary<string, string> known = new();

    /// <summary>Notes the caller's name in <paramref name="session"/> when it is new or has changed.</summary>
    internal bool Note(IDocumentSession session, Caller caller)
    {
        if (caller.IsPublic || known.TryGetValue(caller.Id, out var name) && name == caller.Name) return false;
        session.Store(new ActorName(caller.Id, new(caller.Name)));
        return true;
    }

    /// <summary>Remembers a name that has been stored.</summary>
    internal void Remember(Caller caller) => known[caller.Id] = caller.Name;

    /// <summary>The names of these actors; an erased one is missing.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Find(IQuerySession session, IEnumerable<string> ids, CancellationToken cancellation)
    {
        var wanted = ids.Distinct().ToArray();
        var missing = wanted.Where(id => !known.ContainsKey(id)).ToArray();
        if (missing.Length > 0)
            foreach (var found in await session.LoadManyAsync<ActorName>(cancellation, missing)) known.TryAdd(found.Id, found.Name.Value);
        return wanted.Where(known.ContainsKey).ToDictionary(id => id, id => known[id]);
    }
}
