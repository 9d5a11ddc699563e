using Marten;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>
/// Lets what is kept here of a document's title, issuers and subject follow it, when elements are put right and when an amendment brings
/// another title: in its evaluations, in the consultations on its draft, which keep the title that was put up, and in the hearings about it.
/// What they are is asked of Documents, as the public sees it.
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

    /// <summary>Asks, and records where something is kept otherwise.</summary>
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
        var (id, issuers, now) = (note.DocumentId, document.Issuers.ToArray(), time.GetUtcNow());
        var subject = document.Subject.Length > 0 ? document.Subject : null;
        foreach (var evaluation in await session.Query<Evaluation>().Where(e => e.DocumentId == id).ToListAsync(cancellation))
            if (evaluation.Title != document.Title || !evaluation.Issuers.SequenceEqual(issuers))
                session.Events.Append(
                    evaluation.Id,
                    evaluation.Version + 1,
                    new EvaluationFollowedDocument(document.Title, issuers, Actor.Platform, now)
                );
        foreach (var consultation in await session.Query<PublicConsultation>().Where(c => c.DocumentId == id).ToListAsync(cancellation))
            if (consultation.Subject != subject || !consultation.Issuers.SequenceEqual(issuers))
                session.Events.Append(
                    consultation.Id,
                    consultation.Version + 1,
                    new ConsultationFollowedDocument(issuers, subject, Actor.Platform, now)
                );
        foreach (var hearing in await session.Query<PublicHearing>().Where(h => h.DocumentId == id).ToListAsync(cancellation))
            if (!hearing.Bodies.SequenceEqual(issuers))
                session.Events.Append(hearing.Id, hearing.Version + 1, new HearingFollowedDocument(issuers, Actor.Platform, now));
    }
}
