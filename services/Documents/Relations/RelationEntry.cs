using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace PolicyPlatform.Documents.Relations;

/// <summary>A relation, found from both of its ends.</summary>
/// <param name="Id">The relation.</param>
/// <param name="Source">The document that stated it.</param>
/// <param name="Target">The other document.</param>
/// <param name="Kind">What the source does to the target.</param>
/// <param name="From">The first day on which it holds.</param>
/// <param name="Until">The last day on which it holds; null for no end.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="StatedAt">When it was stated, UTC.</param>
public sealed record RelationEntry(
    Guid Id,
    Guid Source,
    Guid Target,
    RelationKind Kind,
    DateOnly From,
    DateOnly? Until,
    string? Note,
    DateTimeOffset StatedAt
);

/// <summary>Keeps the relations with the events, in the same transaction.</summary>
sealed partial class RelationsProjection : EventProjection
{
    /// <summary>Is known by its name.</summary>
    public RelationsProjection() => Name = nameof(RelationsProjection);

    /// <inheritdoc/>
    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        if (e.Data is RelationStated r)
            operations.Store(new RelationEntry(r.RelationId, e.StreamId, r.Target, r.Kind, r.From, r.Until, r.Note, r.At));
        else if (e.Data is RelationTakenBack taken)
            operations.Delete<RelationEntry>(taken.RelationId);
        return ValueTask.CompletedTask;
    }
}
