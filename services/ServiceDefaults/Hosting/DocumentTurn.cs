using Marten;
using PolicyPlatform.Contracts;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Gives each message about a document its turn before its handler reads anything: a lock of the database that ends with the handler's
/// transaction, whichever process of the service
/// has the message and whatever carried it. So no handler decides on what another one is about to change.
/// </summary>
public static class DocumentTurn
{
    /// <summary>Waits for the turn.</summary>
    public static Task BeforeAsync(IAboutDocument message, IDocumentSession session, CancellationToken cancellation) =>
        session.TakeTurn(message.DocumentId, cancellation);

    /// <summary>
    /// Waits for the turn of a document; for a request that reads what its messages write. It lasts until the session's changes are saved.
    /// </summary>
    public static async Task TakeTurn(this IDocumentSession session, Guid document, CancellationToken cancellation)
    {
        await session.Hold(cancellation);
        await session.QueryAsync<int>(
            "select 1 as data from pg_advisory_xact_lock(hashtextextended(?, 0))",
            cancellation,
            $"{session.DocumentStore.Options.DatabaseSchemaName} {document}"
        );
    }
}
