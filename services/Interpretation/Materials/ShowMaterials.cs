using Marten;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// Shows signed materials with their document (三同步, W 五), and takes them back while it is not public; before issuance with the consultation
/// on the revision that they explain. It happens in the transaction in which the document and the plan hear of the same. A message that comes
/// twice finds nothing that waits.
/// </summary>
[WolverineHandler]
public static class ShowMaterials
{
    /// <summary>A document became public: the signed materials are public with it.</summary>
    public static async Task<OutgoingMessages> Handle(
        DocumentPublishedMessage message,
        IDocumentSession session,
        Consultation.ConsultationClient consultations,
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
            .Where(m => m.DocumentId == message.DocumentId && m.Phase != Phase.PreIssuance && (m.Waits || m.ShownAt != null))
            .ToListAsync(cancellation);
        foreach (var material in materials.Where(m => m.Waits))
        {
            session.Events.Append(material.Id, material.Version + 1, new MaterialShown(Actor.Platform, time.GetUtcNow()));
            told.Add(SignMaterial.Shown(material));
        }
        // The plan of the issuance has the document's id.
        foreach (var id in materials.Select(m => m.PlanId).Append(message.DocumentId).Distinct())
        {
            var plan = await session.Events.FetchForWriting<InterpretationPlan>(id, cancellation);
            if (plan.Aggregate is { State: PlanState.Ready } or { Phase: Phase.PostImplementation, State: not PlanState.Carried })
                plan.AppendOne(new PlanCarried(Actor.Platform, time.GetUtcNow()));
        }
        await EndBeforeIssuance(message.DocumentId, session, consultations, time, cancellation);
        return told;
    }

    /// <summary>The public is asked about a revision: what was signed for it before issuance is public with it.</summary>
    public static async Task<OutgoingMessages> Handle(
        ConsultationOpenedMessage message,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var materials = (await session.LoadManyAsync<InterpretationMaterial>(cancellation, [.. message.Interpretations]))
            .Where(m => m is { Waits: true, Phase: Phase.PreIssuance } && m.DocumentId == message.DocumentId)
            // What was signed anew for a later revision is shown with that.
            .Where(m => m.Signed!.Revision <= message.Revision)
            .ToArray();
        foreach (var material in materials)
        {
            session.Events.Append(
                material.Id,
                material.Version + 1,
                new MaterialShown(Actor.Platform, time.GetUtcNow(), message.ConsultationId)
            );
            told.Add(
                new MaterialPublishedMessage(
                    material.Id,
                    material.DocumentId,
                    material.Signed!.Title,
                    JsonDefaults.Word(material.Signed.Form),
                    message.ConsultationId,
                    message.Issuers,
                    message.Subject,
                    material.Signed.Revision
                )
            );
        }
        foreach (var id in materials.Select(m => m.PlanId).Distinct())
        {
            var plan = await session.Events.FetchForWriting<InterpretationPlan>(id, cancellation);
            if (plan.Aggregate is { State: not PlanState.Carried })
                plan.AppendOne(new PlanCarried(Actor.Platform, time.GetUtcNow()));
        }
        return told;
    }

    /// <summary>A document was given up.</summary>
    public static async Task Handle(
        DocumentWithdrawnMessage message,
        IDocumentSession session,
        Consultation.ConsultationClient consultations,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (await session.LoadAsync<InterpretationPlan>(message.DocumentId, cancellation) is { State: not PlanState.Closed } plan)
            await Reopen(plan, session, time, cancellation);
        await EndBeforeIssuance(message.DocumentId, session, consultations, time, cancellation);
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

    // Nothing opens a consultation any more: what none shows waits for nothing, and what was planned before issuance is done with. A material
    // that one shows already waits for the message that says so.
    static async Task EndBeforeIssuance(
        Guid document,
        IDocumentSession session,
        Consultation.ConsultationClient consultations,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var waiting = await session
            .Query<InterpretationMaterial>()
            .Where(m => m.DocumentId == document && m.Phase == Phase.PreIssuance && m.Waits)
            .ToListAsync(cancellation);
        var shown = await consultations.WhatIsShown(waiting.Select(m => m.DocumentId), cancellation);
        foreach (var material in waiting.Where(m => !shown.ContainsKey(m.Id)))
            session.Events.Append(material.Id, material.Version + 1, new MaterialReopened(Actor.Platform, time.GetUtcNow()));
        var plans = await session
            .Query<InterpretationPlan>()
            .Where(p => p.DocumentId == document && p.Phase == Phase.PreIssuance)
            .ToListAsync(cancellation);
        foreach (var plan in plans.Where(p => p.State is not (PlanState.Carried or PlanState.Closed)))
            session.Events.Append(plan.Id, plan.Version + 1, new PlanClosed(Actor.Platform, time.GetUtcNow()));
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
