using Marten;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Documents.Relations;

/// <summary>Finds a document's relations and citations as a caller may see them.</summary>
[ReadsBySession]
sealed class FoundRelations(IndexedLibrary library, RevisionTexts texts)
{
    public async Task<DocumentRelations> Of(
        IQuerySession session,
        PolicyDocument document,
        Caller caller,
        DateOnly day,
        CancellationToken cancellation
    )
    {
        var entries = await session
            .Query<RelationEntry>()
            .Where(r => r.Source == document.Id || r.Target == document.Id)
            .ToListAsync(cancellation);
        var others = (
            await session.LoadManyAsync<PolicyDocument>(cancellation, [.. entries.Select(r => Other(r).Id).Distinct()])
        ).ToDictionary(d => d.Id);
        var relations = entries
            .Where(r => caller.Sees(others.GetValueOrDefault(Other(r).Id)))
            .OrderBy(r => r.From)
            .ThenBy(r => r.Id)
            .Select(r => new Relation(
                r.Id,
                r.Kind,
                Other(r).Direction,
                Linked(others[Other(r).Id], day),
                r.From,
                r.Until,
                r.From <= day && !(r.Until < day),
                r.Note
            ))
            .ToArray();
        var current = Visibility.CurrentRevision(document, day);
        if (!caller.SeesRevision(document, current) || await texts.Find(session, document, current, cancellation) is not { } text)
            return new(relations, [], []);
        var citations = await Citations(document, text, relations, day, cancellation);
        return new(
            relations,
            citations,
            [
                .. AmendingClauses
                    .In(text.Blocks)
                    .Select(a => new OfferedAmendment(
                        a,
                        citations
                            .FirstOrDefault(c =>
                                c.Document is not null
                                && c.Title is not null
                                && CanonicalText.Fold(c.Title) == CanonicalText.Fold(a.Document ?? "")
                            )
                            ?.Document
                    )),
            ]
        );

        (Guid Id, RelationDirection Direction) Other(RelationEntry r) =>
            r.Source == document.Id ? (r.Target, RelationDirection.Outgoing) : (r.Source, RelationDirection.Incoming);
    }

    /// <summary>What a text cites, each with the document of the library that it means, where it holds one.</summary>
    public async Task<IReadOnlyList<FoundCitation>> Citations(
        PolicyDocument document,
        CompleteText text,
        IReadOnlyList<Relation> relations,
        DateOnly? on,
        CancellationToken cancellation
    )
    {
        var cited = Text.Citations.In(text.Blocks);
        return await library.Read(
            index =>
                cited
                    .Select(c =>
                    {
                        var day = on ?? index.Day;
                        var meant = Meant(index, c, document.Id, day);
                        var linked = meant is null
                            ? null
                            : new LinkedDocument(
                                meant.Entry.Id,
                                meant.Entry.TitleOn(index.Day),
                                meant.Entry.DocumentNumber,
                                meant.Entry.ValidityOn(day),
                                $"/api/v1/documents/{meant.Entry.Id}"
                            );
                        var ended = linked?.Validity is Validity.Repealed or Validity.Superseded or Validity.Expired;
                        return new FoundCitation(
                            c.BlockId,
                            c.Start,
                            c.Length,
                            c.Words,
                            c.Title,
                            linked?.DocumentNumber ?? c.Number,
                            linked is null ? CitationState.Unknown
                                : ended ? CitationState.Warning
                                : CitationState.Linked,
                            linked,
                            linked is not null && !ended && relations.All(r => r.Document.Id != linked.Id) ? Offer(text.Blocks, c) : null
                        );
                    })
                    .Where(c => c.Document?.Id != document.Id)
                    .ToArray(),
            cancellation
        );
    }

    /// <summary>The citations of a text that lead somewhere.</summary>
    public async Task<IReadOnlyList<TextLink>> Links(PolicyDocument document, CompleteText text, CancellationToken cancellation) =>
        [
            .. (await Citations(document, text, [], on: null, cancellation))
                .Where(c => c.Document is not null)
                .Select(c => new TextLink(
                    c.BlockId,
                    c.Start,
                    c.Length,
                    $"{c.Document!.Link}/revisions/current",
                    c.State is CitationState.Warning ? LibraryFeed.Word(c.Document.Validity!.Value) : null
                )),
        ];

