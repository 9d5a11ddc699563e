using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class when_a_topic_gathers(District district) : IClassFixture<District>
{
    [Fact]
    public async Task benefits_and_interpretations_stand_beside_documents_and_a_tag_is_subscribed_to()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await district.Ready("测政发〔2026〕831号");
        await district.Catalog.Put(
            Tokens.OpennessOffice,
            "topics/jobs",
            new
            {
                title = "就业一件事",
                sections = new object[]
                {
                    new
                    {
                        title = "解读",
                        items = new[]
                        {
                            new { kind = "interpretation", target = material },
                            new { kind = "interpretation", target = Guid.CreateVersion7() },
                        },
                    },
                    new { title = "可申领", rules = new[] { new { benefitTag = "就业" } } },
                },
            }
        );
        Assert.Empty(Items(await district.Catalog.Get(null, "topics/jobs"), 0));
        var feed = new Uri(
            (await district.Catalog.Post("", "subscriptions", new { channel = "atom", filter = new { tag = "就业" } }, 201))
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;

        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        await district.PlanIs(document, "carried");
        foreach (var (title, tag) in new[] { ("就业补贴", "就业"), ("创业贷款", "创业") })
        {
            var id = (
                await interpretation.Post(
                    Tokens.DraftingHousing,
                    "benefits",
                    new
                    {
                        title,
                        benefit = "一千元",
                        documentId = document,
                        blocks = new[] { "b1" },
                        tags = new[] { tag },
                    },
                    201
                )
            ).GetProperty("id").GetGuid();
            await interpretation.Post(Tokens.OpennessOffice, $"benefits/{id}/publish", new { });
        }
        var page = await district.Catalog.Get(null, "topics/jobs");
        Assert.Equal([material.ToString()], Items(page, 0));
        Assert.Equal("就业补贴", page.GetProperty("sections")[1].GetProperty("items")[0].GetProperty("title").GetString());
        Assert.Single(Items(page, 1));

        var told = await Calls.Eventually<ReadOnlyMemory<char>>(async () =>
            await (await district.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync() is var text
            && text.Contains("就业补贴", StringComparison.Ordinal)
                ? text.AsMemory()
                : default(ReadOnlyMemory<char>?)
        );
        Assert.DoesNotContain("创业贷款", told.ToString(), StringComparison.Ordinal);
    }

    static IEnumerable<string?> Items(System.Text.Json.JsonElement page, int section) =>
        page.GetProperty("sections")[section].GetProperty("items").EnumerateArray().Select(i => i.GetProperty("target").GetString());
}
