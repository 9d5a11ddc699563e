using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>A document whose withdrawal was heard of before its review.</summary>
/// <param name="Id">The document.</param>
/// <param name="IsWithdrawn">Always, by now; earlier releases kept the others too.</param>
public sealed record WithdrawnDocument(Guid Id, bool IsWithdrawn = true);

/// <summary>
/// Follows a document on its way to publication (三同步, W 五). Messages come twice and out of order: each step looks at what the plan has come
/// to and does what is still to be done.
/// </summary>
[WolverineHandler]
public static class FollowDrafts
{
    /// <summary>A review opens the plan, a further one moves it to the newer text.</summary>
    public static async Task Handle(
        DocumentSentToReviewMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<InterpretationPlan>(message.DocumentId, cancellation);
        if (stream.Aggregate is not { } plan)
        {
            stream.AppendOne(
                new PlanOpened(
                    message.DocumentId,
                    message.DocumentId,
                    message.Title,
                    message.Issuers,
                    Phase.Issuance,
                    message.Revision,
                    null,
                    Actor.Platform,
                    time.GetUtcNow()
                )
            );
            if (await session.LoadAsync<WithdrawnDocument>(message.DocumentId, cancellation) is { IsWithdrawn: true })
                stream.AppendOne(new PlanClosed(Actor.Platform, time.GetUtcNow()));
        }
        else if (plan.Revision < message.Revision)
            stream.AppendOne(new PlanMoved(message.Revision, message.Title, message.Issuers, Actor.Platform, time.GetUtcNow()));
    }

    /// <summary>A document that is given up needs no plan.</summary>
    public static async Task Handle(
        DocumentWithdrawnMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<InterpretationPlan>(message.DocumentId, cancellation);
        if (stream.Aggregate is null)
            session.Store(new WithdrawnDocument(message.DocumentId));
        else if (stream.Aggregate.State is not PlanState.Closed)
            stream.AppendOne(new PlanClosed(Actor.Platform, time.GetUtcNow()));
    }

    /// <summary>An exempted document needs none either; the plan keeps the reason and is counted.</summary>
    public static async Task Handle(
        InterpretationExemptedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<InterpretationPlan>(message.DocumentId, cancellation);
        // Exempted before its review was heard of, or before it was asked for: the plan is opened to be counted.
        if (stream.Aggregate is null)
            stream.AppendOne(
                new PlanOpened(
                    message.DocumentId,
                    message.DocumentId,
                    message.Title,
                    message.Issuers,
                    Phase.Issuance,
                    message.Revision,
                    null,
                    Actor.Platform,
                    time.GetUtcNow()
                )
            );
        if (stream.Aggregate?.ExemptBecause is not null)
            return;
        stream.AppendOne(new PlanExempted(message.Reason, Actor.Platform, time.GetUtcNow()));
        // Given up after that, and heard of before.
        if (
            stream.Aggregate is { State: PlanState.Closed }
            || await session.LoadAsync<WithdrawnDocument>(message.DocumentId, cancellation) is { IsWithdrawn: true }
        )
            stream.AppendOne(new PlanClosed(Actor.Platform, time.GetUtcNow()));
    }

    /// <summary>What waited for publication is worked on again.</summary>
    public static async Task Handle(
        InterpretationReopenedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<InterpretationPlan>(message.DocumentId, cancellation);
        if (stream.Aggregate is not { } plan)
            throw new NotKnownYetException(message.DocumentId);
        if (plan.TakesBack(message.Version))
            stream.AppendOne(new PlanReopened(message.Version, Actor.Platform, time.GetUtcNow()));
    }
}
