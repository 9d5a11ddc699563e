using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>A document that was found.</summary>
/// <param name="Document">What is listed of it.</param>
/// <param name="Place">Where this state of the index has it.</param>
/// <param name="Score">How well what was asked is met; whatever else the library holds.</param>
readonly record struct Hit(ListedDocument Document, int Place, float Score);

/// <summary>One state of the searchable library. It is read by many at once, and does not change.</summary>
sealed class LibraryIndex : IDisposable
{
    const int DocumentsRanked = 20;

    // Of a long question, the words that fewest documents have tell what it is about.
    const int MostWeighed = 128;

    // What covers less of a question is not about it.
    const double LeastCoverage = 0.15;

    static readonly HashSet<string> Elements = [Fields.Entry];

    static readonly ConditionalWeakTable<object, ListedPart> Segments = [];

    readonly DirectoryReader reader;
    readonly IndexSearcher searcher;
    readonly MemoryCache read;
    readonly TermPlaces terms;
    readonly Asked asked;
    readonly ListedRow[][] rows;

    internal LibraryIndex(DirectoryReader reader, DateOnly day, MemoryCache read)
    {
        this.reader = reader;
        this.read = read;
        Day = day;
        terms = new(reader);
        asked = new(terms);
        searcher = new(reader) { Similarity = new Closeness() };
        // Every code that stands in it is numbered from here on.
        rows = [.. reader.Leaves.Select(leaf => Listed(leaf.AtomicReader).RowsOn(day))];
        foreach (var document in All())
        {
            Fingerprint ^= document.Mark;
            Count++;
        }
    }

    /// <summary>The day for which it was made, Asia/Shanghai.</summary>
    public DateOnly Day { get; }

    /// <summary>How many documents it holds.</summary>
    public int Count { get; }

    /// <summary>Names what the index holds: two processes that hold the same documents in the same versions agree on it.</summary>
    public ulong Fingerprint { get; }

    internal DirectoryReader Reader => reader;

    /// <summary>Holds it open for one more, who disposes of it as well; false when it was closed before.</summary>
    public bool Hold() => reader.TryIncRef();

    /// <summary>Lets go of it; it is closed when nobody holds it.</summary>
    public void Dispose() => reader.DecRef();

    /// <summary>Compares every file with its check sum.</summary>
    /// <exception cref="IOException">A file is not as it was written.</exception>
    public void LookThrough()
    {
        foreach (var leaf in reader.Leaves)
            leaf.AtomicReader.CheckIntegrity();
    }

    /// <summary>All documents.</summary>
    public IEnumerable<ListedDocument> All() => reader.Leaves.SelectMany(leaf => Living(leaf).Select(d => d.Document));

    /// <summary>One document.</summary>
    public Hit? Find(Guid id) => Having(Fields.Id, id.ToString("N")).Cast<Hit?>().FirstOrDefault();

    /// <summary>The documents of this title, with or without 中华人民共和国 before it.</summary>
    public IEnumerable<IndexedDocument> Titled(string title) => Having(Fields.CitedTitle, IndexedDocument.CitedTitle(title)).Select(Read);

    /// <summary>The document of a number; what stands before the bracket may be longer than the issuer's code.</summary>
    public IEnumerable<IndexedDocument> Numbered(string number) =>
        Having(Fields.CitedNumber, DocumentNumber.Tail(number))
            .Select(Read)
            .Where(d => number.EndsWith(d.Entry.DocumentNumber!, StringComparison.Ordinal));

    /// <summary>The document as it was indexed; kept, since what was shown last is likely to be shown again.</summary>
    public IndexedDocument Read(Hit hit)
    {
        if (read.TryGetValue(KeyOf(hit), out IndexedDocument? known))
            return known!;
        var document = IndexedDocument.From(searcher.Doc(hit.Place));
        return read.Set(KeyOf(hit), document, new MemoryCacheEntryOptions { Size = document.Size });
    }

    /// <summary>The elements of a document alone.</summary>
    public LibraryEntry ReadEntry(Hit hit) =>
        read.TryGetValue(KeyOf(hit), out IndexedDocument? known)
            ? known!.Entry
            : IndexedDocument.EntryIn(searcher.Doc(hit.Place, Elements));

    // Another text of the same version may be read on another day.
    static (ulong, DateOnly) KeyOf(Hit hit) => (hit.Document.Mark, hit.Document.Days.First);

    /// <summary>Shows every document that is found.</summary>
    /// <param name="words">What was typed.</param>
    /// <param name="isScored">Whether it matters how well a document meets it.</param>
    /// <param name="found">Is shown each, with what is counted of it.</param>
    public void Search(SearchQuery words, bool isScored, Action<Hit, ListedRow> found)
    {
        if (!words.IsEmpty)
        {
            searcher.Search(asked.For(words), new Visitor(rows, isScored, found));
            return;
        }
        foreach (var leaf in reader.Leaves)
        foreach (var (document, place) in Living(leaf))
            found(new(document, place, 0), rows[leaf.Ord][place - leaf.DocBase]);
    }

    /// <summary>What is counted of a document that was found.</summary>
    public ListedRow RowOf(Hit hit)
    {
        var leaf = PartOf(hit);
        return rows[leaf.Ord][hit.Place - leaf.DocBase];
    }

    /// <summary>Whether a query finds one document.</summary>
    public bool Finds(SearchQuery words, Hit hit)
    {
        if (words.IsEmpty)
            return true;
        // Only the part of the index that has the document is looked into, and only at its place.
        var leaf = PartOf(hit);
        var place = hit.Place - leaf.DocBase;
        return searcher.CreateNormalizedWeight(asked.For(words)).GetScorer(leaf, leaf.AtomicReader.LiveDocs) is { } scorer
            && scorer.Advance(place) == place;
    }