    // 关于修改《…》的决定 amends, 《…》同时废止 repeals, 根据《…》 names what a text is based on; anything else only relates.
    static RelationKind Offer(IReadOnlyList<Block> blocks, Citation citation)
    {
        var text = blocks.First(b => b.Id == citation.BlockId).Text;
        var before = text[..citation.Start];
        var clause = before[(before.LastIndexOfAny(['。', '；', '\n']) + 1)..];
        var after = text[(citation.Start + citation.Length)..];
        var rest = after.IndexOfAny(['。', '；', '\n']) is var end and >= 0 ? after[..end] : after;
        // 根据《…》 right before it names a ground, whatever the sentence goes on to say.
        if (
            clause.EndsWith("根据", StringComparison.Ordinal)
            || clause.EndsWith("依据", StringComparison.Ordinal)
            || clause.EndsWith("依照", StringComparison.Ordinal)
        )
            return RelationKind.BasedOn;
        return AmendingClauses.Amends(clause, rest) ? RelationKind.Amends
            : AmendingClauses.Repeals(clause, rest) ? RelationKind.Repeals
            : clause.Contains("根据", StringComparison.Ordinal)
            || clause.Contains("依据", StringComparison.Ordinal)
            || clause.Contains("依照", StringComparison.Ordinal)
                ? RelationKind.BasedOn
            : clause.Contains("贯彻", StringComparison.Ordinal) || clause.Contains("落实", StringComparison.Ordinal)
                ? RelationKind.Implements
            : RelationKind.RelatesTo;
    }

    static IndexedDocument? Meant(LibraryIndex index, Citation citation, Guid self, DateOnly day)
    {
        IEnumerable<IndexedDocument> found = [];
        // In running text the code of the issuer is the end of what stands before the bracket: 根据章政办发〔2025〕2号.
        if (citation.Number is { } number)
            found = index.Numbered(number);
        if (citation.Title is { } title && !found.Any())
            found = index.Titled(title);
        // Of several with one title the one in force is meant, of these the newest.
        return found
            .Where(d => d.Entry.Id != self)
            .OrderByDescending(d => d.Entry.ValidityOn(day) is Validity.InForce or Validity.Amended)
            .ThenByDescending(d => d.Entry.PublishedOn)
            .ThenBy(d => d.Entry.Id)
            .FirstOrDefault();
    }

    static LinkedDocument Linked(PolicyDocument d, DateOnly day) =>
        new(d.Id, d.PublicTitleOn(day), d.Number?.ToString(), d.ValidityOn(day), $"/api/v1/documents/{d.Id}");
}

/// <summary>Everything that a document has to do with others.</summary>
/// <param name="Relations">What was stated, from both ends.</param>
/// <param name="Citations">What the current text cites.</param>
/// <param name="Amendments">Of a decision that amends: which article of which document becomes what.</param>
public sealed record DocumentRelations(
    IReadOnlyList<Relation> Relations,
    IReadOnlyList<FoundCitation> Citations,
    IReadOnlyList<OfferedAmendment> Amendments
);

/// <summary>A change that a text orders, with the document that it changes where the library holds it.</summary>
/// <param name="Clause">What is ordered.</param>
/// <param name="Document">The document; null where it is not known.</param>
public sealed record OfferedAmendment(AmendingClause Clause, LinkedDocument? Document);

/// <summary>From which end a relation is seen.</summary>
public enum RelationDirection
{
    /// <summary>This document acts: it amends the other one.</summary>
    Outgoing,

    /// <summary>The other one acts: this document is amended by it.</summary>
    Incoming,
}

/// <summary>A relation as one of its ends shows it.</summary>
/// <param name="Id">The relation.</param>
/// <param name="Kind">What the acting document does.</param>
/// <param name="Direction">Whether this document acts.</param>
/// <param name="Document">The other document.</param>
/// <param name="From">The first day on which it holds, Asia/Shanghai.</param>
/// <param name="Until">The last day; null for no end.</param>
/// <param name="Holds">Whether it holds on the day asked for.</param>
/// <param name="Note">What was said about it.</param>
public sealed record Relation(
    Guid Id,
    RelationKind Kind,
    RelationDirection Direction,
    LinkedDocument Document,
    DateOnly From,
    DateOnly? Until,
    bool Holds,
    string? Note
);

/// <summary>Another document, with what one wants to know before following the link.</summary>
/// <param name="Id">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="DocumentNumber">发文字号.</param>
/// <param name="Validity">有效性 on the day asked for; null for a draft.</param>
/// <param name="Link">Where it is.</param>
public sealed record LinkedDocument(Guid Id, string Title, string? DocumentNumber, Validity? Validity, string Link);

/// <summary>What became of a citation.</summary>
public enum CitationState
{
    /// <summary>The library holds it.</summary>
    Linked,

    /// <summary>The library holds it, and it is no longer in force.</summary>
    Warning,

    /// <summary>The library does not hold it.</summary>
    Unknown,
}

/// <summary>A citation in the current text.</summary>
/// <param name="BlockId">The block.</param>
/// <param name="Start">Where it stands in the block, in UTF-16 code units from 0.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Words">What is written there.</param>
/// <param name="Title">The title within 《》.</param>
/// <param name="Number">发文字号.</param>
/// <param name="State">Whether it is a link, a warning or unknown.</param>
/// <param name="Document">The document that it means.</param>
/// <param name="Offered">The relation that it suggests, where none is stated yet: POST …/relations.</param>
public sealed record FoundCitation(
    string BlockId,
    int Start,
    int Length,
    string Words,
    string? Title,
    string? Number,
    CitationState State,
    LinkedDocument? Document,
    RelationKind? Offered
);
