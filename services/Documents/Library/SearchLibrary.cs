using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>The library: published documents, filtered, sorted and paged.</summary>
public sealed class SearchLibrary : IEndpoint
{
    static readonly string[] Sorts = ["publishedOn", "-publishedOn", "title", "-title"];

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/library", Get)
        .Produces<LibraryPage>().WithTags("Library").WithName("searchLibrary");

    static async Task<IResult> Get([AsParameters] LibraryQuery query, IQuerySession session, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(query.PageSize, query.PageToken, invalid);
        var sort = query.Sort ?? "-publishedOn";
        invalid.If(!Sorts.Contains(sort), "sort", "sort.unknown", $"The library sorts by {string.Join(", ", Sorts)}.")
            .If(query.Year is < 1900 or > 2999, "year", "year.outOfRange", "A year has four digits.")
            .If(query.Q?.Length > 200, "q", "value.tooLong", "At most 200 characters are searched for.")
            .If(page.After is { } a && a.Sort != sort, "pageToken", "page.token.invalid", "This token belongs to another sort order. Leave it out to start from the first page.");
        var kind = invalid.OneOf<DocumentKind>("kind", query.Kind);
        var validity = invalid.OneOf<Validity>("validity", query.Validity);
        if (invalid.Problem is { } problem) return problem.ToResult();

        var today = time.Today();
        var found = query.Filter(session.Query<LibraryEntry>(), kind, validity, today);
        var total = await found.CountAsync(http.RequestAborted);
        var rows = await Ordered(page.After is { } after ? After(found, after) : found, sort).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        var items = page.Page(rows, e => Item(e, today), e => new Place(sort, e.PublishedOn, e.Title, e.Id));
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Ok(new LibraryPage(items.Items, items.NextPageToken, total));
    }

    static IQueryable<LibraryEntry> After(IQueryable<LibraryEntry> found, Place p) => p.Sort switch
    {
        "publishedOn" => found.Where(e => e.PublishedOn > p.PublishedOn || e.PublishedOn == p.PublishedOn && e.Id.CompareTo(p.Id) > 0),
        "-publishedOn" => found.Where(e => e.PublishedOn < p.PublishedOn || e.PublishedOn == p.PublishedOn && e.Id.CompareTo(p.Id) < 0),
        "title" => found.Where(e => e.Title.CompareTo(p.Title) > 0 || e.Title == p.Title && e.Id.CompareTo(p.Id) > 0),
        _ => found.Where(e => e.Title.CompareTo(p.Title) < 0 || e.Title == p.Title && e.Id.CompareTo(p.Id) < 0),
    };

    static IQueryable<LibraryEntry> Ordered(IQueryable<LibraryEntry> found, string sort) => sort switch
    {
        "publishedOn" => found.OrderBy(e => e.PublishedOn).ThenBy(e => e.Id),
        "-publishedOn" => found.OrderByDescending(e => e.PublishedOn).ThenByDescending(e => e.Id),
        "title" => found.OrderBy(e => e.Title).ThenBy(e => e.Id),
        _ => found.OrderByDescending(e => e.Title).ThenByDescending(e => e.Id),
    };

    static LibraryItem Item(LibraryEntry e, DateOnly today) => new(e.Id, e.Title, e.Kind, e.Issuers, e.Subject, e.DocumentNumber, e.IndexNumber, e.WrittenOn, e.PublishedOn, e.EffectiveFrom, e.ExpiresOn,
        e.ValidityOn(today), e.PublicRevisions, $"/api/v1/documents/{e.Id}");

    sealed record Place(string Sort, DateOnly PublishedOn, string Title, Guid Id);
}

