using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class when_a_topic_gathers(District district) : IClassFixture<District>
{
    [Fact]
    public async Task benefits_and_interpretations_stand_beside_documents_and_a_tag_is_subscribed_to()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await district.Ready("测政发〔2026〕831号");
        var chosen = new[] { material.ToString(), Guid.CreateVersion7().ToString() };
        Assert.Equal(
            ["/sections/0/items/0/target", "/sections/0/items/1/target"],
            (await district.Catalog.Put(Tokens.OpennessOffice, "topics/jobs", Topic(chosen), 422)).Pointers()
        );
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
        await district.Catalog.Put(Tokens.OpennessOffice, "topics/jobs", Topic(chosen[..1]));
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

    [Fact]
    public async Task what_explains_a_document_stands_beside_it()
    {
        var interpretation = await district.StartInterpretation();
        var (document, material) = await district.Ready("测政发〔2026〕832号", "第一条 补贴每年申请一次。");
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{document}/publish", new { });
        await district.PlanIs(document, "carried");
        var (other, _) = await district.PublishedText("测政发〔2026〕833号", "第一条 别的事。");
        var block = (await district.Documents.Get(null, $"documents/{document}/revisions/1"))
            .GetProperty("blocks")[0]
            .GetProperty("id")
            .GetString()!;
        var answer = await interpretation.PublishedAnswer(document, block, "补贴多久申请一次？", "每年一次。");
        await district.Catalog.Put(
            Tokens.OpennessOffice,
            "topics/explained",
            new
            {
                title = "补贴一件事",
                sections = new object[]
                {
                    new { title = "政策", items = new[] { document, other }.Select(target => new { kind = "document", target }) },
                    new { title = "查到", rules = new[] { new { q = "同步办法测政发〔2026〕832号" } } },
                },
            }
        );
        var page = await district.Catalog.Get(null, "topics/explained");
        string[] both = [$"/api/v1/interpretations/{material}", $"/api/v1/questions/{answer}"];
        Assert.Equal(both, Explained(page, 0, 0));
        Assert.Empty(Explained(page, 0, 1));
        Assert.Equal(both, Explained(page, 1, 0));
        Assert.Equal(
            [("一图读懂", "text"), ("补贴多久申请一次？", "questionsAndAnswers")],
            page.GetProperty("sections")[0]
                .GetProperty("items")[0]
                .GetProperty("explained")
                .EnumerateArray()
                .Select(e => (e.GetProperty("title").GetString(), e.GetProperty("form").GetString()))
        );
    }

    static IEnumerable<string?> Explained(System.Text.Json.JsonElement page, int section, int item) =>
        page.GetProperty("sections")[section]
            .GetProperty("items")[item]
            .GetProperty("explained")
            .EnumerateArray()
            .Select(e => e.GetProperty("link").GetString());

    static object Topic(IEnumerable<string> interpretations) =>
        new
        {
            title = "就业一件事",
            sections = new object[]
            {
                new { title = "解读", items = interpretations.Select(target => new { kind = "interpretation", target }) },
                new { title = "可申领", rules = new[] { new { benefitTag = "就业" } } },
            },
        };

    static IEnumerable<string?> Items(System.Text.Json.JsonElement page, int section) =>
        page.GetProperty("sections")[section].GetProperty("items").EnumerateArray().Select(i => i.GetProperty("target").GetString());
}
