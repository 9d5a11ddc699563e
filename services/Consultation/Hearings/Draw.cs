using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>One step of a draw, as RFC 3797, 6 shows them.</summary>
/// <param name="Counter">The two bytes around the key, from 0.</param>
/// <param name="Hash">The hash of the counter, the key and the counter again, in lower-case hexadecimal.</param>
/// <param name="Left">How many were left.</param>
/// <param name="Remainder">The hash as a number, modulo those left: the place among them, from 0.</param>
/// <param name="Number">The number in the pool of whoever stands there.</param>
public readonly record struct DrawStep(int Counter, string Hash, int Left, int Remainder, int Number);

/// <summary>
/// The draw (摇号) of participants of a hearing by RFC 3797: who is drawn follows from what was published before and from what public sources
/// said afterwards, so that nobody can choose and everybody can draw again. A secret seed that is committed to would not do: who commits can
/// try seeds first.
/// </summary>
public static class Draw
{
    /// <summary>The counter around the key has two bytes (RFC 3797, 4).</summary>
    public const int MostDrawn = 65_536;

    /// <summary>The most sources of a draw, and the most values of one.</summary>
    public const int MostSources = 20,
        MostValues = 100;

    /// <summary>The longest purpose, label and name of a source, in characters, and the longest reason or address.</summary>
    public const int LongestLine = 200,
        LongestText = 2_000;

    /// <summary>What keeps an announcement from being published; null when nothing does.</summary>
    public static Problem? Check(DrawAnnouncement announcement)
    {
        var invalid = new Invalid().If(
            announcement.PoolHash != DrawAnnouncement.HashOf(announcement.Pool),
            "/poolHash",
            "value.wrong",
            "This is not the hash of the pool."
        );
        Rules(invalid, announcement);
        return invalid.Problem;
    }

    /// <summary>Draws, or says why the draw is void, or what is wrong with what it is to be drawn from.</summary>
    /// <param name="announcement">What was published before, with the pool as it is now.</param>
    /// <param name="values">What the sources said.</param>
    /// <param name="at">When it is drawn.</param>
    public static (DrawOutcome? Outcome, Problem? Problem) Hold(
        DrawAnnouncement announcement,
        IReadOnlyList<SourceValue> values,
        DateTimeOffset at
    )
    {
        if (announcement.PoolHash != DrawAnnouncement.HashOf(announcement.Pool))
            return (new(at, null, [], [], new(VoidCause.PoolChanged)), null);
        var invalid = new Invalid();
        Rules(invalid, announcement);
        if (invalid.Problem is { } unfit)
            return (null, unfit);
        Rules(invalid, announcement, values, at);
        if (invalid.Problem is { } unread)
            return (null, unread);

        var said = announcement.Sources.Select(s => (Source: s, Value: values.FirstOrDefault(v => v.Source == s.Name))).ToArray();
        if (said.FirstOrDefault(s => s.Value?.Failure is not null) is { Value: { } failed })
            return (new(at, null, [], [], new(VoidCause.SourceFailed, failed.Source, failed.Failure)), null);
        var key = string.Concat(said.Select(s => KeyString.Write(s.Source.Kind, s.Value!.Values)));
        int[] numbers =
        [
            .. Steps(key, announcement.Pool.Count, announcement.Places + announcement.Alternates, announcement.Algorithm)
                .Select(s => s.Number),
        ];
        return (new(at, key, numbers[..announcement.Places], numbers[announcement.Places..]), null);
    }

    /// <summary>The steps of a draw, one for each who is drawn (RFC 3797, 4).</summary>
    /// <param name="key">What the sources said, <see cref="KeyString"/>.</param>
    /// <param name="pool">How many may be drawn; they are numbered from 1.</param>
    /// <param name="count">How many are drawn, at most all of them and <see cref="MostDrawn"/>.</param>
    /// <param name="algorithm">The hash.</param>
    public static IEnumerable<DrawStep> Steps(string key, int pool, int count, DrawAlgorithm algorithm)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Math.Min(pool, MostDrawn));
        return Drawing();

        IEnumerable<DrawStep> Drawing()
        {
            List<int> left = [.. Enumerable.Range(1, pool)];
            byte[] mixed = [0, 0, .. Encoding.ASCII.GetBytes(key), 0, 0];
            for (var counter = 0; counter < count; counter++)
            {
                mixed[0] = mixed[^2] = (byte)(counter >> 8);
                mixed[1] = mixed[^1] = (byte)counter;
                var hash = Hash(algorithm, mixed);
                var place = (int)(new BigInteger(hash, isUnsigned: true, isBigEndian: true) % left.Count);
                yield return new(counter, Convert.ToHexStringLower(hash), left.Count, place, left[place]);
                left.RemoveAt(place);
            }
        }
    }

#pragma warning disable CA5351 // The sources are public and cannot be chosen: that MD5 has collisions helps nobody.
    static byte[] Hash(DrawAlgorithm algorithm, byte[] mixed) =>
        algorithm is DrawAlgorithm.Md5 ? MD5.HashData(mixed) : SHA256.HashData(mixed);
