using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Library;

/// <summary>What the library is asked for.</summary>
/// <param name="Q">Words that must all be found in title, number or text; <c>"a phrase"</c>, <c>-not</c>, <c>one OR other</c>.</param>
/// <param name="Issuer">发文机关, a code of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="Kind">normative or other.</param>
/// <param name="Validity">
/// 有效性 today: inForce for 现行有效, amended ones included; notYetInForce, unamended, amended, superseded, repealed or expired.
/// </param>
/// <param name="Year">The year of 成文日期, of 发布日期 where that is not known.</param>
/// <param name="Topic">What a topic of the Catalog gathers, its code.</param>
/// <param name="Sort">relevance, publishedOn or title, with - for descending; <c>relevance</c> when there are words, else
/// <c>-publishedOn</c>.</param>
public sealed record LibraryQuery(
    string? Q,
    string? Issuer,
    string? Subject,
    [OneOf(typeof(DocumentKind))] string? Kind,
    [OneOf(typeof(ValidityFilter))] string? Validity,
    int? Year,
    string? Sort,
    string? Topic = null
)
{
    /// <summary>Reads the query; what is wrong with it goes to <paramref name="invalid"/>.</summary>
    internal LibrarySearch Read(Invalid invalid)
    {
        var words = SearchQuery.Parse(Q);
        var sort = Sort ?? (words.All.Count > 0 ? "relevance" : "-publishedOn");
        invalid
            .If(
                !LibraryOrder.Sorts.Contains(sort),
                "sort",
                "sort.unknown",
                $"The library sorts by {string.Join(", ", LibraryOrder.Sorts)}."
            )
            .If(Year is < 1900 or > 2999, "year", "year.outOfRange", "A year has four digits.");
        SearchQuery.Check(invalid, "q", Q);
        return new(
            words,
            Issuer,
            Subject,
            invalid.OneOf<DocumentKind>("kind", Kind),
            invalid.OneOf<ValidityFilter>("validity", Validity),
            Year,
            LibraryOrder.Of(sort)
        );
    }
}

/// <summary>A query that was read: what the list, the feed and the tables of the library have in common.</summary>
sealed record LibrarySearch(
    SearchQuery Words,
    string? Issuer,
    string? Subject,
    DocumentKind? Kind,
    ValidityFilter? Validity,
    int? Year,
    LibraryOrder Order,
    GatheredByTopic? Topic = null
)
{
    // What the topic gathers, once it is known for which index and day.
    HashSet<Guid>? gathered;

    /// <summary>The documents found, in the order asked for.</summary>
    public IReadOnlyList<FoundDocument> All(LibraryIndex index) => [.. Found(index).OrderBy(f => LibraryRank.Of(f.Hit), Order)];

    /// <summary>The documents found, in no order.</summary>
    public IReadOnlyList<FoundDocument> Found(LibraryIndex index)
    {
        gathered = Topic?.In(index);
        var found = new List<FoundDocument>();
        index.Search(
            Words,
            Order.IsByRelevance,
            (hit, row) =>
            {
                if (Misfits(hit.Document, row) == 0)
                    found.Add(Found(hit, index.Day));
            }
        );
        return found;
    }

    /// <summary>Whether it finds a document.</summary>
    public bool Finds(LibraryIndex index, Guid document) =>
        index.Find(document) is { } hit && Misfits(hit.Document, index.RowOf(hit)) == 0 && index.Finds(Words, hit);

    /// <summary>
    /// The first documents after a place, how many there are in all, and how many of each issuer, subject, kind, validity and year.
    /// </summary>
    public (IReadOnlyList<FoundDocument> First, int Total, LibraryFacets Facets) Page(LibraryIndex index, LibraryPlace? after, int count)
    {
        var today = index.Day;
        gathered = Topic?.In(index);
        // The last of the first ones stands at the head of the queue and makes room for a better one.
        var first = new PriorityQueue<Hit, LibraryRank>(Comparer<LibraryRank>.Create((a, b) => Order.Compare(b, a)));
        var last = after?.Rank();
        var total = 0;
        var counts = new LibraryCounts();
        index.Search(
            Words,
            Order.IsByRelevance,
            (hit, row) =>
            {
                var misfits = Misfits(hit.Document, row);
                counts.Add(hit.Document, row, misfits);
                if (misfits != 0)
                    return;
                total++;
                // Most documents of a large library need not be looked at to know that they come later.
                if (first.Count == count && first.TryPeek(out _, out var worst) && Order.IsAfter(hit.Score, row, worst))
                    return;
                var rank = LibraryRank.Of(hit);
                if (last is { } one && Order.Compare(rank, one) <= 0)
                    return;
                if (first.Count < count)
                    first.Enqueue(hit, rank);
                else
                    first.EnqueueDequeue(hit, rank);
            }
        );
        return ([.. first.UnorderedItems.OrderBy(f => f.Priority, Order).Select(f => Found(f.Element, today))], total, counts.ToFacets());
    }

    /// <summary>The filters that a document does not pass.</summary>
    LibraryFilters Misfits(ListedDocument document, ListedRow row) =>
        (Issuer is null || document.Issuers.Contains(Issuer) ? 0 : LibraryFilters.Issuer)
        | (Subject is null || document.Subject == Subject ? 0 : LibraryFilters.Subject)
        | (Kind is null || row.Kind == Kind ? 0 : LibraryFilters.Kind)
        | (Validity is null || Validity.Value.Has(row.Validity) ? 0 : LibraryFilters.Validity)
        | (Year is null || row.Year == Year ? 0 : LibraryFilters.Year)
        | (gathered is null || gathered.Contains(document.Id) ? 0 : LibraryFilters.Topic);

    static FoundDocument Found(Hit hit, DateOnly today) => new(hit, hit.Document.ValidityOn(today));
}

