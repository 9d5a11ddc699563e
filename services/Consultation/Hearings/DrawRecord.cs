using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>The hash that mixes the sources (RFC 3797, 4).</summary>
public enum DrawAlgorithm
{
    /// <summary>SHA-256, where nothing else is announced.</summary>
    Sha256,

    /// <summary>MD5, as RFC 3797 has it.</summary>
    Md5,
}

/// <summary>What a public source gives, and with it how its value is written in the key (RFC 3797, 4).</summary>
public enum SourceKind
{
    /// <summary>Whole numbers, whose order says nothing: a lottery, the scores of a match.</summary>
    Integers,

    /// <summary>One number with a fraction: the close of a stock index.</summary>
    Decimal,

    /// <summary>
    /// Letters A to Z and digits: the randomness of a drand round in hexadecimal. RFC 3797 advises against anything harder to write alike.
    /// </summary>
    Alphanumeric,
}

/// <summary>One of those who may be drawn.</summary>
/// <param name="Number">Its place in the published list, from 1.</param>
/// <param name="Label">What it is publicly known by: a name as far as it is published, the number of a registration.</param>
public sealed record PoolEntry(int Number, string Label);

/// <summary>A public source that has no value yet when the draw is announced (RFC 3797, 3.1).</summary>
/// <param name="Name">Which it is, so that everybody finds the same: the lottery and its round, the index and its day.</param>
/// <param name="Kind">What it gives.</param>
/// <param name="Count">How many values it gives. Said before, so that nobody chooses later whether the additional number counts.</param>
/// <param name="KnownFrom">The instant before which it has no value.</param>
public sealed record DrawSource(string Name, SourceKind Kind, int Count, DateTimeOffset KnownFrom);

