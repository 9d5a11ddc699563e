using System.Runtime.CompilerServices;
using Marten;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>What is noted with a session until its changes are saved, and is written then.</summary>
/// <typeparam name="T">What it is noted in.</typeparam>
public sealed class SessionNotes<T>
    where T : class, new()
{
    readonly ConditionalWeakTable<IDocumentSession, T> notes = [];

    /// <summary>Where to note something: the session is saved in its own transaction from then on.</summary>
    public T Of(IDocumentSession session)
    {
        session.KeepToItself();
        return notes.GetOrCreateValue(session);
    }

    /// <summary>What was noted, for whoever writes it; null where nothing was.</summary>
    public T? Take(IDocumentSession session) => notes.Remove(session, out var noted) ? noted : null;
}
