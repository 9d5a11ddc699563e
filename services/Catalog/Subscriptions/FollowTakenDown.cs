using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>Hears what is taken from the public for good, and what is put back: of the one no notice is shown or sent.</summary>
[WolverineHandler]
public static class FollowTakenDown
{
    /// <summary>A document, or a text of it, was taken down or put back.</summary>
    public static Task Handle(DocumentVisibilityChangedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        session.Hear(message, cancellation);
}
