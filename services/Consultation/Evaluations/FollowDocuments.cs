using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using Wolverine.Attributes;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>
/// Learns from when to when documents are in force. Messages come twice and out of order: of two that say the same the later one
/// holds.
/// </summary>
[WolverineHandler]
public static class FollowDocuments
{
    /// <summary>A document became public.</summary>
    public static Task Handle(DocumentPublishedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            session,
            term => Begins(Expires(term, message.ExpiresOn, message.Version), message.EffectiveFrom, message.Version),
            cancellation
        );

    /// <summary>Its first day was put right.</summary>
    public static Task Handle(DocumentElementsCorrectedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, session, term => Begins(term, message.EffectiveFrom, message.Version), cancellation);

    /// <summary>The last day was moved.</summary>
    public static Task Handle(DocumentExpiryChangedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, session, term => Expires(term, message.ExpiresOn, message.Version), cancellation);

    /// <summary>A document was repealed.</summary>
    public static Task Handle(DocumentRepealedMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, session, term => Ends(term, message.EffectiveFrom, message.Version), cancellation);

    /// <summary>A document was superseded.</summary>
    public static Task Handle(DocumentSupersededMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, session, term => Ends(term, message.EffectiveFrom, message.Version), cancellation);

    /// <summary>What ended a document was taken back. An end that is told later and was recorded before does not hold.</summary>
    public static Task Handle(DocumentRestoredMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, session, term => Ends(term, null, message.Version), cancellation);

    /// <summary>A document lapsed; what is prolonged later is told by its new last day.</summary>
    public static Task Handle(DocumentExpiredMessage message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            session,
            term => term.ExpirySetIn < message.Version ? Expires(term, message.ExpiredOn, message.Version) : term,
            cancellation
        );

    static DocumentTerm Expires(DocumentTerm term, DateOnly? last, long version) =>
        term.ExpirySetIn >= version
            ? term
            : term with
            {
                ExpiresOn = last,
                ExpirySetIn = version,
                AwaitsEnd = last is not null && (term.AwaitsEnd || term.ExpiresOn != last),
            };

    static DocumentTerm Begins(DocumentTerm term, DateOnly from, long version) =>
        term.BeginSetIn > version
            ? term
            : term with
            {
                EffectiveFrom = from,
                BeginSetIn = version,
                AwaitsAge = term.AwaitsAge || term.EffectiveFrom is null,
            };

    static DocumentTerm Ends(DocumentTerm term, DateOnly? from, long version) =>
        term.EndSetIn > version ? term : term with { EndedFrom = from, EndSetIn = version };

    static async Task Change(
        Guid document,
        IDocumentSession session,
        Func<DocumentTerm, DocumentTerm> change,
        CancellationToken cancellation
    ) => session.Store(change(await session.LoadAsync<DocumentTerm>(document, cancellation) ?? new(document)));
}
