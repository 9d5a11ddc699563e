using JasperFx.Events;
using Marten.Events.Aggregation;

namespace PolicyPlatform.Documents.Library;

/// <summary>A published document as the library lists it. Drafts have none: what is not public is not in this table.</summary>
public sealed record LibraryEntry
{
    /// <summary>The document's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The version of its history.</summary>
    public long Version { get; set; }

    /// <summary>标题.</summary>
    public string Title { get; init; } = "";

    /// <summary>The kind of document.</summary>
    public DocumentKind Kind { get; init; }

    /// <summary>发文机关, codes of the Catalog, the leading one first.</summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>主题分类, a code of the Catalog.</summary>
    public string Subject { get; init; } = "";

    /// <summary>发文字号 as it is printed.</summary>
    public string DocumentNumber { get; init; } = "";

    /// <summary>索引号.</summary>
    public string IndexNumber { get; init; } = "";

    /// <summary>成文日期.</summary>
    public DateOnly WrittenOn { get; init; }

    /// <summary>发布日期.</summary>
    public DateOnly PublishedOn { get; init; }

    /// <summary>施行日期.</summary>
    public DateOnly EffectiveFrom { get; init; }

    /// <summary>The first day of the first amendment that is or will be in force; null for none.</summary>
    public DateOnly? AmendedFrom { get; init; }

    /// <summary>有效期至, the last day in force.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>The first day on which it is no longer in force because of a repeal.</summary>
    public DateOnly? RepealedFrom { get; init; }

    /// <summary>How many texts the public can read.</summary>
    public int PublicRevisions { get; init; }

    /// <summary>有效性 on a day.</summary>
    public Validity ValidityOn(DateOnly day) =>
        RepealedFrom <= day ? Validity.Repealed
        : ExpiresOn < day ? Validity.Expired
        : EffectiveFrom > day ? Validity.NotYetInForce
        : AmendedFrom <= day ? Validity.Amended
        : Validity.InForce;
}

/// <summary>Keeps the library's list with the events that the public may know of.</summary>
sealed partial class LibraryProjection : SingleStreamProjection<LibraryEntry, Guid>
{
    /// <summary>Listens to nothing that happens to drafts.</summary>
    public LibraryProjection()
    {
        IncludeType<DocumentPublished>();
        IncludeType<DocumentAmended>();
        IncludeType<DocumentRepealed>();
    }

    /// <inheritdoc/>
    public override LibraryEntry? Evolve(LibraryEntry? snapshot, Guid id, IEvent e) => (snapshot, e.Data) switch
    {
        (_, DocumentPublished p) => new()
        {
            Id = id,
            Title = p.Elements.Title,
            Kind = p.Elements.Kind,
            Issuers = p.Elements.Issuers,
            Subject = p.Elements.Subject,
            DocumentNumber = p.Elements.Number.ToString(),
            IndexNumber = p.Elements.IndexNumber,
            WrittenOn = p.Elements.WrittenOn,
            PublishedOn = p.PublishedOn,
            EffectiveFrom = p.EffectiveFrom,
            ExpiresOn = p.ExpiresOn,
            PublicRevisions = 1,
        },
        ({ } entry, DocumentAmended a) => entry with
        {
            AmendedFrom = entry.AmendedFrom is { } first && first < a.EffectiveFrom ? first : a.EffectiveFrom,
            PublicRevisions = entry.PublicRevisions + 1,
        },
        ({ } entry, DocumentRepealed r) => entry with { RepealedFrom = r.EffectiveFrom },
        _ => snapshot,
    };
}
