using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class when_a_benefit_is_offered(District district, PostgresCluster postgres) : IClassFixture<District>
{
    const string Text = "第一条 为了支持小微企业，制定本办法。\n第二条 小微企业新增就业五人以上的，每人补贴一千元。";

    [Fact]
    public async Task a_profile_learns_what_fits_what_may_fit_and_why_the_rest_does_not()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText("测政发〔2026〕821号", Text);
        var fits = await Offer(
            interpretation,
            document,
            blocks[1],
            "就业补贴",
            new
            {
                all = new object[]
                {
                    new
                    {
                        field = "size",
                        @operator = "in",
                        value = new[] { "micro", "small" },
                    },
                    new
                    {
                        field = "staff",
                        @operator = "atLeast",
                        value = 5,
                    },
                },
            }
        );
        var possible = await Offer(
            interpretation,
            document,
            blocks[1],
            "研发补贴",
            new
            {
                field = "rdSpending",
                @operator = "moreThan",
                value = 0,
            }
        );
        var fails = await Offer(
            interpretation,
            document,
            blocks[1],
            "餐饮补贴",
            new
            {
                field = "industry",
                @operator = "equals",
                value = "餐饮",
            }
        );

        var matched = await interpretation.Post(
            "",
            "benefits/match",
            new
            {
                profile = new
                {
                    size = "small",
                    staff = 8,
                    industry = "零售",
                },
            }
        );
        Assert.Contains(fits, Ids(matched, "matching"));
        var missing = matched.GetProperty("possible").EnumerateArray().First(b => b.GetProperty("id").GetGuid() == possible);
        Assert.Equal(["rdSpending"], missing.GetProperty("missing").EnumerateArray().Select(f => f.GetString()));
        var why = matched
            .GetProperty("notMatching")
            .EnumerateArray()
            .First(b => b.GetProperty("id").GetGuid() == fails)
            .GetProperty("conditions")[0];
        Assert.Equal(
            ("industry", "零售", "fails"),
            (why.GetProperty("field").GetString(), why.GetProperty("fact").GetString(), why.GetProperty("result").GetString())
        );
        Assert.Equal(
            ["/profile/shoeSize", "/profile/staff"],
            (await interpretation.Post("", "benefits/match", new { profile = new { shoeSize = 43, staff = "viele" } }, 422)).Pointers()
        );
        Assert.Contains(
            fits,
            (await interpretation.Get(null, $"benefits?document={document}&block={blocks[1]}&tag=就业"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(b => b.GetProperty("id").GetGuid())
        );
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var interpretation = await district.StartInterpretation();
        var problem = await interpretation.Post(
            Tokens.DraftingHousing,
            "benefits",
            new
            {
                from = "2026-06-02",
                until = "2026-06-01",
                link = "http://x.test",
                blocks = new[] { "b1" },
                conditions = new
                {
                    field = "shoeSize",
                    @operator = "equals",
                    value = 1,
                },
            },
            422
        );
        Assert.Equal(["/title", "/benefit", "/documentId", "/until", "/link", "/conditions/field"], problem.Pointers());
        var hidden = await district.Documents.Draft();
        Assert.Equal(
            ["/documentId"],
            (await interpretation.Post(Tokens.DraftingEducation, "benefits", Given(hidden, "b1", "甲", null), 422)).Pointers()
        );
        var early = await interpretation.Post(Tokens.DraftingHousing, "benefits", Given(hidden, "b1", "甲", null), 201);
        Assert.Equal(
            "interpretation.document.notPublic",
            (await interpretation.Post(Tokens.OpennessOffice, $"benefits/{early.GetProperty("id").GetGuid()}/publish", new { }, 409)).Code()
        );
    }

    [Fact]
    public async Task it_ends_on_the_day_on_which_its_document_does()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var (repealed, blocks) = await own.PublishedText("测政发〔2026〕822号", Text);
        var first = await Offer(interpretation, repealed, blocks[1], "到废止为止");
        var (expiring, _) = await own.PublishedText("测政发〔2026〕823号", Text, new { expiresOn = "2026-06-20" });
        var second = await Offer(interpretation, expiring, blocks[1], "到期为止");
        Assert.Equal("2026-06-20", (await interpretation.Get(null, $"benefits/{second}")).GetProperty("endsOn").GetString());

        var (status, tag) = await Known(null);
        Assert.Equal((200, 304), (status, (await Known(tag)).Status));
        await own.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{repealed}/repeal",
            new { reason = "试验", effectiveFrom = "2026-06-10" }
        );
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, $"benefits/{first}")).GetProperty("endsOn").GetString() == "2026-06-09" ? true : null
        );
        // Whoever asks whether something changed hears of the repeal, and of the day on which it ends.
        (status, tag) = await Known(tag);
        Assert.Equal((200, 304), (status, (await Known(tag)).Status));
        own.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal([first, second], (await Offered(interpretation)).Order());
        own.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal([second], await Offered(interpretation));
        Assert.Equal(200, (await Known(tag)).Status);
        Assert.False((await interpretation.Get(null, $"benefits/{first}")).GetProperty("isOffered").GetBoolean());
        own.Clock.Advance(TimeSpan.FromDays(11));
        Assert.Empty(await Offered(interpretation));

        async Task<(int Status, string Tag)> Known(string? known)
        {
            var read = (
                await interpretation.Scenario(s =>
                {
                    if (known is not null)
                        s.WithRequestHeader("If-None-Match", known);
                    s.Get.Url($"/api/v1/benefits/{first}");
                    s.IgnoreStatusCode();
                })
            ).Context.Response;
            return (read.StatusCode, read.Headers.ETag.ToString());
        }
    }

    [Fact]
    public async Task a_changed_block_sends_it_to_its_body()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText("测政发〔2026〕824号", Text);
        var id = await Offer(interpretation, document, blocks[1], "就业补贴");
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/amendments",
            new
            {
                text = Text.Replace("一千", "二千", StringComparison.Ordinal),
                changeNote = "提高",
                effectiveFrom = "2026-06-01",
            },
            201
        );
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, $"benefits/{id}")).GetProperty("comparison").ValueKind is JsonValueKind.String ? true : null
        );
        Assert.Contains(
            (await interpretation.Get(Tokens.DraftingHousing, "interpretation-tasks?kind=outdatedBenefit"))
                .GetProperty("items")
                .EnumerateArray(),
            t => t.GetProperty("about").GetGuid() == id
        );
        await interpretation.Put(Tokens.DraftingHousing, $"benefits/{id}", Given(document, blocks[1], "就业补贴（新）", null), 200);
        await interpretation.Post(Tokens.OpennessOffice, $"benefits/{id}/publish", new { });
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(null, $"benefits/{id}")).GetProperty("comparison").ValueKind);
        Assert.Equal(
            "benefit.state.wrong",
            (await interpretation.Post(Tokens.OpennessOffice, $"benefits/{id}/publish", new { }, 409)).Code()
        );
        await interpretation.Post(Tokens.DraftingHousing, $"benefits/{id}/withdraw", new { reason = "资金用完" });
        await interpretation.Get(null, $"benefits/{id}", 404);
    }

    [Fact]
    public async Task the_fields_of_profiles_are_data_and_stay_as_conditions_use_them()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var (document, blocks) = await own.PublishedText("测政发〔2026〕825号", Text);
        await Offer(
            interpretation,
            document,
            blocks[1],
            "就业补贴",
            new
            {
                field = "staff",
                @operator = "atLeast",
                value = 5,
            }
        );
        var fields = (await interpretation.Get(null, "benefits/profile-schema"))
            .GetProperty("fields")
            .EnumerateArray()
            .Select(f => f.Clone())
            .ToArray();
        Task<JsonElement> Set(IEnumerable<JsonElement> kept, object further, int expected) =>
            interpretation.Put(
                Tokens.OpennessOffice,
                "benefits/profile-schema",
                new { fields = kept.Cast<object>().Append(further) },
                expected
            );
        var without = fields.Where(f => f.GetProperty("name").GetString() != "staff").ToArray();
        Assert.Equal("field.used", (
                await Set(
                    without,
                    new
                    {
                        name = "floorSpace",
                        label = "经营面积",
                        type = "number",
                    },
                    422
                )
            ).GetProperty("errors")[0].Code());
        Assert.Equal("field.used", (
                await Set(
                    without,
                    new
                    {
                        name = "staff",
                        label = "从业人数",
                        type = "text",
                    },
                    422
                )
            ).GetProperty("errors")[0].Code());
        Assert.Equal(
            ["/fields/15/name"],
            (
                await Set(
                    fields,
                    new
                    {
                        name = "staff",
                        label = "从业人数",
                        type = "number",
                    },
                    422
                )
            ).Pointers()
        );
        await Set(
            fields,
            new
            {
                name = "floorSpace",
                label = "经营面积",
                type = "number",
            },
            200
        );
        await interpretation.Post("", "benefits/match", new { profile = new { floorSpace = 80 } });
    }

    [Fact]
    public async Task a_registered_profile_belongs_to_its_system_and_can_be_erased()
    {
        var interpretation = await district.StartInterpretation();
        await interpretation.Put(
            Tokens.Integration,
            "benefits/profiles/geheim-e-1",
            new
            {
                profile = new
                {
                    size = "micro",
                    staff = 3,
                    household = "geheim-17",
                },
            },
            200
        );
        Assert.Equal(
            "profile.notFound",
            (await interpretation.Get(Tokens.For("other", null, "integrator"), "benefits/profiles/geheim-e-1", 404)).Code()
        );
        await interpretation.Get(Tokens.Integration, "benefits/profiles/geheim-e-1/matches");
        Assert.Equal(
            "geheim-17",
            (await interpretation.Get(Tokens.Integration, "benefits/profiles/geheim-e-1"))
                .GetProperty("profile")
                .GetProperty("household")
                .GetString()
        );
        Assert.Empty(await district.TablesWith("geheim-17"));
        Assert.Empty(await district.TablesWith("geheim-e-1"));
        await interpretation.Scenario(s =>
        {
            s.As(Tokens.Integration).Delete.Url("/api/v1/benefits/profiles/geheim-e-1");
            s.StatusCodeShouldBe(204);
        });
        await interpretation.Get(Tokens.Integration, "benefits/profiles/geheim-e-1", 404);
    }

    static object Given(Guid document, string block, string title, object? conditions) =>
        new
        {
            title,
            benefit = "每人一千元",
            documentId = document,
            blocks = new[] { block },
            conditions,
            tags = new[] { "就业" },
            materials = new[] { "劳动合同" },
        };

    static async Task<Guid> Offer(IAlbaHost interpretation, Guid document, string block, string title, object? conditions = null)
    {
        var id = (await interpretation.Post(Tokens.DraftingHousing, "benefits", Given(document, block, title, conditions), 201))
            .GetProperty("id")
            .GetGuid();
        await interpretation.Post(Tokens.OpennessOffice, $"benefits/{id}/publish", new { });
        return id;
    }

    static async Task<IEnumerable<Guid>> Offered(IAlbaHost interpretation) =>
        (await interpretation.Get(null, "benefits")).GetProperty("items").EnumerateArray().Select(b => b.GetProperty("id").GetGuid());

    static IEnumerable<Guid> Ids(JsonElement matched, string how) =>
        matched.GetProperty(how).EnumerateArray().Select(b => b.GetProperty("id").GetGuid());
}
