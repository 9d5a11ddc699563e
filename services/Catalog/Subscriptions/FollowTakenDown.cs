using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>Hears what is taken from the public for good, and what is put back: of the one no notice is shown or sent.</summary>
[WolverineHandler]
public static class FollowTakenDown
{
    /// <summary>A document, or a text of it, was taken down or put back.</summary>
    public static Task Handle(DocumentVisibilityChangedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        session.Hear(message, cancellation);

    /// <summary>It was not heard that what was asked to be hidden stays so.</summary>
    public static Task<OutgoingMessages> Handle(
        ConfirmHidden note,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        CancellationToken cancellation
    ) => session.Confirm(note, documents, time.GetUtcNow(), cancellation);
}
