using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Decisions;

public sealed class when_keeping_the_decision_catalogue(District district) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task it_is_published_and_changed_during_the_year_with_its_reasons()
    {
        await Add(2026, "01", "农村供水条例");
        await Catalog.Get(null, "decision-catalogues/2026/items", 404);
        await Catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2026/publish", new { });
        Assert.Equal(
            "decisionItem.state.wrong",
            (await Catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2026/publish", new { }, 409)).Code()
        );
        Assert.Equal(
            ["/reason"],
            (await Catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2026/items", Item("02", "补充事项"), 422)).Pointers()
        );
        await Add(2026, "02", "补充事项", "年中增补");
        await Catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2026/items/01/withdraw", new { reason = "条件不成熟" });

        var items = (await Catalog.Get(null, "decision-catalogues/2026/items")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["01", "02"], items.Select(i => i.GetProperty("code").GetString()));
        Assert.Equal("条件不成熟", items[0].GetProperty("withdrawnBecause").GetString());
        Assert.Equal(
            ["publicParticipation", "riskAssessment", "legality", "collectiveDecision"],
            items[1].GetProperty("steps").EnumerateArray().Select(s => s.GetString())
        );
        var history = (await Catalog.Get(null, "decision-catalogues/2026/history?pageSize=3"))
            .GetProperty("items")
            .EnumerateArray()
            .ToArray();
        Assert.Equal(["itemWithdrawn", "itemAdded", "published"], history.Select(e => e.GetProperty("what").GetString()));
        Assert.Equal("年中增补", history[1].GetProperty("reason").GetString());
        // Names stand beside codes.
        foreach (var named in new[] { items[1], history[1] })
            Assert.StartsWith("测试区", named.GetProperty("bodyName").GetString()!, StringComparison.Ordinal);
        Assert.StartsWith("测试区", history[1].GetProperty("byName").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        Assert.Equal(
            ["/code", "/title", "/body", "/plannedOn"],
            (await Catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2025/items", new { plannedOn = "2026-01-01" }, 422)).Pointers()
        );
        await Add(2024, "01", "事项");
        Assert.Equal(
            "catalog.code.taken",
            (
                await Catalog.Post(
                    Tokens.OpennessOffice,
                    "decision-catalogues/2024/items",
                    Item("01", "又一项") with
                    {
                        plannedOn = "2024-09-30",
                    },
                    409
                )
            ).Code()
        );
    }

    [Fact]
    public async Task the_gates_of_the_document_follow_from_its_item()
    {
        await Add(2027, "01", "停车管理办法");
        var id = await district.Documents.Draft();
        Assert.Equal(
            ["/documentId"],
            (
                await Catalog.Post(
                    Tokens.OpennessOffice,
                    "decision-catalogues/2027/items/01/link",
                    new { documentId = Guid.CreateVersion7() },
                    422
                )
            ).Pointers()
        );
        await Catalog.Post(Tokens.DraftingEducation, "decision-catalogues/2027/items/01/link", new { documentId = id }, 404);
        await Catalog.Post(Tokens.DraftingHousing, "decision-catalogues/2027/items/01/link", new { documentId = id });
        await GatesAre(
            id,
            "review",
            "publicParticipation",
            "riskAssessment",
            "legality",
            "decision",
            "signature",
            "issue",
            "interpretation",
            "elements"
        );

        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await district.Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/steps",
            new
            {
                step = "publicParticipation",
                heldOn = "2026-05-01",
                conclusion = "征求意见32条，采纳18条。",
            }
        );
        Assert.Equal(
            ["/step", "/heldOn", "/conclusion"],
            (await district.Documents.Post(Tokens.DraftingHousing, $"documents/{id}/steps", new { step = "legality" }, 422)).Pointers()
        );
        await GatesAre(id, "riskAssessment", "legality", "decision", "signature", "issue", "interpretation", "elements");
        Assert.Equal("document.gate.open", (await district.Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { }, 409)).Code());

        // The item asks for less from now on, and so does the document.
        await Catalog.Put(
            Tokens.OpennessOffice,
            "decision-catalogues/2027/items/01",
            Item("01", "停车管理办法") with
            {
                plannedOn = "2027-09-30",
                steps = ["legality"],
            }
        );
        await GatesAre(id, "legality", "decision", "signature", "issue", "interpretation", "elements");
    }

    [Fact]
    public async Task its_document_is_named_to_everybody_once_it_is_published()
    {
        var documents = district.Documents;
        foreach (
            var (code, id) in new[]
            {
                ("01", await documents.Draft()),
                ("02", await documents.Publish(await documents.Draft(), "测政发〔2026〕931号")),
            }
        )
        {
            await Add(2031, code, "公开的事项");
            await Catalog.Post(Tokens.DraftingHousing, $"decision-catalogues/2031/items/{code}/link", new { documentId = id });
        }
        await Catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2031/publish", new { });
        foreach (
            var (token, seen) in new[]
            {
                (null, "02"),
                (Tokens.Integration, "02"),
                (Tokens.Hotline, "02"),
                (Tokens.DraftingEducation, "02"),
                (Tokens.DraftingHousing, "01 02"),
                (Tokens.OpennessOffice, "01 02"),
            }
        )
        {
            var listed = (await Catalog.Get(token, "decision-catalogues/2031/items")).GetProperty("items").EnumerateArray().ToArray();
            Assert.Equal((token, seen), (token, Named(listed)));
            Assert.Equal(
                listed.Select(i => i.GetRawText()),
                [
                    (await Catalog.Get(token, "decision-catalogues/2031/items/01")).GetRawText(),
                    (await Catalog.Get(token, "decision-catalogues/2031/items/02")).GetRawText(),
                ]
            );
        }

        static string Named(IEnumerable<JsonElement> items) =>
            string.Join(
                ' ',
                items
                    .Where(i => i.GetProperty("documentId").ValueKind is JsonValueKind.String)
                    .Select(i => i.GetProperty("code").GetString())
            );
    }

    [Fact]
    public async Task what_two_items_require_is_required_until_each_of_them_is_withdrawn()
    {
        await Add(2028, "01", "一项");
        await Add(2028, "02", "二项");
        var id = await district.Documents.Draft();
        foreach (var code in new[] { "01", "02" })
            await Catalog.Post(Tokens.DraftingHousing, $"decision-catalogues/2028/items/{code}/link", new { documentId = id });
        string[] required =
        [
            "review",
            "publicParticipation",
            "riskAssessment",
            "legality",
            "decision",
            "signature",
            "issue",
            "interpretation",
            "elements",
        ];
        await GatesAre(id, required);
        await Catalog.Post(Tokens.OpennessOffice, "decision-catalogues/2028/items/02/withdraw", new { reason = "并入一项。" });
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.OpennessOffice, $"documents/{id}")).GetProperty("version").GetInt32() == 5 ? true : null
        );
        await GatesAre(id, required);
    }

    sealed record Given(string code, string title, string body, string plannedOn, string[] steps, string? reason);

    static Given Item(string code, string title, string? reason = null) =>
        new(code, title, "370114-ZJ", "2026-09-30", ["riskAssessment"], reason);

    Task<System.Text.Json.JsonElement> Add(int year, string code, string title, string? reason = null) =>
        Catalog.Post(
            Tokens.OpennessOffice,
            $"decision-catalogues/{year}/items",
            Item(code, title, reason) with
            {
                plannedOn = $"{year}-09-30",
            },
            201
        );

    Task<bool> GatesAre(Guid id, params string[] gates) =>
        Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.OpennessOffice, $"documents/{id}"))
                .GetProperty("gates")
                .EnumerateArray()
                .Select(g => g.Code())
                .SequenceEqual(gates)
                ? true
                : null
        );
}
