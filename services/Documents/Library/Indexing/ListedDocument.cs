using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PolicyPlatform.Documents.Library.Indexing;

/// <summary>What filters, counts and orders need of a document: the index holds it in memory for each.</summary>
sealed class ListedDocument
{
    // Whatever can be lacking: few documents lack the same few things.
    static readonly MissingElement[][] Lacking =
    [
        .. Enumerable
            .Range(0, 1 << Enum.GetValues<MissingElement>().Length)
            .Select(set => Enum.GetValues<MissingElement>().Where(m => (set & 1 << (int)m) != 0).ToArray()),
    ];

    /// <summary>The document.</summary>
    public required Guid Id { get; init; }

    /// <summary>The version of its history that was indexed.</summary>
    public required long Version { get; init; }

    /// <summary>标题 on the days for which it was indexed.</summary>
    public required string Title { get; init; }

    /// <summary>The kind of document.</summary>
    public required DocumentKind Kind { get; init; }

    /// <summary>发文机关.</summary>
    public required string[] Issuers { get; init; }

    /// <summary>主题分类.</summary>
    public required string? Subject { get; init; }

    /// <summary>发布日期.</summary>
    public required DateOnly PublishedOn { get; init; }

    /// <summary>The year that it is filed under: of 成文日期, of 发布日期 where that is not known.</summary>
    public required int Year { get; init; }

    /// <summary>When something last happened to it, UTC.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>What it lacks.</summary>
    public required IReadOnlyList<MissingElement> Lacks { get; init; }

    /// <summary>The first and the last day on which the indexed text is the one that is read.</summary>
    public required (DateOnly First, DateOnly Last) Days { get; init; }

    /// <summary>有效性, each from a day on; the first from the beginning of time.</summary>
    public required (DateOnly From, Validity Validity)[] Validities { get; init; }

    /// <summary>Names the document in this version.</summary>
    public ulong Mark { get; private init; }

    /// <summary>有效性 on a day.</summary>
    public Validity ValidityOn(DateOnly day)
    {
        var at = Validities.Length - 1;
        while (Validities[at].From > day)
            at--;
        return Validities[at].Validity;
    }

    /// <summary>Whether what was indexed is what is read on a day.</summary>
    public bool IsReadOn(DateOnly day) => Days.First <= day && day <= Days.Last;

    /// <summary>Whether it is this version of the document, as it is read on a day.</summary>
    public bool Is(long version, DateTimeOffset changedAt, DateOnly day) => Version == version && ChangedAt == changedAt && IsReadOn(day);

    /// <summary>A document as it is listed on a day.</summary>
    public static ListedDocument Of(LibraryEntry entry, DateOnly day, IReadOnlyList<MissingElement> lacks) =>
        new()
        {
            Id = entry.Id,
            Version = entry.Version,
            Title = entry.TitleOn(day),
            Kind = entry.Kind,
            Issuers = [.. entry.Issuers],
            Subject = entry.Subject,
            PublishedOn = entry.PublishedOn,
            Year = (entry.WrittenOn ?? entry.PublishedOn).Year,
            ChangedAt = entry.ChangedAt,
            Lacks = lacks,
            Days = DaysAround(entry, day),
            Validities = ValiditiesOf(entry),
        };

    /// <summary>As the index keeps it.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(Id.ToByteArray());
        to.Write(Version);
        to.Write(ChangedAt.UtcTicks);
        to.Write(Title);
        to.Write((byte)Kind);
        to.Write7BitEncodedInt(Issuers.Length);
        foreach (var issuer in Issuers)
            to.Write(issuer);
        to.Write(Subject ?? "");
        to.Write(PublishedOn.DayNumber);
        to.Write(Year);
        to.Write((byte)Lacks.Sum(m => 1 << (int)m));
        to.Write(Days.First.DayNumber);
        to.Write(Days.Last.DayNumber);
        to.Write7BitEncodedInt(Validities.Length);
        foreach (var (from, validity) in Validities)
        {
            to.Write(from.DayNumber);
            to.Write((byte)validity);
        }
        return bytes.ToArray();
    }

    /// <summary>Reads it again.</summary>
    public static ListedDocument From(byte[] bytes, int start, int length)
    {
        using var from = new BinaryReader(new MemoryStream(bytes, start, length), Encoding.UTF8);
        var id = new Guid(from.ReadBytes(16));
        var version = from.ReadInt64();
        var changedAt = from.ReadInt64();
        return new()
        {
            Id = id,
            Version = version,
            Mark = MarkOf(id, version, changedAt),
            Title = from.ReadString(),
            Kind = (DocumentKind)from.ReadByte(),
            // The same few codes stand in every document.
            Issuers = [.. Enumerable.Range(0, from.Read7BitEncodedInt()).Select(_ => string.Intern(from.ReadString()))],
            Subject = from.ReadString() is { Length: > 0 } subject ? string.Intern(subject) : null,
            PublishedOn = DateOnly.FromDayNumber(from.ReadInt32()),
            Year = from.ReadInt32(),
            ChangedAt = new(changedAt, TimeSpan.Zero),
            Lacks = Lacking[from.ReadByte()],
            Days = (DateOnly.FromDayNumber(from.ReadInt32()), DateOnly.FromDayNumber(from.ReadInt32())),
            Validities =
            [
                .. Enumerable
                    .Range(0, from.Read7BitEncodedInt())
                    .Select(_ => (DateOnly.FromDayNumber(from.ReadInt32()), (Validity)from.ReadByte())),
            ],
        };
    }

    static (DateOnly, DateOnly) DaysAround(LibraryEntry entry, DateOnly day)
    {
        var (first, last) = (DateOnly.MinValue, DateOnly.MaxValue);
        foreach (var text in entry.Texts)
            if (text.EffectiveFrom <= day)
                first = text.EffectiveFrom > first ? text.EffectiveFrom : first;
            else if (text.EffectiveFrom <= last)
                last = text.EffectiveFrom.AddDays(-1);
        return (first, last);
    }

    static (DateOnly, Validity)[] ValiditiesOf(LibraryEntry entry)
    {
        var validities = new List<(DateOnly From, Validity Validity)> { (DateOnly.MinValue, entry.ValidityOn(DateOnly.MinValue)) };
        foreach (
            var day in entry
                .Texts.Select(t => (DateOnly?)t.EffectiveFrom)
                .Append(entry.RepealedFrom)
                .Append(entry.SupersededFrom)
                .Append(entry.ExpiresOn < DateOnly.MaxValue ? entry.ExpiresOn.Value.AddDays(1) : null)
                .OfType<DateOnly>()
                .Order()
        )
            if (entry.ValidityOn(day) is var validity && validity != validities[^1].Validity)
                validities.Add((day, validity));
        return [.. validities];
    }

    // Where a database was restored, another history may have come to the same version.
    static ulong MarkOf(Guid id, long version, long changedAt)
    {
        Span<byte> mark = stackalloc byte[32];
        id.TryWriteBytes(mark);
        BinaryPrimitives.WriteInt64LittleEndian(mark[16..], version);
        BinaryPrimitives.WriteInt64LittleEndian(mark[24..], changedAt);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(mark, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
