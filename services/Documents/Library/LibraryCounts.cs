using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents.Library;

/// <summary>Counts documents by what can be chosen.</summary>
sealed class LibraryCounts
{
    const int FirstYear = 1900,
        Years = 256;

    readonly int[] issuers = new int[CodeNumbers.Count],
        subjects = new int[CodeNumbers.Count],
        years = new int[Years],
        kinds = new int[Enum.GetValues<DocumentKind>().Length],
        validities = new int[Enum.GetValues<Validity>().Length];
    readonly Dictionary<int, int> otherYears = [];

    /// <summary>
    /// Counts a document. A facet counts what choosing another of its values would find: its own filter is left aside.
    /// </summary>
    public void Add(ListedDocument document, ListedRow row, LibraryFilters misfits)
    {
        if ((misfits & ~LibraryFilters.Issuer) == 0)
            if (row.Issuer >= 0)
                issuers[row.Issuer]++;
            else
                foreach (var issuer in document.Issuers)
                    issuers[CodeNumbers.Of(issuer)]++;
        if ((misfits & ~LibraryFilters.Subject) == 0 && row.Subject >= 0)
            subjects[row.Subject]++;
        if ((misfits & ~LibraryFilters.Kind) == 0)
            kinds[(int)row.Kind]++;
        if ((misfits & ~LibraryFilters.Validity) == 0)
            validities[(int)row.Validity]++;
        if ((misfits & ~LibraryFilters.Year) != 0)
            return;
        if (row.Year - FirstYear is var year and >= 0 and < Years)
            years[year]++;
        else
            otherYears[row.Year] = otherYears.GetValueOrDefault(row.Year) + 1;
    }

    /// <summary>The counts of what at least one document has, the most frequent first.</summary>
    public LibraryFacets ToFacets() =>
        new(
            Codes(issuers),
            Codes(subjects),
            Facet(kinds.Select((count, kind) => (JsonDefaults.Word((DocumentKind)kind), count))),
            Facet(
                ValidityFilters.Shown.Select(f =>
                    (JsonDefaults.Word(f), validities.Where((_, validity) => f.Has((Validity)validity)).Sum())
                )
            ),
            Facet(
                years
                    .Select((count, year) => KeyValuePair.Create(FirstYear + year, count))
                    .Concat(otherYears)
                    .Select(y => (y.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), y.Value))
            )
        );

    static IReadOnlyList<FacetValue> Codes(int[] counts) =>
        Facet(counts.Index().Where(c => c.Item > 0).Select(c => (CodeNumbers.CodeOf(c.Index), c.Item)));

    static IReadOnlyList<FacetValue> Facet(IEnumerable<(string Value, int Count)> counts) =>
        [
            .. counts
                .Where(c => c.Count > 0)
                .Select(c => new FacetValue(c.Value, c.Count))
                .OrderByDescending(v => v.Count)
                .ThenBy(v => v.Value, StringComparer.Ordinal),
        ];
}
