using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Search;

namespace PolicyPlatform.Documents.Library;

/// <summary>A document as it is searched.</summary>
/// <param name="Entry">Its elements.</param>
/// <param name="Blocks">The blocks of the text that is read now.</param>
sealed record IndexedDocument(LibraryEntry Entry, IReadOnlyList<Block> Blocks)
{
    /// <summary>The day for which it was indexed.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>标题 on that day.</summary>
    public required string Title { get; init; }

    /// <summary>The year that it is filed under.</summary>
    public int Year { get; } = (Entry.WrittenOn ?? Entry.PublishedOn).Year;

    // Made once a day; whoever comes first makes it.
    Tuple<DateOnly, Validity>? validity;

    /// <summary>有效性 on a day.</summary>
    public Validity ValidityOn(DateOnly day)
    {
        if (validity is not { } known || known.Item1 != day)
            validity = known = Tuple.Create(day, Entry.ValidityOn(day));
        return known.Item2;
    }

    internal string FoldedTitle { get; init; } = "";
    internal string FoldedNumber { get; init; } = "";
    internal string FoldedHeadings { get; init; } = "";

    /// <summary>The names of the files that go with the text.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    internal IReadOnlyList<string> FoldedFiles { get; init; } = [];

    /// <summary>All blocks, folded, a line each: nothing is found across two blocks.</summary>
    internal string FoldedText { get; init; } = "";

    public static IndexedDocument Of(LibraryEntry entry, IReadOnlyList<Block> blocks, DateOnly day, params IReadOnlyList<string> files)
    {
        var title = entry.TitleOn(day);
        var text = string.Join('\n', blocks.Select(b => SearchQuery.Fold(b.Text)));
        return new(entry, blocks)
        {
            Day = day,
            Title = title,
            FoldedTitle = SearchQuery.Fold(title),
            FoldedNumber = Brackets(SearchQuery.Fold(entry.DocumentNumber ?? "")) + '\n' + SearchQuery.Fold(entry.IndexNumber),
            FoldedHeadings = string.Join(
                '\n',
                blocks
                    .Where(b =>
                        b.Kind
                            is BlockKind.Title
                                or BlockKind.Part
                                or BlockKind.Chapter
                                or BlockKind.Section
                                or BlockKind.Heading
                                or BlockKind.Clause
                        && b.Text.Length < 60
                    )
                    .Select(b => SearchQuery.Fold(b.Text))
            ),
            FoldedText = text,
            Files = files,
            FoldedFiles = [.. files.Select(SearchQuery.Fold)],
        };
    }

    /// <summary>
    /// How well a term is met: as the whole title, in the title or the number, in a heading or the name of a file, in the text; or only by
    /// all of its words in one title or one block, in whatever order. 0 for not at all.
    /// </summary>
    public int Meets(SearchTerm term) =>
        FoldedTitle == term.Words ? 20
        : FoldedTitle.Contains(term.Words, StringComparison.Ordinal) || NumberContains(term.Number) ? 12
        : FoldedHeadings.Contains(term.Words, StringComparison.Ordinal)
        || FoldedFiles.Any(f => f.Contains(term.Words, StringComparison.Ordinal))
            ? 6
        : FoldedText.Contains(term.Words, StringComparison.Ordinal) ? 3
        : term.Parts.Count == 0 ? 0
        : HasAll(FoldedTitle, term.Parts) ? 2
        : BlockWith(term.Parts) ? 1
        : 0;

    bool BlockWith(IReadOnlyList<string> parts)
    {
        foreach (var line in FoldedText.AsSpan().Split('\n'))
            if (HasAll(FoldedText.AsSpan()[line], parts))
                return true;
        return false;
    }

    static bool HasAll(ReadOnlySpan<char> text, IReadOnlyList<string> parts)
    {
        foreach (var part in parts)
            if (!text.Contains(part, StringComparison.Ordinal))
                return false;
        return true;
    }

    // 2号 is a part of 章政办发〔2025〕2号, and none of 12号.
    internal bool NumberContains(string part)
    {
        for (
            var at = FoldedNumber.IndexOf(part, StringComparison.Ordinal);
            at >= 0;
            at = FoldedNumber.IndexOf(part, at + 1, StringComparison.Ordinal)
        )
            if (at == 0 || !char.IsAsciiDigit(part[0]) || !char.IsAsciiDigit(FoldedNumber[at - 1]))
                return true;
        return false;
    }

