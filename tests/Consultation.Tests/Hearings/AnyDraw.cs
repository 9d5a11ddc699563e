using PolicyPlatform.Consultation.Hearings;

namespace PolicyPlatform.Consultation.Tests.Hearings;

/// <summary>A draw that can be held, of which a test says what matters to it.</summary>
static class AnyDraw
{
    public static readonly DateTimeOffset AnnouncedAt = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(8));
    public static readonly DateTimeOffset KnownFrom = AnnouncedAt.AddDays(5);
    public static readonly DateTimeOffset HeldAt = AnnouncedAt.AddDays(7);

    public static PoolEntry[] Pool(int size) => [.. Enumerable.Range(1, size).Select(n => new PoolEntry(n, $"报名号{n:000}"))];

    public static DrawSource Lottery(string name, int count) => new(name, SourceKind.Integers, count, KnownFrom);

    public static DrawAnnouncement Of(int pool, int places, int alternates, params DrawSource[] sources) =>
        new("供热价格调整听证会参加人", AnnouncedAt, Pool(pool), DrawAnnouncement.HashOf(Pool(pool)), places, alternates, sources);

    public static SourceValue Said(string source, params string[] values) =>
        new(source, values, "http://lottery.example/results", KnownFrom.AddHours(3));

    public static SourceValue Failed(string source, string why) =>
        new(source, [], "http://lottery.example/results", KnownFrom.AddHours(3), why);

    /// <summary>The example of RFC 3797, 6: its key is 9319./2.5.8.10.12./9.18.26.34.41.45./.</summary>
    public static DrawAnnouncement OfTheRfc(DrawAlgorithm algorithm) =>
        Of(25, 10, 3, Lottery("a", 1), Lottery("b", 5), Lottery("c", 6)) with
        {
            Algorithm = algorithm,
        };

    public static readonly SourceValue[] ValuesOfTheRfc =
    [
        Said("a", "9319"),
        Said("b", "2", "5", "12", "8", "10"),
        Said("c", "9", "18", "26", "34", "41", "45"),
    ];

    public const string KeyOfTheRfc = "9319./2.5.8.10.12./9.18.26.34.41.45./";
}
