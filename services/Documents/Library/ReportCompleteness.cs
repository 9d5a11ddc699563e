using System.ComponentModel;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>要素完整、格式规范 (W 十一): which documents of the library lack what, and how many lack each.</summary>
public sealed class ReportCompleteness : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/library/completeness", Get)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor, Roles.Integrator)
            .Produces<CompletenessReport>()
            .WithName("reportCompleteness");

    static async Task<IResult> Get(
        [AsParameters] LibraryQuery query,
        [Description("Only documents that lack this.")] [OneOf(typeof(MissingElement))] string? missing,
        int? pageSize,
        string? pageToken,
        IndexedLibrary library,
        LibraryTopics topics,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<LibraryPlace>(pageSize, pageToken, invalid);
        var search = await topics.Within(
            query.Topic,
            (query with { Sort = query.Sort ?? "-publishedOn" }).Read(invalid),
            invalid,
            http.RequestAborted
        );
        var wanted = invalid.OneOf<MissingElement>("missing", missing);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        return Results.Ok(
            await library.Read(
                index =>
                {
                    var all = search.All(index);
                    var incomplete = all.Select(f => (Found: f, Missing: f.Document.Lacks)).Where(p => p.Missing.Count > 0).ToArray();
                    var rows = incomplete
                        .Where(p => wanted is not { } only || p.Missing.Contains(only))
                        .Where(p => page.After is not { } after || search.Order.Compare(LibraryRank.Of(p.Found.Hit), after.Rank()) > 0)
                        .Take(page.Size + 1)
                        .ToArray();
                    var items = page.Page(
                        rows,
                        p => new IncompleteDocument(
                            p.Found.Document.Id,
                            p.Found.Document.Title,
                            p.Found.Document.Issuers,
                            p.Missing,
                            $"/api/v1/documents/{p.Found.Document.Id}"
                        ),
                        p => p.Found.PlaceIn(search.Order)
                    );
                    return new CompletenessReport(
                        all.Count,
                        all.Count - incomplete.Length,
                        incomplete.SelectMany(p => p.Missing).CountBy(m => m).ToDictionary(),
                        items.Items,
                        items.NextPageToken
                    );
                },
                http.RequestAborted
            )
        );
    }
}

/// <summary>Which documents lack what.</summary>
/// <param name="Total">How many documents were looked at.</param>
/// <param name="Complete">How many lack nothing.</param>
/// <param name="Missing">How many lack each.</param>
/// <param name="Items">The documents that lack something.</param>
/// <param name="NextPageToken">For the next page; null on the last.</param>
public sealed record CompletenessReport(
    int Total,
    int Complete,
    IReadOnlyDictionary<MissingElement, int> Missing,
    IReadOnlyList<IncompleteDocument> Items,
    string? NextPageToken
) : IPage;

/// <summary>A document that lacks something.</summary>
/// <param name="Id">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Issuers">发文机关.</param>
/// <param name="Missing">What it lacks.</param>
/// <param name="Link">Where it is.</param>
public sealed record IncompleteDocument(
    Guid Id,
    string Title,
    IReadOnlyList<string> Issuers,
    IReadOnlyList<MissingElement> Missing,
    string Link
);
