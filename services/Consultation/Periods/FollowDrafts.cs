using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>Follows a draft: one that is given up is not consulted on any further.</summary>
[WolverineHandler]
public static class FollowDrafts
{
    /// <summary>Gives the consultation up; what was said stays readable.</summary>
    public static async Task<OutgoingMessages> Handle(
        DocumentWithdrawnMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var now = time.GetUtcNow();
        var going = await session
            .Query<PublicConsultation>()
            .Where(c => c.DocumentId == message.DocumentId && !c.IsOver)
            .ToListAsync(cancellation);
        foreach (var consultation in going)
        {
            session.Events.Append(
                consultation.Id,
                consultation.Version + 1,
                new ConsultationGivenUp("草案已撤回，征求意见终止。", Actor.Platform, now)
            );
            told.Add(consultation.Ended(consultation.Version + 1, completed: false, comments: 0, now));
        }
        return told;
    }
}
