using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Shows signed materials with their document (三同步, W 五), and takes them back while it is not public. It happens in the transaction in
/// which the document and the plan hear of the same. A message that comes twice finds nothing that waits.
/// </summary>
[WolverineHandler]
public static class ShowMaterials
{
    /// <summary>A document became public: the signed materials are public with it.</summary>
    public static async Task<OutgoingMessages> Handle(
        DocumentPublishedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        // What was taken back before is not shown with it.
        if (
            message.ReopenedIn > 0
            && !((await session.LoadAsync<InterpretationPlan>(message.DocumentId, cancellation))?.Reopened >= message.ReopenedIn)
        )
            throw new NotKnownYetException(message.DocumentId);
        var told = new OutgoingMessages();
        var materials = await session
            .Query<InterpretationMaterial>()
            .Where(m => m.DocumentId == message.DocumentId && (m.Waits || m.ShownAt != null))
            .ToListAsync(cancellation);
        foreach (var material in materials.Where(m => m.Waits))
        {
            session.Events.Append(material.Id, material.Version + 1, new MaterialShown(Actor.Platform, time.GetUtcNow()));
            told.Add(SignMaterial.Shown(material));
        }
        // The plan of the issuance has the document's id; what was planned before it is public by now as well.
        foreach (var id in materials.Select(m => m.PlanId).Append(message.DocumentId).Distinct())
        {
            var plan = await session.Events.FetchForWriting<InterpretationPlan>(id, cancellation);
            if (plan.Aggregate is { State: PlanState.Ready } or { Phase: not Phase.Issuance, State: not PlanState.Carried })
                plan.AppendOne(new PlanCarried(Actor.Platform, time.GetUtcNow()));
        }
        return told;
    }

    /// <summary>A document was given up.</summary>
    public static async Task Handle(
        DocumentWithdrawnMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (await session.LoadAsync<InterpretationPlan>(message.DocumentId, cancellation) is { State: not PlanState.Closed } plan)
            await Reopen(plan, session, time, cancellation);
    }

    /// <summary>What waited for publication is worked on again: the materials are signed anew.</summary>
    public static async Task Handle(
        InterpretationReopenedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (
            await session.LoadAsync<InterpretationPlan>(message.DocumentId, cancellation) is { WasHandedOver: true } plan
            && plan.TakesBack(message.Version)
        )
            await Reopen(plan, session, time, cancellation);
    }

    // What is public stays so.
    static async Task Reopen(InterpretationPlan plan, IDocumentSession session, TimeProvider time, CancellationToken cancellation)
    {
        foreach (var id in plan.Signed.Keys)
        {
            var material = await session.Events.FetchForWriting<InterpretationMaterial>(id, cancellation);
            if (material.Aggregate is { Waits: true })
                material.AppendOne(new MaterialReopened(Actor.Platform, time.GetUtcNow()));
        }
    }
}