/// <summary>
/// Everything that decides a draw except what the sources will say (RFC 3797, 2.2). Published before any of them has a value: whoever could
/// change a part of it afterwards could choose who is drawn.
/// </summary>
/// <param name="Purpose">What is drawn for: the hearing, and which of its places.</param>
/// <param name="AnnouncedAt">When it was published.</param>
/// <param name="Pool">All who may be drawn, numbered from 1.</param>
/// <param name="PoolHash">The hash of the pool as it was published, <see cref="HashOf"/>.</param>
/// <param name="Places">How many are drawn.</param>
/// <param name="Alternates">How many are drawn after them; they move up in the order in which they were drawn.</param>
/// <param name="Sources">The sources, in the order in which they stand in the key.</param>
/// <param name="Algorithm">The hash that mixes them.</param>
public sealed record DrawAnnouncement(
    string Purpose,
    DateTimeOffset AnnouncedAt,
    IReadOnlyList<PoolEntry> Pool,
    string PoolHash,
    int Places,
    int Alternates,
    IReadOnlyList<DrawSource> Sources,
    DrawAlgorithm Algorithm = DrawAlgorithm.Sha256
)
{
    /// <summary>
    /// The SHA-256 of a pool, in lower-case hexadecimal: over its lines in UTF-8, each the number, a space, the label and a line feed, so that
    /// <c>sha256sum</c> of the published list tells it.
    /// </summary>
    public static string HashOf(IEnumerable<PoolEntry> pool) =>
        Hash(string.Concat(pool.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Number} {e.Label}\n"))));

    /// <summary>The SHA-256 of the whole announcement. Who kept it needs nothing else to know that none of it was changed.</summary>
    public string Hash() =>
        Hash(
            string.Create(
                CultureInfo.InvariantCulture,
                $"policyplatform draw\n{Purpose}\n{AnnouncedAt.UtcDateTime:O}\n{JsonDefaults.Word(Algorithm)}\n{Places}\n{Alternates}\n{Pool.Count}\n{HashOf(Pool)}\n{PoolHash}\n"
            )
                + string.Concat(
                    Sources.Select(s =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{JsonDefaults.Word(s.Kind)} {s.Count} {s.KnownFrom.UtcDateTime:O} {s.Name}\n"
                        )
                    )
                )
        );

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>What a source said, or that it said nothing.</summary>
/// <param name="Source">The name of the source, as it was announced.</param>
/// <param name="Values">Its values as they were read, in any order; none where it failed.</param>
/// <param name="ReadFrom">Where they were read, or looked for.</param>
/// <param name="ReadAt">When.</param>
/// <param name="Failure">Why there is no value; null where there is one.</param>
public sealed record SourceValue(
    string Source,
    IReadOnlyList<string> Values,
    string ReadFrom,
    DateTimeOffset ReadAt,
    string? Failure = null
);

/// <summary>Why nobody is drawn.</summary>
public enum VoidCause
{
    /// <summary>The pool is not the one that was published.</summary>
    PoolChanged,

    /// <summary>A source gave no value. To go on without it would be a choice between two results that are both known.</summary>
    SourceFailed,
}

/// <summary>That a draw counts for nothing. Another one needs another announcement, with sources that are still to come.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Source">The source that failed, the first as they were announced; null where none did.</param>
/// <param name="Reason">Why it has no value.</param>
public sealed record DrawVoid(VoidCause Cause, string? Source = null, string? Reason = null)
{
    /// <summary>The same for people.</summary>
    public Wording Told() =>
        Cause is VoidCause.PoolChanged
            ? (Wording)"The draw is void: the pool is not the one that was published."
            : (Wording)$"The draw is void: {Source} gave no value. {Reason}";
}

/// <summary>What a draw came to.</summary>
/// <param name="At">When it was drawn.</param>
/// <param name="Key">What the sources said, as it is hashed (RFC 3797, 4); null for a void draw.</param>
/// <param name="Drawn">The numbers of those who were drawn, in the order in which they were.</param>
/// <param name="Alternates">The numbers of those who were drawn after them, the first to move up first.</param>
/// <param name="Void">Why nobody was drawn; null where somebody was.</param>
public sealed record DrawOutcome(
    DateTimeOffset At,
    string? Key,
    IReadOnlyList<int> Drawn,
    IReadOnlyList<int> Alternates,
    DrawVoid? Void = null
);

/// <summary>All that is published of a draw (RFC 3797, 2.3): with it anybody draws again, and comes to the same.</summary>
/// <param name="Announcement">What was published before.</param>
/// <param name="Values">What the sources said.</param>
/// <param name="Outcome">Who was drawn.</param>
public sealed record DrawRecord(DrawAnnouncement Announcement, IReadOnlyList<SourceValue> Values, DrawOutcome Outcome)
{
    /// <summary>What is wrong with the record; null when it says what was drawn.</summary>
    /// <param name="announced">The hash of the announcement from before the draw; null where nobody kept it.</param>
    public string? Flaw(string? announced = null)
    {
        if (announced is not null && !announced.Equals(Announcement.Hash(), StringComparison.OrdinalIgnoreCase))
            return $"The announcement is not the one that was published: its hash is {Announcement.Hash()}.";
        var (outcome, problem) = Draw.Hold(Announcement, Values, Outcome.At);
        if (problem is not null)
            return $"Nothing could be drawn like this. {string.Join(' ', problem.Errors.Select(e => $"{e.Pointer}: {e.Detail}"))}";
        if (outcome!.Void != Outcome.Void)
            return outcome.Void?.Told().ToString()
                ?? "The record says that the draw is void, but the pool is the one that was published, and every source has a value.";
        if (outcome.Key != Outcome.Key)
            return $"The values make the key {outcome.Key}, and the record says {Outcome.Key}.";
        if (!outcome.Drawn.SequenceEqual(Outcome.Drawn))
            return $"Drawn are {Numbers(outcome.Drawn)}, and the record says {Numbers(Outcome.Drawn)}.";
        return outcome.Alternates.SequenceEqual(Outcome.Alternates)
            ? null
            : $"Alternates are {Numbers(outcome.Alternates)}, and the record says {Numbers(Outcome.Alternates)}.";
    }

    static string Numbers(IReadOnlyList<int> numbers) => numbers.Count == 0 ? "nobody" : string.Join(", ", numbers);
}
