using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>When a document changes in what a material explains, the material goes to its owners, with the comparison that tells why (W 五).</summary>
[WolverineHandler]
public static class MarkOutdated
{
    /// <summary>Marks the materials about changed blocks, from the first day of the new text on.</summary>
    public static async Task Handle(DocumentTextChanged message, IDocumentSession session, Documents.DocumentsClient documents, TimeProvider time, CancellationToken cancellation)
    {
        var materials = await session.Query<InterpretationMaterial>().Where(m => m.DocumentId == message.DocumentId).ToListAsync(cancellation);
        if (materials.Count == 0) return;
        var changed = await documents.Changed(message, cancellation);
        foreach (var material in materials)
        {
            var content = material.Signed ?? material.Draft;
            var known = material.Outdated;
            if (content.Revision >= message.Revision || material.HoldsFor >= message.Revision || known?.ToRevision >= message.Revision) continue;
            // One about the document as a whole is met by any change.
            var met = content.Blocks.Count == 0 ? changed : [.. content.Blocks.Where(changed.Contains)];
            if (met.Count == 0) continue;
            var now = time.GetUtcNow();
            // A further change is explained together with the one before it.
            var because = new Outdating(known?.From < message.EffectiveFrom ? known.From : message.EffectiveFrom, [.. met.Union(known?.Blocks ?? [])], known?.FromRevision ?? message.PreviousRevision, message.Revision);
            session.Events.Append(material.Id, material.Version + 1, new MaterialOutdated(because, Actor.Platform, now));
            session.Store(new InterpretationTask(InterpretationTask.For(TaskKind.OutdatedMaterial, material.Id), TaskKind.OutdatedMaterial, material.Id, material.DocumentId, material.Issuers, content.Title,
                $"/api/v1/documents/{message.DocumentId}/comparison?from={because.FromRevision}&to={because.ToRevision}&unchanged=false", now));
        }
    }

    /// <summary>The blocks that are no longer what they were.</summary>
    internal static async Task<IReadOnlyCollection<string>> Changed(this Documents.DocumentsClient documents, DocumentTextChanged message, CancellationToken cancellation)
    {
        var answer = await documents.ListChangedBlocksAsync(new() { Id = message.DocumentId.ToString(), From = message.PreviousRevision, To = message.Revision }, cancellationToken: cancellation);
        return answer.Blocks.Select(b => b.Id).ToHashSet();
    }
}