/// <summary>What the library is asked for.</summary>
/// <param name="Q">Words of the title, or a document number in any bracket style.</param>
/// <param name="Issuer">发文机关, a code of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="Kind">normative or other.</param>
/// <param name="Validity">有效性 today: notYetInForce, inForce, amended, superseded, repealed or expired.</param>
/// <param name="Year">The year of 成文日期.</param>
/// <param name="Sort">publishedOn or title, with - for descending; <c>-publishedOn</c> when left out.</param>
/// <param name="PageSize">1 to 200; 20 when left out.</param>
/// <param name="PageToken">The <c>nextPageToken</c> of the page before.</param>
public sealed record LibraryQuery(string? Q, string? Issuer, string? Subject, string? Kind, string? Validity, int? Year, string? Sort, int? PageSize, string? PageToken)
{
    /// <summary>The entries that are asked for.</summary>
    internal IQueryable<LibraryEntry> Filter(IQueryable<LibraryEntry> entries, DocumentKind? ofKind, Validity? ofValidity, DateOnly today)
    {
        if (DocumentNumber.TryParse(Q, out var number))
        {
            var printed = number.ToString();
            entries = entries.Where(e => e.DocumentNumber == printed);
        }
        else
            foreach (var word in Q?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [])
                entries = entries.Where(e => e.Title.Contains(word, StringComparison.OrdinalIgnoreCase) || e.DocumentNumber.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (Issuer is { } issuer) entries = entries.Where(e => e.Issuers.Contains(issuer));
        if (Subject is { } subject) entries = entries.Where(e => e.Subject == subject);
        if (ofKind is { } kind) entries = entries.Where(e => e.Kind == kind);
        if (Year is { } year)
        {
            DateOnly first = new(year, 1, 1), last = new(year, 12, 31);
            entries = entries.Where(e => e.WrittenOn >= first && e.WrittenOn <= last);
        }
        return ofValidity switch
        {
            null => entries,
            Documents.Validity.Repealed => entries.Where(e => e.RepealedFrom != null && e.RepealedFrom <= today),
            Documents.Validity.Expired => NotRepealed(entries, today).Where(e => e.ExpiresOn != null && e.ExpiresOn < today),
            Documents.Validity.NotYetInForce => NotEnded(entries, today).Where(e => e.EffectiveFrom > today),
            Documents.Validity.InForce => NotEnded(entries, today).Where(e => e.EffectiveFrom <= today && (e.AmendedFrom == null || e.AmendedFrom > today)),
            Documents.Validity.Amended => NotEnded(entries, today).Where(e => e.EffectiveFrom <= today && e.AmendedFrom != null && e.AmendedFrom <= today),
            _ => entries.Where(e => e.Id == Guid.Empty),
        };
    }

    static IQueryable<LibraryEntry> NotRepealed(IQueryable<LibraryEntry> entries, DateOnly today) => entries.Where(e => e.RepealedFrom == null || e.RepealedFrom > today);

    static IQueryable<LibraryEntry> NotEnded(IQueryable<LibraryEntry> entries, DateOnly today) => NotRepealed(entries, today).Where(e => e.ExpiresOn == null || e.ExpiresOn >= today);
}

/// <summary>A page of the library.</summary>
/// <param name="Items">The documents.</param>
/// <param name="NextPageToken">For the next page; null on the last.</param>
/// <param name="Total">How many documents match in all.</param>
public sealed record LibraryPage(IReadOnlyList<LibraryItem> Items, string? NextPageToken, int Total);

/// <summary>A published document in a list.</summary>
/// <param name="Id">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Issuers">发文机关.</param>
/// <param name="Subject">主题分类.</param>
/// <param name="DocumentNumber">发文字号.</param>
/// <param name="IndexNumber">索引号.</param>
/// <param name="WrittenOn">成文日期.</param>
/// <param name="PublishedOn">发布日期.</param>
/// <param name="EffectiveFrom">施行日期.</param>
/// <param name="ExpiresOn">有效期至.</param>
/// <param name="Validity">有效性 today, Asia/Shanghai.</param>
/// <param name="PublicRevisions">How many texts there are to read.</param>
/// <param name="Link">Where the document is.</param>
public sealed record LibraryItem(Guid Id, string Title, DocumentKind Kind, IReadOnlyList<string> Issuers, string Subject, string DocumentNumber, string IndexNumber, DateOnly WrittenOn, DateOnly PublishedOn,
    DateOnly EffectiveFrom, DateOnly? ExpiresOn, Validity Validity, int PublicRevisions, string Link);
