using System.Runtime.CompilerServices;
using Marten;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>
/// Sessions in which more is done than reading before their changes are saved: they hold a lock, a row or a number of the database, or have noted
/// something to be saved with them. What they record is recorded in their own transaction, never together with what others record.
/// </summary>
public static class HeldSessions
{
    static readonly ConditionalWeakTable<IDocumentSession, IDocumentSession> held = [];

    /// <summary>Begins the transaction of a session: what is asked for with it from here on is held until its changes are saved.</summary>
    public static async Task Hold(this IDocumentSession session, CancellationToken cancellation)
    {
        session.KeepToItself();
        await session.BeginTransactionAsync(cancellation);
    }

    /// <summary>Has a session recorded in its own transaction.</summary>
    internal static void KeepToItself(this IDocumentSession session) => held.AddOrUpdate(session, session);

    /// <summary>Whether nothing but reading was done with a session.</summary>
    internal static bool HasOnlyRead(this IDocumentSession session) =>
        !held.TryGetValue(session, out _)
        && !session.PendingChanges.Operations().Any()
        && session.PendingChanges.Streams().All(stream => stream.Events.Count == 0);
}
