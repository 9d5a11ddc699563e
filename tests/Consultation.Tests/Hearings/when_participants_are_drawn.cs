using System.Globalization;
using CsCheck;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.ServiceDefaults.Language;
using static PolicyPlatform.Consultation.Tests.Hearings.AnyDraw;

namespace PolicyPlatform.Consultation.Tests.Hearings;

public sealed class when_participants_are_drawn
{
    [Fact]
    public void the_example_of_the_rfc_comes_out_as_the_rfc_has_it()
    {
        var (outcome, problem) = Draw.Hold(OfTheRfc(DrawAlgorithm.Md5), ValuesOfTheRfc, HeldAt);
        Assert.Null(problem);
        Assert.Equal(KeyOfTheRfc, outcome!.Key);
        Assert.Equal([17, 7, 2, 16, 25, 23, 8, 24, 19, 13], outcome.Drawn);
        Assert.Equal(3, outcome.Alternates.Count);
        DrawStep[] steps = [.. Draw.Steps(KeyOfTheRfc, 25, 25, DrawAlgorithm.Md5)];
        Assert.Equal(new(0, "990dd0a5692a029a98b5e01aa28f3459", 25, 16, 17), steps[0]);
        Assert.Equal(new(1, "3691e55cb63fcc37914430b2f70b5ec6", 24, 6, 7), steps[1]);
        Assert.Equal(new(2, "fe814edf564c190ac1d25753979990fa", 23, 1, 2), steps[2]);
        Assert.Equal(steps[10..13].Select(s => s.Number), outcome.Alternates);
    }

    /// <summary>Computed apart from this code: <c>hashlib.sha256(b'\0\0' + key + b'\0\0')</c> and so on.</summary>
    [Fact]
    public void with_sha_256_it_comes_out_the_same_for_ever()
    {
        Assert.Equal(DrawAlgorithm.Sha256, Of(1, 1, 0).Algorithm);
        Assert.Equal(
            [20, 23, 1, 14, 17, 9, 11, 15, 7, 13, 21, 10, 22, 12, 6, 16, 4, 5, 2, 24, 8, 25, 3, 18, 19],
            Draw.Steps(KeyOfTheRfc, 25, 25, DrawAlgorithm.Sha256).Select(s => s.Number)
        );
        Assert.Equal(
            new(0, "2c387b04b3ec92a0e1361c2b44a552e020b918ea986a808e8392c70bc337d90f", 25, 19, 20),
            Draw.Steps(KeyOfTheRfc, 25, 1, DrawAlgorithm.Sha256).Single()
        );
        var outcome = Draw.Hold(OfTheRfc(DrawAlgorithm.Sha256), ValuesOfTheRfc, HeldAt).Outcome!;
        Assert.Equal([20, 23, 1, 14, 17, 9, 11, 15, 7, 13], outcome.Drawn);
        Assert.Equal([21, 10, 22], outcome.Alternates);
    }

