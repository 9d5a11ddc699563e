using JasperFx.Events;
using Marten;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Relations;

/// <summary>Both ends of a relation change in one transaction: the document that is acted upon, and the one that acts.</summary>
static class RelatedDocuments
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
        if (stream?.Aggregate is { IsPublic: true })
            return stream;
        invalid.Add(pointer, "document.unknown", "The library has no other published document of this id.");
        return null;
    }

    /// <summary>
    /// States a relation on the document that acts. <paramref name="stated"/> is the one that it has stated already and states anew.
    /// </summary>
    public static void State(
        this IEventStream<PolicyDocument> acting,
        RelationKind kind,
        Guid target,
        DateOnly from,
        string? note,
        Actor by,
        DateTimeOffset at,
        Guid? stated = null
    ) => acting.AppendOne(new RelationStated(stated ?? Guid.CreateVersion7(), kind, target, from, null, note, by, at));

    /// <summary>
    /// What a document says of another one since a clean-up began it as the decision that amends that one; null where that is not so.
    /// </summary>
    public static async Task<RelationEntry?> BegunFor(
        this IQuerySession session,
        Guid draft,
        Guid target,
        CancellationToken cancellation
    ) =>
        await session.LoadAsync<RelationEntry>(AmendmentDrafts.RelationOf(draft), cancellation) is { } said && said.Target == target
            ? said
            : null;

    /// <summary>Takes back what a document was said to have done to another one; nothing where none was named.</summary>
    public static async Task TakeBack(
        this IDocumentSession session,
        Guid? acting,
        Guid target,
        RelationKind kind,
        string reason,
        Actor by,
        DateTimeOffset at,
        CancellationToken cancellation
    )
    {
        if (acting is not { } other)
            return;
        var stated = await session
            .Query<RelationEntry>()
            .Where(r => r.Source == other && r.Target == target && r.Kind == kind)
            .ToListAsync(cancellation);
        if (stated.Count == 0)
            return;
        var stream = await session.Events.FetchForWriting<PolicyDocument>(other, cancellation);
        stream.AppendMany(stated.Select(r => new RelationTakenBack(r.Id, kind, reason, by, at)));
    }
}
