using System.Security.Cryptography;
using System.Text.Json;
using Alba;
using PolicyPlatform.Documents.Integrity;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Amendment;

/// <summary>A text or a file with personal data goes for good, and the chain over what was recorded goes on being verifiable.</summary>
public sealed class when_a_text_is_erased(District district) : IClassFixture<District>
{
    const string Secret = "身份证号三七〇一一四一九八八〇一〇一";

    static readonly object because = new { reason = "含有公民身份号码，依申请删除。" };

    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task nothing_is_left_of_it_and_everything_else_is_what_it_was()
    {
        // More than one stretch of changes, each on top of the ones before.
        string[] articles = [.. Enumerable.Range(1, 12).Select(n => $"第{n}条 第{n}项事务由主管部门负责。")];
        var id = await Documents.Draft(Text(1), "测试区名册办法");
        for (var n = 2; n <= 20; n++)
            await Documents.Revise(id, Text(n));
        await Documents.Publish(id, "测删发〔2026〕1号");
        await Documents.Post(Tokens.Supervision, "integrity/checkpoints", new { }, 201);
        var before = await Texts();
        int[] erased = [5, 17, 1, 16, 2];

        foreach (var revision in erased)
            await Erase(id, revision);

        Assert.Equal(0, await Left("第五稿"));
        Assert.Equal(0, await Left("第十七稿"));
        var after = await Texts();
        Assert.Equal(before.Keys.Except(erased).Order(), after.Keys.Order());
        Assert.All(after, t => Assert.Equal(before[t.Key], t.Value));
        foreach (var revision in erased)
            Assert.Equal(
                "revision.erased",
                (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/{revision}", 410)).Code()
            );
        var report = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/integrity");
        Assert.Equal((true, 15), (report.GetProperty("intact").GetBoolean(), report.GetProperty("revisions").GetInt32()));
        using var key = ECDsa.Create();
        key.ImportFromPem(await (await Documents.Scenario(s => s.Get.Url("/api/v1/integrity/key"))).ReadAsTextAsync());
        foreach (var revision in new[] { 3, 15, 20 })
            Assert.Null(
                (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/{revision}/proof"))
                    .Deserialize<RevisionProof>(JsonDefaults.Options)!
                    .Flaw(key)
            );
        // What comes next builds on what is there.
        await Amend(id, Text(21));
        Assert.Contains("第二十一稿", (await Documents.Get(null, $"documents/{id}/revisions/21")).GetRawText(), StringComparison.Ordinal);
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
        var listed = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history?pageSize=50")).GetProperty("items");
        Assert.Equal(5, listed.EnumerateArray().Count(h => h.GetProperty("what").GetString() == "erased"));
        Assert.DoesNotContain("erased", (await Documents.Get(null, $"documents/{id}/history")).GetRawText(), StringComparison.Ordinal);

        string Text(int n) => string.Join('\n', articles.Select((a, i) => i == n % articles.Length ? $"{a}{Word(n)}。" : a));

        static string Word(int n) =>
            $"第{new[] { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" }[n % 10] switch
        {
            var d when n < 10 => d,
            var d when n < 20 => $"十{(n == 10 ? "" : d)}",
            var d => $"二十{(n == 20 ? "" : d)}",
        }}稿";

        async Task<Dictionary<int, string>> Texts()
        {
            var texts = new Dictionary<int, string>();
            for (var n = 1; n <= 20; n++)
            {
                var answer = await Documents.Scenario(s =>
                {
                    s.As(Tokens.DraftingHousing).Get.Url($"/api/v1/documents/{id}/revisions/{n}");
                    s.IgnoreStatusCode();
                });
                if (answer.Context.Response.StatusCode == 200)
                    texts[n] = (await answer.Json()).GetProperty("blocks").GetRawText();
            }
            return texts;
        }
    }

    [Fact]
    public async Task a_published_text_is_taken_down_corrected_erased_and_never_put_back()
    {
        var id = await Published("测删发〔2026〕2号", "测试区低保办法", $"第一条 名单：{Secret}二。\n第二条 本办法自公布之日起施行。");
        Assert.Equal("document.state.wrong", (await Erase(id, 1, 409)).Code());
        await Down(id, 1);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/corrections",
            new { text = "第一条 名单另行通知。\n第二条 本办法自公布之日起施行。", changeNote = "名单不予公开。" },
            201
        );
        Assert.NotEqual(0, await Left($"{Secret}二"));

        await Erase(id, 1);

