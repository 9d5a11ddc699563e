using Marten;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Shared.DocumentAccess;

/// <summary>A document that was taken from the public, as a service knows it that shows something about it.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of the document's history that this was learnt from; 0 while it was only asked for.</param>
/// <param name="Parts">What of it is not shown.</param>
public sealed record HiddenDocument(Guid Id, long Version, IReadOnlyList<HiddenPart> Parts);

/// <summary>A document or one text of it that is not shown.</summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Explanation">What the public reads in its place.</param>
/// <param name="Until">When it is shown again unless the message comes that it stays so, UTC; null once that has come.</param>
public sealed record HiddenPart(int? Revision, string Explanation, DateTimeOffset? Until = null);

/// <summary>What of a document is not shown at an instant, found by the document.</summary>
public sealed class HiddenParts
{
    readonly ILookup<Guid, HiddenPart> parts;

    internal HiddenParts(IEnumerable<HiddenDocument> all, DateTimeOffset now)
    {
        parts = all.SelectMany(d => d.Parts.Where(p => !(p.Until <= now)), (d, part) => (d.Id, Part: part))
            .ToLookup(p => p.Id, p => p.Part);
        Documents = [.. parts.Where(d => d.Any(p => p.Revision is null)).Select(d => d.Key)];
        Texts = [.. parts.SelectMany(d => d.Where(p => p.Revision is not null), (d, p) => (d.Key, p.Revision!.Value))];
    }

    /// <summary>Whether all is shown.</summary>
    public bool IsEmpty => parts.Count == 0;

    /// <summary>The documents of which nothing is shown.</summary>
    public Guid[] Documents { get; }

    /// <summary>The texts, of whatever document, for which nothing is shown.</summary>
    public (Guid Document, int Revision)[] Texts { get; }

    /// <summary>Why the public does not see what was written for a text; null where it does.</summary>
    /// <param name="document">The document.</param>
    /// <param name="revisions">The texts that it was written for; none for what is about the document alone.</param>
    public Problem? Refusal(Guid document, params IEnumerable<int> revisions) =>
        parts[document].FirstOrDefault(p => p.Revision is null || revisions.Contains(p.Revision.Value)) is { } part
            ? CommonProblems.TakenDown.With(Wording.Verbatim(part.Explanation))
            : null;

    /// <summary>Whether the public does not see what was written for a text.</summary>
    public bool Covers(Guid document, params IEnumerable<int> revisions) => Refusal(document, revisions) is not null;
}

/// <summary>Keeps what a service does not show.</summary>
public static class HiddenDocuments
{
    // By then the message that says for good what is down has come.
    static readonly TimeSpan Awaited = TimeSpan.FromMinutes(15);

    /// <summary>What is not shown now.</summary>
    public static async Task<HiddenParts> Hidden(this IQuerySession session, DateTimeOffset now, CancellationToken cancellation) =>
        new(await session.Query<HiddenDocument>().ToListAsync(cancellation), now);

    /// <summary>Shows nothing of a document, or of what was written for a text of it, until it is heard whether it stays so.</summary>
    /// <param name="store">Where it is kept.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="document">The document, a UUID.</param>
    /// <param name="revision">The text; 0 for the whole document.</param>
    /// <param name="explanation">What the public reads in its place.</param>
    /// <param name="now">When.</param>
    /// <param name="standbys">Waited for, so that nobody reads it any more.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task Hide(
        this IDocumentStore store,
        Caller caller,
        string document,
        int revision,
        string explanation,
        DateTimeOffset now,
        StandbyPatience standbys,
        CancellationToken cancellation
    )
    {
        if (!caller.HasAny(Roles.Publisher))
            throw CommonProblems.Forbidden.With($"It needs the role {Roles.Publisher}.").ToRpcException();
        if (!Guid.TryParse(document, out var id))
            throw new Invalid().Add("documentId", "value.malformed", "The id of a document is a UUID.").Problem!.ToRpcException();
        await using var session = store.LightweightSession();
        var known = await session.LoadAsync<HiddenDocument>(id, cancellation) ?? new(id, 0, []);
        var part = new HiddenPart(revision > 0 ? revision : null, explanation, now + Awaited);
        session.Store(known with { Parts = [.. known.Parts.Where(p => p.Revision != part.Revision || p.Until is null), part] });
        await session.SaveChangesAsync(cancellation);
        await standbys.Wait(cancellation);
    }

    /// <summary>Learns what is down for good, and what is shown again. What is older than what is known changes nothing.</summary>
    public static async Task Hear(this IDocumentSession session, DocumentVisibilityChangedMessage message, CancellationToken cancellation)
    {
        var known = await session.LoadAsync<HiddenDocument>(message.DocumentId, cancellation) ?? new(message.DocumentId, 0, []);
        if (known.Version >= message.Version)
            return;
        session.Store(
            known with
            {
                Version = message.Version,
                // What is asked for by another one meanwhile goes on being awaited.
                Parts =
                [
                    .. message.Down.Select(d => new HiddenPart(d.Revision, d.Explanation)),
                    .. known.Parts.Where(p => p.Until is not null && p.Revision != message.Revision),
                ],
            }
        );
    }
}
