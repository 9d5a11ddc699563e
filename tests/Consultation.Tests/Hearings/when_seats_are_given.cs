using CsCheck;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Tests.Hearings;

public sealed class when_seats_are_given
{
    static readonly DateTimeOffset Now = new(2026, 6, 20, 9, 0, 0, TimeSpan.FromHours(8));
    static readonly Actor By = new("openness-office", "370114-ZWGK");

    static readonly Gen<HearingSeat[]> Applications =
        from kinds in Gen.Int[0, 4].Array[0, 60]
        select kinds.Select((kind, i) => new HearingSeat(100 + 3 * i, (ApplicantKind)kind)).ToArray();

    static PublicHearing Hearing(SelectionMethod method, int seats, int alternates, params SeatQuota[] quotas) =>
        ((PublicHearing?)null).Then(
            new HearingAnnounced(
                Guid.NewGuid(),
                new(
                    HearingKind.Hearing,
                    HearingGround.MajorDecision,
                    "听证会",
                    "会议室",
                    Now.AddDays(30),
                    Now.AddDays(30).AddHours(3),
                    "事项",
                    "联系",
                    method,
                    seats,
                    quotas,
                    alternates,
                    Now,
                    null
                ),
                null,
                null,
                ["370114-ZJ"],
                By,
                Now.AddDays(-10)
            )
        )!;

    [Fact]
    public void whoever_comes_first_has_one() =>
        (
            from applications in Applications
            from seats in Gen.Int[1, 20]
            from more in Gen.Int[0, 20]
            select (applications, seats, more)
        ).Sample(
            given =>
            {
                var (applications, seats, more) = given;
                var selected = Selection.ByOrder(Hearing(SelectionMethod.FirstCome, seats, more), applications, Now);
                Assert.Equal(applications.Take(seats), selected.Seated);
                Assert.Equal(applications.Skip(seats).Take(more), selected.Alternates);
                Assert.Equal(applications.Length, selected.Counts.Sum(c => c.Applied));
                Assert.Equal(selected.Seated.Count, selected.Counts.Sum(c => c.Seated));
            },
            iter: 500
        );

    [Fact]
    public void each_kind_has_its_own_and_none_has_those_of_another() =>
        (
            from applications in Applications
            from citizens in Gen.Int[1, 8]
            from experts in Gen.Int[1, 8]
            from more in Gen.Int[0, 3]
            select (applications, citizens, experts, more)
        ).Sample(
            given =>
            {
                var (applications, citizens, experts, more) = given;
                var selected = Selection.ByOrder(
                    Hearing(
                        SelectionMethod.ByGroup,
                        citizens + experts,
                        more,
                        new(ApplicantKind.Citizen, citizens),
                        new(ApplicantKind.Expert, experts)
                    ),
                    applications,
                    Now
                );
                foreach (var (kind, seats) in new[] { (ApplicantKind.Citizen, citizens), (ApplicantKind.Expert, experts) })
                {
                    var all = applications.Where(a => a.Kind == kind).ToArray();
                    Assert.Equal(all.Take(seats), selected.Seated.Where(s => s.Kind == kind));
                    Assert.Equal(all.Skip(seats).Take(more), selected.Alternates.Where(s => s.Kind == kind));
                }
            },
            iter: 500
        );

    [Fact]
    public void whoever_withdrew_after_the_pool_was_published_is_passed_over() =>
        (from gone in Gen.Int[1, 25].HashSet[0, 25] select gone).Sample(
            gone =>
            {
                var applications = Enumerable.Range(1, 25).Select(n => new HearingSeat(n, ApplicantKind.Citizen)).ToArray();
                var announcement = AnyDraw.OfTheRfc(DrawAlgorithm.Md5) with { Pool = Selection.Pool(applications) };
                announcement = announcement with { PoolHash = DrawAnnouncement.HashOf(announcement.Pool) };
                var outcome = Draw.Hold(announcement, AnyDraw.ValuesOfTheRfc, AnyDraw.HeldAt).Outcome!;
                var selected = Selection.ByDraw(announcement, outcome, [.. applications.Where(a => !gone.Contains((int)a.Number))], Now);
                int[] left = [.. outcome.Drawn.Concat(outcome.Alternates).Where(n => !gone.Contains(n))];
                Assert.Equal(left.Take(10), selected.Seated.Select(s => (int)s.Number));
                Assert.Equal(left.Skip(10), selected.Alternates.Select(s => (int)s.Number));
            },
            iter: 300
        );

