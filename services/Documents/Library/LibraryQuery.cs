using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.Library;

/// <summary>What the library is asked for.</summary>
/// <param name="Q">Words that must all be found in title, number or text; <c>"a phrase"</c>, <c>-not</c>, <c>one OR other</c>.</param>
/// <param name="Issuer">发文机关, a code of the Catalog.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="Kind">normative or other.</param>
/// <param name="Validity">有效性 today: notYetInForce, inForce, amended, superseded, repealed or expired.</param>
/// <param name="Year">The year of 成文日期, of 发布日期 where that is not known.</param>
/// <param name="Sort">relevance, publishedOn or title, with - for descending; <c>relevance</c> when there are words, else <c>-publishedOn</c>.</param>
public sealed record LibraryQuery(string? Q, string? Issuer, string? Subject, string? Kind, string? Validity, int? Year, string? Sort)
{
    const int LongestQuery = 200;

    static readonly string[] Sorts = ["relevance", "publishedOn", "-publishedOn", "title", "-title"];

    /// <summary>Reads the query; what is wrong with it goes to <paramref name="invalid"/>.</summary>
    internal LibrarySearch Read(Invalid invalid)
    {
        var words = SearchQuery.Parse(Q);
        var sort = Sort ?? (words.All.Count > 0 ? "relevance" : "-publishedOn");
        invalid.If(!Sorts.Contains(sort), "sort", "sort.unknown", $"The library sorts by {string.Join(", ", Sorts)}.")
            .If(Year is < 1900 or > 2999, "year", "year.outOfRange", "A year has four digits.")
            .If(Q?.Length > LongestQuery, "q", "value.tooLong", $"At most {LongestQuery} characters are searched for.")
            .If(words.Terms.Count() + words.None.Count > SearchQuery.MostTerms, "q", "query.tooManyTerms", $"At most {SearchQuery.MostTerms} words are searched for at once.");
        return new(words, Issuer, Subject, invalid.OneOf<DocumentKind>("kind", Kind), invalid.OneOf<Validity>("validity", Validity), Year, sort);
    }
}

/// <summary>A query that was read: what the list, the feed and the tables of the library have in common.</summary>
sealed record LibrarySearch(SearchQuery Words, string? Issuer, string? Subject, DocumentKind? Kind, Validity? Validity, int? Year, string Sort)
{
    /// <summary>The documents found, in the order asked for, and how many there are of each issuer, subject, kind, validity and year.</summary>
    public (IReadOnlyList<FoundDocument> Found, LibraryFacets Facets) In(LibraryIndex index, DateOnly today)
    {
        var found = new List<FoundDocument>();
        Dictionary<string, int> issuers = [], subjects = [], kinds = [], validities = [], years = [];
        foreach (var (document, score) in index.Search(Words))
        {
            var entry = document.Entry;
            var validity = entry.ValidityOn(today);
            var year = (entry.WrittenOn ?? entry.PublishedOn).Year;
            bool issuerFits = Issuer is null || entry.Issuers.Contains(Issuer), subjectFits = Subject is null || entry.Subject == Subject, kindFits = Kind is null || entry.Kind == Kind,
                validityFits = Validity is null || validity == Validity, yearFits = Year is null || year == Year;
            var misfits = (issuerFits ? 0 : 1) + (subjectFits ? 0 : 1) + (kindFits ? 0 : 1) + (validityFits ? 0 : 1) + (yearFits ? 0 : 1);
            if (misfits == 0) found.Add(new(document, score, validity));
            // A facet counts what choosing another of its values would find: its own filter is left aside.
            if (misfits > 1) continue;
            if (misfits == 0 || !issuerFits)
                foreach (var issuer in entry.Issuers) Count(issuers, issuer);
            if (misfits == 0 || !subjectFits) Count(subjects, entry.Subject);
            if (misfits == 0 || !kindFits) Count(kinds, Publication.Gates.Word(entry.Kind));
            if (misfits == 0 || !validityFits) Count(validities, Publication.Gates.Word(validity));
            if (misfits == 0 || !yearFits) Count(years, year.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        found.Sort((a, b) => Compare(a.Place(Sort), b.Place(Sort)));
        return (found, new(Facet(issuers), Facet(subjects), Facet(kinds), Facet(validities), Facet(years)));

        static void Count(Dictionary<string, int> counts, string? value)
        {
            if (value is not null) counts[value] = counts.GetValueOrDefault(value) + 1;
        }

        static IReadOnlyList<FacetValue> Facet(Dictionary<string, int> counts) => [.. counts.Select(c => new FacetValue(c.Key, c.Value)).OrderByDescending(v => v.Count).ThenBy(v => v.Value, StringComparer.Ordinal)];
    }

    /// <summary>The order of two places in the list: whole, so that a page goes on exactly after the last.</summary>
    public static int Compare(LibraryPlace a, LibraryPlace b)
    {
        var order = a.Sort switch
        {
            "relevance" => (b.Score, b.PublishedOn).CompareTo((a.Score, a.PublishedOn)),
            "publishedOn" => a.PublishedOn.CompareTo(b.PublishedOn),
            "-publishedOn" => b.PublishedOn.CompareTo(a.PublishedOn),
            "title" => string.CompareOrdinal(a.Title, b.Title),
            _ => string.CompareOrdinal(b.Title, a.Title),
        };
        return order != 0 ? order : a.Sort is "publishedOn" or "title" ? a.Id.CompareTo(b.Id) : b.Id.CompareTo(a.Id);
    }
}

/// <summary>A document that a query found.</summary>
sealed record FoundDocument(IndexedDocument Document, int Score, Validity Validity)
{
    public LibraryPlace Place(string sort) => new(sort, Score, Document.Entry.PublishedOn, Document.Title, Document.Entry.Id);
}

/// <summary>A place in a list of the library. How well a document is met does not depend on the other documents, so a place stays where it is while documents come in.</summary>
sealed record LibraryPlace(string Sort, int Score, DateOnly PublishedOn, string Title, Guid Id);

/// <summary>How many documents there are of each value; each facet with the other filters, without its own.</summary>
/// <param name="Issuer">By 发文机关.</param>
/// <param name="Subject">By 主题分类.</param>
/// <param name="Kind">By kind.</param>
/// <param name="Validity">By 有效性 today.</param>
/// <param name="Year">By year.</param>
public sealed record LibraryFacets(IReadOnlyList<FacetValue> Issuer, IReadOnlyList<FacetValue> Subject, IReadOnlyList<FacetValue> Kind, IReadOnlyList<FacetValue> Validity, IReadOnlyList<FacetValue> Year);

/// <summary>A value and how many documents have it.</summary>
public sealed record FacetValue(string Value, int Count);

/// <summary>Conditional requests to what is made from the library alone.</summary>
static class LibraryTags
{
    /// <summary>The tag of such an answer: what the library holds, the day, and what was asked.</summary>
    public static string LibraryTag(this HttpContext http, LibraryIndex index, DateOnly today) =>
        $"\"l{index.Fingerprint:x}-{today.DayNumber}-{Text.CanonicalText.Hash(http.Request.QueryString.Value ?? "")[..16]}\"";
}
