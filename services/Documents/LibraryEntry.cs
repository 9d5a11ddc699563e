using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Projections;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents;

/// <summary>A published document as the library lists it. Drafts have none: what is not public is not in this table.</summary>
public sealed record LibraryEntry
{
    /// <summary>The document's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The version of its history.</summary>
    public long Version { get; set; }

    /// <summary>标题 as it was published; <see cref="TitleOn"/> tells what it became.</summary>
    public string Title { get; init; } = "";

    /// <summary>The kind of document.</summary>
    public DocumentKind Kind { get; init; }

    /// <summary>发文机关, codes of the Catalog, the leading one first.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>主题分类, a code of the Catalog.</summary>
    public string? Subject { get; init; }

    /// <summary>发文字号 as it is printed.</summary>
    public string? DocumentNumber { get; init; }

    /// <summary>索引号.</summary>
    public string IndexNumber { get; init; } = "";

    /// <summary>成文日期.</summary>
    public DateOnly? WrittenOn { get; init; }

    /// <summary>发布日期.</summary>
    public DateOnly PublishedOn { get; init; }

    /// <summary>The texts that the public may read, in the order in which they were recorded.</summary>
    public IReadOnlyList<PublicText> Texts { get; init; } = [];

    /// <summary>有效期至, the last day in force.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>The first day on which it is no longer in force because of a repeal.</summary>
    public DateOnly? RepealedFrom { get; init; }

    /// <summary>The first day on which another document stands in its place.</summary>
    public DateOnly? SupersededFrom { get; init; }

    /// <summary>What was taken from the public and is not put back.</summary>
    public IReadOnlyList<TakenDown> Down { get; init; } = [];

    /// <summary>When something last happened to it that the public may know of, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>施行日期.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateOnly EffectiveFrom => Texts.Earliest().EffectiveFrom;

    /// <summary>有效性 on a day.</summary>
    public Validity ValidityOn(DateOnly day) => Texts.ValidityOn(day, ExpiresOn, RepealedFrom, SupersededFrom);

    /// <summary>The text that is read on a day: the one in force, before its first day the first one.</summary>
    public PublicText TextOn(DateOnly day) => Texts.ReadOn(day);

    /// <summary>Whether it is found on a day: not while it, or the text that is read then, is taken down.</summary>
    public bool IsFoundOn(DateOnly day) => Down.Count == 0 || Down.Of(TextOn(day).Revision) is null;

    /// <summary>标题 on a day.</summary>
    public string TitleOn(DateOnly day) => TextOn(day).Title ?? Title;
}

/// <summary>Keeps the library's list with the events that the public may know of.</summary>
sealed partial class LibraryProjection : SingleStreamProjection<LibraryEntry, Guid>
{
    /// <summary>Listens to the events that the public may know of, and to nothing that happens to drafts.</summary>
    public LibraryProjection()
    {
        Name = nameof(LibraryProjection);
        foreach (var type in StateEvents.Of<LibraryEntry>())
            IncludeType(type);
    }

    /// <inheritdoc/>
    public override LibraryEntry? Evolve(LibraryEntry? snapshot, Guid id, IEvent e) =>
        (snapshot, e.Data as IEventOf<LibraryEntry>) switch
        {
            (_, DocumentPublished p) => new()
            {
                Id = id,
                Title = p.Elements.Title,
                Kind = p.Elements.Kind,
                Issuers = p.Elements.Issuers,
                Subject = p.Elements.Subject,
                DocumentNumber = p.Elements.Number?.ToString(),
                IndexNumber = p.Elements.IndexNumber,
                WrittenOn = p.Elements.WrittenOn,
                PublishedOn = p.PublishedOn,
                Texts = [new(p.Revision, p.EffectiveFrom, p.At, null, p.Elements.Title)],
                ExpiresOn = p.ExpiresOn,
                ChangedAt = p.At,
            },
            ({ } entry, DocumentAmended a) => entry with
            {
                Texts = [.. entry.Texts, new(a.Revision, a.EffectiveFrom, a.At, a.Note, a.Title ?? entry.TitleOn(a.EffectiveFrom))],
                ChangedAt = a.At,
            },
            ({ } entry, DocumentCorrected c) => entry with
            {
                Texts =
                [
                    .. entry.Texts,
                    new(
                        c.Revision,
                        c.EffectiveFrom,
                        c.At,
                        c.Reason,
                        c.Title ?? entry.Texts.First(t => t.Revision == c.Corrects).Title,
                        c.Corrects
                    ),
                ],
                ChangedAt = c.At,
            },
            ({ } entry, NoteCorrected n) => entry with
            {
                Texts = [.. entry.Texts.Select(t => t.Revision == n.Revision ? t with { Note = n.Note } : t)],
                ChangedAt = n.At,
            },
            ({ } entry, DocumentRepealed r) => entry with { RepealedFrom = r.EffectiveFrom, ChangedAt = r.At },
            ({ } entry, DocumentSuperseded s) => entry with { SupersededFrom = s.EffectiveFrom, ChangedAt = s.At },
            ({ } entry, DocumentRestored r) => entry with { RepealedFrom = null, SupersededFrom = null, ChangedAt = r.At },
            ({ } entry, DocumentTakenDown d) => entry with { Down = entry.Down.Then(d), ChangedAt = d.At },
            ({ } entry, DocumentPutBack d) => entry with { Down = entry.Down.Then(d), ChangedAt = d.At },
            ({ } entry, ElementsCorrected { Before: var before, After: var after } c) => entry with
            {
                Title = after.Title is { } title && entry.Title == before.Title ? title : entry.Title,
                Kind = after.Kind ?? entry.Kind,
                Issuers = after.Issuers ?? entry.Issuers,
                Subject = after.Subject ?? entry.Subject,
                DocumentNumber = after.Number?.ToString() ?? entry.DocumentNumber,
                WrittenOn = after.WrittenOn ?? entry.WrittenOn,
                PublishedOn = after.PublishedOn ?? entry.PublishedOn,
                Texts = entry.Texts.Corrected(c),
                ChangedAt = c.At,
            },
            ({ } entry, ExpiryChanged x) => entry with { ExpiresOn = x.ExpiresOn, ChangedAt = x.At },
            ({ } entry, DocumentExpired x) => entry with { ChangedAt = x.At },
            _ => snapshot,
        };
}

/// <summary>
/// Notes which documents changed in which transaction, so that every process that serves the library finds what is new with one cheap
/// question. Transaction
/// ids, unlike sequences and clocks, tell what was not yet committed when one last asked.
/// </summary>
sealed partial class LibraryChangesProjection : EventProjection
{
    /// <summary>The table.</summary>
    internal const string Table = "documents.library_changes";

    /// <summary>Is known by its name.</summary>
    public LibraryChangesProjection() => Name = nameof(LibraryChangesProjection);

    /// <inheritdoc/>
    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        if (e.Data is IEventOf<LibraryEntry>)
            operations.QueueSqlCommand(
                $"insert into {Table} (document_id, changed_in) values (?, pg_current_xact_id()) on conflict (document_id) do update set changed_in = excluded.changed_in",
                e.StreamId
            );
        return ValueTask.CompletedTask;
    }
}