    [Fact]
    public void the_counter_around_the_key_has_two_bytes()
    {
        var step = Draw.Steps("1./", 300, 258, DrawAlgorithm.Sha256).Last();
        byte[] mixed = [1, 1, (byte)'1', (byte)'.', (byte)'/', 1, 1];
        Assert.Equal((257, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(mixed))), (step.Counter, step.Hash));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw.Steps("1./", Draw.MostDrawn + 1, Draw.MostDrawn + 1, DrawAlgorithm.Md5));
    }

    [Theory]
    [InlineData(SourceKind.Integers, "9319", "9319.")]
    [InlineData(SourceKind.Integers, "007", "7.")]
    [InlineData(SourceKind.Integers, "000", "0.")]
    [InlineData(SourceKind.Integers, "123456789012345678901234567890", "123456789012345678901234567890.")]
    [InlineData(SourceKind.Integers, "7.0", null)]
    [InlineData(SourceKind.Integers, "-7", null)]
    [InlineData(SourceKind.Integers, "+7", null)]
    [InlineData(SourceKind.Integers, " 7", null)]
    [InlineData(SourceKind.Integers, "７", null)]
    [InlineData(SourceKind.Integers, "", null)]
    [InlineData(SourceKind.Decimal, "3874.07", "3874.07")]
    [InlineData(SourceKind.Decimal, "3874.070", "3874.07")]
    [InlineData(SourceKind.Decimal, "3874.00", "3874.")]
    [InlineData(SourceKind.Decimal, "3874", "3874.")]
    [InlineData(SourceKind.Decimal, "00.50", "0.5")]
    [InlineData(SourceKind.Decimal, "3,874.07", null)]
    [InlineData(SourceKind.Decimal, ".5", null)]
    [InlineData(SourceKind.Decimal, "5.", null)]
    [InlineData(SourceKind.Decimal, "1.2.3", null)]
    [InlineData(SourceKind.Decimal, "1e3", null)]
    [InlineData(SourceKind.Alphanumeric, "b1a2-ff 09", "B1A2FF09.")]
    [InlineData(SourceKind.Alphanumeric, "--", null)]
    [InlineData(SourceKind.Alphanumeric, "é1", null)]
    [InlineData(SourceKind.Alphanumeric, "沪指", null)]
    public void a_value_is_written_in_one_way_or_not_read(SourceKind kind, string read, string? written) =>
        Assert.Equal(written, KeyString.Write(kind, read));

    [Fact]
    public void numbers_are_ordered_as_numbers() =>
        Assert.Equal("2.9.10.10.100./", KeyString.Write(SourceKind.Integers, ["100", "10", "9", "010", "2"]));

    static readonly Gen<(DrawAnnouncement Announcement, SourceValue[] Values)> any =
        from pool in Gen.Int[1, 40]
        from drawn in Gen.Int[1, pool]
        from alternates in Gen.Int[0, pool - drawn]
        from numbers in Gen.Int[0, 99].Array[1, 7].Array[1, 4]
        from md5 in Gen.Bool
        let sources = numbers.Select((n, i) => Lottery($"第{i}种", n.Length)).ToArray()
        select (
            Of(pool, drawn, alternates, sources) with
            {
                Algorithm = md5 ? DrawAlgorithm.Md5 : DrawAlgorithm.Sha256,
            },
            numbers.Select((n, i) => Said($"第{i}种", [.. n.Select(v => v.ToString(CultureInfo.InvariantCulture))])).ToArray()
        );

    [Fact]
    public void each_is_drawn_once_and_stands_in_the_pool() =>
        any.Sample(d =>
        {
            Assert.Null(Draw.Check(d.Announcement));
            var outcome = Draw.Hold(d.Announcement, d.Values, HeldAt).Outcome!;
            Assert.Equal((d.Announcement.Places, d.Announcement.Alternates), (outcome.Drawn.Count, outcome.Alternates.Count));
            int[] all = [.. outcome.Drawn, .. outcome.Alternates];
            Assert.Equal(all.Length, all.Distinct().Count());
            Assert.All(all, n => Assert.InRange(n, 1, d.Announcement.Pool.Count));
        });

    [Fact]
    public void the_order_in_which_values_are_given_makes_no_difference() =>
        (
            from draw in any
            from sources in Gen.Shuffle(draw.Values)
            from values in Gen.Int[0, int.MaxValue]
            select (draw, sources, values)
        ).Sample(d =>
        {
            var seeded = new Random(d.values);
            SourceValue[] shuffled = [.. d.sources.Select(v => v with { Values = [.. v.Values.OrderBy(_ => seeded.Next())] })];
            Same(Draw.Hold(d.draw.Announcement, d.draw.Values, HeldAt).Outcome!, Draw.Hold(d.draw.Announcement, shuffled, HeldAt).Outcome!);
        });

    [Fact]
    public void the_order_in_which_sources_were_published_is_the_order_of_the_key()
    {
        var announcement = OfTheRfc(DrawAlgorithm.Sha256);
        var turned = announcement with { Sources = [.. announcement.Sources.Reverse()] };
        var outcome = Draw.Hold(turned, ValuesOfTheRfc, HeldAt).Outcome!;
        Assert.Equal("9.18.26.34.41.45./2.5.8.10.12./9319./", outcome.Key);
        Assert.NotEqual(announcement.Hash(), turned.Hash());
    }

    [Fact]
    public void whoever_draws_again_from_what_is_published_comes_to_the_same() =>
        any.Sample(d =>
        {
            var record = new DrawRecord(d.Announcement, d.Values, Draw.Hold(d.Announcement, d.Values, HeldAt).Outcome!);
            Assert.Null(record.Flaw(d.Announcement.Hash()));
            Same(record.Outcome, Draw.Hold(d.Announcement, d.Values, HeldAt).Outcome!);
            Assert.NotNull((record with { Outcome = record.Outcome with { Drawn = [.. record.Outcome.Drawn.Skip(1)] } }).Flaw());
            Assert.NotNull((record with { Outcome = record.Outcome with { Alternates = [.. record.Outcome.Alternates, 1] } }).Flaw());
            Assert.NotNull((record with { Outcome = record.Outcome with { Key = $"{record.Outcome.Key}1./" } }).Flaw());
        });

    /// <summary>
    /// Of five, two are drawn and one alternate: 60 ways, each as likely as the others. 87.17 is where chi-squared of 59 degrees of freedom
    /// has p = 0.01.
    /// </summary>
    [Fact]
    public void of_100_000_draws_everybody_has_the_same_share()
    {
        const int Draws = 100_000;
        var seeded = new Random(3797);
        var counts = new Dictionary<(int, int, int), int>();
        for (var i = 0; i < Draws; i++)
        {
            string[] lottery = [.. Enumerable.Range(0, 6).Select(_ => seeded.Next(1, 34).ToString(CultureInfo.InvariantCulture))];
            string[] index = [string.Create(CultureInfo.InvariantCulture, $"{seeded.Next(2_000, 5_000)}.{seeded.Next(100):00}")];
            var key = KeyString.Write(SourceKind.Integers, lottery) + KeyString.Write(SourceKind.Decimal, index);
            DrawStep[] steps = [.. Draw.Steps(key, 5, 3, DrawAlgorithm.Sha256)];
            var way = (steps[0].Number, steps[1].Number, steps[2].Number);
            counts[way] = counts.GetValueOrDefault(way) + 1;
        }
        const double Expected = Draws / 60.0;
        Assert.Equal(60, counts.Count);
        Assert.InRange(counts.Values.Sum(c => (c - Expected) * (c - Expected) / Expected), 0, 87.17);
    }

    [Fact]
    public void a_source_that_fails_voids_the_draw_and_says_which_and_why()
    {
        SourceValue[] values = [ValuesOfTheRfc[0], Failed("b", "当期停售。")];
        var (outcome, problem) = Draw.Hold(OfTheRfc(DrawAlgorithm.Sha256), values, HeldAt);
        Assert.Null(problem);
        Assert.Equal(new DrawVoid(VoidCause.SourceFailed, "b", "当期停售。"), outcome!.Void);
        Assert.Equal((null, 0, 0), (outcome.Key, outcome.Drawn.Count, outcome.Alternates.Count));
        Assert.Equal("The draw is void: b gave no value. 当期停售。", outcome.Void!.Told().ToString());
        Assert.Equal("抽签无效：b 未产生值。当期停售。", outcome.Void.Told().In(Languages.Chinese));
        Assert.Null(new DrawRecord(OfTheRfc(DrawAlgorithm.Sha256), values, outcome).Flaw());
        var drawn = Draw.Hold(OfTheRfc(DrawAlgorithm.Sha256), ValuesOfTheRfc, HeldAt).Outcome!;
        Assert.StartsWith(
            "The draw is void",
            new DrawRecord(OfTheRfc(DrawAlgorithm.Sha256), values, drawn).Flaw(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "every source has a value",
            new DrawRecord(OfTheRfc(DrawAlgorithm.Sha256), ValuesOfTheRfc, outcome).Flaw(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void a_pool_that_was_changed_after_it_was_published_voids_the_draw()
    {
        var announcement = OfTheRfc(DrawAlgorithm.Sha256);
        PoolEntry[][] changed =
        [
            [.. announcement.Pool.Skip(1)],
            [.. announcement.Pool, new(26, "报名号026")],
            [.. announcement.Pool.Select(e => e.Number == 7 ? e with { Label = "报名号107" } : e)],
            [.. announcement.Pool.Reverse().Select((e, i) => e with { Number = i + 1 })],
        ];
        Assert.All(
            changed,
            pool =>
            {
                var outcome = Draw.Hold(announcement with { Pool = pool }, ValuesOfTheRfc, HeldAt).Outcome!;
                Assert.Equal(new DrawVoid(VoidCause.PoolChanged), outcome.Void);
                Assert.Empty(outcome.Drawn);
            }
        );
    }

    [Fact]
    public void the_hash_of_a_pool_is_that_of_its_lines() =>
        // printf '1 甲\n2 乙\n' | sha256sum
        Assert.Equal(
            "f6ecb413bd13e2992ec8a39d68adf863a56281bc942353d75391b5e889052cdd",
            DrawAnnouncement.HashOf([new(1, "甲"), new(2, "乙")])
        );

    [Fact]
    public void a_value_from_before_its_moment_is_refused()
    {
        SourceValue[] early = [ValuesOfTheRfc[0] with { ReadAt = KnownFrom.AddTicks(-1) }, .. ValuesOfTheRfc[1..]];
        Refused("/values/0/readAt", "value.early", Draw.Hold(OfTheRfc(DrawAlgorithm.Sha256), early, HeldAt));
        SourceValue[] justInTime = [ValuesOfTheRfc[0] with { ReadAt = KnownFrom }, .. ValuesOfTheRfc[1..]];
        Assert.NotNull(Draw.Hold(OfTheRfc(DrawAlgorithm.Sha256), justInTime, HeldAt).Outcome);
        // Nor does a source fail before it is due.
        SourceValue[] failed = [Failed("a", "取消。") with { ReadAt = AnnouncedAt }, .. ValuesOfTheRfc[1..]];
        Refused("/values/0/readAt", "value.early", Draw.Hold(OfTheRfc(DrawAlgorithm.Sha256), failed, HeldAt));
        Refused("/values/0/readAt", "value.late", Draw.Hold(OfTheRfc(DrawAlgorithm.Sha256), ValuesOfTheRfc, KnownFrom), 3);
    }

    [Fact]
    public void values_that_are_missing_doubled_too_many_or_of_another_source_are_refused()
    {
        var announcement = OfTheRfc(DrawAlgorithm.Sha256);
        Refused("/values", "value.missing", Draw.Hold(announcement, ValuesOfTheRfc[..2], HeldAt));
        Refused("/values/3/source", "source.twice", Draw.Hold(announcement, [.. ValuesOfTheRfc, Said("a", "9320")], HeldAt));
        Refused("/values/3/source", "value.unknown", Draw.Hold(announcement, [.. ValuesOfTheRfc, Said("d", "1")], HeldAt));
        Refused("/values/0/values", "value.wrong", Draw.Hold(announcement, [Said("a", "9319", "1"), .. ValuesOfTheRfc[1..]], HeldAt));
        Refused("/values/0/values", "value.wrong", Draw.Hold(announcement, [Said("a"), .. ValuesOfTheRfc[1..]], HeldAt));
        Refused("/values/0/values/0", "value.malformed", Draw.Hold(announcement, [Said("a", "9,319"), .. ValuesOfTheRfc[1..]], HeldAt));
        Refused(
            "/values/0/values",
            "value.contradicts",
            Draw.Hold(announcement, [Said("a", "9319") with { Failure = "无。" }, .. ValuesOfTheRfc[1..]], HeldAt)
        );
        Refused(
            "/values/0/readFrom",
            "value.missing",
            Draw.Hold(announcement, [Said("a", "9319") with { ReadFrom = " " }, .. ValuesOfTheRfc[1..]], HeldAt)
        );
    }

    [Fact]
    public void more_than_are_in_the_pool_are_not_drawn()
    {
        var problem = Refused("/places", "places.tooMany", (null, Draw.Check(Of(10, 8, 3, Lottery("a", 1)))));
        Assert.Equal("8 are to be drawn and 3 more as alternates, but the pool has 10.", problem);
        Refused("/places", "places.tooMany", (null, Draw.Check(Of(10, int.MaxValue, int.MaxValue, Lottery("a", 1)))), 2);
        Refused("/places", "places.tooMany", Draw.Hold(Of(0, 1, 0, Lottery("a", 1)), [Said("a", "1")], HeldAt));
        Refused("/places", "places.tooFew", (null, Draw.Check(Of(10, 0, 1, Lottery("a", 1)))));
        Refused("/alternates", "value.wrong", (null, Draw.Check(Of(10, 1, -1, Lottery("a", 1)))));
    }

    [Fact]
    public void what_could_be_chosen_afterwards_is_not_announced()
    {
        var announcement = OfTheRfc(DrawAlgorithm.Sha256);
        Assert.Null(Draw.Check(announcement));
        Refused("/poolHash", "value.wrong", (null, Draw.Check(announcement with { PoolHash = "" })));
        Refused("/sources", "value.wrong", (null, Draw.Check(announcement with { Sources = [] })));
        Refused("/sources/1/name", "source.twice", Sources(Lottery("a", 1), Lottery("a", 2)));
        Refused("/sources/0/knownFrom", "source.known", Sources(Lottery("a", 1) with { KnownFrom = AnnouncedAt }));
        Refused("/sources/0/count", "value.wrong", Sources(Lottery("a", 0)));
        Refused("/sources/0/count", "value.wrong", Sources(Lottery("a", 2) with { Kind = SourceKind.Decimal }));
        Refused("/sources/0/name", "value.malformed", Sources(Lottery("a\nIntegers 1", 1)));
        Refused("/pool/1/label", "label.twice", Pool(new(1, "张伟"), new(2, "张伟")));
        Refused("/pool/1/number", "value.wrong", Pool(new(1, "张伟"), new(3, "李娜")));
        Refused("/pool/0/label", "value.malformed", Pool(new(1, "张\u200B伟"), new(2, "张伟")));
        Refused("/pool/0/label", "value.malformed", Pool(new(1, "张伟 "), new(2, "张伟")));
        Refused("/pool/0/label", "value.malformed", Pool(new(1, "\uD800"), new(2, "张伟")));

        (DrawOutcome?, ServiceDefaults.Problems.Problem?) Sources(params DrawSource[] sources) =>
            (null, Draw.Check(announcement with { Sources = sources }));
        static (DrawOutcome?, ServiceDefaults.Problems.Problem?) Pool(params PoolEntry[] pool) =>
            (null, Draw.Check(Of(2, 1, 0, Lottery("a", 1)) with { Pool = pool, PoolHash = DrawAnnouncement.HashOf(pool) }));
    }

    [Fact]
    public void the_hash_of_an_announcement_changes_with_each_part_of_it()
    {
        var announcement = OfTheRfc(DrawAlgorithm.Sha256);
        DrawAnnouncement[] others =
        [
            announcement with
            {
                Purpose = "另一场听证会",
            },
            announcement with
            {
                AnnouncedAt = AnnouncedAt.AddTicks(1),
            },
            announcement with
            {
                Pool = AnyDraw.Pool(24),
            },
            announcement with
            {
                PoolHash = "",
            },
            announcement with
            {
                Places = 11,
            },
            announcement with
            {
                Alternates = 2,
            },
            announcement with
            {
                Algorithm = DrawAlgorithm.Md5,
            },
            announcement with
            {
                Sources = [.. announcement.Sources.Skip(1)],
            },
            announcement with
            {
                Sources = [.. announcement.Sources.Select(s => s with { Count = s.Count + 1 })],
            },
            announcement with
            {
                Sources = [.. announcement.Sources.Select(s => s with { KnownFrom = s.KnownFrom.AddDays(1) })],
            },
        ];
        Assert.Equal(others.Length + 1, others.Append(announcement).Select(a => a.Hash()).Distinct().Count());
        // The same instant in another zone is the same.
        Assert.Equal(announcement.Hash(), (announcement with { AnnouncedAt = AnnouncedAt.ToUniversalTime() }).Hash());
    }

    static string Refused(
        string pointer,
        string code,
        (DrawOutcome? Outcome, ServiceDefaults.Problems.Problem? Problem) decided,
        int errors = 1
    )
    {
        Assert.Null(decided.Outcome);
        Assert.Equal("request.invalid", decided.Problem!.Kind.Code);
        Assert.Equal(errors, decided.Problem.Errors.Count);
        Assert.Equal((pointer, code), (decided.Problem.Errors[0].Pointer, decided.Problem.Errors[0].Code));
        return decided.Problem.Errors[0].Detail.ToString();
    }

    static void Same(DrawOutcome one, DrawOutcome other)
    {
        Assert.Equal((one.At, one.Key, one.Void), (other.At, other.Key, other.Void));
        Assert.Equal(one.Drawn, other.Drawn);
        Assert.Equal(one.Alternates, other.Alternates);
    }
}
