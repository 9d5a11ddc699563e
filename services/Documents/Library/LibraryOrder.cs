using PolicyPlatform.Documents.Library.Indexing;

namespace PolicyPlatform.Documents.Library;

/// <summary>
/// A place in a list of the library. How well a document is met does not depend on the other documents, so a place stays where it is while
/// documents come in.
/// </summary>
sealed record LibraryPlace(string Sort, float Score, DateOnly PublishedOn, string Title, Guid Id)
{
    /// <summary>What it is ordered by.</summary>
    public LibraryRank Rank() => new(Score, PublishedOn, Title, Id);
}

/// <summary>What a document is ordered by.</summary>
readonly record struct LibraryRank(float Score, DateOnly PublishedOn, string Title, Guid Id)
{
    /// <summary>That of a document that was found.</summary>
    public static LibraryRank Of(Hit hit) => new(hit.Score, hit.Document.PublishedOn, hit.Document.Title, hit.Document.Id);

    /// <summary>Its place in a list of this order.</summary>
    public LibraryPlace In(LibraryOrder order) => new(order.Sort, Score, PublishedOn, Title, Id);
}

/// <summary>The orders of the library: each is whole, so that a page goes on exactly after the last.</summary>
sealed class LibraryOrder : IComparer<LibraryRank>
{
    static readonly Dictionary<string, LibraryOrder> orders = new LibraryOrder[]
    {
        new("relevance", (a, b) => (b.Score, b.PublishedOn).CompareTo((a.Score, a.PublishedOn)), descending: true),
        new("publishedOn", (a, b) => a.PublishedOn.CompareTo(b.PublishedOn), descending: false),
        new("-publishedOn", (a, b) => b.PublishedOn.CompareTo(a.PublishedOn), descending: true),
        new("title", (a, b) => TitleOrder.Compare(a.Title, b.Title), descending: false),
        new("-title", (a, b) => TitleOrder.Compare(b.Title, a.Title), descending: true),
    }.ToDictionary(o => o.Sort);

    readonly Comparison<LibraryRank> compare;
    readonly bool descending;

    LibraryOrder(string sort, Comparison<LibraryRank> compare, bool descending) =>
        (Sort, this.compare, this.descending) = (sort, compare, descending);

    /// <summary>What it is called.</summary>
    public string Sort { get; }

    /// <summary>Whether it needs to know how well a document is met.</summary>
    public bool IsByRelevance => Sort is "relevance";

    /// <summary>What the orders are called.</summary>
    public static IEnumerable<string> Sorts => orders.Keys;

    /// <summary>The order of a name; by relevance for one that is none.</summary>
    public static LibraryOrder Of(string sort) => orders.GetValueOrDefault(sort, orders["relevance"]);

    /// <summary>Whether a document surely comes after another one; where that cannot be told from its row, it is compared.</summary>
    public bool IsAfter(float score, ListedRow row, LibraryRank other) =>
        Sort switch
        {
            "relevance" => score < other.Score || score == other.Score && row.PublishedOn < other.PublishedOn.DayNumber,
            "publishedOn" => row.PublishedOn > other.PublishedOn.DayNumber,
            "-publishedOn" => row.PublishedOn < other.PublishedOn.DayNumber,
            _ => false,
        };

    /// <inheritdoc/>
    public int Compare(LibraryRank x, LibraryRank y)
    {
        var order = compare(x, y);
        return order != 0 ? order
            : descending ? y.Id.CompareTo(x.Id)
            : x.Id.CompareTo(y.Id);
    }
}
