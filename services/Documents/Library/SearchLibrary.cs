using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>The library: published documents, searched, filtered, sorted and paged.</summary>
public sealed class SearchLibrary : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/library", Get).Produces<LibraryPage>().WithName("searchLibrary");

    static async Task<IResult> Get(
        [AsParameters] LibraryQuery query,
        int? pageSize,
        string? pageToken,
        IndexedLibrary library,
        LibraryTopics topics,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<LibraryPlace>(pageSize, pageToken, invalid);
        var search = await topics.Within(query.Topic, query.Read(invalid), invalid, http.RequestAborted);
        invalid.If(
            page.After is { } a && a.Sort != search.Order.Sort,
            "pageToken",
            "page.token.invalid",
            "This token belongs to another sort order. Leave it out to start from the first page."
        );
        if (invalid.Problem is { } problem)
            return problem.ToResult();

        var (tag, result) = await library.Read(
            index =>
            {
                var tag = http.LibraryTag(index, search.Topic);
                // What the library holds and what was asked make the answer; many ask for the same.
                if (http.Request.Headers.IfNoneMatch == tag)
                    return (tag, new Answered([], null));
                if (answers.TryGetValue(tag, out Answered? known))
                    return (tag, known!);
                var (first, total, facets) = search.Page(index, page.After, page.Size + 1);
                var highlights = new Highlights(search.Words);
                var items = page.Page(first, f => Item(index.Read(f.Hit), f, highlights), f => f.PlaceIn(search.Order));
                var answer = JsonSerializer.SerializeToUtf8Bytes(
                    new LibraryPage(items.Items, items.NextPageToken, total, facets),
                    JsonDefaults.Options
                );
                return (
                    tag,
                    answers.Set(tag, new Answered(answer, items.NextPageToken), new MemoryCacheEntryOptions { Size = answer.Length })
                );
            },
            http.RequestAborted
        );
        return http.Conditional(
            tag,
            () =>
            {
                http.LinkPage(result.NextPageToken);
                return Results.Bytes(result.Json, "application/json; charset=utf-8");
            }
        );
    }

    sealed record Answered(byte[] Json, string? NextPageToken);

    // 32 MB of answers.
    static readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = 32 * 1024 * 1024 });

    static LibraryItem Item(IndexedDocument document, FoundDocument found, Highlights highlights)
    {
        var e = document.Entry;
        return new(
            e.Id,
            found.Document.Title,
            e.Kind,
            e.Issuers,
            e.Subject,
            e.DocumentNumber,
            e.IndexNumber,
            e.WrittenOn,
            e.PublishedOn,
            e.EffectiveFrom,
            e.ExpiresOn,
            found.Validity,
            e.Texts.Count,
            highlights.In(document),
            highlights.Files(document),
            $"/api/v1/documents/{e.Id}"
        );
    }
}

/// <summary>A page of the library.</summary>
/// <param name="Items">The documents.</param>
/// <param name="NextPageToken">For the next page; null on the last.</param>
/// <param name="Total">How many documents match in all.</param>
/// <param name="Facets">How many there are of each issuer, subject, kind, validity and year.</param>
public sealed record LibraryPage(IReadOnlyList<LibraryItem> Items, string? NextPageToken, int Total, LibraryFacets Facets);

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
/// <param name="Blocks">Up to three blocks in which the words of the query stand.</param>
/// <param name="Files">Up to three files that go with the text and have words of the query in their names.</param>
/// <param name="Link">Where the document is.</param>
public sealed record LibraryItem(
    Guid Id,
    string Title,
    DocumentKind Kind,
    IReadOnlyList<string> Issuers,
    string? Subject,
    string? DocumentNumber,
    string IndexNumber,
    DateOnly? WrittenOn,
    DateOnly PublishedOn,
    DateOnly EffectiveFrom,
    DateOnly? ExpiresOn,
    Validity Validity,
    int PublicRevisions,
    IReadOnlyList<HighlightedBlock> Blocks,
    IReadOnlyList<string> Files,
    string Link
);
