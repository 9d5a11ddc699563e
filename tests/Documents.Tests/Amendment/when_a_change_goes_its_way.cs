using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Amendment;

/// <summary>A district in which nobody changes the law in force alone.</summary>
public sealed class CarefulDistrict(PostgresCluster postgres) : IAsyncLifetime
{
    public District District { get; } = new(postgres);

    public async ValueTask InitializeAsync()
    {
        District.Settings["Amendment:NeedsWay"] = "true";
        District.Settings["Normative:LegalityWorkingDays"] = "7";
        await District.InitializeAsync();
    }

    public ValueTask DisposeAsync() => District.DisposeAsync();
}

/// <summary>
/// What changes a published document was prepared, reviewed and signed, or is ordered by a published document; or it is an emergency, and counted.
/// </summary>
public sealed class when_a_change_goes_its_way(CarefulDistrict careful) : IClassFixture<CarefulDistrict>
{
    const string Before = "第一条 补贴一千元。\n第二条 本办法自公布之日起施行。",
        After = "第一条 补贴二千元。\n第二条 本办法自公布之日起施行。";

    IAlbaHost Documents => careful.District.Documents;

    [Fact]
    public async Task a_prepared_text_is_reviewed_signed_and_made_public_as_it_was_signed()
    {
        var id = await Published("测途发〔2026〕1号", "测试区补贴办法");
        Assert.Equal(["way"], GatesOf(await Amend(id, new { text = After }, 409)));
        var prepared = (await Documents.Revise(id, After, "提高补贴")).GetProperty("revision").GetInt32();
        Assert.Equal(2, prepared);

        // Nothing of it is public.
        Assert.Equal("revision.notFound", (await Documents.Get(null, $"documents/{id}/revisions/2", 404)).Code());
        Assert.Single((await Documents.Get(null, $"documents/{id}/revisions")).GetProperty("items").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, (await Documents.Get(null, $"documents/{id}")).GetProperty("prepared").ValueKind);
        Assert.Contains("一千元", (await Documents.Get(null, $"documents/{id}/revisions/current")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["review", "signature"], GatesOf(await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")));

        Assert.Equal(["review", "signature"], GatesOf(await Amend(id, new { revision = 2 }, 409)));
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { note = "请审核。" });
        Assert.Equal("published", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("state").GetString());
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        var shown = (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}")).GetProperty("prepared");
        Assert.Equal((2, "2026-06-01"), (shown.GetProperty("revision").GetInt32(), shown.GetProperty("signedOn").GetString()));
        Assert.Equal("revision.notFound", (await Documents.Get(null, $"documents/{id}/revisions/2", 404)).Code());
        // Neither another text nor another title comes with it.
        Assert.Equal(
            ["/revision", "/title"],
            (
                await Amend(
                    id,
                    new
                    {
                        revision = 2,
                        text = Before,
                        title = "别的",
                    },
                    422
                )
            ).Pointers()
        );

        var made = await Amend(id, new { revision = 2 }, 201);
        Assert.Equal(2, made.GetProperty("revision").GetInt32());
        Assert.Contains("二千元", (await Documents.Get(null, $"documents/{id}/revisions/current")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await Documents.Get(Tokens.OpennessOffice, $"documents/{id}")).GetProperty("prepared").ValueKind);
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
        Assert.Equal(["/revision"], (await Amend(id, new { revision = 2 }, 422)).Pointers());
        Assert.Equal(
            "published",
            (await Documents.Get(null, $"documents/{id}?recordedAt={Uri.EscapeDataString("2026-06-01T09:00:00Z")}"))
                .GetProperty("state")
                .GetString()
        );
    }

    [Fact]
    public async Task what_was_recorded_or_put_right_since_is_not_what_was_signed()
    {
        var id = await Published("测途发〔2026〕2号", "测试区津贴办法");
        await Documents.Revise(id, After);
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Revise(id, After + "\n第三条 另行规定。");
        Assert.Equal(["/revision"], (await Amend(id, new { revision = 2 }, 422)).Pointers());
        Assert.Equal(["review", "signature"], GatesOf(await Amend(id, new { revision = 3 }, 409)));
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/elements",
            new { title = "测试区津贴管理办法", reason = "标题漏字。" }
        );
        Assert.Equal(["signature"], GatesOf(await Amend(id, new { revision = 3 }, 409)));
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Amend(id, new { revision = 3 }, 201);
        // Nobody ends it earlier alone, either.
        Assert.Equal(
            "document.gate.open",
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/expiry",
                    new { expiresOn = "2026-06-30", reason = "到期。" },
                    409
                )
            ).Code()
        );
        // Those of another body prepare nothing, and the public is told nothing of it.
        Assert.Equal(
            "document.notFound",
            (await Documents.Post(Tokens.DraftingEducation, $"documents/{id}/revisions", new { text = "第一条 甲。" }, 404)).Code()
        );
    }

    [Fact]
    public async Task a_normative_text_passes_the_legality_review_which_has_seven_working_days()
    {
        var id = await Documents.Draft(Before, "测试区奖励办法");
        await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing).Patch.Json(new { kind = "normative" }).ToUrl($"/api/v1/documents/{id}");
            s.StatusCodeShouldBeOk();
        });
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        var early = await Legality(id, new { passed = true, opinion = "合法。" }, 422);
        Assert.Equal(("/urgentReason", "legality.tooEarly"), (early.Pointers()[0], early.GetProperty("errors")[0].Code()));
        // Monday 1 June 2026 does not count itself.
        Assert.Contains("2026-06-10", early.GetRawText(), StringComparison.Ordinal);
        await Legality(
            id,
            new
            {
                passed = true,
                opinion = "合法。",
                urgentReason = "防汛在即。",
            }
        );
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Exempt(id);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测途规发〔2026〕3号", writtenOn = "2026-05-20" }
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/publish",
            new
            {
                effectiveFrom = "2026-07-05",
                expiresOn = "2030-07-04",
                datesReason = "试验",
            }
        );

        await Documents.Revise(id, After);
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        Assert.Equal("document.gate.open", (await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { }, 409)).Code());
        // A text that does not pass goes back, at once.
        await Legality(id, new { passed = false, opinion = "缺少依据。" });
        Assert.Equal(["review", "legality", "signature"], GatesOf(await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")));
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Legality(id, new { passed = true, opinion = "合法。" }, 422);
        await Legality(
            id,
            new
            {
                passed = true,
                opinion = "合法。",
                urgentReason = "防汛在即。",
            }
        );
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Amend(id, new { revision = 2, effectiveFrom = "2026-08-01" }, 201);
        Assert.Equal("published", (await Documents.Get(null, $"documents/{id}")).GetProperty("state").GetString());

        Task<JsonElement> Legality(Guid document, object review, int expected = 200) =>
            Documents.Post(Tokens.LegalReview, $"documents/{document}/legality", review, expected);
    }

    [Fact]
    public async Task what_is_prepared_stays_its_own_while_something_else_is_amended()
    {
        var id = await Published("测途发〔2026〕6号", "测试区值守办法");
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = After, files = new object[] { new { name = "名单.csv", content = "1,2"u8.ToArray() } } },
            201
        );
        // In an emergency it does not go its way to the end.
        await Documents.Revise(id, After + "\n第三条 甲。");
        await Amend(id, new { revision = 3, emergencyReason = "须即日施行。" }, 201);
        Assert.Contains("第三条", (await Documents.Get(null, $"documents/{id}/revisions/current")).GetRawText(), StringComparison.Ordinal);

        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = Before, files = new object[] { new { name = "内部.csv", content = "3,4"u8.ToArray() } } },
            201
        );
        await Amend(id, new { text = After + "\n第三条 乙。", emergencyReason = "须即日修改。" }, 201);
        var current = await Documents.Get(null, $"documents/{id}/revisions/current");
        Assert.Equal(5, current.GetProperty("revision").GetInt32());
        // The files that come with it are those that the public had.
        Assert.Equal(["名单.csv"], current.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        foreach (var hidden in new[] { 2, 4 })
            Assert.Equal("revision.notFound", (await Documents.Get(null, $"documents/{id}/revisions/{hidden}", 404)).Code());
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task a_file_that_is_attached_to_a_published_document_is_prepared_and_not_public()
    {
        var id = await Published("测途发〔2026〕7号", "测试区附件办法");
        await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing)
                .Post.ByteArray("1,2"u8.ToArray())
                .ToUrl($"/api/v1/documents/{id}/files")
                .QueryString("name", "附表.csv");
            s.StatusCodeShouldBe(201);
        });
        var prepared = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("prepared");
        Assert.Equal(2, prepared.GetProperty("revision").GetInt32());
        Assert.Empty((await Documents.Get(null, $"documents/{id}/revisions/current")).GetProperty("files").EnumerateArray());
        Assert.Equal("revision.notFound", (await Documents.Get(null, $"documents/{id}/revisions/2", 404)).Code());
    }

    [Fact]
    public async Task a_published_document_orders_it_or_it_is_an_emergency_that_is_counted()
    {
        var id = await Published("测途发〔2026〕4号", "测试区慰问办法");
        var decision = await Published("测途发〔2026〕5号", "关于修改《测试区慰问办法》的决定");
        var draft = await Documents.Draft(title: "未发布的决定");
        Assert.Equal(["/amendedBy"], (await Amend(id, new { text = After, amendedBy = draft }, 422)).Pointers());
        var before = await Counted();
        await Amend(
            id,
            new
            {
                text = After,
                amendedBy = decision,
                emergencyReason = " ",
            },
            201
        );
        Assert.Equal(before, await Counted());

        Assert.Equal(["way"], GatesOf(await Correct(new { text = After + "\n第三条 甲。" }, 409)));
        await Correct(new { text = After + "\n第三条 甲。", emergencyReason = "附表号码有误，群众正在拨打。" }, 201);
        Assert.Equal(["way"], GatesOf(await Repeal(new { }, 409)));
        await Repeal(new { emergencyReason = "上级紧急要求停止执行。" }, 200);
        Assert.Equal(before + 2, await Counted());
        var listed = new List<JsonElement>();
        for (var next = ""; next is not null; )
        {
            var page = await Documents.Get(Tokens.Supervision, $"documents/emergency-changes?pageSize=1{next}");
            listed.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("nextPageToken").GetString() is { } token ? $"&pageToken={token}" : null;
        }
        Assert.Equal(before + 2, listed.Count);
        var own = listed.Where(c => c.GetProperty("documentId").GetGuid() == id).ToArray();
        Assert.Equal(
            [("corrected", "附表号码有误，群众正在拨打。"), ("repealed", "上级紧急要求停止执行。")],
            own.Select(c => (c.GetProperty("what").GetString()!, c.GetProperty("reason").GetString()!)).Order()
        );
        Assert.All(
            own,
            c =>
                Assert.Equal(
                    ("370114-ZWGK", "测试区慰问办法"),
                    (c.GetProperty("organisation").GetString(), c.GetProperty("title").GetString())
                )
        );
        await Documents.Get(Tokens.Supervision, "documents/emergency-changes?from=0001-01-01&to=9999-12-31");
        Assert.Equal(
            0,
            (await Documents.Get(Tokens.Supervision, "documents/emergency-changes?to=2026-05-31")).GetProperty("total").GetInt32()
        );
        Assert.Equal("identity.role.missing", (await Documents.Get(Tokens.DraftingHousing, "documents/emergency-changes", 403)).Code());
        // Why is told to those who work on it.
        Assert.DoesNotContain("上级紧急", (await Documents.Get(null, $"documents/{id}/history")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            "上级紧急",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history")).GetRawText(),
            StringComparison.Ordinal
        );

        async Task<int> Counted() =>
            (await Documents.Get(Tokens.Supervision, "documents/emergency-changes")).GetProperty("total").GetInt32();

        Task<JsonElement> Correct(object more, int expected) => Post("corrections", new { changeNote = "更正" }, more, expected);

        Task<JsonElement> Repeal(object more, int expected) => Post("repeal", new { reason = "停止执行。" }, more, expected);

        Task<JsonElement> Post(string path, object body, object more, int expected) =>
            Documents.Post(Tokens.OpennessOffice, $"documents/{id}/{path}", With(body, more), expected);
    }

    async Task<Guid> Published(string number, string title) => await Documents.Publish(await Documents.Draft(Before, title), number);

    Task<JsonElement> Amend(Guid id, object more, int expected) =>
        Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            With(new { changeNote = "提高补贴", effectiveFrom = "2026-06-01" }, more),
            expected
        );

    static Dictionary<string, object?> With(object one, object more)
    {
        var all = new Dictionary<string, object?>();
        foreach (var from in new[] { one, more })
        foreach (var member in from.GetType().GetProperties())
            all[member.Name] = member.GetValue(from);
        return all;
    }

    static IEnumerable<string?> GatesOf(JsonElement of) =>
        of.GetProperty("gates").EnumerateArray().Select(g => g.GetProperty("code").GetString());
}
