using Marten;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Attributes;

namespace PolicyPlatform.Documents.Publication;

/// <summary>
/// Closes the gate of the interpretation when Interpretation says that plan and materials are ready. A message that comes twice or late
/// changes nothing.
/// </summary>
[WolverineHandler]
public static class HearOfInterpretation
{
    /// <summary>Notes that the interpretation of a revision is ready.</summary>
    public static async Task Handle(
        InterpretationReadyMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var stream = await session.Events.FetchForWriting<PolicyDocument>(message.DocumentId, cancellation);
        if (stream.Aggregate is { } document && !document.IsPublished && document.InterpretationVersion < message.PlanVersion)
            stream.AppendOne(new InterpretationReadied(message.Revision, message.PlanVersion, Actor.Platform, time.GetUtcNow()));
    }
}
