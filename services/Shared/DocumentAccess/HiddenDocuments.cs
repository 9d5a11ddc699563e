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

    /// <summary>Its texts that were erased for good: what was asked before that, and comes late, hides nothing any more.</summary>
    public IReadOnlyList<ErasedText> Erased { get; init; } = [];

    /// <summary>What is known once something was asked to be hidden; the same where what was heard since is newer.</summary>
    /// <param name="part">What is to be hidden, awaited.</param>
    public HiddenDocument Asked(HiddenPart part) =>
        part.Awaited is not { } awaited
        || Version >= awaited.Version
        || Parts.Any(p => p.Revision == part.Revision && p.Awaited is null)
        || Erased.Any(e => e.Revision == part.Revision && e.Version >= awaited.Version)
            ? this
            : this with
            {
                // A text may wait for its being taken down and for its being erased: the one does not end the other.
                Parts = [.. Parts.Where(p => p.Revision != part.Revision || p.ForErasure != part.ForErasure), part],
            };

    /// <summary>What is known once it was heard what is down for good, and what is shown again; the same where that is older.</summary>
    public HiddenDocument Heard(DocumentVisibilityChangedMessage message)
    {
        if (Version >= message.Version)
            return this;
        HiddenPart[] down = [.. message.Down.Select(d => new HiddenPart(d.Revision, d.Explanation))];
        return this with
        {
            Version = message.Version,
            // What is asked for since goes on being awaited, and an erasure is ended by no other message.
            Parts =
            [
                .. down,
                .. Parts.Where(p => (p.ForErasure || p.Awaited?.Version > message.Version) && down.All(d => d.Revision != p.Revision)),
            ],
        };
    }

    /// <summary>What is known once a text was erased: nothing of it is left to hide that was asked for until then.</summary>
    public HiddenDocument HeardErased(int revision, long version) =>
        this with
        {
            Parts = [.. Parts.Where(p => p.Revision != revision || !(p.Awaited?.Version <= version))],
            Erased = [.. Erased.Where(e => e.Revision != revision), new(revision, version)],
        };
}

/// <summary>A text that was erased for good.</summary>
/// <param name="Revision">The text.</param>
/// <param name="Version">The version of the document's history in which it was.</param>
public sealed record ErasedText(int Revision, long Version);

/// <summary>A document or one text of it that is not shown.</summary>
/// <param name="Revision">The text; null for the whole document.</param>
/// <param name="Explanation">What the public reads in its place.</param>
/// <param name="Awaited">What is still to be heard of it; null once it has been.</param>
/// <param name="ForErasure">Whether it is hidden until it is erased, and was not taken down.</param>
public sealed record HiddenPart(int? Revision, string Explanation, AwaitedHiding? Awaited = null, bool ForErasure = false)
{
    /// <summary>What the public reads in its place, in the caller's language where the platform says so by itself.</summary>
    internal Wording Told => ForErasure ? (Wording)$"This text is being erased and is no longer public." : Wording.Verbatim(Explanation);
}

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

    /// <summary>Knows them by the documents.</summary>
    public HiddenParts(IEnumerable<HiddenDocument> all)
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

    /// <summary>Whether anything of a document is not shown.</summary>
    public bool Knows(Guid document) => parts.Contains(document);

    /// <summary>Why the public does not see what was written for a text; null where it does.</summary>
    /// <param name="document">The document.</param>
    /// <param name="revisions">The texts that it was written for; none for what is about the document alone, null where that is not known: then
    /// it may be any.</param>
    public Problem? Refusal(Guid document, params IEnumerable<int>? revisions) =>
        Part(document, revisions) is { } part ? CommonProblems.TakenDown.With(part.Told) : null;

    /// <summary>Whether the public does not see what was written for a text.</summary>
    public bool Covers(Guid document, params IEnumerable<int> revisions) => Part(document, revisions) is not null;

    /// <summary>Whether it is not heard yet that a document, or what was written for a text of it, stays hidden.</summary>
    public bool IsAwaited(Guid document, params IEnumerable<int>? revisions) => Part(document, revisions)?.Awaited is not null;

    HiddenPart? Part(Guid document, IEnumerable<int>? revisions) =>
        parts[document].FirstOrDefault(p => p.Revision is null || revisions is null || revisions.Contains(p.Revision.Value));
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
        var known = await session.Known(message.DocumentId, cancellation);
        var now = known.Heard(message);
        if (now != known)
            session.Store(now);
    }

    /// <summary>Ends the hiding of a text that was asked for until it was erased: there is nothing of it to hide any more.</summary>
    public static async Task HearErased(
        this IDocumentSession session,
        Guid document,
        int revision,
        long version,
        CancellationToken cancellation
    ) => session.Store((await session.Known(document, cancellation)).HeardErased(revision, version));

    internal static async Task<HiddenDocument> Known(this IQuerySession session, Guid document, CancellationToken cancellation) =>
        await session.LoadAsync<HiddenDocument>(document, cancellation) ?? new(document, 0, []);

    /// <summary>Shows again what was asked to be hidden and was not taken down, or erased. While Documents cannot be asked it stays hidden.</summary>
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
            if (!(part.Awaited?.Until <= now) || await documents.Stays(note.DocumentId, part, cancellation))
                parts.Add(part);
        session.Store(known with { Parts = parts });
        if (parts.Any(p => p.Awaited is not null))
            told.Delay(note, Patience);
        return told;
    }

    // A text that was put up while it was a draft was never public: that it cannot be read says nothing of whether it was erased.
    static async Task<bool> Stays(this Documents.DocumentsClient documents, Guid id, HiddenPart part, CancellationToken cancellation) =>
        part switch
        {
            { ForErasure: true, Revision: { } text } => (
                await documents.FindErasedAsync(new() { Id = id.ToString() }, cancellationToken: cancellation)
            ).Revisions.Contains(text),
            { Revision: { } text } => await documents.Blocks(id, text, cancellation) is null,
            _ => !(await documents.WhichArePublic([id], cancellation)).Contains(id),
        };
}