    /// <summary>However many give up, nobody is there twice, nobody comes back, and a seat stays empty only where nobody may have it.</summary>
    [Fact]
    public void a_seat_that_is_given_up_goes_to_the_next() =>
        (
            from applications in Applications
            from isByGroup in Gen.Bool
            from gone in Gen.Int[0, 59].Array[0, 40]
            select (applications, isByGroup, gone)
        ).Sample(
            given =>
            {
                var (applications, isByGroup, gone) = given;
                var hearing = isByGroup
                    ? Hearing(SelectionMethod.ByGroup, 5, 4, new(ApplicantKind.Citizen, 3), new(ApplicantKind.Expert, 2))
                    : Hearing(SelectionMethod.FirstCome, 5, 4);
                hearing = hearing.Then(Selection.ByOrder(hearing, applications, Now))!;
                HashSet<long> left = [];
                foreach (var place in gone.Where(g => g < applications.Length))
                {
                    var number = applications[place].Number;
                    if (!hearing.IsSeated(number) && !hearing.IsAlternate(number))
                        continue;
                    var before = hearing;
                    hearing = hearing.Then(hearing.GiveUp(number, By, Now))!;
                    left.Add(number);
                    Assert.False(hearing.IsSeated(number) || hearing.IsAlternate(number));
                    if (before.IsSeated(number) && !isByGroup && before.Alternates.Count > 0)
                    {
                        Assert.Equal(before.Seated.Count, hearing.Seated.Count);
                        Assert.True(hearing.IsSeated(before.Alternates[0].Number));
                    }
                    if (isByGroup)
                        Assert.True(hearing.Seated.Count(s => s.Kind is ApplicantKind.Citizen) <= 3);
                    var all = hearing.Seated.Concat(hearing.Alternates).Select(s => s.Number).ToArray();
                    Assert.Equal(all.Length, all.Distinct().Count());
                    Assert.DoesNotContain(all, left.Contains);
                }
            },
            iter: 500
        );

    [Theory]
    [InlineData("张三", true, "张")]
    [InlineData("欧阳修", true, "欧阳")]
    [InlineData("欧阳", true, "欧")]
    [InlineData("张三", false, null)]
    [InlineData("阿不都·热合曼", true, null)]
    [InlineData("John Smith", true, null)]
    public void a_list_shows_the_surname_of_those_who_agreed(string name, bool agreed, string? shown) =>
        Assert.Equal(shown, new ApplicantData(name, "13800000000", null, "理由", agreed).Surname);

    [Theory]
    [InlineData("13800000000", "13800000000")]
    [InlineData("138 0000-0000", "13800000000")]
    [InlineData("+86 13800000000", "13800000000")]
    [InlineData("008613800000000", "13800000000")]
    [InlineData("１３８００００００００", "13800000000")]
    [InlineData("(0531)80000001", "053180000001")]
    [InlineData(" Zhang.San@Example.COM ", "zhang.san@example.com")]
    [InlineData("ｚｓ＠example.com", "zs@example.com")]
    [InlineData("8612345", "8612345")]
    [InlineData("123456", null)]
    [InlineData("138000000001380000000", null)]
    [InlineData("张三", null)]
    [InlineData("a@b", null)]
    [InlineData("a@b@c.de", null)]
    [InlineData("a b@c.de", null)]
    public void one_contact_is_one_however_it_is_written(string written, string? normal) =>
        Assert.Equal(normal, ApplicantData.Normal(written));
}
