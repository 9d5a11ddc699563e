namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>
/// What is counted of a document, beside that of its neighbours: a query that finds half of a large library reads these one after the other,
/// and not the documents, which lie all over the memory.
/// </summary>
/// <param name="PublishedOn">The number of the day of 发布日期.</param>
/// <param name="Issuer">The number of the code of 发文机关; <see cref="CodeNumbers.Several"/> where the document has to be looked at.</param>
/// <param name="Subject">The number of the code of 主题分类, or <see cref="CodeNumbers.None"/>.</param>
/// <param name="Year">The year that it is filed under.</param>
/// <param name="Kind">The kind of document.</param>
/// <param name="Validity">有效性 on the day of the index.</param>
readonly record struct ListedRow(int PublishedOn, int Issuer, int Subject, short Year, DocumentKind Kind, Validity Validity);

/// <summary>What one part of the index lists, in the order of its places.</summary>
sealed class ListedPart(ListedDocument[] documents)
{
    (DateOnly Day, ListedRow[] Rows)? counted;

    /// <summary>The documents.</summary>
    public ListedDocument[] Documents => documents;

    /// <summary>What is counted of them on a day.</summary>
    public ListedRow[] RowsOn(DateOnly day)
    {
        if (counted is not { } known || known.Day != day)
            counted = known = (
                day,
                [
                    .. documents.Select(d => new ListedRow(
                        d.PublishedOn.DayNumber,
                        d.Issuers is [var one] ? CodeNumbers.Of(one) : CodeNumbers.Several,
                        d.Subject is { } subject ? CodeNumbers.Of(subject) : CodeNumbers.None,
                        (short)d.Year,
                        d.Kind,
                        d.ValidityOn(day)
                    )),
                ]
            );
        return known.Rows;
    }
}

/// <summary>The codes that stand in documents, numbered as they come. There are few of them, and they stay.</summary>
static class CodeNumbers
{
    /// <summary>No code.</summary>
    public const int None = -1;

    /// <summary>Not exactly one.</summary>
    public const int Several = -2;

    static readonly Lock gate = new();
    static readonly Dictionary<string, int> numbers = [];
    static readonly List<string> codes = [];

    /// <summary>How many there are.</summary>
    public static int Count
    {
        get
        {
            lock (gate)
                return codes.Count;
        }
    }

    /// <summary>The number of a code.</summary>
    public static int Of(string code)
    {
        lock (gate)
        {
            if (numbers.TryGetValue(code, out var number))
                return number;
            codes.Add(code);
            return numbers[code] = codes.Count - 1;
        }
    }

    /// <summary>The code of a number.</summary>
    public static string CodeOf(int number)
    {
        lock (gate)
            return codes[number];
    }
}
