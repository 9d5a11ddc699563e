using System.Net.Http.Headers;
using System.Text;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Drafting;

public sealed class when_recording_revisions(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task a_revision_is_numbered_read_back_and_listed()
    {
        var id = await Documents.Draft("第一条 甲。");
        var recorded = await Documents.Revise(id, "第一条 甲。\n第二条 乙。", "增加第二条");
        Assert.Equal(2, recorded.GetProperty("revision").GetInt32());

        var text = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2");
        Assert.Equal(
            ["第一条 甲。", "第二条 乙。"],
            text.GetProperty("blocks").EnumerateArray().Select(b => b.GetProperty("text").GetString())
        );
        var list = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions");
        Assert.Equal([2, 1], list.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("revision").GetInt32()));
        Assert.Equal("增加第二条", list.GetProperty("items")[0].GetProperty("changeNote").GetString());
    }

    [Theory]
    [InlineData("text/plain", "第一条 甲。\n第二条 乙。")]
    [InlineData("text/markdown", "第一条 甲。\n\n**第二条** 乙。")]
    public async Task a_text_can_be_the_body_itself(string type, string text)
    {
        var id = await Documents.Draft("第一条 甲。");
        using var client = Documents.Server.CreateClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text))
        {
            Headers = { ContentType = new MediaTypeHeaderValue(type) },
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.DraftingHousing);
        var answer = await client.PostAsync(
            new Uri($"/api/v1/documents/{id}/revisions?changeNote=note&significance=minor", UriKind.Relative),
            content,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(201, (int)answer.StatusCode);
        var plain = await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing).WithRequestHeader("Accept", "text/plain");
            s.Get.Url($"/api/v1/documents/{id}/revisions/current");
        });
        Assert.Equal("第一条 甲。\n第二条 乙。\n", await plain.ReadAsTextAsync());
    }

    [Fact]
    public async Task a_text_can_come_paragraph_by_paragraph_but_in_one_form_only()
    {
        var id = await Documents.Draft("第一条 甲。");
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { blocks = new[] { new { text = "第一条 甲。" }, new { text = "第二条 乙。" } } },
            201
        );
        Assert.Equal(
            2,
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2")).GetProperty("blocks").GetArrayLength()
        );
        var problem = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = "第一条 甲。", markdown = "第一条 甲。" },
            422
        );
        Assert.Equal("text.ambiguous", problem.GetProperty("errors")[0].Code());
    }

    [Fact]
    public async Task what_is_not_sure_is_said_and_what_the_sender_says_is_believed()
    {
        const string Unsure = "为规范供热，制定本规定。\n第一条 甲。\n第四条 乙。";
        var created = await Documents.Post(Tokens.DraftingHousing, "documents", new { title = "供热规定", text = Unsure }, 201);
        var id = created.GetProperty("id").GetGuid();
        string[] expected = ["title.missing:b1", "number.missing:b3"];
        Assert.Equal(expected, Found(created));
        Assert.Equal(expected, Found(await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/1")));
        var put = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new
            {
                blocks = new object[]
                {
                    new { text = "供热规定", kind = "title" },
                    new { text = "二、三级供热区", kind = "heading" },
                    new { kind = "table", rows = new[] { new[] { "甲", "" }, new[] { "1", "2" } } },
                    new { text = "第四条 乙。", kind = "paragraph" },
                },
            },
            201
        );
        Assert.Empty(Found(put));
        var blocks = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/2"))
            .GetProperty("blocks")
            .EnumerateArray()
            .ToArray();
        Assert.Equal(["title", "heading", "table", "paragraph"], blocks.Select(b => b.GetProperty("kind").GetString()));
        Assert.Equal("", blocks[2].GetProperty("rows")[0][1].GetString());

        static IEnumerable<string> Found(System.Text.Json.JsonElement answer) =>
            answer.GetProperty("findings").EnumerateArray().Select(f => $"{f.Code()}:{f.GetProperty("blockId").GetString()}");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n　\n\t")]
    [InlineData("[bookmark: _GoBack]")]
    public async Task an_empty_text_is_refused(string text)
    {
        var id = await Documents.Draft();
        var problem = await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { text }, 422);
        Assert.Equal("text.empty", problem.GetProperty("errors")[0].Code());
        Assert.Equal(2, (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task five_megabytes_of_text_are_refused_with_the_limit()
    {
        var id = await Documents.Draft();
        var problem = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new { text = new string('文', 5_000_000 / 3) },
            413
        );
        Assert.Equal("document.text.tooLong", problem.Code());
        Assert.Contains("1,000,000", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public async Task bytes_that_are_not_utf8_are_refused(string type)
    {
        var id = await Documents.Draft();
        byte[] wrong = [0xB5, 0xDA, 0xD2, 0xBB, 0xCC, 0xF5]; // 第一条 in GB18030
        byte[] body = type is "text/plain" ? wrong : [.. "{\"text\":\""u8, .. wrong, .. "\"}"u8];
        using var client = Documents.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.DraftingHousing);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        var answer = await client.PostAsync(
            new Uri($"/api/v1/documents/{id}/revisions", UriKind.Relative),
            content,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(400, (int)answer.StatusCode);
        var problem = System
            .Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .RootElement;
        Assert.Equal(("request.malformed", "text.encoding.invalid"), (problem.Code(), problem.GetProperty("errors")[0].Code()));
    }

    [Fact]
    public async Task everything_wrong_with_a_draft_is_named_at_once()
    {
        var problem = await Documents.Post(
            Tokens.DraftingHousing,
            "documents",
            new
            {
                title = "",
                text = "",
                issuers = new[] { "370114-ZJ", "370114-XX" },
                subject = "YY",
                disclosure = new { attribute = "onRequest" },
            },
            422
        );
        Assert.Equal(["/text", "/title", "/disclosure/reason", "/issuers/1", "/subject"], problem.Pointers());
    }

    [Fact]
    public async Task a_drafter_drafts_for_the_own_organisation_only()
    {
        var problem = await Documents.Post(
            Tokens.DraftingEducation,
            "documents",
            new
            {
                title = "通知",
                text = "第一条 甲。",
                issuers = new[] { "370114-ZJ" },
            },
            403
        );
        Assert.Equal("document.issuer.foreign", problem.Code());
    }

    [Fact]
    public async Task a_stale_if_match_is_refused_with_the_current_version()
    {
        var id = await Documents.Draft();
        await Documents.Revise(id, "第一条 甲。");
        var result = await Documents.Scenario(s =>
        {
            s.As(Tokens.DraftingHousing).WithRequestHeader("If-Match", "\"2\"");
            s.Post.Json(new { text = "第一条 乙。" }).ToUrl($"/api/v1/documents/{id}/revisions");
            s.StatusCodeShouldBe(412);
        });
        var problem = await result.Json();
        Assert.Equal(("precondition.version.stale", 3), (problem.Code(), problem.GetProperty("currentVersion").GetInt32()));
    }

    [Fact]
    public async Task the_same_idempotency_key_gives_the_same_answer_and_records_once()
    {
        var id = await Documents.Draft("第一条 甲。");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WithKey(id, "key-1", "第一条 乙。", 201)));
        Assert.Single(answers.Select(a => a.GetRawText()).Distinct());
        Assert.Equal(2, (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("newestRevision").GetInt32());

        Assert.Equal("idempotency.key.reused", (await WithKey(id, "key-1", "第一条 丙。", 422)).Code());
        district.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(3, (await WithKey(id, "key-1", "第一条 丙。", 201)).GetProperty("revision").GetInt32());
    }

    async Task<System.Text.Json.JsonElement> WithKey(Guid id, string key, string text, int expected) =>
        await (
            await Documents.Scenario(s =>
            {
                s.As(Tokens.DraftingHousing).WithRequestHeader("Idempotency-Key", key);
                s.Post.Json(new { text }).ToUrl($"/api/v1/documents/{id}/revisions");
                s.StatusCodeShouldBe(expected);
            })
        ).Json();

    [Fact]
    public async Task a_change_that_is_sent_again_with_its_key_is_answered_as_the_first_time_though_its_version_is_old_by_now()
    {
        var id = await Documents.Draft();
        var key = Guid.NewGuid().ToString();
        async Task<(string Answer, string Replayed)> Change(string title, int expected)
        {
            var answer = await Documents.Scenario(s =>
            {
                s.As(Tokens.DraftingHousing).WithRequestHeader("Idempotency-Key", key);
                s.WithRequestHeader("If-Match", "\"2\"");
                s.Patch.Json(new { title }).ToUrl($"/api/v1/documents/{id}");
                s.StatusCodeShouldBe(expected);
            });
            return (await answer.ReadAsTextAsync(), answer.Context.Response.Headers["Idempotency-Replayed"].ToString());
        }
        var first = await Change("改名的办法", 200);
        Assert.Equal("", first.Replayed);
        Assert.Equal((first.Answer, "true"), await Change("改名的办法", 200));
        await Change("又一个名字", 422);
    }

    [Fact]
    public async Task two_hundred_writers_at_once_in_two_processes_are_all_recorded_without_gaps()
    {
        var id = await Documents.Draft("第一条 起点。");
        var other = await district.StartDocuments();
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 200).Select(n => (n % 2 == 0 ? Documents : other).Revise(id, $"第一条 第{n}位作者。", $"作者{n}"))
        );

        Assert.Equal(Enumerable.Range(2, 200), answers.Select(a => a.GetProperty("revision").GetInt32()).Order());
        var listed = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions?pageSize=200");
        var second = await Documents.Get(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions?pageSize=200&pageToken={listed.GetProperty("nextPageToken").GetString()}"
        );
        var notes = listed
            .GetProperty("items")
            .EnumerateArray()
            .Concat(second.GetProperty("items").EnumerateArray())
            .ToDictionary(r => r.GetProperty("revision").GetInt32(), r => r.GetProperty("changeNote").GetString());
        Assert.Equal(201, notes.Count);
        // Each acknowledged revision is the text of the author who was told its number.
        for (var n = 1; n <= 200; n++)
            Assert.Equal($"作者{n}", notes[answers[n - 1].GetProperty("revision").GetInt32()]);
    }
}