    /// <summary>
    /// The clauses of documents in force that have most in common with a question. The documents that have its rarest words are found first,
    /// their clauses ranked among each other.
    /// </summary>
    public IReadOnlyList<Ranked<Clause>> Clauses(string question, Thesaurus words, int limit)
    {
        var nearest = new PriorityQueue<Hit, (float, long)>();
        searcher.Search(
            Weighed(Questions.Terms(question).Concat(words.Of(question).SelectMany(w => w.Written).SelectMany(Questions.Terms))),
            new Visitor(
                rows,
                isScored: true,
                (hit, _) =>
                {
                    if (hit.Document.ValidityOn(Day) is not (Validity.InForce or Validity.Amended))
                        return;
                    var rank = (hit.Score, hit.Document.PublishedOn.DayNumber);
                    if (nearest.Count < DocumentsRanked)
                        nearest.Enqueue(hit, rank);
                    else
                        nearest.EnqueueDequeue(hit, rank);
                }
            )
        );
        var places = Places.In(question);
        string[] titles = [.. nearest.UnorderedItems.Select(n => n.Element.Document.Title)];
        Clause[] clauses =
        [
            .. nearest
                .UnorderedItems.OrderByDescending(n => n.Priority)
                .Where(n => Places.Reaches(n.Element.Document.Title, places))
                // What a decision changed stands in the text that it changed.
                .Where(n => !titles.Any(t => n.Element.Document.Title.Contains($"修改《{t}》", StringComparison.Ordinal)))
                .SelectMany(n => Clause.Of(n.Element.Document.Title, Read(n.Element))),
        ];
        return
        [
            .. new Ranking<Clause>(clauses, c => c.Text, c => c.Place).Find(question, words, limit).Where(r => r.Coverage >= LeastCoverage),
        ];
    }

    // Each pair of characters weighs what its rarity says.
    BooleanQuery Weighed(IEnumerable<string> words)
    {
        var any = new BooleanQuery(disableCoord: true);
        foreach (
            var (places, frequency) in words
                .SelectMany(Grams.Neighbours)
                .Distinct()
                .Select(pair =>
                    (
                        from field in new[] { Fields.Text, Fields.Title }
                        let found = terms.Find(field, pair)
                        where found is not null
                        select (Term: new Term(field, pair), Found: found)
                    ).ToArray()
                )
                .Select(places => (Places: places, Frequency: places.Sum(p => p.Found.DocFreq)))
                .Where(p => p.Frequency > 0)
                .OrderBy(p => p.Frequency)
                .Take(MostWeighed)
        )
            any.Add(
                new DisjunctionMaxQuery([.. places.Select(p => new ConstantScoreQuery(new TermQuery(p.Term, p.Found)))], 0)
                {
                    Boost = (float)Math.Log(1 + (double)reader.NumDocs / frequency),
                },
                Occur.SHOULD
            );
        return any;
    }

    AtomicReaderContext PartOf(Hit hit) => reader.Leaves[ReaderUtil.SubIndex(hit.Place, reader.Leaves)];

    IEnumerable<Hit> Having(string field, string value)
    {
        var term = new Term(field, value);
        foreach (var leaf in reader.Leaves)
        {
            if (leaf.AtomicReader.GetTermDocsEnum(term) is not { } places)
                continue;
            var living = leaf.AtomicReader.LiveDocs;
            for (var place = places.NextDoc(); place != DocIdSetIterator.NO_MORE_DOCS; place = places.NextDoc())
                if (living is null || living.Get(place))
                    yield return new(Listed(leaf.AtomicReader).Documents[place], leaf.DocBase + place, 0);
        }
    }

    static IEnumerable<(ListedDocument Document, int Place)> Living(AtomicReaderContext leaf)
    {
        var living = leaf.AtomicReader.LiveDocs;
        var listed = Listed(leaf.AtomicReader).Documents;
        for (var place = 0; place < listed.Length; place++)
            if (living is null || living.Get(place))
                yield return (listed[place], leaf.DocBase + place);
    }

    /// <summary>What a part of the index lists; read once while that part is there.</summary>
    internal static ListedPart Listed(AtomicReader part) =>
        Segments.GetValue(
            part.CoreCacheKey,
            _ =>
            {
                var kept = part.GetBinaryDocValues(Fields.Listed);
                var bytes = new BytesRef();
                var listed = new ListedDocument[part.MaxDoc];
                for (var place = 0; place < listed.Length; place++)
                {
                    kept.Get(place, bytes);
                    listed[place] = ListedDocument.From(bytes.Bytes, bytes.Offset, bytes.Length);
                }
                return new(listed);
            }
        );

    sealed class Visitor(ListedRow[][] all, bool isScored, Action<Hit, ListedRow> found) : ICollector
    {
        Scorer? scorer;
        ListedDocument[] listed = [];
        ListedRow[] rows = [];
        int first;

        public bool AcceptsDocsOutOfOrder => true;

        public void SetScorer(Scorer scorer) => this.scorer = scorer;

        public void SetNextReader(AtomicReaderContext context)
        {
            listed = Listed(context.AtomicReader).Documents;
            rows = all[context.Ord];
            first = context.DocBase;
        }

        public void Collect(int doc) => found(new(listed[doc], first + doc, isScored ? scorer!.GetScore() : 0), rows[doc]);
    }
}
