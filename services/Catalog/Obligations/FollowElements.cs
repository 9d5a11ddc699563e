using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>
/// Lets obligations follow their document: they bear its title and are those of its issuers, also once these were put right, or an
/// amendment brought another title. What they are is asked of Documents, as the public sees it.
/// </summary>
[WolverineHandler]
public static class FollowElements
{
    /// <summary>Elements were put right.</summary>
    public static OutgoingMessages Handle(DocumentElementsCorrectedMessage message, TimeProvider time) =>
        ReadElementsAgain.After(message, time.GetUtcNow());

    /// <summary>A text changed, perhaps with its title.</summary>
    public static OutgoingMessages Handle(DocumentTextChangedMessage message, TimeProvider time) =>
        ReadElementsAgain.After(message, time.GetUtcNow());

    /// <summary>A document was put back.</summary>
    public static OutgoingMessages Handle(DocumentVisibilityChangedMessage message) => ReadElementsAgain.After(message);

    /// <summary>Asks, and records where an obligation says something else.</summary>
    public static async Task Handle(
        ReadElementsAgain note,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (await documents.Public(note.DocumentId, cancellation) is not { } document)
            return;
        foreach (var obligation in await session.Query<Obligation>().Where(o => o.DocumentId == note.DocumentId).ToListAsync(cancellation))
            if (obligation.Title != document.Title || !obligation.Bodies.SequenceEqual(document.Issuers))
                session.Events.Append(
                    obligation.Id,
                    obligation.Version + 1,
                    new ObligationFollowedDocument(
                        document.Title,
                        [.. document.Issuers],
                        Actor.Platform,
                        time.GetUtcNow(),
                        document.CurrentRevision
                    )
                );
    }
}