/// <summary>What documents are filtered by.</summary>
[Flags]
enum LibraryFilters
{
    Issuer = 1,
    Subject = 2,
    Kind = 4,
    Validity = 8,
    Year = 16,
    Topic = 32,
}

/// <summary>A document that a query found.</summary>
/// <param name="Hit">What is listed of it, and where the index has it.</param>
/// <param name="Validity">有效性 on the day of the index.</param>
sealed record FoundDocument(Hit Hit, Validity Validity)
{
    /// <summary>What is listed of it.</summary>
    public ListedDocument Document => Hit.Document;

    /// <summary>Its place in a list.</summary>
    public LibraryPlace PlaceIn(LibraryOrder order) => LibraryRank.Of(Hit).In(order);
}

/// <summary>How many documents there are of each value; each facet with the other filters, without its own.</summary>
/// <param name="Issuer">By 发文机关.</param>
/// <param name="Subject">By 主题分类.</param>
/// <param name="Kind">By kind.</param>
/// <param name="Validity">By 有效性 today.</param>
/// <param name="Year">By year.</param>
public sealed record LibraryFacets(
    IReadOnlyList<FacetValue> Issuer,
    IReadOnlyList<FacetValue> Subject,
    IReadOnlyList<FacetValue> Kind,
    IReadOnlyList<FacetValue> Validity,
    IReadOnlyList<FacetValue> Year
);

/// <summary>A value and how many documents have it.</summary>
/// <param name="Value">The value as the query takes it: a code of the Catalog, a word such as <c>normative</c>, or a year.</param>
/// <param name="Count">How many documents have it.</param>
public sealed record FacetValue(string Value, int Count);

/// <summary>Conditional requests to what is made from the library alone.</summary>
static class LibraryTags
{
    /// <summary>
    /// The tag of such an answer: what the library holds, the day, what was asked, and under which address, which stands in its links.
    /// </summary>
    public static string LibraryTag(this HttpContext http, LibraryIndex index, GatheredByTopic? topic = null) =>
        $"\"l3-{index.Fingerprint:x}-{index.Day.DayNumber}-{Text.CanonicalText.Hash($"{http.Request.QueryString.Value}{topic?.Name}{PublicAddress.Of(http.Request)}")[..16]}\"";
}

/// <summary>What is chosen among the documents by their 有效性.</summary>
public enum ValidityFilter
{
    /// <summary>尚未生效.</summary>
    NotYetInForce,

    /// <summary>现行有效: in force, with the text that it was issued with or another.</summary>
    InForce,

    /// <summary>现行有效, with the text that it was issued with.</summary>
    Unamended,

    /// <summary>已修改: in force, with another text than it was issued with.</summary>
    Amended,

    /// <summary>被替代.</summary>
    Superseded,

    /// <summary>已废止.</summary>
    Repealed,

    /// <summary>已失效.</summary>
    Expired,
}

static class ValidityFilters
{
    /// <summary>The choices that are offered with how many documents they have; who wants the unamended ones asks for them.</summary>
    public static readonly ValidityFilter[] Shown = [.. Enum.GetValues<ValidityFilter>().Where(f => f is not ValidityFilter.Unamended)];

    /// <summary>Whether a document of this 有效性 is among those chosen.</summary>
    public static bool Has(this ValidityFilter filter, Validity validity) =>
        filter switch
        {
            ValidityFilter.InForce => validity is Validity.InForce or Validity.Amended,
            ValidityFilter.Unamended => validity is Validity.InForce,
            ValidityFilter.Amended => validity is Validity.Amended,
            ValidityFilter.NotYetInForce => validity is Validity.NotYetInForce,
            ValidityFilter.Superseded => validity is Validity.Superseded,
            ValidityFilter.Repealed => validity is Validity.Repealed,
            _ => validity is Validity.Expired,
        };
}
