using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Writing;
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
    /// <summary>A document became public: its title and number are asked for, and the signed materials are public with it.</summary>
    public static async Task<OutgoingMessages> Handle(
        DocumentPublished message,
        IDocumentSession session,
        Documents.DocumentsClient documents,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var known = await session.LoadAsync<KnownDocument>(message.DocumentId, cancellation);
        if (known?.Version >= message.Version)
            return told;
        // What was taken back before is not shown with it.
        if (
            message.ReopenedIn > 0
            && !((await session.LoadAsync<InterpretationPlan>(message.DocumentId, cancellation))?.Reopened >= message.ReopenedIn)
        )
            throw new NotKnownYetException(message.DocumentId);
        var document = await documents.GetDocumentAsync(new() { Id = message.DocumentId.ToString() }, cancellationToken: cancellation);
        session.Store(
            new KnownDocument(
                message.DocumentId,
                message.Version,
                document.Title,
                document.DocumentNumber,
                message.Revision,
                message.PublishedOn
            )
            {
                EffectiveFrom = message.EffectiveFrom,
                ExpiresOn =
                    document.ExpiresOn.Length > 0
                        ? DateOnly.Parse(document.ExpiresOn, System.Globalization.CultureInfo.InvariantCulture)
                        : null,
                Issuers = [.. document.Issuers],
            }
        );
        var shown = await session
            .Query<InterpretationMaterial>()
            .Where(m => m.DocumentId == message.DocumentId && m.Waits)
            .ToListAsync(cancellation);
        foreach (var material in shown)
        {
            session.Events.Append(material.Id, material.Version + 1, new MaterialShown(Actor.Platform, time.GetUtcNow()));
            told.Add(SignMaterial.Shown(material));
        }
        // The plan of the issuance has the document's id; what was planned before it is public by now as well.
        foreach (var id in shown.Select(m => m.PlanId).Append(message.DocumentId).Distinct())
        {
            var plan = await session.Events.FetchForWriting<InterpretationPlan>(id, cancellation);
            if (plan.Aggregate is { State: PlanState.Ready } or { Phase: not Phase.Issuance, State: not PlanState.Carried })
                plan.AppendOne(new PlanCarried(Actor.Platform, time.GetUtcNow()));
        }
        return told;
    }

    /// <summary>A text was recorded: of interest once the document is public, since drafts are not interpreted from here.</summary>
    public static async Task Handle(RevisionRecorded message, IDocumentSession session, CancellationToken cancellation)
    {
        if (await session.LoadAsync<KnownDocument>(message.DocumentId, cancellation) is { } known && known.Revision < message.Revision)
            session.Store(known with { Version = Math.Max(known.Version, message.Version), Revision = message.Revision });
    }

    /// <summary>A public text was amended or corrected; waits as a repeal does.</summary>
    public static Task Handle(DocumentTextChanged message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            message.Version,
            session,
            known => known with { Revision = Math.Max(known.Revision, message.Revision) },
            cancellation
        );

    /// <summary>The last day was moved; waits as a repeal does. Of two moves the later one holds, whichever is heard of first.</summary>
    public static Task Handle(DocumentExpiryChanged message, IDocumentSession session, CancellationToken cancellation) =>
        Change(
            message.DocumentId,
            message.Version,
            session,
            known =>
                known.ExpirySetIn < message.Version ? known with { ExpiresOn = message.ExpiresOn, ExpirySetIn = message.Version } : known,
            cancellation
        );

    /// <summary>A document was repealed. When the message overtakes the publication, it waits until that has come.</summary>
    public static Task Handle(DocumentRepealed message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, message.Version, session, known => known with { RepealedFrom = message.EffectiveFrom }, cancellation);

    /// <summary>A document was superseded; waits as a repeal does.</summary>
    public static Task Handle(DocumentSuperseded message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, message.Version, session, known => known with { SupersededFrom = message.EffectiveFrom }, cancellation);

    /// <summary>A document lapsed; waits as a repeal does.</summary>
    public static Task Handle(DocumentExpired message, IDocumentSession session, CancellationToken cancellation) =>
        Change(message.DocumentId, message.Version, session, known => known with { ExpiredOn = message.ExpiredOn }, cancellation);

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
