using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class when_a_benefit_says_why(District district) : IClassFixture<District>
{
    [Fact]
    public async Task what_excludes_reads_as_what_is_required()
    {
        var interpretation = await district.StartInterpretation();
        // Nobody who owes, and no large or catering enterprise.
        var id = await interpretation.Offer(
            district,
            "测政发〔2026〕841号",
            Not(Any(Fact("hasArrears", "equals", true), All(Fact("size", "equals", "large"), Fact("industry", "equals", "餐饮"))))
        );
        var owing = await Match(
            interpretation,
            id,
            new
            {
                hasArrears = true,
                size = "large",
                industry = "零售",
            }
        );
        Assert.Equal("fails", owing.GetProperty("fits").GetString());
        // As it stands the comparison holds: that is what keeps the person out.
        Assert.Equal("holds", owing.GetProperty("conditions")[0].GetProperty("result").GetString());
        var reason = Assert.Single(owing.GetProperty("reasons").EnumerateArray());
        Assert.Equal(
            ("comparison", "fails", "hasArrears", "有无欠费", "equals", false),
            (
                reason.GetProperty("kind").GetString(),
                reason.GetProperty("result").GetString(),
                reason.GetProperty("field").GetString(),
                reason.GetProperty("label").GetString(),
                reason.GetProperty("operator").GetString(),
                reason.GetProperty("value").GetBoolean()
            )
        );
        Assert.Equal("Not met: 有无欠费 is 无 (profile: 有).", reason.GetProperty("told").GetString());

        var both = await Match(
            interpretation,
            id,
            new
            {
                hasArrears = false,
                size = "large",
                industry = "餐饮",
            }
        );
        Assert.Equal(
            ["Not met: none of these: (1) 企业规模 is not 大型企业 (profile: 大型企业) (2) 所属行业 is not 餐饮 (profile: 餐饮)."],
            Told(both)
        );
        Assert.Equal("noneOf", both.GetProperty("reasons")[0].GetProperty("kind").GetString());
        Assert.Equal(
            ["notEquals", "notEquals"],
            both.GetProperty("reasons")[0].GetProperty("of").EnumerateArray().Select(r => r.GetProperty("operator").GetString())
        );

        var fits = await Match(interpretation, id, new { hasArrears = false, size = "micro" });
        Assert.Equal(["Met: 有无欠费 is 无 (profile: 无).", "Met: 企业规模 is not 大型企业 (profile: 微型企业)."], Told(fits));
    }

    [Fact]
    public async Task of_several_of_which_one_is_enough_the_one_that_holds_is_told()
    {
        var interpretation = await district.StartInterpretation();
        var id = await interpretation.Offer(
            district,
            "测政发〔2026〕842号",
            Any(
                Fact("staff", "atMost", 5),
                Fact("status", "contains", "高校毕业生"),
                All(Fact("size", "in", new[] { "micro", "small" }), Fact("revenue", "lessThan", 500_000))
            )
        );
        Assert.Equal(
            ["Met: 人员类别 has 高校毕业生 (profile: 高校毕业生 as well as 退役军人)."],
            Told(await Match(interpretation, id, new { staff = 9, status = new[] { "高校毕业生", "退役军人" } }))
        );
        Assert.Equal(
            [
                "Not met: none of these: (1) 从业人数 is 5 or less (profile: 9) (2) 人员类别 has 高校毕业生 (profile: nothing) (3) 企业规模 is 微型企业 or 小型企业 (profile: 中型企业).",
            ],
            Told(
                await Match(
                    interpretation,
                    id,
                    new
                    {
                        staff = 9,
                        status = Array.Empty<string>(),
                        size = "medium",
                    }
                )
            )
        );
        // What the profile does not say is asked for, and only that.
        var possible = await Match(
            interpretation,
            id,
            new
            {
                staff = 9,
                size = "small",
                hasArrears = false,
            }
        );
        Assert.Equal("unknown", possible.GetProperty("fits").GetString());
        Assert.Equal(["status", "revenue"], possible.GetProperty("missing").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal(
            [
                "Not known yet: one of these: (1) 人员类别 has 高校毕业生 (the profile does not say) (2) 上年营业收入（元） is less than 500000 (the profile does not say).",
            ],
            Told(possible)
        );
        Assert.Empty((await Match(interpretation, id, new { staff = 3 })).GetProperty("missing").EnumerateArray());
    }

    [Fact]
    public async Task a_front_end_learns_what_to_ask_for_next_and_who_nearly_fits_comes_first()
    {
        var interpretation = await district.StartInterpretation();
        async Task<Guid> Offered(int n, object conditions) =>
            await interpretation.Offer(district, $"测政发〔2026〕{n}号", conditions, tag: "先问什么");
        await Offered(843, All(Fact("household", "equals", "370114001"), Fact("income", "atMost", 6000)));
        await Offered(844, Fact("income", "atMost", 3000));
        await Offered(845, Fact("income", "atMost", 2000));
        var far = await Offered(846, All(Fact("kind", "equals", "enterprise"), Fact("size", "equals", "micro")));
        var near = await Offered(847, Fact("kind", "in", new[] { "enterprise", "selfEmployed" }));
        var soon = await Offered(848, Fact("birthday", "atLeastAgo", "P60Y"));

        var matched = await interpretation.Post(
            "",
            "benefits/match",
            new
            {
                profile = new
                {
                    kind = "person",
                    size = "small",
                    birthday = "1966-09-15",
                },
                tag = "先问什么",
            }
        );
        Assert.Equal("2026-06-01", matched.GetProperty("day").GetString());
        Assert.Equal(
            [("income", 3, 2), ("household", 1, 0)],
            matched
                .GetProperty("ask")
                .EnumerateArray()
                .Select(a =>
                    (a.GetProperty("field").GetString(), a.GetProperty("benefits").GetInt32(), a.GetProperty("decides").GetInt32())
                )
        );
        Assert.Contains("家庭人均月收入（元）", matched.GetProperty("ask")[0].GetProperty("told").GetString(), StringComparison.Ordinal);
        Assert.Equal([soon, near, far], matched.GetProperty("notMatching").EnumerateArray().Select(b => b.GetProperty("id").GetGuid()));
        Assert.Equal("2026-09-15", matched.GetProperty("notMatching")[0].GetProperty("fitsFrom").GetString());
    }

    static object Fact(string field, string compared, object value) =>
        new
        {
            field,
            @operator = compared,
            value,
        };

    static object All(params object[] all) => new { all };

    static object Any(params object[] any) => new { any };

    static object Not(object not) => new { not };

    static async Task<JsonElement> Match(IAlbaHost interpretation, Guid id, object profile) =>
        (await interpretation.Post("", "benefits/match", new { profile, limit = 500 })).Match(id);

    static IEnumerable<string?> Told(JsonElement match) =>
        match.GetProperty("reasons").EnumerateArray().Select(r => r.GetProperty("told").GetString());
}