    /// <summary>All brackets that document numbers are typed with, as one; leading zeros and 第 go.</summary>
    internal static string Brackets(string folded)
    {
        if (DocumentNumber.TryParse(folded, out var number))
            folded = number.ToString();
        var same = new StringBuilder(folded.Length);
        foreach (var c in folded)
            same.Append(
                c switch
                {
                    '[' or '【' or '(' or '〈' or '《' => '〔',
                    ']' or '】' or ')' or '〉' or '》' => '〕',
                    _ => c,
                }
            );
        return same.ToString();
    }
}

/// <summary>A word of a query, made ready once for all the texts that are looked into.</summary>
/// <param name="Words">The word, folded.</param>
/// <param name="Number">The same as a part of a document number.</param>
/// <param name="Parts">The words that it is made of, where they are several and need not stand as they are written.</param>
sealed record SearchTerm(string Words, string Number, IReadOnlyList<string> Parts)
{
    public static SearchTerm Of(string words, bool isPhrase) => new(words, IndexedDocument.Brackets(words), isPhrase ? [] : PartsOf(words));

    /// <summary>老旧小区加装电梯 is 老旧, 小区, 加装 and 电梯; what is one word, or has no word of two characters, has none.</summary>
    public static IReadOnlyList<string> PartsOf(string words)
    {
        // 老 and 旧 side by side are a word that the dictionary does not know.
        var parts = new List<string> { "" };
        var ended = true;
        foreach (var word in ChangedWords.Words(words))
        {
            if (word.Length == 1 && !ended)
                parts[^1] += word;
            else
                parts.Add(word);
            ended = word.Length > 1;
        }
        parts = [.. parts.Where(w => w.Length > 1).Distinct()];
        return parts.Count > 1 ? parts : [];
    }
}

/// <summary>
/// The searchable library in memory: for each pair of characters the documents that have it, and the folded texts to look into. Whatever is
/// asked for is found
/// exactly as it is written, two-character words and phrases across word borders included; no dictionary decides what a word is.
/// Not safe for writing while reading.
/// </summary>
sealed class LibraryIndex
{
    static readonly SearchValues<char> NumberBrackets = SearchValues.Create("[]()【】〔〕〈〉");

    readonly List<IndexedDocument?> slots = [];
    readonly Dictionary<Guid, int> places = [];
    readonly Dictionary<int, List<int>> postings = [];
    readonly Dictionary<string, List<Guid>> byTitle = [];

    // 〔2025〕2号 or 第157号: in running text nothing tells where the issuer's code begins.
    readonly Dictionary<string, List<Guid>> byNumberTail = [];

    /// <summary>Names what the index holds: two processes that hold the same documents in the same versions agree on it.</summary>
    public ulong Fingerprint { get; private set; }

    /// <summary>All documents.</summary>
    public IEnumerable<IndexedDocument> All => slots.OfType<IndexedDocument>();

    /// <summary>One document.</summary>
    public IndexedDocument? Find(Guid id) => places.TryGetValue(id, out var slot) ? slots[slot] : null;

    /// <summary>The documents of this title, with or without 中华人民共和国 before it.</summary>
    public IEnumerable<IndexedDocument> Titled(string title) =>
        (byTitle.GetValueOrDefault(ShortTitle(title)) ?? []).Select(id => slots[places[id]]!);

    /// <summary>The document of a number; what stands before the bracket may be longer than the issuer's code.</summary>
    public IEnumerable<IndexedDocument> Numbered(string number)
    {
        return (byNumberTail.GetValueOrDefault(DocumentNumber.Tail(number)) ?? [])
            .Select(id => slots[places[id]]!)
            .Where(d => number.EndsWith(d.Entry.DocumentNumber!, StringComparison.Ordinal));
    }

