using System.Runtime.CompilerServices;
using Marten;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>
/// Sessions that hold something in the database until their changes are saved: a lock, a row, a number. What they record is recorded in their own
/// transaction, never together with what others record.
/// </summary>
public static class HeldSessions
{
    static readonly ConditionalWeakTable<IDocumentSession, IDocumentSession> held = [];

    /// <summary>Begins the transaction of a session: what is asked for with it from here on is held until its changes are saved.</summary>
    public static async Task Hold(this IDocumentSession session, CancellationToken cancellation)
    {
        held.AddOrUpdate(session, session);
        await session.BeginTransactionAsync(cancellation);
    }

    /// <summary>Whether nothing but reading was done with a session.</summary>
    internal static bool HasOnlyRead(this IDocumentSession session) =>
        !held.TryGetValue(session, out _)
        && !session.PendingChanges.Operations().Any()
        && session.PendingChanges.Streams().All(stream => stream.Events.Count == 0);
}
