using System.Text.Json;
using Alba;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.Documents.Tests.Exchange;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Amendment;

/// <summary>What is published can be taken from the public at once, with an explanation in its place, and put back.</summary>
public sealed class when_something_is_taken_down(District district, PostgresCluster postgres) : IClassFixture<District>
{
    const string Explanation = "该文件正在核查，暂停公开。",
        Before = "测试区夜间照明办法\n第一条 夜间照明由主管部门负责。\n第二条 每盏三百元。",
        After = "测试区夜间照明办法\n第一条 夜间照明由主管部门负责。\n第二条 每盏五百元。";

    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task a_document_is_gone_by_every_door_and_its_explanation_is_read_in_its_place()
    {
        var id = await Published("测撤发〔2026〕1号", "测试区夜间照明办法");
        await Amend(id, After, "2026-06-01");
        var citing = await Documents.Draft("第一条 根据《测试区夜间照明办法》制定本细则。", "照明细则");
        await Documents.Publish(citing, "测撤发〔2026〕2号");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{citing}/relations",
            new
            {
                kind = "basedOn",
                target = id,
                from = "2026-06-01",
            },
            201
        );
        var block = (await Documents.Get(null, $"documents/{id}/revisions/current")).GetProperty("blocks")[1].GetProperty("id").GetString();
        string[] doors =
        [
            $"documents/{id}",
            $"documents/{id}?inForceOn=2026-06-01",
            $"documents/{id}?recordedAt=2026-06-01T02:00:00Z",
            $"documents/{id}/page",
            $"documents/{id}/revisions",
            $"documents/{id}/revisions/1",
            $"documents/{id}/revisions/current",
            $"documents/{id}/revisions/current?inForceOn=2026-06-01",
            $"documents/{id}/revisions/current?recordedAt=2026-06-01T02:00:00Z",
            $"documents/{id}/comparison?from=1&to=2",
            $"documents/{id}/blocks/{block}/history",
            $"documents/{id}/history",
            $"documents/{id}/relations",
            $"documents/{id}/integrity",
            $"documents/{id}/revisions/1/proof",
        ];
        await Documents.Post(Tokens.Supervision, "integrity/checkpoints", new { }, 201);
        var tags = new Dictionary<string, string>();
        foreach (var door in doors)
            tags[door] = await Tag(door);
        Assert.Contains(id, await Found("夜间照明"));
        var listed = await Texts();
        Assert.All(listed, text => Assert.Contains("夜间照明", text, StringComparison.Ordinal));

        var step = await Down(id);

        Assert.Equal(
            (step.GetProperty("version").GetInt64(), "published"),
            await Insider(Tokens.OpennessOffice, v => (v.GetProperty("version").GetInt64(), v.GetProperty("state").GetString()!))
        );
        foreach (var door in doors)
        foreach (var caller in new[] { null, Tokens.Integration, Tokens.DraftingEducation, Tokens.Hotline })
        {
            var problem = await Documents.Get(caller, door, 410);
            Assert.Equal(("document.takenDown", Explanation), (problem.Code(), problem.GetProperty("detail").GetString()));
        }
        // Whoever has it hears that it is gone, not that nothing changed; and keeps nothing of it.
        foreach (var (door, tag) in tags.Where(t => t.Value.Length > 0))
        {
            var answer = await Documents.Scenario(s =>
            {
                s.Get.Url($"/api/v1/{door}");
                s.WithRequestHeader(HeaderNames.IfNoneMatch, tag);
                s.StatusCodeShouldBe(410);
            });
            Assert.Contains("no-store", answer.Context.Response.Headers.CacheControl.ToString(), StringComparison.Ordinal);
        }
        foreach (var format in new[] { "text/plain", "text/html", "text/markdown", "application/akn+xml" })
            await Documents.Scenario(s =>
            {
                s.Get.Url($"/api/v1/documents/{id}/revisions/1").Accepts(format);
                s.StatusCodeShouldBe(410);
            });
        Assert.DoesNotContain(id, await Found("夜间照明"));
        Assert.All(await Texts(), text => Assert.DoesNotContain($"{id}", text, StringComparison.Ordinal));
        var cited = (await Documents.Get(null, $"documents/{citing}/relations"));
        Assert.Empty(cited.GetProperty("relations").EnumerateArray());
        Assert.Equal("unknown", cited.GetProperty("citations")[0].GetProperty("state").GetString());

