using System.Text.Json;
using Alba;
using Grpc.Net.Client;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Catalog.Topics;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Topics;

public sealed class when_gathering_a_topic(District district) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task what_was_chosen_and_what_comes_by_itself_stands_on_one_page()
    {
        var chosen = await district.Documents.Publish(
            await district.Documents.Draft("第一条 停车。", "停车管理办法"),
            "测政发〔2026〕901号"
        );
        var byRule = await district.Documents.Publish(
            await district.Documents.Draft("第一条 充电桩建设。", "充电桩建设办法"),
            "测政发〔2026〕902号"
        );
        // Not public, and so not found by the rule.
        await district.Documents.Draft("第一条 充电桩收费。", "充电桩收费办法");
        await Catalog.Put(Tokens.OpennessOffice, "lists/guides", new { name = "办事指南", schema = new { type = "object" } });
        await Catalog.Post(
            Tokens.OpennessOffice,
            "lists/guides/entries",
            new
            {
                note = "公布",
                changes = new[]
                {
                    ("TC-1", "停车泊位申请", "370114-ZJ"),
                    ("TC-2", "停车费减免", "370114-ZJ"),
                    ("RX-1", "入学登记", "370114-JY"),
                    ("TC-3", "停车场备案", "370114-JY"),
                }.Select(e => new
                {
                    action = "add",
                    code = e.Item1,
                    title = e.Item2,
                    body = e.Item3,
                    content = new { },
                }),
            }
        );
        await Catalog.Put(
            Tokens.OpennessOffice,
            "topics/parking",
            new
            {
                title = "停车一件事",
                sections = new object[]
                {
                    new
                    {
                        title = "政策",
                        items = new object[] { new { kind = "document", target = chosen } },
                        rules = new[] { new { q = "充电桩" } },
                    },
                    new
                    {
                        title = "办事",
                        items = new object[]
                        {
                            new { kind = "listEntry", target = "guides/TC-1" },
                            new
                            {
                                kind = "link",
                                target = "https://province.test/parking",
                                title = "省级政策",
                            },
                        },
                        rules = new[]
                        {
                            new
                            {
                                list = "guides",
                                q = "停车",
                                issuer = "370114-ZJ",
                            },
                        },
                    },
                },
            }
        );
        var page = await Catalog.Get(null, "topics/parking");
        Assert.Equal([chosen.ToString(), byRule.ToString()], Items(page, 0));
        Assert.Equal(["guides/TC-1", "https://province.test/parking", "guides/TC-2"], Items(page, 1));
        Assert.Equal(["interpretation"], page.GetProperty("without").EnumerateArray().Select(s => s.GetString()));
        Assert.Contains(
            "parking",
            (await Catalog.Get(null, "topics")).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("code").GetString())
        );
        await Catalog.Post(Tokens.OpennessOffice, "topics/parking/remove", new { reason = "合并" });
        Assert.Equal("topic.notFound", (await Catalog.Get(null, "topics/parking", 404)).Code());
    }

    [Fact]
    public async Task a_topic_has_a_thousand_items_and_one_that_was_set_with_more_is_read_all_the_same()
    {
        static object[] Sections(int items) =>
            [
                .. Enumerable
                    .Range(0, items)
                    .Select(n =>
                        (object)
                            new
                            {
                                kind = "link",
                                target = $"https://province.test/{n}",
                                title = $"省级政策{n}",
                            }
                    )
                    .Chunk(100)
                    .Select(some => new { title = "政策", items = some }),
            ];
        Assert.Equal(
            ["/sections"],
            (await Catalog.Put(Tokens.OpennessOffice, "topics/many", new { title = "许多", sections = Sections(1001) }, 422)).Pointers()
        );
        await Catalog.Put(Tokens.OpennessOffice, "topics/many", new { title = "许多", sections = Sections(1000) });

        var chosen = await district.Documents.Publish(await district.Documents.Draft("第一条 甲。", "旧专题办法"), "测政发〔2026〕903号");
        await SetEarlier("old", [.. Enumerable.Range(0, 1500).Select(_ => Guid.NewGuid()), chosen]);
        Assert.Equal([chosen.ToString()], Items(await Catalog.Get(null, "topics/old"), 0));
    }

    [Fact]
    public async Task other_services_hear_of_no_draft_either()
    {
        var chosen = await district.Documents.Publish(await district.Documents.Draft("第一条 甲。", "公开的办法"), "测政发〔2026〕904号");
        var draft = await district.Documents.Draft("第一条 乙。", "草拟的办法");
        await SetEarlier("drafts", [chosen, draft]);
        using var channel = GrpcChannel.ForAddress("http://catalog.test", new() { HttpHandler = Catalog.Server.CreateHandler() });
        var topic = await new Contracts.Catalog.V1.Catalog.CatalogClient(channel).GetTopicAsync(
            new() { Code = "drafts" },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal([chosen.ToString()], topic.Documents);
    }

    [Fact]
    public async Task a_service_that_is_away_is_named()
    {
        await Catalog.Put(
            Tokens.OpennessOffice,
            "topics/aid",
            new { title = "惠企", sections = new[] { new { title = "可申领", rules = new[] { new { benefitTag = "就业" } } } } }
        );
        Assert.Equal(
            ["interpretation"],
            (await Catalog.Get(null, "topics/aid")).GetProperty("without").EnumerateArray().Select(s => s.GetString())
        );
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once() =>
        Assert.Equal(
            [
                "/title",
                "/sections/0/title",
                "/sections/0",
                "/sections/1/items/0/target",
                "/sections/1/items/1/title",
                "/sections/1/items/1/target",
                "/sections/1/rules/0",
                "/sections/1/rules/1",
            ],
            (
                await Catalog.Put(
                    Tokens.OpennessOffice,
                    "topics/x",
                    new
                    {
                        sections = new object[]
                        {
                            new { },
                            new
                            {
                                title = "乙",
                                items = new object[]
                                {
                                    new { kind = "document", target = "x" },
                                    new { kind = "link", target = "javascript:1" },
                                },
                                rules = new object[] { new { }, new { benefitTag = "就业", q = "补贴" } },
                            },
                        },
                    },
                    422
                )
            ).Pointers()
        );

    [Fact]
    public async Task each_document_says_whether_it_is_in_force()
    {
        async Task<Guid> Published(int n, object? publication = null) =>
            await district.Documents.Publish(
                await district.Documents.Draft("第一条 甲。", $"效力办法{n}"),
                $"测政发〔2026〕92{n}号",
                publication
            );
        var (inForce, repealed, superseded) = (await Published(1), await Published(2), await Published(3));
        var (later, expired) = (
            await Published(4, new { effectiveFrom = "2027-01-01" }),
            await Published(5, new { expiresOn = "2026-06-01" })
        );
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{repealed}/repeal",
            new { effectiveFrom = "2026-06-01", reason = "不再适用" }
        );
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{superseded}/supersede",
            new
            {
                supersededBy = inForce,
                effectiveFrom = "2026-06-01",
                reason = "由新办法替代",
            }
        );
        district.Clock.Advance(TimeSpan.FromDays(1));
        Guid[] all = [inForce, repealed, superseded, later, expired];
        await Catalog.Put(
            Tokens.OpennessOffice,
            "topics/validity",
            new
            {
                title = "效力",
                sections = new object[]
                {
                    new { title = "选定", items = all.Select(target => new { kind = "document", target }) },
                    new { title = "查到", rules = new[] { new { q = "效力办法" } } },
                },
            }
        );
        var page = await Catalog.Get(null, "topics/validity");
        Assert.Equal(["inForce", "repealed", "superseded", "notYetInForce", "expired"], Validities(page, 0).Select(v => v.Validity));
        Assert.Equal(Validities(page, 0).Order(), Validities(page, 1).Order());
        // Interpretation is not there: what explains them is not known, which is not the same as none.
        Assert.All(
            page.GetProperty("sections")[0].GetProperty("items").EnumerateArray(),
            i => Assert.Equal(JsonValueKind.Null, i.GetProperty("explained").ValueKind)
        );
        Assert.Equal(["interpretation"], page.GetProperty("without").EnumerateArray().Select(s => s.GetString()));

        static IEnumerable<(string? Target, string? Validity)> Validities(JsonElement page, int section) =>
            page.GetProperty("sections")[section]
                .GetProperty("items")
                .EnumerateArray()
                .Select(i => (i.GetProperty("target").GetString(), i.GetProperty("validity").GetString()));
    }

    [Fact]
    public async Task what_is_not_there_for_everybody_is_refused_each_by_its_place()
    {
        var published = await district.Documents.Publish(
            await district.Documents.Draft("第一条 甲。", "可选的办法"),
            "测政发〔2026〕931号"
        );
        var down = await district.Documents.Publish(await district.Documents.Draft("第一条 乙。", "撤下的办法"), "测政发〔2026〕932号");
        var topic = new
        {
            title = "目标",
            sections = new object[]
            {
                new
                {
                    title = "政策",
                    items = new object[]
                    {
                        new { kind = "document", target = published },
                        new { kind = "document", target = down },
                        new { kind = "document", target = await district.Documents.Draft("第一条 丙。", "起草的办法") },
                        new { kind = "document", target = Guid.NewGuid() },
                    },
                },
                new { title = "办事", items = new object[] { new { kind = "listEntry", target = "guides/NO-1" } } },
            },
        };
        string[] wrong = ["/sections/0/items/2/target", "/sections/0/items/3/target", "/sections/1/items/0/target"];
        var refused = await Catalog.Put(Tokens.OpennessOffice, "topics/targets", topic, 422);
        Assert.Equal(wrong, refused.Pointers());
        Assert.Equal(
            ["document.unknown", "document.unknown", "listEntry.unknown"],
            refused.GetProperty("errors").EnumerateArray().Select(e => e.Code())
        );
        await Catalog.Get(null, "topics/targets", 404);

        // What was chosen while it was public is left out once it is not, and is not chosen again.
        await Catalog.Put(
            Tokens.OpennessOffice,
            "topics/down",
            new
            {
                title = "撤下",
                sections = new[]
                {
                    new { title = "政策", items = new[] { published, down }.Select(target => new { kind = "document", target }) },
                },
            }
        );
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{down}/take-down",
            new
            {
                ground = "personalData",
                reason = "附件含个人信息",
                explanation = "暂停公开，正在处理。",
            }
        );
        Assert.Equal([published.ToString()], Items(await Catalog.Get(null, "topics/down"), 0));
        refused = await Catalog.Put(Tokens.OpennessOffice, "topics/targets", topic, 422);
        Assert.Equal(["/sections/0/items/1/target", .. wrong], refused.Pointers());
    }

    [Fact]
    public async Task nothing_is_recorded_while_a_service_that_knows_a_target_is_away() =>
        Assert.Equal(
            "service.unavailable",
            (
                await Catalog.Put(
                    Tokens.OpennessOffice,
                    "topics/away",
                    new
                    {
                        title = "解读",
                        sections = new[]
                        {
                            new { title = "解读", items = new[] { new { kind = "interpretation", target = Guid.NewGuid() } } },
                        },
                    },
                    503
                )
            ).Code()
        );

    // A topic as it could be set before its targets had to be there.
    async Task SetEarlier(string code, IReadOnlyList<Guid> documents)
    {
        await using var session = Catalog.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.StartStream<Topic>(
            Topic.Key(code),
            new TopicSet(
                code,
                "旧专题",
                null,
                [new("政策", [.. documents.Select(id => new TopicItem(TopicItemKind.Document, id.ToString(), null))], [])],
                Actor.Platform,
                DateTimeOffset.UtcNow
            )
        );
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    static IEnumerable<string?> Items(JsonElement page, int section) =>
        page.GetProperty("sections")[section].GetProperty("items").EnumerateArray().Select(i => i.GetProperty("target").GetString());
}