    /// <summary>Puts a document in, in place of what was known of it.</summary>
    public void Put(IndexedDocument document)
    {
        if (places.Remove(document.Entry.Id, out var old))
        {
            byTitle.GetValueOrDefault(ShortTitle(slots[old]!.Title))?.Remove(document.Entry.Id);
            if (NumberTail(slots[old]!) is { } tail)
                byNumberTail.GetValueOrDefault(tail)?.Remove(document.Entry.Id);
            Fingerprint ^= Mark(slots[old]!.Entry);
            slots[old] = null;
            if (slots.Count > 64 && places.Count < slots.Count / 2)
                Compact();
        }
        Fingerprint ^= Mark(document.Entry);
        Add(document);
    }

    /// <summary>The documents that the query finds, with how well: the sum over its words.</summary>
    public IReadOnlyList<(IndexedDocument Document, int Score)> Search(SearchQuery query)
    {
        var found = new List<(IndexedDocument, int)>();
        var (all, none) = Terms(query);
        BitArray? candidates = null;
        foreach (var alternatives in all)
        {
            var any = new BitArray(slots.Count);
            foreach (var term in alternatives)
                any.Or(Candidates(term));
            candidates = candidates?.And(any) ?? any;
        }
        for (var i = 0; i < slots.Count; i++)
        {
            if (slots[i] is not { } document || candidates is not null && !candidates[i])
                continue;
            if (Score(document, all, none) is { } score)
                found.Add((document, score));
        }
        return found;
    }

    /// <summary>Whether the query finds one document.</summary>
    public static bool Finds(SearchQuery query, IndexedDocument document)
    {
        var (all, none) = Terms(query);
        return Score(document, all, none) is not null;
    }

    static (SearchTerm[][] All, SearchTerm[] None) Terms(SearchQuery query) =>
        (
            [.. query.All.Select(alternatives => alternatives.Select(w => SearchTerm.Of(w, query.Phrases.Contains(w))).ToArray())],
            [.. query.None.Select(w => SearchTerm.Of(w, isPhrase: true))]
        );

    static int? Score(IndexedDocument document, SearchTerm[][] all, SearchTerm[] none)
    {
        var score = 0;
        foreach (var alternatives in all)
        {
            var best = 0;
            foreach (var term in alternatives)
                best = Math.Max(best, document.Meets(term));
            if (best == 0)
                return null;
            score += best;
        }
        return none.All(term => document.Meets(term) == 0) ? score : null;
    }

    /// <summary>
    /// The clauses of documents in force that have most in common with a question. The documents that meet its rarest terms are found
    /// first, their clauses ranked among each other.
    /// </summary>
    public IReadOnlyList<Ranked<(IndexedDocument Document, Block Clause)>> Clauses(
        string question,
        IReadOnlyList<IReadOnlyList<string>> synonyms,
        int limit,
        DateOnly day
    )
    {
        var scores = new Dictionary<int, double>();
        foreach (var term in Questions.Terms(question).Concat(synonyms.SelectMany(g => g).SelectMany(Questions.Terms)).Distinct())
        {
            var pairs = new HashSet<int>();
            Pairs(term, pairs);
            foreach (var pair in pairs)
            {
                if (!postings.TryGetValue(pair, out var list))
                    continue;
                // The slot of an earlier version is empty.
                foreach (var slot in list.Where(slot => slots[slot] is not null))
                    scores[slot] = scores.GetValueOrDefault(slot) + Math.Log(1 + (double)slots.Count / list.Count);
            }
        }
        var clauses = scores
            .OrderByDescending(s => s.Value)
            .Select(s => slots[s.Key]!)
            .Where(d => d.ValidityOn(day) is Validity.InForce or Validity.Amended)
            .Take(DocumentsRanked)
            .SelectMany(WithPlace)
            .ToArray();
        // What its own words say tells whether a clause is about the question at all; title and chapter tell which of those that are comes first.
        var placed = new Ranking<(IndexedDocument Document, Block Clause, string Place)>(clauses, c => $"{c.Place} {c.Clause.Text}")
            .Find(question, synonyms, clauses.Length)
            .ToDictionary(r => (r.Item.Document.Entry.Id, r.Item.Clause.Id), r => r.Score);
        return
        [
            .. new Ranking<(IndexedDocument Document, Block Clause, string Place)>(clauses, c => c.Clause.Text)
                .Find(question, synonyms, clauses.Length)
                .Where(r => r.Coverage >= LeastCoverage)
                .Select(r => new Ranked<(IndexedDocument, Block)>(
                    (r.Item.Document, r.Item.Clause),
                    placed.GetValueOrDefault((r.Item.Document.Entry.Id, r.Item.Clause.Id), r.Score),
                    r.Coverage
                ))
                .OrderByDescending(r => r.Score)
                .Take(limit),
        ];
    }

