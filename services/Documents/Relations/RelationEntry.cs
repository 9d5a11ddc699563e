using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Relations;

/// <summary>What one document does to another. Stored in events: values are added, never renamed.</summary>
public enum RelationKind
{
    /// <summary>修改.</summary>
    Amends,

    /// <summary>废止.</summary>
    Repeals,

    /// <summary>替代.</summary>
    Supersedes,

    /// <summary>贯彻落实.</summary>
    Implements,

    /// <summary>依据.</summary>
    BasedOn,

    /// <summary>相关.</summary>
    RelatesTo,
}

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
        return ValueTask.CompletedTask;
    }
}

/// <summary>Both ends of a relation change in one transaction: the document that is acted upon, and the one that acts.</summary>
static class BothEnds
{
    /// <summary>
    /// The stream of another published document, to be written in the same transaction; what is wrong with it goes to <paramref
    /// name="invalid"/>.
    /// </summary>
    public static async Task<IEventStream<PolicyDocument>?> PublishedOther(
        this IDocumentSession session,
        Guid other,
        Guid self,
        string pointer,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        var stream = other == self ? null : await session.Events.FetchForWriting<PolicyDocument>(other, cancellation);
        if (stream?.Aggregate is { IsPublished: true })
            return stream;
        invalid.Add(pointer, "document.unknown", "The library has no other published document of this id.");
        return null;
    }

    /// <summary>States a relation on the document that acts.</summary>
    public static void State(
        this IEventStream<PolicyDocument> acting,
        RelationKind kind,
        Guid target,
        DateOnly from,
        string? note,
        Actor by,
        DateTimeOffset at
    ) => acting.AppendOne(new RelationStated(Guid.CreateVersion7(), kind, target, from, null, note, by, at));
}
