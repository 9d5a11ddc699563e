using System.Text;
using System.Text.Json;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Shared.Search;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>A document as it was indexed, with what is shown of it.</summary>
/// <param name="Entry">Its elements.</param>
/// <param name="Blocks">The blocks of the text that is read.</param>
/// <param name="Files">The names of the files that go with the text.</param>
sealed record IndexedDocument(LibraryEntry Entry, IReadOnlyList<IndexedBlock> Blocks, IReadOnlyList<string> Files)
{
    const int LongestHeading = 60;

    static readonly FieldType Words = WordsType(lengths: false),
        WordsAndLength = WordsType(lengths: true);

    string? folded;
    int[]? lines;

    /// <summary>The blocks as they are searched, a line each.</summary>
    public string FoldedText => folded ??= string.Join('\n', FoldedBlocks());

    /// <summary>Where the lines of <see cref="FoldedText"/> begin.</summary>
    public int[] Lines => lines ??= StartsOf(FoldedText);

    /// <summary>About how much it takes up in memory, in bytes.</summary>
    public int Size => 2_000 + Blocks.Sum(b => 4 * b.Text.Length + 154);

    /// <summary>标题 as other texts cite it, with or without 中华人民共和国 before it.</summary>
    public static string CitedTitle(string title) => SearchQuery.Fold(title).Replace("中华人民共和国", "", StringComparison.Ordinal);

    /// <summary>What the index holds of it.</summary>
    /// <param name="day">The day for which it is indexed.</param>
    public Document ToIndex(DateOnly day)
    {
        var title = Entry.TitleOn(day);
        var foldedTitle = SearchQuery.Fold(title);
        var blocks = FoldedBlocks();
        var document = new Document
        {
            new StringField(Fields.Id, Entry.Id.ToString("N"), Field.Store.NO),
            new StringField(Fields.WholeTitle, foldedTitle, Field.Store.NO),
            new StringField(Fields.CitedTitle, CitedTitle(title), Field.Store.NO),
            new Field(Fields.Title, new Grams([foldedTitle]), Words),
            new Field(
                Fields.Number,
                new Grams(
                    [NumberForms.Of(SearchQuery.Fold(Entry.DocumentNumber ?? "")), SearchQuery.Fold(Entry.IndexNumber)],
                    marksNumbers: true
                ),
                Words
            ),
            new Field(
                Fields.Heads,
                new Grams([foldedTitle, .. blocks.Where((_, i) => IsHeading(Blocks[i])), .. Files.Select(SearchQuery.Fold)], secondZone: 1),
                Words
            ),
            new Field(Fields.Text, new Grams(blocks), WordsAndLength),
            new BinaryDocValuesField(Fields.Listed, new BytesRef(ListedDocument.Of(Entry, day, Lacks()).ToBytes())),
            new StoredField(Fields.Entry, JsonSerializer.SerializeToUtf8Bytes(Entry, JsonDefaults.Options)),
            new StoredField(Fields.Shown, Shown()),
        };
        if (Entry.DocumentNumber is { } number)
            document.Add(new StringField(Fields.CitedNumber, DocumentNumber.Tail(number), Field.Store.NO));
        return document;
    }

    /// <summary>Reads what the index kept.</summary>
    public static IndexedDocument From(Document stored)
    {
        var shown = stored.GetBinaryValue(Fields.Shown);
        using var from = new BinaryReader(new MemoryStream(shown.Bytes, shown.Offset, shown.Length), Encoding.UTF8);
        return new(
            EntryIn(stored),
            [
                .. Enumerable
                    .Range(0, from.Read7BitEncodedInt())
                    .Select(_ => new IndexedBlock(
                        from.ReadString(),
                        (BlockKind)from.ReadByte(),
                        from.ReadString() is { Length: > 0 } label ? label : null,
                        from.ReadString()
                    )),
            ],
            [.. Enumerable.Range(0, from.Read7BitEncodedInt()).Select(_ => from.ReadString())]
        );
    }

    /// <summary>The elements that the index kept.</summary>
    public static LibraryEntry EntryIn(Document stored)
    {
        var entry = stored.GetBinaryValue(Fields.Entry);
        return JsonSerializer.Deserialize<LibraryEntry>(entry.Bytes.AsSpan(entry.Offset, entry.Length), JsonDefaults.Options)!;
    }

    byte[] Shown()
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes, Encoding.UTF8);
        to.Write7BitEncodedInt(Blocks.Count);
        foreach (var block in Blocks)
        {
            to.Write(block.Id);
            to.Write((byte)block.Kind);
            to.Write(block.Label ?? "");
            to.Write(block.Text);
        }
        to.Write7BitEncodedInt(Files.Count);
        foreach (var file in Files)
            to.Write(file);
        return bytes.ToArray();
    }

    static int[] StartsOf(string text)
    {
        var starts = new List<int> { 0 };
        for (var at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1))
            starts.Add(at + 1);
        return [.. starts];
    }

    string[] FoldedBlocks() => [.. Blocks.Select(b => SearchQuery.Fold(b.Text))];

    static bool IsHeading(IndexedBlock block) =>
        block.Text.Length < LongestHeading
        && block.Kind
            is BlockKind.Title
                or BlockKind.Part
                or BlockKind.Chapter
                or BlockKind.Section
                or BlockKind.Heading
                or BlockKind.Clause;

    IReadOnlyList<MissingElement> Lacks() =>
        [
            .. Enum.GetValues<MissingElement>()
                .Where(m =>
                    m switch
                    {
                        MissingElement.DocumentNumber => Entry.DocumentNumber is null,
                        MissingElement.Subject => Entry.Subject is null,
                        MissingElement.WrittenOn => Entry.WrittenOn is null,
                        // 行政规范性文件 have a term of 3 to 5 years; other documents need none.
                        MissingElement.ExpiresOn => Entry.Kind is DocumentKind.Normative && Entry.ExpiresOn is null,
                        _ => Blocks.All(b => b.Kind is not BlockKind.Title),
                    }
                ),
        ];

    static FieldType WordsType(bool lengths)
    {
        var type = new FieldType
        {
            IsIndexed = true,
            IsTokenized = true,
            OmitNorms = !lengths,
            IndexOptions = IndexOptions.DOCS_AND_FREQS_AND_POSITIONS,
        };
        type.Freeze();
        return type;
    }
}

/// <summary>A block of an indexed text.</summary>
/// <param name="Id">The block.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Label">第八条, (一); null for an unnumbered block.</param>
/// <param name="Text">Its text.</param>
sealed record IndexedBlock(string Id, BlockKind Kind, string? Label, string Text)
{
    /// <summary>What the index needs of a block.</summary>
    public static IndexedBlock Of(Block block) => new(block.Id, block.Kind, block.Label, block.Text);
}
