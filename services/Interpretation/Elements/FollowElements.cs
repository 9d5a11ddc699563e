using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Materials;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Elements;

/// <summary>
/// Lets what is kept here of a document's title, number and issuers follow it: what is known of it, its plans, materials and open tasks.
/// They change when elements are put right and when an amendment brings another title; a plan before issuance has that of a draft until
/// the document is published. What they are is asked of Documents, as the public sees it.
/// </summary>
[WolverineHandler]
public static class FollowElements
{
    /// <summary>A document became public, perhaps by another title than its draft was planned for.</summary>
    public static async Task<OutgoingMessages> Handle(
        DocumentPublishedMessage message,
        IDocumentSession session,
        CancellationToken cancellation
    )
    {
        var id = message.DocumentId;
        return await session.Query<InterpretationPlan>().AnyAsync(p => p.DocumentId == id && p.Id != id, cancellation)
            ? [new ReadElementsAgain(id)]
            : [];
    }

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
        if (await session.LoadAsync<KnownDocument>(id, cancellation) is { } known)
            session.Store(known.With(document));
        foreach (var plan in await session.Query<InterpretationPlan>().Where(p => p.DocumentId == id).ToListAsync(cancellation))
            if (plan.Title != document.Title || !plan.Issuers.SequenceEqual(issuers))
                session.Events.Append(plan.Id, plan.Version + 1, new PlanFollowedDocument(document.Title, issuers, Actor.Platform, now));
        var materials = await session.Query<InterpretationMaterial>().Where(m => m.DocumentId == id).ToListAsync(cancellation);
        foreach (var material in materials)
            if (!material.Issuers.SequenceEqual(issuers))
                session.Events.Append(material.Id, material.Version + 1, new MaterialFollowedDocument(issuers, Actor.Platform, now));
        // The other tasks are those of whoever answers or grants, and are called by what was asked or is granted.
        foreach (
            var task in await session
                .Query<InterpretationTask>()
                .Where(t => t.DocumentId == id && t.DoneAt == null && (t.Kind == TaskKind.FollowUp || t.Kind == TaskKind.OutdatedMaterial))
                .ToListAsync(cancellation)
        )
            session.Store(
                task with
                {
                    Bodies = issuers,
                    Title = task.Kind is TaskKind.FollowUp ? InterpretationTask.FollowUp(document.Title) : task.Title,
                }
            );
    }
}
