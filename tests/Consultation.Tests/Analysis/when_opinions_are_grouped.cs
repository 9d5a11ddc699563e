using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using PolicyPlatform.Consultation.Analysis;
using PolicyPlatform.Consultation.Tests.Questionnaires;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Analysis;

public sealed class when_opinions_are_grouped(District district) : IClassFixture<District>
{
    // Camps that think the opposite of each other in one of the statements after the other, and differ within by chance.
    static (double?[][] Opinions, int[] Camps) Camps(int seed, int respondents, int camps)
    {
        var random = new Random(seed);
        int[] camp = [.. Enumerable.Range(0, respondents).Select(i => i % camps)];
        return (
            [
                .. camp.Select(c =>
                    (double?[])
                        [
                            .. Enumerable
                                .Range(0, 12)
                                .Select(k =>
                                    random.Next(6) == 0 ? (double?)null
                                    : random.Next(12) == 0 ? random.Next(3) - 1.0
                                    : k % camps == c ? 1
                                    : -1
                                ),
                        ]
                ),
            ],
            camp
        );
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void those_who_think_alike_stand_together(int camps)
    {
        var (opinions, camp) = Camps(5, 240, camps);
        var map = OpinionMap.Of(opinions)!;
        Assert.Equal(camps, map.Groups);
        Assert.InRange(map.Silhouette, 0.5, 1);
        // Of each camp nearly all are in one group, and each in another.
        var most = Enumerable
            .Range(0, camps)
            .Select(c => map.Points.Where((_, i) => camp[i] == c).GroupBy(p => p.Group).MaxBy(g => g.Count())!)
            .ToArray();
        Assert.All(most, g => Assert.InRange(g.Count(), 0.95 * 240 / camps, 240));
        Assert.Equal(camps, most.Select(g => g.Key).Distinct().Count());
    }

    [Fact]
    public void the_same_opinions_make_the_same_map() =>
        (from seed in Gen.Int from respondents in Gen.Int[2, 60] from camps in Gen.Int[1, 4] select (seed, respondents, camps)).Sample(
            given =>
            {
                var (opinions, _) = Camps(given.seed, given.respondents, given.camps);
                var (one, two) = (OpinionMap.Of(opinions), OpinionMap.Of(opinions));
                Assert.Equal(one?.Points, two?.Points);
                if (one is null)
                    return;
                Assert.InRange(one.Groups, 1, 5);
                Assert.InRange(one.Silhouette, -1, 1);
                Assert.All(one.Points, p => Assert.True(double.IsFinite(p.X) && double.IsFinite(p.Y) && p.Group < one.Groups));
                int[] sizes = [.. one.Points.GroupBy(p => p.Group).OrderBy(g => g.Key).Select(g => g.Count())];
                Assert.Equal(sizes.OrderDescending(), sizes);
            },
            iter: 300
        );

    [Fact]
    public void of_those_who_all_think_the_same_there_is_no_map() =>
        Assert.Null(OpinionMap.Of([.. Enumerable.Range(0, 20).Select(_ => (double?[])[1, -1, null])]));

    [Fact]
    public void a_few_who_stand_apart_from_very_many_make_a_map_too() =>
        Assert.NotNull(
            OpinionMap.Of([
                .. Enumerable.Range(0, 5_000).Select(n => (double?[])(n is 1 or 3 ? [-1, 1, -1] : [1, n % 7 == 0 ? -1 : -0.9, 1])),
            ])
        );

    [Fact]
    public void nobody_stands_alone_in_the_picture() =>
        (
            from seed in Gen.Int
            from respondents in Gen.Int[10, 90]
            from statements in Gen.Int[1, 12]
            select (seed, respondents, statements)
        ).Sample(
            given =>
            {
                var opinions = Camps(given.seed, given.respondents, 3).Opinions.Select(o => o[..given.statements]).ToArray();
                if (OpinionMap.Of(opinions) is not { } map)
                    return;
                var shown = CoarsePoints.Of([.. map.Points.Select(p => (p.X, p.Y, p.Group))], 5);
                Assert.All(shown.GroupBy(p => p), together => Assert.True(together.Count() >= 5));
                // All of the groups that are large enough, and of no others.
                Assert.Equal(
                    map.Points.GroupBy(p => p.Group + 1).Where(g => g.Count() >= 5).ToDictionary(g => g.Key, g => g.Count()),
                    shown.GroupBy(p => p.Group).ToDictionary(g => g.Key, g => g.Count())
                );
                // The order says nothing of who answered first.
                Assert.Equal(shown, CoarsePoints.Of([.. map.Points.Reverse().Select(p => (p.X, p.Y, p.Group))], 5));
            },
            iter: 300
        );

    [Fact]
    public async Task who_carries_it_out_sees_the_groups_of_a_questionnaire_and_nobody_else()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "意见群体办法")).Id();
        var path = $"consultations/{id}/statistics/opinions";
        var nothing = await consultation.Get(Tokens.DraftingHousing, path);
        Assert.Equal(("commentGroups", 0), (nothing.Word("basis"), nothing.GetProperty("respondents").GetInt32()));
        Assert.Empty(nothing.GetProperty("groups").EnumerateArray());

        var questionnaire = await district.Opened(new { consultationId = id });
        for (var n = 0; n < 20; n++)
        {
            var content = n % 4 > 0;
            await consultation.Answers(
                questionnaire,
                AnyQuestionnaire.Answer(
                    content ? "yes" : "no",
                    more:
                    [
                        new { question = "content", number = content ? 5 : 1 },
                        new { question = "service", cells = new[] { new { row = "repair", column = content ? "good" : "bad" } } },
                    ]
                )
            );
        }
        var opinions = await consultation.Get(Tokens.DraftingHousing, path);
        Assert.Equal(("questionnaire", 20), (opinions.Word("basis"), opinions.GetProperty("respondents").GetInt32()));
        var groups = opinions.GetProperty("groups").EnumerateArray().ToArray();
        Assert.Equal([15, 5], groups.Select(g => g.GetProperty("respondents").GetInt32()));
        var content1 = groups[0].GetProperty("statements").EnumerateArray().Single(s => s.Word("statement") == "总体满意度");
        Assert.Equal((1, -1), (content1.GetProperty("mean").GetDouble(), content1.GetProperty("others").GetDouble()));
        Assert.StartsWith(
            "<svg",
            (await consultation.Read(Tokens.DraftingHousing, $"{path}/chart", "image/svg+xml", "image/svg+xml"))[..4],
            StringComparison.Ordinal
        );
        var table = JsonDocument.Parse(
            await consultation.Read(Tokens.DraftingHousing, $"{path}/chart", "application/json", "application/json")
        );
        Assert.Equal(20, table.RootElement.GetProperty("rows").GetArrayLength());
        // What is known already is not computed again: the answers themselves are not read for it.
        foreach (var known in new[] { path, $"{path}/chart" })
        {
            var tag = (await Ask(known, null)).Response.Headers.ETag;
            await district.Execute("alter table consultation.mt_doc_givenanswer rename column data to hidden");
            try
            {
                Assert.Equal(304, (await Ask(known, tag)).Response.StatusCode);
            }
            finally
            {
                await district.Execute("alter table consultation.mt_doc_givenanswer rename column hidden to data");
            }
        }
        var before = (await Ask(path, null)).Response.Headers.ETag;
        await consultation.Answers(questionnaire, AnyQuestionnaire.Answer("yes"));
        Assert.Equal(200, (await Ask(path, before)).Response.StatusCode);
        await consultation.Get(null, path, 401);
        await consultation.Get(Tokens.DraftingEducation, path, 403);
        await consultation.Get(Tokens.DraftingHousing, $"{path}?questionnaire={Guid.NewGuid()}", 404);

        async Task<HttpContext> Ask(string what, string? known) =>
            (
                await consultation.Scenario(s =>
                {
                    s.As(Tokens.DraftingHousing);
                    if (known is not null)
                        s.WithRequestHeader("If-None-Match", known);
                    s.Get.Url($"/api/v1/{what}");
                    s.IgnoreStatusCode();
                })
            ).Context;
    }

    [Fact]
    public async Task what_fewer_than_five_answered_is_not_told()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "小群体办法")).Id();
        var questionnaire = await district.Opened(new { consultationId = id });
        for (var n = 0; n < 16; n++)
            await consultation.Answers(
                questionnaire,
                AnyQuestionnaire.Answer(n % 4 > 0 ? "yes" : "no", more: [new { question = "content", number = n % 4 > 0 ? 5 : 1 }])
            );
        var opinions = await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/statistics/opinions");
        var groups = opinions.GetProperty("groups").EnumerateArray().ToArray();
        Assert.Equal([12, 4], groups.Select(g => g.GetProperty("respondents").GetInt32()));
        // Neither of the four, nor of the others as those to compare them with.
        Assert.All(groups, g => Assert.Empty(g.GetProperty("statements").EnumerateArray()));
        Assert.Equal(12, opinions.GetProperty("points").GetArrayLength());
    }

    [Fact]
    public async Task where_nobody_answered_one_groups_of_comments_are_compared_by_block()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "归类群体办法")).Id();
        string[] blocks = [await consultation.Block(id, "第二条"), await consultation.Block(id, "第三条")];
        for (var n = 0; n < 6; n++)
        {
            var comments = new List<Guid>();
            foreach (var (k, block) in blocks.Index())
                comments.Add(
                    (
                        await consultation.Comment(
                            id,
                            new
                            {
                                anchor = new { block },
                                position = (n < 4) == (k == 0) ? "support" : "oppose",
                                text = $"第{n}组对此的意见。",
                            }
                        )
                    ).Id
                );
            await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/groups", new { title = $"第{n}类", comments }, 201);
        }
        var opinions = await consultation.Get(Tokens.DraftingHousing, $"consultations/{id}/statistics/opinions");
        Assert.Equal("commentGroups", opinions.Word("basis"));
        Assert.Equal([4, 2], opinions.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("respondents").GetInt32()));
    }
}
