using System.Text.Json;
using Alba;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Catalog.Disclosure;
using PolicyPlatform.Catalog.Obligations;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Catalog.Tests.Disclosure;

public sealed class when_channels_have_codes_and_names(District district, PostgresCluster postgres) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    static object Content(params object[] channels) =>
        new
        {
            category = "住房保障",
            name = "房源信息",
            content = new[] { "位置" },
            legalBasis = "条例",
            bodies = new[] { "370114-ZJ" },
            channels,
        };

    [Fact]
    public async Task a_name_is_its_code_and_both_are_shown()
    {
        var item = await Set("20-01", Content(new { name = "政府网站" }, new { name = "两微一端", deadline = "3个工作日" }));
        Assert.Equal(["website", "newMedia"], Names(item));
        Assert.Equal(["政府网站", "两微一端"], Texts(item, "channelNames"));
        Assert.Equal(["测试区住房和城乡建设局"], Texts(item, "bodyNames"));
        foreach (var channel in new[] { "website", "政府网站", "区政府门户网站" })
            Assert.Contains(
                "20-01",
                (await Catalog.Get(null, $"disclosure-catalogues/district/items?channel={Uri.EscapeDataString(channel)}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(i => i.GetProperty("code").GetString())
            );
        Assert.Equal(
            "测试区住房和城乡建设局",
            (await Catalog.Get(null, "disclosure-catalogues/district/items/20-01/history"))
                .GetProperty("names")
                .GetProperty("370114-ZJ")
                .GetString()
        );
        var unknown = await Catalog.Put(
            Tokens.OpennessOffice,
            "disclosure-catalogues/district/items/20-02",
            new { content = Content(new { name = "飞鸽传书" }, new { name = "网站" }, new { name = "website" }) },
            422
        );
        Assert.Equal(["/content/channels/0/name", "/content/channels/2/name"], unknown.Pointers());
        Assert.Contains(
            "政府公报 (gazette)",
            unknown.GetProperty("errors")[0].GetProperty("detail").GetString()!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task a_district_adds_its_own_to_the_list()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        Assert.Contains(
            "website",
            (await own.Catalog.Get(null, "disclosure-catalogues/channels")).EnumerateArray().Select(c => c.GetProperty("code").GetString())
        );
        await own.Catalog.Put(Tokens.OpennessOffice, "lists/channels", new { name = "公开渠道", schema = new { type = "object" } });
        await own.Catalog.Post(
            Tokens.OpennessOffice,
            "lists/channels/entries",
            new
            {
                note = "本区渠道。",
                changes = new object[]
                {
                    new
                    {
                        action = "add",
                        code = "loudspeaker",
                        title = "村村响广播",
                        content = new { otherNames = new[] { "大喇叭" } },
                    },
                    new
                    {
                        action = "add",
                        code = "website",
                        title = "测试区人民政府网站",
                        content = new { },
                    },
                },
            }
        );
        var item = await own.Catalog.Put(
            Tokens.OpennessOffice,
            "disclosure-catalogues/district/items/20-03",
            new { content = Content(new { name = "大喇叭" }, new { name = "政府网站" }) }
        );
        Assert.Equal(["loudspeaker", "website"], Names(item));
        Assert.Equal(["村村响广播", "测试区人民政府网站"], Texts(item, "channelNames"));
    }

    [Fact]
    public async Task what_was_kept_by_its_name_is_the_website_and_goes_on_as_it_is()
    {
        var (old, change) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var session = Catalog.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream<DisclosureItem>(
                DisclosureItem.Key(Layer.District, "20-04"),
                new DisclosureItemSet(
                    Layer.District,
                    "20-04",
                    new(
                        "住房保障",
                        "配租结果",
                        ["名单"],
                        "条例",
                        DeadlineRule.Default,
                        ["370114-ZJ"],
                        [new("政府网站"), new("飞鸽传书")],
                        null,
                        DisclosureWay.Proactive
                    ),
                    new(2026, 1, 1),
                    Actor.Platform,
                    DateTimeOffset.UtcNow
                )
            );
            // As obligations were opened and heard of publication before channels had codes.
            foreach (var (document, cause) in new[] { (old, ObligationCause.Document), (change, ObligationCause.Change) })
                session.Events.StartStream<Obligation>(
                    Obligation.Key(document.ToString()),
                    new ObligationOpened(
                        document.ToString(),
                        cause,
                        "配租结果",
                        document,
                        ["370114-ZJ"],
                        "district/20-04",
                        new(2026, 5, 20),
                        [
                            new("政府网站", DeadlineRule.Default, new(2026, 6, 17), true, ""),
                            new("飞鸽传书", DeadlineRule.Default, new(2026, 6, 17), true, ""),
                        ],
                        null,
                        Actor.Platform,
                        DateTimeOffset.UtcNow
                    )
                );
            session.Events.Append(
                Obligation.Key(old.ToString()),
                new ObligationDocumentPublished(new(2026, 5, 25), Actor.Platform, DateTimeOffset.UtcNow)
            );
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var met = await Catalog.Get(Tokens.OpennessOffice, $"obligations/{old}");
        Assert.Equal(
            ("政府网站", "2026-05-25"),
            (
                met.GetProperty("channels")[0].GetProperty("channel").GetString(),
                met.GetProperty("channels")[0].GetProperty("metOn").GetString()
            )
        );
        Assert.Equal(
            "2026-05-20",
            (await Catalog.Get(Tokens.OpennessOffice, $"obligations/{change}")).GetProperty("channels")[0].GetProperty("metOn").GetString()
        );
        Assert.Equal("配租结果", met.GetProperty("itemName").GetString());
        Assert.Equal(["测试区住房和城乡建设局"], Texts(met, "bodyNames"));
        Assert.Equal(
            "obligation.state.wrong",
            (await Catalog.Post(Tokens.OpennessOffice, $"obligations/{old}/published", new { channel = "website" }, 409)).Code()
        );
        Assert.Equal(
            "met",
            (
                await Catalog.Post(
                    Tokens.OpennessOffice,
                    $"obligations/{old}/published",
                    new { channel = "飞鸽传书", publishedOn = "2026-06-01" }
                )
            )
                .GetProperty("state")
                .GetString()
        );

        // The item keeps a channel that nobody knows; a document of it is met in the library by its publication.
        var kept = await Set("20-04", Content(new { name = "政府网站" }, new { name = "飞鸽传书" }), "2026-06-01");
        Assert.Equal(["website", "飞鸽传书"], Names(kept));
        var id = Guid.CreateVersion7();
        await Hears(new DocumentIssuedMessage(id, 8, "配租结果", ["370114-ZJ"], new(2026, 5, 29), true, "district/20-04"));
        await Hears(new DocumentPublishedMessage(id, 9, 1, new(2026, 6, 1), new(2026, 6, 1)));
        var channels = (await Catalog.Get(Tokens.OpennessOffice, $"obligations/{id}")).GetProperty("channels");
        Assert.Equal(
            ("website", "政府网站", "2026-06-01"),
            (
                channels[0].GetProperty("channel").GetString(),
                channels[0].GetProperty("channelName").GetString(),
                channels[0].GetProperty("metOn").GetString()
            )
        );
        Assert.Equal(
            "测试区住房和城乡建设局",
            (await Catalog.Get(Tokens.OpennessOffice, "obligations/statistics"))[0].GetProperty("bodyName").GetString()
        );
    }

    [Fact]
    public async Task a_deadline_that_names_a_day_is_due_on_it()
    {
        await Set(
            "20-05",
            new
            {
                category = "政务公开",
                name = "年度报告",
                content = new[] { "报告" },
                legalBasis = "条例第五十条",
                deadline = "次年1月31日前",
                bodies = new[] { "370114-ZJ" },
                channels = new object[] { new { name = "website" }, new { name = "公报", deadline = "及时公开" } },
            }
        );
        var channels = (
            await Catalog.Post(
                Tokens.Integration,
                "obligations",
                new
                {
                    source = "系统",
                    reference = "年报",
                    title = "年度报告",
                    item = "district/20-05",
                    formedOn = "2026-05-20",
                },
                201
            )
        ).GetProperty("channels");
        Assert.Equal(
            ("2027-01-31", "gazette", "2026-06-17"),
            (
                channels[0].GetProperty("dueOn").GetString(),
                channels[1].GetProperty("channel").GetString(),
                channels[1].GetProperty("dueOn").GetString()
            )
        );
        Assert.Contains("第二十六条", channels[1].GetProperty("explanation").GetString()!, StringComparison.Ordinal);
    }

    Task<JsonElement> Set(string code, object content, string effectiveFrom = "2026-01-01") =>
        Catalog.Put(Tokens.OpennessOffice, $"disclosure-catalogues/district/items/{code}", new { content, effectiveFrom }, 200);

    async Task Hears(object message)
    {
        await using var scope = Catalog.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message, TestContext.Current.CancellationToken);
    }

    static IEnumerable<string?> Names(JsonElement item) =>
        item.GetProperty("content").GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("name").GetString());

    static string?[] Texts(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(n => n.GetString())];
}
