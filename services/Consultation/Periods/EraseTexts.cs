using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine.Attributes;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>Erases what was put up of a text that was erased where it came from.</summary>
[WolverineHandler]
public static class EraseTexts
{
    /// <summary>In all consultations about the document.</summary>
    public static async Task Handle(
        RevisionErasedMessage message,
        IDocumentSession session,
        ConsultedTexts texts,
        CancellationToken cancellation
    )
    {
        foreach (
            var consultation in await session
                .Query<PublicConsultation>()
                .Where(c => c.DocumentId == message.DocumentId)
                .ToListAsync(cancellation)
        )
        {
            if (await session.Text(consultation.Id, message.Revision, cancellation) is { Erased: null } text)
                session.Store(text.Erase(message.At));
            texts.Forget(consultation.Id, message.Revision);
        }
        await session.HearErased(message.DocumentId, message.Revision, message.Version, cancellation);
    }
}