    static IEnumerable<(IndexedDocument Document, Block Clause, string Place)> WithPlace(IndexedDocument document)
    {
        var chapter = "";
        foreach (var block in document.Blocks)
        {
            if (block.Kind is BlockKind.Part or BlockKind.Chapter or BlockKind.Section)
                chapter = block.Text;
            else if (block.Kind is not (BlockKind.Title or BlockKind.Signature))
                yield return (document, block, $"{document.Title} {chapter}");
        }
    }

    const int DocumentsRanked = 20;

    // What covers less of a question is not about it.
    const double LeastCoverage = 0.3;

    void Add(IndexedDocument document)
    {
        var slot = slots.Count;
        slots.Add(document);
        places[document.Entry.Id] = slot;
        (CollectionsMarshal.GetValueRefOrAddDefault(byTitle, ShortTitle(document.Title), out _) ??= []).Add(document.Entry.Id);
        if (NumberTail(document) is { } tail)
            (CollectionsMarshal.GetValueRefOrAddDefault(byNumberTail, tail, out _) ??= []).Add(document.Entry.Id);
        var pairs = new HashSet<int>();
        Pairs(document.FoldedText, pairs);
        Pairs(document.FoldedTitle, pairs);
        Pairs(document.FoldedNumber, pairs);
        foreach (var file in document.FoldedFiles)
            Pairs(file, pairs);
        foreach (var pair in pairs)
            (CollectionsMarshal.GetValueRefOrAddDefault(postings, pair, out _) ??= []).Add(slot);
    }

    void Compact()
    {
        var kept = All.ToArray();
        slots.Clear();
        places.Clear();
        postings.Clear();
        byTitle.Clear();
        byNumberTail.Clear();
        foreach (var document in kept)
            Add(document);
    }

    /// <summary>The slots that have every pair of the term, or of each of its parts; for a single character all of them.</summary>
    BitArray Candidates(SearchTerm term)
    {
        var pairs = new HashSet<int>();
        Pairs(term.Words, pairs);
        // Numbers are typed in many ways; they are looked at one by one.
        if (pairs.Count == 0 || term.Number != term.Words || term.Words.AsSpan().ContainsAny(NumberBrackets))
            return new BitArray(slots.Count, true);
        if (term.Parts.Count == 0)
            return WithAll(pairs);
        // Whatever has the term has its parts.
        pairs.Clear();
        foreach (var part in term.Parts)
            Pairs(part, pairs);
        return WithAll(pairs);
    }

    BitArray WithAll(HashSet<int> pairs)
    {
        var found = new BitArray(slots.Count);
        var lists = new List<List<int>>();
        foreach (var pair in pairs)
        {
            if (!postings.TryGetValue(pair, out var list))
                return found;
            lists.Add(list);
        }
        lists.Sort((a, b) => a.Count - b.Count);
        foreach (var slot in lists[0])
            if (lists.Skip(1).All(list => list.BinarySearch(slot) >= 0))
                found[slot] = true;
        return found;
    }

    static void Pairs(string text, HashSet<int> pairs)
    {
        for (var i = 1; i < text.Length; i++)
            if (text[i] != '\n' && text[i - 1] != '\n')
                pairs.Add(text[i - 1] << 16 | text[i]);
    }

    static string? NumberTail(IndexedDocument document) => document.Entry.DocumentNumber is { } number ? DocumentNumber.Tail(number) : null;

    static ulong Mark(LibraryEntry entry)
    {
        Span<byte> mark = stackalloc byte[24];
        entry.Id.TryWriteBytes(mark);
        BinaryPrimitives.WriteInt64LittleEndian(mark[16..], entry.Version);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(mark, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    static string ShortTitle(string title) => SearchQuery.Fold(title).Replace("中华人民共和国", "", StringComparison.Ordinal);
}
