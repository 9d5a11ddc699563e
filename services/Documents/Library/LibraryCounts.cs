using System.Runtime.InteropServices;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents.Library;

/// <summary>Counts documents by what can be chosen.</summary>
sealed class LibraryCounts
{
    // The codes of all documents are the same objects, so that they need not be compared letter by letter.
    readonly Dictionary<string, int> issuers = new(ReferenceEqualityComparer.Instance),
        subjects = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<int, int> years = [];
    readonly int[] kinds = new int[Enum.GetValues<DocumentKind>().Length],
        validities = new int[Enum.GetValues<Validity>().Length];

    /// <summary>
    /// Counts a document. A facet counts what choosing another of its values would find: its own filter is left aside.
    /// </summary>
    public void Add(ListedDocument document, LibraryFilters misfits, DateOnly today)
    {
        if ((misfits & ~LibraryFilters.Issuer) == 0)
            foreach (var issuer in document.Issuers)
                CollectionsMarshal.GetValueRefOrAddDefault(issuers, issuer, out _)++;
        if ((misfits & ~LibraryFilters.Subject) == 0 && document.Subject is { } subject)
            CollectionsMarshal.GetValueRefOrAddDefault(subjects, subject, out _)++;
        if ((misfits & ~LibraryFilters.Kind) == 0)
            kinds[(int)document.Kind]++;
        if ((misfits & ~LibraryFilters.Validity) == 0)
            validities[(int)document.ValidityOn(today)]++;
        if ((misfits & ~LibraryFilters.Year) == 0)
            CollectionsMarshal.GetValueRefOrAddDefault(years, document.Year, out _)++;
    }

    /// <summary>The counts of what at least one document has, the most frequent first.</summary>
    public LibraryFacets ToFacets() =>
        new(
            Facet(issuers.Select(i => (i.Key, i.Value))),
            Facet(subjects.Select(s => (s.Key, s.Value))),
            Facet(kinds.Select((count, kind) => (JsonDefaults.Word((DocumentKind)kind), count))),
            Facet(
                ValidityFilters.Shown.Select(f =>
                    (JsonDefaults.Word(f), validities.Where((_, validity) => f.Has((Validity)validity)).Sum())
                )
            ),
            Facet(years.Select(y => (y.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), y.Value)))
        );

    static IReadOnlyList<FacetValue> Facet(IEnumerable<(string Value, int Count)> counts) =>
        [
            .. counts
                .Where(c => c.Count > 0)
                .Select(c => new FacetValue(c.Value, c.Count))
                .OrderByDescending(v => v.Count)
                .ThenBy(v => v.Value, StringComparer.Ordinal),
        ];
}
