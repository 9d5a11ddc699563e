using Marten;
using PolicyPlatform.Contracts;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using Wolverine;

namespace PolicyPlatform.Shared.DocumentAccess;

/// <summary>A document that was taken from the public, as a service knows it that shows something about it.</summary>
/// <param name="Id">The document.</param>
/// <param name="Version">The version of the document's history that this was learnt from; 0 while it was only asked for.</param>
/// <param name="Parts">What of it is not shown.</param>
public sealed record HiddenDocument(Guid Id, long Version, IReadOnlyList<HiddenPart> Parts)
{
    /// <summary>Whether anything of it is not shown. What was put back stays known by its version.</summary>
    public bool IsHidden => Parts.Count > 0;
}

/// <summary>A document or one text of it that is not shown.</summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Explanation">What the public reads in its place.</param>
/// <param name="Awaited">What is still to be heard of it; null once it has been.</param>
public sealed record HiddenPart(int? Revision, string Explanation, AwaitedHiding? Awaited = null);

/// <summary>A hiding that was asked for, and of which it is not heard yet that it lasts.</summary>
/// <param name="Version">The version of the document's history that is to say so.</param>
/// <param name="Until">From when on Documents is asked whether it came to that, UTC.</param>
public sealed record AwaitedHiding(long Version, DateTimeOffset Until);

/// <summary>A service's note to itself: ask whether what was to be hidden is to stay hidden.</summary>
/// <param name="DocumentId">The document.</param>
public sealed record ConfirmHidden(Guid DocumentId) : IAboutDocument;

/// <summary>What is not shown, found by the document.</summary>
public sealed class HiddenParts
{
    readonly ILookup<Guid, HiddenPart> parts;

    internal HiddenParts(IEnumerable<HiddenDocument> all)
    {
        parts = all.SelectMany(d => d.Parts, (d, part) => (d.Id, Part: part)).ToLookup(p => p.Id, p => p.Part);
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
        Part(document, revisions) is { } part ? CommonProblems.TakenDown.With(Wording.Verbatim(part.Explanation)) : null;

    /// <summary>Whether the public does not see what was written for a text.</summary>
    public bool Covers(Guid document, params IEnumerable<int> revisions) => Part(document, revisions) is not null;

    /// <summary>Whether it is not heard yet that a document, or what was written for a text of it, stays hidden.</summary>
    public bool IsAwaited(Guid document, params IEnumerable<int> revisions) => Part(document, revisions)?.Awaited is not null;

    HiddenPart? Part(Guid document, IEnumerable<int> revisions) =>
        parts[document].FirstOrDefault(p => p.Revision is null || revisions.Contains(p.Revision.Value));
}

/// <summary>Keeps what a service does not show.</summary>
public static class HiddenDocuments
{
    // By then the message that says for good what is down has come.
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>What is not shown now.</summary>
    public static async Task<HiddenParts> Hidden(this IQuerySession session, CancellationToken cancellation) =>
        new(await session.Query<HiddenDocument>().Where(h => h.IsHidden).ToListAsync(cancellation));

    /// <summary>Learns what is down for good, and what is shown again. What is older than what is known changes nothing.</summary>
    public static async Task Hear(this IDocumentSession session, DocumentVisibilityChangedMessage message, CancellationToken cancellation)
    {
        var known = await session.LoadAsync<HiddenDocument>(message.DocumentId, cancellation) ?? new(message.DocumentId, 0, []);
        if (known.Version >= message.Version)
            return;
        HiddenPart[] down = [.. message.Down.Select(d => new HiddenPart(d.Revision, d.Explanation))];
        session.Store(
            known with
            {
                Version = message.Version,
                // What is asked for since goes on being awaited.
                Parts =
                [
                    .. down,
                    .. known.Parts.Where(p => p.Awaited?.Version > message.Version && down.All(d => d.Revision != p.Revision)),
                ],
            }
        );
    }

    /// <summary>Ends the hiding of a text that was asked for until it was erased: there is nothing of it to hide any more.</summary>
    public static async Task HearErased(
        this IDocumentSession session,
        Guid document,
        int revision,
        long version,
        CancellationToken cancellation
    )
    {
        if (await session.LoadAsync<HiddenDocument>(document, cancellation) is { } known)
            session.Store(known with { Parts = [.. known.Parts.Where(p => p.Revision != revision || p.Awaited?.Version != version)] });
    }

    /// <summary>Shows again what was asked to be hidden and was not taken down. While Documents cannot be asked it stays hidden.</summary>
    public static async Task<OutgoingMessages> Confirm(
        this IDocumentSession session,
        ConfirmHidden note,
        Documents.DocumentsClient documents,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        if (
            await session.LoadAsync<HiddenDocument>(note.DocumentId, cancellation) is not { } known
            || known.Parts.All(p => p.Awaited is null)
        )
            return told;
        var parts = new List<HiddenPart>();
        foreach (var part in known.Parts)
            if (!(part.Awaited?.Until <= now) || await documents.IsDown(note.DocumentId, part.Revision, cancellation))
                parts.Add(part);
        session.Store(known with { Parts = parts });
        if (parts.Any(p => p.Awaited is not null))
            told.Delay(note, Patience);
        return told;
    }

    static async Task<bool> IsDown(this Documents.DocumentsClient documents, Guid id, int? revision, CancellationToken cancellation) =>
        revision is { } text
            ? await documents.Blocks(id, text, cancellation) is null
            : !(await documents.WhichArePublic([id], cancellation)).Contains(id);
}