        // Those who work on it go on reading it, and see why.
        foreach (var caller in new[] { Tokens.OpennessOffice, Tokens.DraftingHousing, Tokens.LegalReview, Tokens.Supervision })
        foreach (var door in doors.Where(d => !d.EndsWith("page", StringComparison.Ordinal)))
            await Documents.Get(caller, door);
        var down = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("takenDown")[0];
        Assert.Equal(("personalData", Explanation), (down.GetProperty("ground").GetString(), down.GetProperty("explanation").GetString()));

        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "经核查可以公开。" });

        foreach (var door in doors)
            await Documents.Get(null, door);
        Assert.Contains(id, await Found("夜间照明"));
        Assert.Equal(listed.Length, (await Texts()).Count(t => t.Contains($"{id}", StringComparison.Ordinal)));
        Assert.Equal(
            ["putBack", "takenDown"],
            (await Documents.Get(null, $"documents/{id}/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(h => h.GetProperty("what").GetString())
                .Take(2)
        );
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());

        async Task<(long, string)> Insider(string token, Func<JsonElement, (long, string)> of) =>
            of(await Documents.Get(token, $"documents/{id}"));

        async Task<string> Tag(string door) =>
            (
                await Documents.Scenario(s =>
                {
                    s.Get.Url($"/api/v1/{door}");
                    s.StatusCodeShouldBeOk();
                })
            ).Context.Response.Headers.ETag.ToString();
    }

    [Fact]
    public async Task one_text_is_gone_and_the_others_are_read()
    {
        var id = await Published("测撤发〔2026〕3号", "测试区喷泉管理办法");
        await Amend(id, After, "2026-06-01", "改为五百");
        await Amend(id, After.Replace("五百", "六百", StringComparison.Ordinal), "2026-07-01");
        await Down(id, 1);

        Assert.Equal("document.takenDown", (await Documents.Get(null, $"documents/{id}/revisions/1", 410)).Code());
        await Documents.Get(null, $"documents/{id}/revisions/2");
        Assert.Equal(
            ["document.takenDown"],
            (await Documents.Get(null, $"documents/{id}/comparison?from=1&to=2", 422))
                .GetProperty("errors")
                .EnumerateArray()
                .Select(e => e.Code())
        );
        var listed = (await Documents.Get(null, $"documents/{id}/revisions")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(Explanation, listed[^1].GetProperty("takenDown").GetString());
        Assert.False(listed[0].TryGetProperty("takenDown", out _));
        Assert.Contains(id, await Found("喷泉管理"));

        // The text that is read today: nothing older stands in for it, and it is not found until another one is read.
        await Down(id, 2);
        Assert.Equal("document.takenDown", (await Documents.Get(null, $"documents/{id}/revisions/current", 410)).Code());
        Assert.Equal("document.takenDown", (await Documents.Get(null, $"documents/{id}/page", 410)).Code());
        Assert.Empty((await Documents.Get(null, $"documents/{id}/relations")).GetProperty("citations").EnumerateArray());
        var history = (await Documents.Get(null, $"documents/{id}")).GetProperty("takenDown").EnumerateArray().ToArray();
        Assert.Equal([1, 2], history.Select(d => d.GetProperty("revision").GetInt32()));
        // Why is told to those who work on it: it says what is kept back. So do the notes.
        Assert.All(history, d => Assert.Equal(JsonValueKind.Null, d.GetProperty("ground").ValueKind));
        Assert.DoesNotContain("改为五百", (await Documents.Get(null, $"documents/{id}/history")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            "改为五百",
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "改为五百",
            await (
                await Documents.Scenario(s => s.Get.Url($"/api/v1/documents/{id}/revisions/3?annotate=true").Accepts("application/json"))
            ).ReadAsTextAsync(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(id, await Found("喷泉管理"));
        await Documents.Get(null, $"documents/{id}/revisions/3");

        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "误撤。", revision = 2 });
        Assert.Contains(id, await Found("喷泉管理"));
        Assert.Equal("document.takenDown", (await Documents.Get(null, $"documents/{id}/revisions/1", 410)).Code());
    }

    [Fact]
    public async Task a_text_that_is_read_later_is_found_from_its_first_day_on()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var id = await own.Documents.Publish(await own.Documents.Draft(Before, "测试区岗亭办法"), "测撤发〔2026〕4号");
        await own.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = After,
                changeNote = "修改",
                effectiveFrom = "2026-06-02",
            },
            201
        );
        await own.Documents.Post(Tokens.OpennessOffice, $"documents/{id}/take-down", Body(1));
        Assert.Equal(0, (await own.Documents.Get(null, "library?q=岗亭")).GetProperty("total").GetInt32());
        own.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await own.Documents.Get(null, "library?q=岗亭")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task it_is_taken_down_by_publishers_with_a_ground_an_explanation_and_a_reason_once()
    {
        var id = await Published("测撤发〔2026〕5号", "测试区围挡办法");
        Assert.Equal(
            ["/ground", "/explanation", "/reason", "/revision"],
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/take-down", new { revision = 7 }, 422)).Pointers()
        );
        foreach (var token in new[] { Tokens.DraftingHousing, Tokens.LegalReview, Tokens.Integration })
            Assert.Equal("identity.role.missing", (await Documents.Post(token, $"documents/{id}/take-down", Body(), 403)).Code());
        Assert.Equal(
            "document.state.wrong",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "误撤。" }, 409)).Code()
        );
        await Down(id);
        Assert.Equal(
            "document.state.wrong",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/take-down", Body(), 409)).Code()
        );
        // A text of it can be taken down beside, and stays down when the document is put back.
        await Down(id, 1);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "误撤。" });
        await Documents.Get(null, $"documents/{id}");
        Assert.Equal("document.takenDown", (await Documents.Get(null, $"documents/{id}/revisions/1", 410)).Code());

        var draft = await Documents.Draft();
        Assert.Equal(
            "document.state.wrong",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{draft}/take-down", Body(), 409)).Code()
        );
    }

    [Fact]
    public async Task it_can_be_amended_and_repealed_while_it_is_down()
    {
        var id = await Published("测撤发〔2026〕6号", "测试区护栏办法");
        await Down(id);
        await Amend(id, After, "2026-06-01");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "废止" });
        Assert.Equal("document.takenDown", (await Documents.Get(null, $"documents/{id}", 410)).Code());
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "误撤。" });
        Assert.Equal("repealed", (await Documents.Get(null, $"documents/{id}")).GetProperty("validity").GetString());
    }

    [Fact]
    public async Task files_that_are_down_do_not_come_back_with_the_next_text()
    {
        var draft = await Documents.Draft(Before, "测试区座椅办法");
        await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing)
                .Post.ByteArray("%PDF-1.7 名单"u8.ToArray())
                .ToUrl($"/api/v1/documents/{draft}/files")
                .QueryString("name", "名单.pdf");
            s.StatusCodeShouldBe(201);
        });
        var id = await Documents.Publish(draft, "测撤发〔2026〕7号");
        var text = (await Documents.Get(null, $"documents/{id}")).GetProperty("revisionInForce").GetInt32();
        await Down(id, text);
        object corrected = new { text = After, changeNote = "更正" };
        var refused = await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/corrections", corrected, 422);
        Assert.Equal("files.takenDown", refused.GetProperty("errors")[0].Code());
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/corrections",
            new
            {
                text = After,
                changeNote = "更正",
                files = Array.Empty<object>(),
            },
            201
        );
        // The correction stands for the text that is down, and is read.
        Assert.Empty((await Documents.Get(null, $"documents/{id}/revisions/current")).GetProperty("files").EnumerateArray());
        Assert.Contains(id, await Found("座椅"));
    }

    [Fact]
    public async Task what_is_sent_once_more_hides_nothing_again()
    {
        var id = await Published("测撤发〔2026〕8号", "测试区花箱办法");
        var key = Guid.NewGuid().ToString();
        var first = await Send();
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "误撤。" });
        await Calls.Eventually<bool>(async () => await Hidden() == 0 ? true : null);
        Assert.Equal(first, await Send());
        await Documents.Get(null, $"documents/{id}");
        Assert.Equal(0, await Hidden());

        // Nor does what is refused since it was decided on an older version.
        await Documents.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice).Post.Json(Body()).ToUrl($"/api/v1/documents/{id}/take-down");
            s.WithRequestHeader(HeaderNames.IfMatch, "\"1\"");
            s.StatusCodeShouldBe(412);
        });
        Assert.Equal(0, await Hidden());

        Task<long> Hidden() =>
            district.Count($"select count(*) from catalog.mt_doc_hiddendocument where data ->> 'isHidden' = 'true' and id = '{id}'");

        async Task<string> Send() =>
            await (
                await Documents.Scenario(s =>
                {
                    s.As(Tokens.OpennessOffice).Post.Json(Body()).ToUrl($"/api/v1/documents/{id}/take-down");
                    s.WithRequestHeader("Idempotency-Key", key);
                    s.StatusCodeShouldBeOk();
                })
            ).ReadAsTextAsync();
    }

    [Fact]
    public async Task an_import_neither_tells_nor_changes_what_is_down()
    {
        const string Line =
            """{"documentNumber":"测撤发〔2020〕9号","title":"测试区灯杆办法","issuers":["370114"],"revisions":[{"text":"第一条 灯杆。","effectiveFrom":"2020-04-01"}]}""";
        var id = Assert.Single(await Documents.Import(Line)).GetProperty("documentId").GetGuid();
        await Down(id);
        foreach (var line in new[] { Line, Line.Replace("2020-04-01", "2021-04-01", StringComparison.Ordinal) })
        {
            var report = Assert.Single(await Documents.Import(line));
            Assert.Equal("document.takenDown", Assert.Single(report.GetProperty("errors").EnumerateArray()).Code());
        }
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "误撤。" });
        Assert.Equal("unchanged", Assert.Single(await Documents.Import(Line)).GetProperty("outcome").GetString());
    }

    async Task<Guid> Published(string number, string title) =>
        await Documents.Publish(
            await Documents.Draft(Before.Replace("测试区夜间照明办法", title, StringComparison.Ordinal), title),
            number
        );

    Task<JsonElement> Amend(Guid id, string text, string from, string note = "修改") =>
        Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text,
                changeNote = note,
                effectiveFrom = from,
            },
            201
        );

    Task<JsonElement> Down(Guid id, int? revision = null) =>
        Documents.Post(Tokens.OpennessOffice, $"documents/{id}/take-down", Body(revision));

    static object Body(int? revision = null) =>
        new
        {
            ground = "personalData",
            explanation = Explanation,
            reason = "名单中有公民身份号码。",
            revision,
        };

    async Task<IReadOnlyList<Guid>> Found(string words) =>
        [
            .. (await Documents.Get(null, $"library?q={Uri.EscapeDataString(words)}&pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(i => i.GetProperty("id").GetGuid()),
        ];

    // What is read of the whole library at once.
    async Task<string[]> Texts()
    {
        var texts = new List<string>();
        foreach (var path in new[] { "library?pageSize=200", "library/feed.atom", "library/export.csv", "library/catalog.jsonld" })
            texts.Add(await (await Documents.Scenario(s => s.Get.Url($"/api/v1/{path}"))).ReadAsTextAsync());
        return [.. texts];
    }
}
