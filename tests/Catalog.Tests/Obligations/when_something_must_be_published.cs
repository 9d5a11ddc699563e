using System.Text.Json;
using Alba;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Catalog.Tests.Obligations;

public sealed class when_something_must_be_published(District district, PostgresCluster postgres) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task a_document_owes_publication_from_its_number_on_and_publication_meets_it()
    {
        await Item("01-01");
        var id = await district.Documents.Draft();
        await Catalog.Get(Tokens.OpennessOffice, $"obligations/{id}", 404);
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await district.Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测政发〔2026〕701号", writtenOn = "2026-05-20" }
        );
        var due = await Is(id.ToString(), "due");
        // Business systems hear of it once everybody does; who drafts and who oversees see it now.
        await Catalog.Get(Tokens.Integration, $"obligations/{id}", 404);
        Assert.Empty((await Catalog.Get(Tokens.Integration, $"obligations?document={id}")).GetProperty("items").EnumerateArray());
        await Catalog.Post(Tokens.Integration, $"obligations/{id}/published", new { channel = "website" }, 404);
        Assert.Single((await Catalog.Get(Tokens.DraftingHousing, $"obligations?document={id}")).GetProperty("items").EnumerateArray());
        Assert.Single((await Catalog.Get(Tokens.Supervision, $"obligations?document={id}")).GetProperty("items").EnumerateArray());
        Assert.Equal(("2026-06-17", "document"), (due.GetProperty("dueOn").GetString(), due.GetProperty("cause").GetString()));
        Assert.Contains("20个工作日", due.GetProperty("channels")[0].GetProperty("explanation").GetString(), StringComparison.Ordinal);

        await district.Documents.Exempt(id);
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        var met = await Is(id.ToString(), "met");
        Assert.Equal("2026-06-01", met.GetProperty("channels")[0].GetProperty("metOn").GetString());
        await Catalog.Get(Tokens.Integration, $"obligations/{id}");
        Assert.Single((await Catalog.Get(Tokens.Integration, $"obligations?document={id}")).GetProperty("items").EnumerateArray());
        Assert.Contains(
            "370114-ZJ",
            (await Catalog.Get(Tokens.Integration, "obligations/statistics"))
                .EnumerateArray()
                .Select(c => c.GetProperty("body").GetString())
        );

        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 改过了。",
                changeNote = "改",
                effectiveFrom = "2026-06-01",
            },
            201
        );
        Assert.Equal("change", (await Is($"{id}-r2", "met")).GetProperty("cause").GetString());
    }

    [Fact]
    public async Task each_channel_has_its_deadline_and_is_met_by_itself()
    {
        await Item("01-02");
        var id = (
            await district.Documents.Post(
                Tokens.DraftingHousing,
                "documents",
                new
                {
                    title = "分渠道办法",
                    kind = "other",
                    issuers = new[] { "370114-ZJ" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text = "第一条 甲。",
                    disclosureItem = "district/01-02",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        await district.Documents.Publish(id, "测政发〔2026〕702号", writtenOn: "2026-05-29");
        var open = await Calls.Eventually<JsonElement>(async () =>
            await Find(id.ToString()) is { } o
            && o.GetProperty("channels").EnumerateArray().Count(c => c.GetProperty("metOn").ValueKind is JsonValueKind.String) == 1
                ? o
                : null
        );
        Assert.Equal(("due", "2026-06-03"), (open.GetProperty("state").GetString(), open.GetProperty("dueOn").GetString()));
        Assert.Equal(
            ["2026-06-12", "2026-06-03"],
            open.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("dueOn").GetString())
        );

        Assert.Equal(
            ["/channel", "/publishedOn", "/link"],
            (
                await Catalog.Post(
                    Tokens.DraftingHousing,
                    $"obligations/{id}/published",
                    new
                    {
                        channel = "radio",
                        publishedOn = "2026-06-05",
                        link = "javascript:1",
                    },
                    422
                )
            ).Pointers()
        );
        await Catalog.Post(Tokens.DraftingEducation, $"obligations/{id}/published", new { channel = "newMedia" }, 404);
        var met = await Catalog.Post(
            Tokens.DraftingHousing,
            $"obligations/{id}/published",
            new { channel = "newMedia", link = "https://media.test/1" }
        );
        Assert.Equal("met", met.GetProperty("state").GetString());
        Assert.Equal(
            "obligation.state.wrong",
            (await Catalog.Post(Tokens.DraftingHousing, $"obligations/{id}/published", new { channel = "newMedia" }, 409)).Code()
        );
    }

    [Fact]
    public async Task a_business_system_reports_once()
    {
        await Item("01-03");
        var report = new
        {
            source = "行政许可系统",
            reference = "XK-1",
            title = "燃气许可",
            item = "district/01-03",
            formedOn = "2026-06-01",
        };
        var first = await Catalog.Post(Tokens.Integration, "obligations", report, 201);
        var again = await Catalog.Post(Tokens.Integration, "obligations", report, 200);
        Assert.Equal(
            (first.GetProperty("id").GetString(), first.GetProperty("version").GetInt32()),
            (again.GetProperty("id").GetString(), again.GetProperty("version").GetInt32())
        );
        Assert.Equal("2026-06-15", first.GetProperty("channels")[0].GetProperty("dueOn").GetString());
        Assert.Equal(
            ["/source", "/reference", "/title", "/body", "/formedOn"],
            (await Catalog.Post(Tokens.Integration, "obligations", new { formedOn = "2030-01-01" }, 422)).Pointers()
        );
        Assert.Equal(
            ["/item", "/body"],
            (
                await Catalog.Post(
                    Tokens.Integration,
                    "obligations",
                    new
                    {
                        source = "甲",
                        reference = "1",
                        title = "乙",
                        item = "district/NOPE",
                        body = "NOPE",
                    },
                    422
                )
            ).Pointers()
        );
        var waived = await Catalog.Post(
            Tokens.OpennessOffice,
            $"obligations/{first.GetProperty("id").GetString()}/waive",
            new { reason = "涉及商业秘密，第三方不同意公开。" }
        );
        Assert.Equal("waived", waived.GetProperty("state").GetString());
    }

    [Fact]
    public async Task messages_may_come_twice_and_out_of_order()
    {
        var id = Guid.CreateVersion7();
        var changed = new DocumentTextChangedMessage(id, 10, 1, 2, new(2026, 6, 1), new(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));
        await Hears(changed);
        await Hears(new DocumentPublishedMessage(id, 9, 1, new(2026, 6, 1), new(2026, 6, 1)));
        var issued = new DocumentIssuedMessage(id, 8, "乱序办法", ["370114-ZJ"], new(2026, 5, 29), true, null);
        await Hears(issued);
        await Hears(issued);
        await Hears(new DocumentPublishedMessage(id, 9, 1, new(2026, 6, 1), new(2026, 6, 1)));
        var met = await Catalog.Get(Tokens.OpennessOffice, $"obligations/{id}");
        Assert.Equal(("met", 2), (met.GetProperty("state").GetString(), met.GetProperty("version").GetInt32()));
        await Hears(changed);
        var change = await Catalog.Get(Tokens.OpennessOffice, $"obligations/{id}-r2");
        Assert.Equal(
            ("change", "met", 2),
            (change.GetProperty("cause").GetString(), change.GetProperty("state").GetString(), change.GetProperty("version").GetInt32())
        );
    }

    [Fact]
    public async Task what_is_published_while_the_catalog_is_away_is_met_when_it_is_back()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var id = await own.Documents.Draft();
        await own.RestartCatalog(async () =>
        {
            await own.Documents.Publish(id, "测政发〔2026〕703号");
            await own.Documents.Get(null, $"documents/{id}");
        });
        await Calls.Eventually<bool>(async () =>
            (await own.Catalog.Get(Tokens.OpennessOffice, $"obligations?document={id}&state=met")).GetProperty("items").GetArrayLength()
            == 1
                ? true
                : null
        );
    }

    [Fact]
    public async Task what_is_due_soon_and_overdue_is_listed_counted_and_told_and_a_new_calendar_moves_it()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var report = async (string reference, string formedOn) => (
                await own.Catalog.Post(
                    Tokens.Integration,
                    "obligations",
                    new
                    {
                        source = "系统",
                        reference,
                        title = $"信息{reference}",
                        body = "370114-JY",
                        formedOn,
                    },
                    201
                )
            ).GetProperty("id").GetString()!;
        var early = await report("1", "2026-05-06");
        var late = await report("2", "2026-06-01");
        Assert.Equal([early], Ids(await own.Catalog.Get(Tokens.Supervision, "obligations?state=dueSoon")));
        Assert.Equal("2026-06-30", (await own.Catalog.Get(Tokens.Supervision, $"obligations/{late}")).GetProperty("dueOn").GetString());

        own.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal([early], Ids(await own.Catalog.Get(Tokens.DraftingEducation, "obligations?state=overdue")));
        Assert.Empty(Ids(await own.Catalog.Get(Tokens.DraftingHousing, "obligations?state=overdue")));
        var counted = (await own.Catalog.Get(Tokens.Supervision, "obligations/statistics"))[0];
        Assert.Equal(
            ("370114-JY", 2, 1, 1),
            (
                counted.GetProperty("body").GetString(),
                counted.GetProperty("total").GetInt32(),
                counted.GetProperty("due").GetInt32(),
                counted.GetProperty("overdue").GetInt32()
            )
        );
        Assert.Empty((await own.Catalog.Get(Tokens.DraftingHousing, "obligations/statistics")).EnumerateArray());
        await Calls.Eventually<bool>(async () =>
            (await own.Catalog.Get(Tokens.Supervision, $"obligations/{early}")).GetProperty("remindedAt").ValueKind is JsonValueKind.String
                ? true
                : null
        );

        await own.Catalog.Put(
            Tokens.OpennessOffice,
            "calendar/2026",
            new
            {
                source = "临时调整",
                daysOff = new Dictionary<string, string> { ["2026-06-19"] = "端午节", ["2026-06-30"] = "临时放假" },
                workdays = new Dictionary<string, string> { ["2026-06-28"] = "临时放假" },
            }
        );
        await Calls.Eventually<bool>(async () =>
            (await own.Catalog.Get(Tokens.Supervision, $"obligations/{late}")).GetProperty("dueOn").GetString() == "2026-06-29"
                ? true
                : null
        );
    }

    Task<JsonElement> Item(string code) =>
        Catalog.Put(
            Tokens.OpennessOffice,
            $"disclosure-catalogues/district/items/{code}",
            new
            {
                content = new
                {
                    category = "住建",
                    name = "分渠道事项",
                    content = new[] { "全文" },
                    legalBasis = "条例",
                    deadline = "10个工作日",
                    bodies = new[] { "370114-ZJ" },
                    channels = new object[] { new { name = "website" }, new { name = "newMedia", deadline = "3个工作日" } },
                },
                effectiveFrom = "2026-01-01",
            },
            200
        );

    async Task Hears(object message)
    {
        await using var scope = Catalog.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message, TestContext.Current.CancellationToken);
    }

    Task<JsonElement> Is(string id, string state) =>
        Calls.Eventually<JsonElement>(async () => await Find(id) is { } o && o.GetProperty("state").GetString() == state ? o : null);

    async Task<JsonElement?> Find(string id)
    {
        foreach (var o in (await Catalog.Get(Tokens.OpennessOffice, "obligations?pageSize=200")).GetProperty("items").EnumerateArray())
            if (o.GetProperty("id").GetString() == id)
                return o;
        return null;
    }

    static IEnumerable<string?> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(o => o.GetProperty("id").GetString());
}
