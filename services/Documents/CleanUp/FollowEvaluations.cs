using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Attributes;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>
/// Takes in what evaluations come to (R 37). It stands in the document's history; and where something is to be done, that waits as a clean-up
/// of this one document, with the conclusion as its outcome: its issuers see it there and may propose another, and a publisher
/// lets it take effect, another one than who concluded the evaluation.
/// </summary>
[WolverineHandler]
public static class FollowEvaluations
{
    /// <summary>Notes the conclusion, once.</summary>
    public static async Task Handle(
        EvaluationConcludedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<PolicyDocument>(message.DocumentId, cancellation);
        if (
            stream.Aggregate is not { IsPublished: true } document
            || document.Evaluations.Contains(message.EvaluationId)
            || new Invalid().OneOf<CleanUpOutcome>("conclusion", message.Conclusion) is not { } conclusion
        )
            return;
        var now = time.GetUtcNow();
        stream.AppendOne(new DocumentEvaluated(message.EvaluationId, conclusion, message.Reason, message.ConcludedOn, Actor.Platform, now));
        if (conclusion is not CleanUpOutcome.Keep && !document.HasEnded)
            session.Events.StartStream<CleanUpCampaign>(
                message.EvaluationId,
                new CleanUpOpened(
                    message.EvaluationId,
                    $"后评估：{document.Title}",
                    null,
                    [new(document.Id, document.Title, document.Issuers[0], conclusion, message.Reason)],
                    Actor.Platform,
                    now,
                    message.ConcludedBy
                )
            );
    }
}
