using System.Text.Json;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class when_values_have_names(District district, PostgresCluster postgres) : IClassFixture<District>
{
    [Fact]
    public async Task profiles_and_conditions_may_have_the_name_and_answers_have_both()
    {
        var interpretation = await district.StartInterpretation();
        var id = await interpretation.Offer(
            district,
            "测政发〔2026〕861号",
            new
            {
                all = new object[]
                {
                    new
                    {
                        field = "size",
                        @operator = "in",
                        value = new[] { "微型企业", " 小型企业 " },
                    },
                    new
                    {
                        field = "hasArrears",
                        @operator = "equals",
                        value = "无",
                    },
                },
            }
        );
        var stored = (await interpretation.Get(null, $"benefits/{id}")).GetProperty("content").GetProperty("conditions").GetProperty("all");
        Assert.Equal(["micro", "small"], stored[0].GetProperty("value").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(JsonValueKind.False, stored[1].GetProperty("value").ValueKind);

        foreach (var size in new[] { "micro", "微型企业", "　微型企业 ", "微型企業", "ＭＩＣＲＯ" })
        {
            var match = (
                await interpretation.Post("", "benefits/match", new { profile = new { size, hasArrears = "无" }, limit = 500 })
            ).Match(id);
            Assert.Equal("holds", match.GetProperty("fits").GetString());
            var reason = match.GetProperty("reasons")[0];
            Assert.Equal(
                ("micro", "微型企业", "企业规模 is 微型企业 or 小型企业"),
                (
                    reason.GetProperty("fact").GetString(),
                    reason.GetProperty("stated").GetString(),
                    reason.GetProperty("required").GetString()
                )
            );
        }
        var wrong = await interpretation.Post("", "benefits/match", new { profile = new { size = "巨型企业", hasArrears = "也许" } }, 422);
        Assert.Equal(["/profile/size", "/profile/hasArrears"], wrong.Pointers());
        Assert.Contains("micro (微型企业)", wrong.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);

        var registered = await interpretation.Put(
            Tokens.Integration,
            "benefits/profiles/named",
            new { profile = new { size = "微型企业", hasArrears = "无" } },
            200
        );
        Assert.Equal("micro", registered.GetProperty("profile").GetProperty("size").GetString());
        var fact = (await interpretation.Get(Tokens.Integration, "benefits/profiles/named")).GetProperty("facts")[0];
        Assert.Equal(
            ("size", "企业规模", "micro", "微型企业"),
            (
                fact.GetProperty("field").GetString(),
                fact.GetProperty("label").GetString(),
                fact.GetProperty("value").GetString(),
                fact.GetProperty("stated").GetString()
            )
        );
    }

    [Fact]
    public async Task what_was_stored_before_there_were_names_goes_on_matching()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        // Names stood where values are now, and any word was taken.
        await Set(
            200,
            Field(["小微企业", "大型企业"], null),
            new
            {
                name = "trade",
                label = "行业",
                type = "text",
            }
        );
        var size = await interpretation.Offer(
            own,
            "测政发〔2026〕862号",
            new
            {
                field = "size",
                @operator = "equals",
                value = "小微企业",
            }
        );
        var trade = await interpretation.Offer(
            own,
            "测政发〔2026〕863号",
            new
            {
                field = "trade",
                @operator = "notEquals",
                value = "餐饮业",
            }
        );
        await interpretation.Put(
            Tokens.Integration,
            "benefits/profiles/old",
            new { profile = new { size = "小微企业", trade = "零售业" } },
            200
        );

        object named = Field(["sm", "large"], new { sm = "小微企业", large = "大型企业" }),
            trades = new
            {
                name = "trade",
                label = "行业",
                type = "text",
                values = new[] { "H62", "F52" },
                names = new Dictionary<string, string> { ["H62"] = "餐饮业", ["F52"] = "零售业" },
            };
        await Set(200, named, trades);
        var before = await interpretation.Get(Tokens.Integration, "benefits/profiles/old/matches");
        Assert.Equal(["holds", "holds"], new[] { size, trade }.Select(b => before.Match(b).GetProperty("fits").GetString()));
        var now = await interpretation.Post("", "benefits/match", new { profile = new { size = "sm", trade = "H62" } });
        Assert.Equal(["holds", "fails"], new[] { size, trade }.Select(b => now.Match(b).GetProperty("fits").GetString()));
        Assert.Equal(
            "sm",
            (await interpretation.Get(Tokens.Integration, "benefits/profiles/old")).GetProperty("profile").GetProperty("size").GetString()
        );
        // A value that conditions use is not lost together with its name.
        Assert.Equal("field.used", (await Set(422, Field(["large"], new { large = "大型企业" }), trades)).GetProperty("errors")[0].Code());

        Task<JsonElement> Set(int expected, params object[] fields) =>
            interpretation.Put(Tokens.OpennessOffice, "benefits/profile-schema", new { fields }, expected);
    }

    [Fact]
    public async Task a_name_stands_for_one_value_of_the_field()
    {
        var interpretation = await district.StartInterpretation();
        var wrong = await interpretation.Put(
            Tokens.OpennessOffice,
            "benefits/profile-schema",
            new
            {
                fields = new[]
                {
                    Field(
                        ["micro", "small"],
                        new
                        {
                            micro = "微型企业",
                            small = "微型 企業",
                            huge = "巨型企业",
                        }
                    ),
                    new
                    {
                        name = "staff",
                        label = "从业人数",
                        type = "number",
                        names = new { many = "很多" },
                    },
                    new
                    {
                        name = "owes",
                        label = "有无欠费",
                        type = "boolean",
                        names = new Dictionary<string, string?> { ["true"] = "有", ["false"] = null },
                    },
                },
            },
            422
        );
        Assert.Equal(
            [
                ("/fields/0/names/micro", "name.twice"),
                ("/fields/0/names/small", "name.twice"),
                ("/fields/0/names/huge", "value.unknown"),
                ("/fields/1/names", "names.unfit"),
                ("/fields/2/names/false", "value.missing"),
            ],
            wrong.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("pointer").GetString()!, e.Code()))
        );
    }

    static object Field(string[] values, object? names) =>
        new
        {
            name = "size",
            label = "企业规模",
            type = "text",
            values,
            names,
        };
}
