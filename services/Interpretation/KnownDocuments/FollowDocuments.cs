using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.KnownDocuments;

/// <summary>
/// Learns of documents from the messages of Documents. Messages come twice and out of order, so each names its version, and what is known
/// from a later one stays; what a message does not say is asked of Documents, which answers as the public sees it.
/// </summary>
[WolverineHandler]
public static class FollowDocuments
{
    /// <summary>A document became public: its title and number are asked for.</summary>
    public static async Task Handle(
        DocumentPublishedMessage message,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        CancellationToken cancellation
    )
    {
        var known = await session.LoadAsync<KnownDocument>(message.DocumentId, cancellation);
        if (known?.Version >= message.Version)
            return;
        var document = await documents.PublicOrDown(message.DocumentId, cancellation);
        session.Store(
            new KnownDocument(message.DocumentId, message.Version, "", "", message.Revision, message.PublishedOn)
            {
                EffectiveFrom = message.EffectiveFrom,
                ExpiresOn =
                    document is null ? message.ExpiresOn
                    : document.ExpiresOn.Length > 0 ? DateOnly.Parse(document.ExpiresOn, System.Globalization.CultureInfo.InvariantCulture)
                    : null,
            }.With(document)
        );
    }

    /// <summary>A text was recorded: of interest once the document is public, since drafts are not interpreted from here.</summary>
    public static async Task Handle(RevisionRecordedMessage message, IDocumentSession session, CancellationToken cancellation)
    {
        if (await session.LoadAsync<KnownDocument>(message.DocumentId, cancellation) is { } known && known.Revision < message.Revision)
            session.Store(known with { Version = Math.Max(known.Version, message.Version), Revision = message.Revision });
    }

    /// <summary>A public text was amended or corrected; waits as a repeal does.</summary>
    public static Task Handle(DocumentTextChangedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            message.Version,
            session,
            known =>
                known with
                {
                    Revision = Math.Max(known.Revision, message.Revision),
                    Changes =
                    [
                        .. known.Changes.Where(c => c.Revision != message.Revision),
                        new(message.PreviousRevision, message.Revision, message.EffectiveFrom),
                    ],
                },
            cancellation
        );

    /// <summary>The last day was moved; waits as a repeal does. Of two moves the later one holds, whichever is heard of first.</summary>
    public static Task Handle(DocumentExpiryChangedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            message.Version,
            session,
            known =>
                known.ExpirySetIn < message.Version
                    ? known with
                    {
                        ExpiresOn = message.ExpiresOn,
                        ExpirySetIn = message.Version,
                        ExpiredOn = null,
                    }
                    : known,
            cancellation
        );

    /// <summary>A document was repealed. When the message overtakes the publication, it waits until that has come.</summary>
    public static Task Handle(DocumentRepealedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            message.Version,
            session,
            known => Ends(known, message.Version, message.EffectiveFrom, known.SupersededFrom),
            cancellation
        );

    /// <summary>A document was superseded; waits as a repeal does.</summary>
    public static Task Handle(DocumentSupersededMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            message.Version,
            session,
            known => Ends(known, message.Version, known.RepealedFrom, message.EffectiveFrom),
            cancellation
        );

    /// <summary>
    /// What ended a document was taken back; waits as a repeal does. An end that is told later and was recorded before does not hold.
    /// </summary>
    public static Task Handle(DocumentRestoredMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, message.Version, session, known => Ends(known, message.Version, null, null), cancellation);

    /// <summary>Elements were put right: they are asked for, and the days are told. Waits as a repeal does.</summary>
    public static async Task Handle(
        DocumentElementsCorrectedMessage message,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        CancellationToken cancellation
    )
    {
        var document = await documents.PublicOrDown(message.DocumentId, cancellation);
        await Change(
            message.DocumentId,
            message.Version,
            session,
            known =>
                known.ElementsSetIn > message.Version
                    ? known
                    : known.With(document) with
                    {
                        PublishedOn = message.PublishedOn,
                        EffectiveFrom = message.EffectiveFrom,
                        Changes =
                        [
                            .. known.Changes.Select(c => c.Revision == message.Revision ? c with { EffectiveFrom = message.FirstDay } : c),
                        ],
                        ElementsSetIn = message.Version,
                    },
            cancellation
        );
    }

    /// <summary>
    /// A document, or a text of it, was taken from the public or put back. What could not be asked of it while it was down is asked then.
    /// </summary>
    public static async Task Handle(
        DocumentVisibilityChangedMessage message,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        CancellationToken cancellation
    )
    {
        await session.Hear(message, cancellation);
        if (
            message is { PutBack: true, Revision: null }
            && await session.LoadAsync<KnownDocument>(message.DocumentId, cancellation) is { } known
        )
            session.Store(known.With(await documents.PublicOrDown(message.DocumentId, cancellation)));
    }

    /// <summary>It was not heard that what was asked to be hidden stays so.</summary>
    public static Task<OutgoingMessages> Handle(
        ConfirmHidden note,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        CancellationToken cancellation
    ) => session.Confirm(note, documents, time.GetUtcNow(), cancellation);

    /// <summary>A document lapsed; waits as a repeal does.</summary>
    public static Task Handle(DocumentExpiredMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            message.Version,
            session,
            known => known.ExpirySetIn < message.Version ? known with { ExpiredOn = message.ExpiredOn } : known,
            cancellation
        );

    // As the public sees it; as it was known where that sees nothing.
    internal static KnownDocument With(this KnownDocument known, Document? document) =>
        document is null
            ? known
            : known with
            {
                Title = document.Title,
                DocumentNumber = document.DocumentNumber,
                Issuers = [.. document.Issuers],
            };

    static KnownDocument Ends(KnownDocument known, long version, DateOnly? repealedFrom, DateOnly? supersededFrom) =>
        known.EndSetIn > version ? known : known with { RepealedFrom = repealedFrom, SupersededFrom = supersededFrom, EndSetIn = version };

    static async Task Change(
        Guid documentId,
        long version,
        IDocumentSession session,
        Func<KnownDocument, KnownDocument> change,
        CancellationToken cancellation
    )
    {
        var known = await session.LoadAsync<KnownDocument>(documentId, cancellation) ?? throw new NotKnownYetException(documentId);
        session.Store(change(known) with { Version = Math.Max(known.Version, version) });
    }
}

/// <summary>A message builds on another one about the same document that has not been heard of yet; it is tried again later.</summary>
public sealed class NotKnownYetException(Guid documentId)
    : Exception($"Not everything that happened to document {documentId} before is known yet.");
