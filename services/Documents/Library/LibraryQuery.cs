using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Search;

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
    string? Kind,
    string? Validity,
    int? Year,
    string? Sort,
    string? Topic = null
)
{
    static readonly string[] Sorts = ["relevance", "publishedOn", "-publishedOn", "title", "-title"];

    /// <summary>Reads the query; what is wrong with it goes to <paramref name="invalid"/>.</summary>
    internal LibrarySearch Read(Invalid invalid)
    {
        var words = SearchQuery.Parse(Q);
        var sort = Sort ?? (words.All.Count > 0 ? "relevance" : "-publishedOn");
        invalid
            .If(!Sorts.Contains(sort), "sort", "sort.unknown", $"The library sorts by {string.Join(", ", Sorts)}.")
            .If(Year is < 1900 or > 2999, "year", "year.outOfRange", "A year has four digits.");
        SearchQuery.Check(invalid, "q", Q);
        return new(
            words,
            Issuer,
            Subject,
            invalid.OneOf<DocumentKind>("kind", Kind),
            invalid.OneOf<ValidityFilter>("validity", Validity),
            Year,
            sort
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
    string Sort,
    GatheredByTopic? Topic = null
)
{
    // What the topic gathers, once it is known for which index and day.
    HashSet<Guid>? gathered;

    /// <summary>The documents found, in the order asked for.</summary>
    public IReadOnlyList<FoundDocument> All(LibraryIndex index, DateOnly today)
    {
        gathered = Topic?.In(index, today);
        var found = new List<FoundDocument>();
        foreach (var (document, score) in index.Search(Words))
            if (Misfits(document, today) == 0)
                found.Add(Found(document, score, today));
        found.Sort((a, b) => Compare(a.Place, b.Place));
        return found;
    }

    /// <summary>Whether it finds a document.</summary>
    public bool Finds(LibraryIndex index, Guid document, DateOnly today) =>
        index.Find(document) is { } one && Misfits(one, today) == 0 && LibraryIndex.Finds(Words, one);

    /// <summary>
    /// The first documents after a place, how many there are in all, and how many of each issuer, subject, kind, validity and year.
    /// </summary>
    public (IReadOnlyList<FoundDocument> First, int Total, LibraryFacets Facets) Page(
        LibraryIndex index,
        DateOnly today,
        LibraryPlace? after,
        int count
    )
    {
        gathered = Topic?.In(index, today);
        // The last of the first ones stands at the head of the queue and makes room for a better one.
        var first = new PriorityQueue<FoundDocument, LibraryPlace>(Comparer<LibraryPlace>.Create((a, b) => Compare(b, a)));
        var total = 0;
        Dictionary<string, int> issuers = [],
            subjects = [];
        Dictionary<DocumentKind, int> kinds = [];
        Dictionary<ValidityFilter, int> validities = [];
        Dictionary<int, int> years = [];
        foreach (var (document, score) in index.Search(Words))
        {
            var misfits = Misfits(document, today);
            if (misfits == 0)
            {
                total++;
                var found = Found(document, score, today);
                if (after is null || Compare(found.Place, after) > 0)
                {
                    if (first.Count < count)
                        first.Enqueue(found, found.Place);
                    else
                        first.EnqueueDequeue(found, found.Place);
                }
            }
            // A facet counts what choosing another of its values would find: its own filter is left aside.
            if ((misfits & ~Filter.Issuer) == 0)
                foreach (var issuer in document.Entry.Issuers)
                    Count(issuers, issuer);
            if ((misfits & ~Filter.Subject) == 0 && document.Entry.Subject is { } subject)
                Count(subjects, subject);
            if ((misfits & ~Filter.Kind) == 0)
                Count(kinds, document.Entry.Kind);
            if ((misfits & ~Filter.Validity) == 0)
                foreach (var choice in ValidityFilters.Shown)
                    if (choice.Has(document.ValidityOn(today)))
                        Count(validities, choice);
            if ((misfits & ~Filter.Year) == 0)
                Count(years, document.Year);
        }
        return (
            [.. first.UnorderedItems.OrderBy(f => f.Priority, Comparer<LibraryPlace>.Create(Compare)).Select(f => f.Element)],
            total,
            new(
                Facet(issuers, v => v),
                Facet(subjects, v => v),
                Facet(kinds, JsonDefaults.Word),
                Facet(validities, JsonDefaults.Word),
                Facet(years, y => y.ToString(System.Globalization.CultureInfo.InvariantCulture))
            )
        );

        static void Count<T>(Dictionary<T, int> counts, T value)
            where T : notnull => System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _)++;

        static IReadOnlyList<FacetValue> Facet<T>(Dictionary<T, int> counts, Func<T, string> word)
            where T : notnull =>
            [
                .. counts
                    .Select(c => new FacetValue(word(c.Key), c.Value))
                    .OrderByDescending(v => v.Count)
                    .ThenBy(v => v.Value, StringComparer.Ordinal),
            ];
    }

    /// <summary>The filters that a document does not pass.</summary>
    Filter Misfits(IndexedDocument document, DateOnly today) =>
        (Issuer is null || document.Entry.Issuers.Contains(Issuer) ? 0 : Filter.Issuer)
        | (Subject is null || document.Entry.Subject == Subject ? 0 : Filter.Subject)
        | (Kind is null || document.Entry.Kind == Kind ? 0 : Filter.Kind)
        | (Validity is null || Validity.Value.Has(document.ValidityOn(today)) ? 0 : Filter.Validity)
        | (Year is null || document.Year == Year ? 0 : Filter.Year)
        | (gathered is null || gathered.Contains(document.Entry.Id) ? 0 : Filter.Topic);

    FoundDocument Found(IndexedDocument document, int score, DateOnly today) =>
        new(document, document.ValidityOn(today), new(Sort, score, document.Entry.PublishedOn, document.Title, document.Entry.Id));

    [Flags]
    enum Filter
    {
        Issuer = 1,
        Subject = 2,
        Kind = 4,
        Validity = 8,
        Year = 16,
        Topic = 32,
    }

    /// <summary>The order of two places in the list: whole, so that a page goes on exactly after the last.</summary>
    public static int Compare(LibraryPlace a, LibraryPlace b)
    {
        var order = a.Sort switch
        {
            "relevance" => (b.Score, b.PublishedOn).CompareTo((a.Score, a.PublishedOn)),
            "publishedOn" => a.PublishedOn.CompareTo(b.PublishedOn),
            "-publishedOn" => b.PublishedOn.CompareTo(a.PublishedOn),
            "title" => TitleOrder.Compare(a.Title, b.Title),
            _ => TitleOrder.Compare(b.Title, a.Title),
        };
        return order != 0 ? order
            : a.Sort is "publishedOn" or "title" ? a.Id.CompareTo(b.Id)
            : b.Id.CompareTo(a.Id);
    }
}

/// <summary>A document that a query found.</summary>
sealed record FoundDocument(IndexedDocument Document, Validity Validity, LibraryPlace Place);

/// <summary>
/// A place in a list of the library. How well a document is met does not depend on the other documents, so a place stays where it is while
/// documents come in.
/// </summary>
sealed record LibraryPlace(string Sort, int Score, DateOnly PublishedOn, string Title, Guid Id);

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
public sealed record FacetValue(string Value, int Count);

/// <summary>Conditional requests to what is made from the library alone.</summary>
static class LibraryTags
{
    /// <summary>
    /// The tag of such an answer: what the library holds, the day, what was asked, and under which address, which stands in its links.
    /// </summary>
    public static string LibraryTag(this HttpContext http, LibraryIndex index, DateOnly today, GatheredByTopic? topic = null) =>
        $"\"l2-{index.Fingerprint:x}-{today.DayNumber}-{Text.CanonicalText.Hash($"{http.Request.QueryString.Value}{topic?.Name}{PublicAddress.Of(http.Request)}")[..16]}\"";
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
