using System.Text.Json;
using Alba;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Relations;

public sealed class when_documents_speak_of_each_other(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task a_repeal_by_a_new_document_changes_both_in_one_step()
    {
        var old = await Documents.Publish(await Documents.Draft(title: "旧供水办法"), "测政发〔2026〕401号");
        var other = await Documents.Publish(await Documents.Draft(title: "新供水办法"), "测政发〔2026〕402号");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{old}/repeal",
            new
            {
                reason = "新办法已经施行",
                repealedBy = other,
                effectiveFrom = "2026-07-01",
            }
        );

        var (mine, theirs) = ((await Relations(old))[0], (await Relations(other))[0]);
        Assert.Equal(
            ("repeals", "incoming", other, false),
            (
                mine.GetProperty("kind").GetString(),
                mine.GetProperty("direction").GetString(),
                mine.GetProperty("document").GetProperty("id").GetGuid(),
                mine.GetProperty("holds").GetBoolean()
            )
        );
        Assert.Equal(
            ("repeals", "outgoing", old),
            (
                theirs.GetProperty("kind").GetString(),
                theirs.GetProperty("direction").GetString(),
                theirs.GetProperty("document").GetProperty("id").GetGuid()
            )
        );
        Assert.True((await Relations(old, "?on=2026-07-01"))[0].GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task a_superseded_document_names_the_one_in_its_place()
    {
        var old = await Documents.Publish(await Documents.Draft(title: "旧燃气办法"), "测政发〔2026〕403号");
        var other = await Documents.Publish(await Documents.Draft(title: "新燃气办法"), "测政发〔2026〕404号");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{old}/supersede", new { reason = "由新办法替代", supersededBy = other });
        var view = await Documents.Get(null, $"documents/{old}");
        Assert.Equal(
            ("superseded", other),
            (view.GetProperty("validity").GetString(), view.GetProperty("superseded").GetProperty("supersededBy").GetGuid())
        );
        Assert.Equal("supersedes", (await Relations(other))[0].GetProperty("kind").GetString());
        Assert.Equal(1, (await Documents.Get(null, "library?validity=superseded&q=旧燃气办法")).GetProperty("total").GetInt32());
        Assert.Equal(
            "document.state.wrong",
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{old}/supersede",
                    new { reason = "再来", supersededBy = other },
                    409
                )
            ).Code()
        );
        Assert.Equal(
            ["/reason", "/supersededBy"],
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{other}/supersede", new { supersededBy = other }, 422)).Pointers()
        );
    }

    [Fact]
    public async Task citations_become_links_warnings_and_offers()
    {
        var law = await Documents.Publish(await Documents.Draft(title: "中华人民共和国测试法"), "测政发〔2026〕405号");
        var gone = await Documents.Publish(await Documents.Draft(title: "作废办法"), "测政发〔2026〕406号");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{gone}/repeal", new { reason = "作废" });
        var id = await Documents.Draft(
            "第一条 根据《测试法》，制定本办法。\n第二条 《作废办法》另有规定的除外，按照测政发[2026]405号和《不知道的办法》执行。"
        );

        var citations = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/relations"))
            .GetProperty("citations")
            .EnumerateArray()
            .ToArray();
        Assert.Equal(["linked", "warning", "linked", "unknown"], citations.Select(c => c.GetProperty("state").GetString()));
        Assert.Equal(
            (law, "basedOn"),
            (citations[0].GetProperty("document").GetProperty("id").GetGuid(), citations[0].GetProperty("offered").GetString())
        );
        Assert.Equal(
            (gone, JsonValueKind.Null),
            (citations[1].GetProperty("document").GetProperty("id").GetGuid(), citations[1].GetProperty("offered").ValueKind)
        );

        var html = await (
            await Documents.Scenario(s =>
            {
                s.As(Tokens.DraftingHousing).WithRequestHeader("Accept", "text/html");
                s.Get.Url($"/api/v1/documents/{id}/revisions/1");
            })
        ).ReadAsTextAsync();
        Assert.Contains($"<a href=\"/api/v1/documents/{law}/revisions/current\">《测试法》</a>", html, StringComparison.Ordinal);
        Assert.Contains("title=\"已废止\">《作废办法》</a><small>（已废止）</small>", html, StringComparison.Ordinal);

        var stated = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/relations",
            new
            {
                kind = "basedOn",
                target = law,
                note = "上位法",
            },
            201
        );
        Assert.Equal(
            JsonValueKind.Null,
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/relations"))
                .GetProperty("citations")[0]
                .GetProperty("offered")
                .ValueKind
        );
        Assert.Equal(
            ["/target"],
            (
                await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/relations", new { kind = "basedOn", target = law }, 422)
            ).Pointers()
        );
        // A draft's relations are process information: the public does not see them from the other end.
        Assert.Empty(await Relations(law));
        await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/relations",
            new
            {
                id = stated.GetProperty("id").GetGuid(),
                kind = "basedOn",
                target = law,
                until = "2026-06-30",
            },
            201
        );
        Assert.Equal(
            "2026-06-30",
            Assert
                .Single(
                    (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/relations")).GetProperty("relations").EnumerateArray()
                )
                .GetProperty("until")
                .GetString()
        );
        Assert.Equal(
            ["/kind", "/target"],
            (
                await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/relations", new { kind = "repeals", target = id }, 422)
            ).Pointers()
        );
    }

    [Fact]
    public void titles_and_numbers_are_found_where_they_stand()
    {
        var blocks = new Block[]
        {
            new(
                "b1",
                BlockKind.Article,
                null,
                "第一条",
                "第一条 根据《国务院关于修改〈物业管理条例〉的决定》（国发【2018】第03号）和章政办发（2025）2号，制定。"
            ),
        };
        Assert.Equal(
            [("国务院关于修改《物业管理条例》的决定", "国发〔2018〕3号"), (null, "和章政办发〔2025〕2号")],
            Citations.In(blocks).Select(c => (c.Title, c.Number))
        );
        Assert.All(Citations.In(blocks), c => Assert.Equal(c.Words, blocks[0].Text.Substring(c.Start, c.Length)));
    }

    [Theory]
    [InlineData("根据测试区人民政府令第157号的规定", null, "根据测试区人民政府令第157号")]
    [InlineData("按照市政府第一百五十七号令", null, "按照市政府令第157号")]
    [InlineData("税务总局公告2023年第37号", null, "税务总局公告2023年第37号")]
    [InlineData("《供热办法》（测试区人民政府令第１５７号）", "供热办法", "测试区人民政府令第157号")]
    [InlineData("《供热办法》（住建（规）发〔2026〕1号）", "供热办法", "住建（规）发〔2026〕1号")]
    [InlineData("按住建（规）发﹝2026﹞1号", null, "按住建（规）发〔2026〕1号")]
    [InlineData("测政发［2025］第02号", null, "测政发〔2025〕2号")]
    [InlineData("<<供热管理办法>>", "供热管理办法", null)]
    [InlineData("«供热管理办法»", "供热管理办法", null)]
    [InlineData("〈供热管理办法〉", "供热管理办法", null)]
    [InlineData("测政发〈2025〉2号", null, "测政发〔2025〕2号")]
    public void titles_and_numbers_of_every_form_are_cited(string words, string? title, string? number) =>
        Assert.Equal(
            (title, number),
            Assert.Single(Citations.In([new("b1", BlockKind.Paragraph, null, null, words + "，执行。")]).Select(c => (c.Title, c.Number)))
        );

    [Theory]
    [InlineData("责令第三人改正，第5号楼除外。")]
    [InlineData("一、第37号令")]
    [InlineData("本公告自发布之日起施行，（2025）二号。")]
    public void what_names_no_document_is_no_citation(string words) =>
        Assert.Empty(Citations.In([new("b1", BlockKind.Paragraph, null, null, words)]));

    [Fact]
    public async Task an_order_is_cited_and_found_by_its_number_and_belongs_to_its_issuer()
    {
        var order = await Documents.Publish(await Documents.Draft(title: "养犬管理规定"), "第9号令");
        Assert.Equal(
            "测试区住房和城乡建设局令第9号",
            (await Documents.Get(null, $"documents/{order}")).GetProperty("documentNumber").GetString()
        );
        var id = await Documents.Draft(
            "第一条 按照测试区住房和城乡建设局令第9号执行，不适用国务院令第9号。\n第二条 《养犬管理规定》（测试区住房和城乡建设局令第9号）作如下修改。"
        );
        var citations = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/relations"))
            .GetProperty("citations")
            .EnumerateArray()
            .ToArray();
        Assert.Equal(["linked", "unknown", "linked"], citations.Select(c => c.GetProperty("state").GetString()));
        Assert.Equal(
            (order, "amends"),
            (citations[2].GetProperty("document").GetProperty("id").GetGuid(), citations[2].GetProperty("offered").GetString())
        );
        foreach (var typed in new[] { "第9号令", "令第9号", "住房和城乡建设局令第九号" })
            Assert.Equal(1, (await Documents.Get(null, $"library?q={typed}")).GetProperty("total").GetInt32());
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Exempt(id);
        Assert.Equal(
            "document.number.taken",
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/issue",
                    new { documentNumber = "测试区住房和城乡建设局第009号令", writtenOn = "2026-05-20" },
                    409
                )
            ).Code()
        );
    }

    [Fact]
    public async Task what_several_words_repeal_together_is_offered_as_repealed()
    {
        foreach (var (title, number) in new[] { ("旧供水办法", "测政发〔2026〕431号"), ("旧排水办法", "测政发〔2026〕432号") })
            await Documents.Publish(await Documents.Draft(title: title), number);
        var id = await Documents.Draft("第一条 《旧供水办法》（测政发〔2026〕431号）、《旧排水办法》予以废止。");
        Assert.Equal(
            ["repeals", "repeals"],
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/relations"))
                .GetProperty("citations")
                .EnumerateArray()
                .Select(c => c.GetProperty("offered").GetString())
        );
    }

    async Task<JsonElement[]> Relations(Guid id, string query = "") =>
        [.. (await Documents.Get(null, $"documents/{id}/relations{query}")).GetProperty("relations").EnumerateArray()];
}