        Assert.Equal(0, await Left($"{Secret}二"));
        Assert.Equal("document.takenDown", (await Documents.Get(null, $"documents/{id}/revisions/1", 410)).Code());
        Assert.Equal("revision.erased", (await Documents.Get(Tokens.Supervision, $"documents/{id}/revisions/1", 410)).Code());
        Assert.Equal(
            ["revision.erased"],
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/comparison?from=1&to=2", 422))
                .GetProperty("errors")
                .EnumerateArray()
                .Select(e => e.Code())
        );
        Assert.Equal("revision.erased", (await PutBack(id, 1, 410)).Code());
        Assert.Equal("revision.erased", (await Erase(id, 1, 410)).Code());
        // The correction stands for it, and everybody reads that.
        await Documents.Get(null, $"documents/{id}/revisions/current");
        await Documents.Get(null, $"documents/{id}/revisions/current?annotate=true");
        await Documents.Get(null, $"documents/{id}/page");
        await Documents.Get(null, $"documents/{id}/blocks/b1/history");
        Assert.Equal("revision.erased", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/1/proof", 410)).Code());
    }

    [Fact]
    public async Task the_only_text_of_a_document_goes_and_the_next_one_stands_for_it()
    {
        var id = await Published("测删发〔2026〕3号", "测试区特困办法", $"第一条 名单：{Secret}三。\n第二条 施行。");
        await Down(id);
        Assert.Equal("document.state.wrong", (await Erase(id, 1, 409)).Code());
        await Down(id, 1);
        await Erase(id, 1);
        Assert.Equal(0, await Left($"{Secret}三"));
        var corrected = new
        {
            text = "第一条 名单另行通知。\n第二条 施行。",
            changeNote = "更正",
            corrects = 1,
        };
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/corrections", corrected, 201);
        await PutBack(id, null);
        Assert.Contains(
            "另行通知",
            (await Documents.Get(null, $"documents/{id}/revisions/current")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task a_file_goes_from_all_texts_that_hold_it_and_stays_where_another_document_has_it()
    {
        var bytes = "%PDF-1.7 名单 三七〇一一四"u8.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var one = await WithFile("测试区救助办法", "测删发〔2026〕4号");
        var other = await WithFile("测试区优抚办法", "测删发〔2026〕5号");
        await Amend(one, "第一条 修改。");
        var texts = (await Documents.Get(null, $"documents/{one}/revisions"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(r => r.GetProperty("revision").GetInt32())
            .ToArray();
        await Down(one, texts[0]);
        // The text before has it as well, and everybody reads that.
        Assert.Equal("document.state.wrong", (await EraseFile(one, texts[0], 409)).Code());
        await Down(one, texts[1]);
        Assert.Equal("file.notFound", (await EraseFile(one, 1, 404)).Code());
        await EraseFile(one, texts[0]);
        foreach (var text in texts)
        {
            await PutBack(one, text);
            var file = (await Documents.Get(null, $"documents/{one}/revisions/{text}")).GetProperty("files")[0];
            Assert.Equal((hash, true), (file.GetProperty("sha256").GetString(), file.GetProperty("erased").GetBoolean()));
            Assert.Equal("revision.erased", (await Documents.Get(null, $"documents/{one}/revisions/{text}/files/{hash}", 410)).Code());
        }
        Assert.True((await Documents.Get(null, $"documents/{one}/integrity")).GetProperty("intact").GetBoolean());
        Assert.Equal(1, await Kept());
        await Documents.Scenario(s => s.Get.Url($"/api/v1/documents/{other}/revisions/2/files/{hash}"));
        Assert.Equal("file.notFound", (await EraseFile(one, texts[0], 404)).Code());
        // The next text does not bring it back.
        await Amend(one, "第一条 再次修改。");
        Assert.Empty((await Documents.Get(null, $"documents/{one}/revisions/4")).GetProperty("files").EnumerateArray());

        await Down(other, 2);
        await Erase(other, 2);
        Assert.Equal(0, await Kept());

        Task<long> Kept() => district.Count($"select count(*) from documents.attached_files where sha256 = '{hash}'");

        async Task<Guid> WithFile(string title, string number)
        {
            var draft = await Documents.Draft(title: title);
            await Documents.Scenario(s =>
            {
                s.As(Tokens.DraftingHousing)
                    .Post.ByteArray(bytes)
                    .ToUrl($"/api/v1/documents/{draft}/files")
                    .QueryString("name", "名单.pdf");
                s.StatusCodeShouldBe(201);
            });
            return await Documents.Publish(draft, number);
        }

        Task<JsonElement> EraseFile(Guid id, int revision, int expected = 200) =>
            Documents.Post(
                Tokens.Privacy,
                $"documents/{id}/revisions/{revision}/erase",
                new { reason = "含有个人信息。", file = hash },
                expected
            );
    }

    [Fact]
    public async Task a_file_that_a_later_text_goes_on_holding_stays()
    {
        string[] articles = [.. Enumerable.Range(1, 12).Select(n => $"第{n}条 第{n}项事务由主管部门负责。")];
        var bytes = "1,2,表格"u8.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var id = await Documents.Draft(string.Join('\n', articles), "测试区表格办法");
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/revisions",
            new
            {
                text = string.Join('\n', articles) + "\n第十三条 附表。",
                files = new object[] { new { name = "表.csv", content = bytes } },
            },
            201
        );
        await Documents.Publish(id, "测删发〔2026〕6号");
        articles[3] = "第4条 另行规定。";
        await Amend(id, string.Join('\n', articles) + "\n第十三条 附表。");
        await Down(id, 2);
        // The office says which files stay.
        await Erase(id, 2);
        Assert.Equal(1, await district.Count($"select count(*) from documents.attached_files where sha256 = '{hash}'"));
        await Documents.Scenario(s => s.Get.Url($"/api/v1/documents/{id}/revisions/3/files/{hash}"));
        Assert.True((await Documents.Get(null, $"documents/{id}/integrity")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task it_is_erased_by_whoever_answers_for_personal_data_with_a_reason_and_not_under_those_who_work_on_it()
    {
        var id = await Documents.Draft(title: "测试区名单办法");
        foreach (var token in new[] { Tokens.OpennessOffice, Tokens.DraftingHousing, Tokens.Supervision })
            Assert.Equal("identity.role.missing", (await Documents.Post(token, $"documents/{id}/revisions/1/erase", because, 403)).Code());
        Assert.Equal(["/reason"], (await Documents.Post(Tokens.Privacy, $"documents/{id}/revisions/1/erase", new { }, 422)).Pointers());
        // The newest text of a draft is what is worked on.
        Assert.Equal("document.state.wrong", (await Erase(id, 1, 409)).Code());
        Assert.Equal("revision.notFound", (await Erase(id, 2, 404)).Code());
        Assert.Equal("document.notFound", (await Erase(Guid.NewGuid(), 1, 404)).Code());
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/withdraw", new { reason = "不再需要。" });
        await Erase(id, 1);
        Assert.Equal("revision.erased", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/current", 410)).Code());
        Assert.Equal("document.notFound", (await Documents.Get(null, $"documents/{id}/revisions/1", 404)).Code());
    }

    [Fact]
    public async Task a_text_that_is_only_said_to_be_erased_is_found_out()
    {
        var id = await Documents.Draft("第一条 原文。", "测试区篡改办法");
        await Documents.Revise(id, "第一条 改文。");
        await district.Execute(
            $$"""update documents.mt_events set data = data || '{"blocks": [], "erased": "2026-06-01T00:00:00Z"}' where stream_id = '{{id}}' and version = 2"""
        );
        var report = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/integrity");
        Assert.Equal((false, 1), (report.GetProperty("intact").GetBoolean(), report.GetProperty("brokenAt").GetInt32()));
    }

    async Task<Guid> Published(string number, string title, string text) =>
        await Documents.Publish(await Documents.Draft(text, title), number);

    Task<JsonElement> Amend(Guid id, string text) =>
        Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text,
                changeNote = "修改",
                effectiveFrom = "2026-06-01",
            },
            201
        );

    Task<JsonElement> Down(Guid id, int? revision = null) =>
        Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/take-down",
            new
            {
                ground = "personalData",
                explanation = "该文件正在核查，暂停公开。",
                reason = "含有个人信息。",
                revision,
            }
        );

    Task<JsonElement> PutBack(Guid id, int? revision, int expected = 200) =>
        Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "可以公开。", revision }, expected);

    Task<JsonElement> Erase(Guid id, int revision, int expected = 200) =>
        Documents.Post(Tokens.Privacy, $"documents/{id}/revisions/{revision}/erase", because, expected);

    // In whatever table of the service.
    async Task<long> Left(string words)
    {
        var left = 0L;
        foreach (
            var table in await district.Column(
                "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_schema = 'documents' and table_type = 'BASE TABLE'"
            )
        )
            left += await district.Count($"select count(*) from {table} t where t::text like '%{words}%'");
        return left;
    }
}
