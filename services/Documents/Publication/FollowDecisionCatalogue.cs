using Marten;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Attributes;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// Takes over the steps that an item of the decision catalogue requires of a document (W 八). Older versions of an item than the one known
/// are not listened to.
/// </summary>
[WolverineHandler]
public static class FollowDecisionCatalogue
{
    /// <summary>Opens the gates that follow from the item.</summary>
    public static async Task Handle(
        DecisionItemLinkedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<PolicyDocument>(message.DocumentId, cancellation);
        if (
            stream.Aggregate is not { } document
            || document.RequiredBy.Any(r => r.Item == message.Item && r.ItemVersion >= message.ItemVersion)
        )
            return;
        var steps = message.Steps.Select(word => new Invalid().OneOf<DecisionStep>("steps", word)).OfType<DecisionStep>().ToArray();
        stream.AppendOne(new StepsRequired(message.Item, message.ItemVersion, steps, Actor.Platform, time.GetUtcNow()));
    }
}