#pragma warning restore CA5351

    static void Rules(Invalid invalid, DrawAnnouncement announcement)
    {
        var (pool, sources) = (announcement.Pool, announcement.Sources);
        Line(invalid, "/purpose", announcement.Purpose);
        var labels = new HashSet<string>();
        for (var i = 0; i < pool.Count && !invalid.IsFull; i++)
        {
            Line(invalid, At("pool", i, "label"), pool[i].Label);
            invalid
                .If(
                    pool[i].Number != i + 1,
                    At("pool", i, "number"),
                    "value.wrong",
                    "A pool is numbered from 1, without gaps and in order."
                )
                // Who stands in it twice is drawn twice as often, and who of two was drawn would be chosen afterwards.
                .If(
                    !labels.Add(pool[i].Label),
                    At("pool", i, "label"),
                    "label.twice",
                    "Two of a pool cannot have the same label: it could not be told which of them was drawn."
                );
        }
        invalid
            .If(announcement.Places < 1, "/places", "places.tooFew", "At least one place is drawn.")
            .If(announcement.Alternates < 0, "/alternates", "value.wrong", "The number of alternates is 0 or more.")
            .If(
                (long)announcement.Places + announcement.Alternates > pool.Count,
                "/places",
                "places.tooMany",
                $"{announcement.Places} are to be drawn and {announcement.Alternates} more as alternates, but the pool has {pool.Count}."
            )
            .If(
                (long)announcement.Places + announcement.Alternates > MostDrawn,
                "/places",
                "places.tooMany",
                $"At most {MostDrawn} are drawn at once."
            )
            .If(!Enum.IsDefined(announcement.Algorithm), "/algorithm", "value.unknown", "There is no such algorithm.")
            .If(
                sources.Count is 0 or > MostSources,
                "/sources",
                "value.wrong",
                $"A draw has 1 to {MostSources} public sources; {sources.Count} are named."
            );
        for (var i = 0; i < sources.Count && !invalid.IsFull; i++)
        {
            var source = sources[i];
            Line(invalid, At("sources", i, "name"), source.Name);
            invalid
                .If(sources.Take(i).Any(s => s.Name == source.Name), At("sources", i, "name"), "source.twice", "Each source is named once.")
                .If(!Enum.IsDefined(source.Kind), At("sources", i, "kind"), "value.unknown", "There is no such kind of source.")
                .If(
                    source.Count < 1 || source.Count > (source.Kind is SourceKind.Integers ? MostValues : 1),
                    At("sources", i, "count"),
                    "value.wrong",
                    // Of several with fractions nobody could tell in the key where one ends and the next begins.
                    $"A source gives 1 to {MostValues} whole numbers, or one value of another kind."
                )
                .If(
                    source.KnownFrom <= announcement.AnnouncedAt,
                    At("sources", i, "knownFrom"),
                    "source.known",
                    "A source has no value yet when it is announced: with one that is known, who is drawn could be chosen."
                );
        }
    }

    static void Rules(Invalid invalid, DrawAnnouncement announcement, IReadOnlyList<SourceValue> values, DateTimeOffset at)
    {
        for (var i = 0; i < values.Count && !invalid.IsFull; i++)
        {
            var value = values[i];
            if (announcement.Sources.FirstOrDefault(s => s.Name == value.Source) is not { } source)
            {
                invalid.Add(At("values", i, "source"), "value.unknown", "No source of this name was announced.");
                continue;
            }
            invalid
                .If(
                    values.Take(i).Any(v => v.Source == value.Source),
                    At("values", i, "source"),
                    "source.twice",
                    "Each source has one say."
                )
                .If(
                    value.ReadAt < source.KnownFrom,
                    At("values", i, "readAt"),
                    "value.early",
                    $"{source.Name} has no value before {source.KnownFrom:u}; this one was read at {value.ReadAt:u}."
                )
                .If(value.ReadAt > at, At("values", i, "readAt"), "value.late", $"What is drawn from was read before: not after {at:u}.")
                .Text(At("values", i, "readFrom"), value.ReadFrom, LongestText)
                .Text(At("values", i, "failure"), value.Failure, LongestText, required: false);
            if (value.Failure is not null)
            {
                invalid.If(value.Values.Count > 0, At("values", i, "values"), "value.contradicts", "A source that failed has no values.");
                continue;
            }
            invalid.If(
                value.Values.Count != source.Count,
                At("values", i, "values"),
                "value.wrong",
                $"{source.Name} was announced with {source.Count} values; {value.Values.Count} are given."
            );
            for (var j = 0; j < value.Values.Count && !invalid.IsFull; j++)
                if (KeyString.Write(source.Kind, value.Values[j]) is null)
                    Unreadable(invalid, string.Create(CultureInfo.InvariantCulture, $"/values/{i}/values/{j}"), source.Kind);
        }
        // Silence would make a slip void the draw; that a source failed is said, with a reason that others can look at.
        if (values.All(v => v.Failure is null))
            foreach (var source in announcement.Sources.Where(s => values.All(v => v.Source != s.Name)))
                invalid.Add("/values", "value.missing", $"{source.Name} has neither a value nor a reason why it has none.");
    }

    static void Unreadable(Invalid invalid, string pointer, SourceKind kind)
    {
        switch (kind)
        {
            case SourceKind.Integers:
                invalid.Add(pointer, "value.malformed", "A whole number, in the digits 0 to 9 alone.");
                break;
            case SourceKind.Decimal:
                invalid.Add(
                    pointer,
                    "value.malformed",
                    "A number, in the digits 0 to 9 and one point at most; thousands are not separated."
                );
                break;
            default:
                invalid.Add(pointer, "value.malformed", "Letters A to Z and digits; what stands between them does not count.");
                break;
        }
    }

    // What is hashed by lines has one line, and no character that one reader sees and another does not.
    static void Line(Invalid invalid, string pointer, string value) =>
        invalid
            .Text(pointer, value, LongestLine)
            .If(
                value != Characters.Clean(value).Trim() || value.Contains('\n', StringComparison.Ordinal) || !Characters.AreWhole(value),
                pointer,
                "value.malformed",
                "One line, without blanks at its ends and without characters that cannot be seen."
            );

    static string At(string list, int index, string member) => string.Create(CultureInfo.InvariantCulture, $"/{list}/{index}/{member}");
}
