using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.History;

public sealed class when_following_a_clause(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task a_clause_is_told_through_all_its_wordings_and_the_text_says_since_when_each_is_as_it_is()
    {
        var id = await Documents.Publish(
            await Documents.Draft("第一条 目的。\n第二条 室温16℃。\n第三条 施行。"),
            "测政发〔2026〕501号",
            new { publishedOn = "2026-05-25" }
        );
        await Amend("第一条 目的。\n第二条 室温18℃。\n第三条 施行。", "2026-05-28");
        await Amend("第一条 目的。\n第二条 供热企业检修。\n第三条 室温18℃。\n第四条 施行。", "2026-05-30");
        await Amend("第一条 目的。\n第二条 供热企业检修。\n第三条 施行。", "2026-06-01");

        var versions = (await Documents.Get(null, $"documents/{id}/blocks/b2/history")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["removed", "renumbered", "changed", "added"], versions.Select(v => v.GetProperty("event").GetString()));
        Assert.Equal(
            [null, "第三条 室温18℃。", "第二条 室温18℃。", "第二条 室温16℃。"],
            versions.Select(v => v.GetProperty("text").GetString())
        );
        Assert.Equal(
            ["2026-06-01", "2026-05-30", "2026-05-28", "2026-05-25"],
            versions.Select(v => v.GetProperty("effectiveFrom").GetString())
        );
        Assert.Equal("block.notFound", (await Documents.Get(null, $"documents/{id}/blocks/b99/history", 404)).Code());

        var annotated = (await Documents.Get(null, $"documents/{id}/revisions/current?annotate=true"))
            .GetProperty("annotations")
            .EnumerateArray();
        Assert.Equal(
            ["1:2026-05-25", "3:2026-05-30", "4:2026-06-01"],
            annotated.Select(a => $"{a.GetProperty("revision").GetInt32()}:{a.GetProperty("since").GetString()}")
        );

        // A correction of one article leaves the others to the amendment that brought them.
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/corrections",
            new
            {
                text = "第一条 目的与依据。\n第二条 供热企业检修。\n第三条 施行。",
                changeNote = "脱漏“与依据”",
                corrects = 4,
            },
            201
        );
        annotated = (await Documents.Get(null, $"documents/{id}/revisions/current?annotate=true"))
            .GetProperty("annotations")
            .EnumerateArray();
        Assert.Equal(
            ["5:2026-06-01", "3:2026-05-30", "4:2026-06-01"],
            annotated.Select(a => $"{a.GetProperty("revision").GetInt32()}:{a.GetProperty("since").GetString()}")
        );

        // What was said of it can be put right; the history shows both.
        Assert.Equal(
            ["/note", "/reason"],
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/revisions/3/note", new { }, 422)).Pointers()
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/revisions/1/note", new { note = "原文", reason = "误" }, 404);
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/revisions/3/note",
            new { note = "增加检修一条。", reason = "原说明过简" }
        );
        Assert.Equal(
            "增加检修一条。",
            (await Documents.Get(null, $"documents/{id}/revisions"))
                .GetProperty("items")
                .EnumerateArray()
                .Single(r => r.GetProperty("revision").GetInt32() == 3)
                .GetProperty("changeNote")
                .GetString()
        );
        var history = (await Documents.Get(null, $"documents/{id}/history"))
            .GetProperty("items")
            .EnumerateArray()
            .Where(h => h.GetProperty("revision").GetInt32() == 3)
            .ToArray();
        Assert.Equal(
            [("noteCorrected", "原说明过简"), ("amended", "改")],
            history.Select(h => (h.GetProperty("what").GetString(), h.GetProperty("note").GetString()))
        );
        // A second time too; and a correction of the correction is one more.
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/revisions/3/note",
            new { note = "增加检修一条，条序顺延。", reason = "漏说条序" }
        );
        Assert.Equal(
            "增加检修一条，条序顺延。",
            (await Documents.Get(null, $"documents/{id}/revisions"))
                .GetProperty("items")
                .EnumerateArray()
                .Single(r => r.GetProperty("revision").GetInt32() == 3)
                .GetProperty("changeNote")
                .GetString()
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/corrections",
            new
            {
                text = "第一条 目的和依据。\n第二条 供热企业检修。\n第三条 施行。",
                changeNote = "“与”为“和”之误",
                corrects = 5,
            },
            201
        );
        annotated = (await Documents.Get(null, $"documents/{id}/revisions/current?annotate=true"))
            .GetProperty("annotations")
            .EnumerateArray();
        Assert.Equal(
            ["6:2026-06-01", "3:2026-05-30", "4:2026-06-01"],
            annotated.Select(a => $"{a.GetProperty("revision").GetInt32()}:{a.GetProperty("since").GetString()}")
        );

        Task Amend(string text, string effectiveFrom) =>
            Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{id}/amendments",
                new
                {
                    text,
                    changeNote = "改",
                    effectiveFrom,
                },
                201
            );
    }

    [Fact]
    public async Task every_one_of_many_revisions_reads_as_it_was_recorded_in_a_fresh_process()
    {
        var id = await Documents.Draft(Text(1));
        for (var n = 2; n <= 40; n++)
            await Documents.Revise(id, Text(n));
        var other = await district.StartDocuments();
        foreach (var n in new[] { 40, 1, 16, 17, 18, 33, 34, 39 })
            Assert.Equal(
                Text(n),
                string.Join(
                    '\n',
                    (await other.Get(Tokens.DraftingHousing, $"documents/{id}/revisions/{n}"))
                        .GetProperty("blocks")
                        .EnumerateArray()
                        .Select(b => b.GetProperty("text").GetString())
                )
            );
        await other.Post(Tokens.DraftingHousing, $"documents/{id}/revisions", new { text = Text(41) }, 201);
        Assert.Equal(
            5,
            (await other.Get(Tokens.DraftingHousing, $"documents/{id}/blocks/b5/history?pageSize=5")).GetProperty("items").GetArrayLength()
        );

        static string Text(int n) =>
            string.Join(
                '\n',
                Enumerable
                    .Range(1, 12)
                    .Select(a => $"第{PolicyPlatform.Documents.Text.ChineseNumerals.Write(a)}条 内容{(a == n % 12 + 1 ? n : 0)}。")
            );
    }

    [Fact]
    public async Task what_would_change_is_told_before_it_is_recorded_and_as_a_page()
    {
        var id = await Documents.Draft("第一条 室温不得低于16℃。\n第二条 施行。");
        var comparison = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{id}/comparison",
            new { text = "第一条 室温不得低于18℃。\n第二条 <b>施行</b>。" },
            200
        );
        Assert.Equal(
            ["modified", "modified"],
            comparison.GetProperty("blocks").EnumerateArray().Select(b => b.GetProperty("change").GetString())
        );
        Assert.Equal(1, (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("newestRevision").GetInt32());
        Assert.Equal(
            ["/text", "/from"],
            (await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/comparison", new { from = 7 }, 422)).Pointers()
        );

        await Documents.Revise(id, "第一条 室温不得低于18℃。\n第二条 <b>施行</b>。");
        foreach (var view in new[] { "sideBySide", "inline" })
        {
            var page = await ComparisonPage(Tokens.DraftingHousing, id, view);
            Assert.Contains("<del><span class=\"spoken\">删去：</span>16", page, StringComparison.Ordinal);
            Assert.Contains("<ins><span class=\"spoken\">增加：</span>18", page, StringComparison.Ordinal);
            Assert.Contains("&lt;b&gt;", page, StringComparison.Ordinal);
            Assert.Contains("<th scope=\"row\">第一条<br>修改</th>", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_changed_table_is_shown_cell_by_cell_and_the_page_names_both_days()
    {
        var id = await Documents.Publish(
            await Documents.Draft("第一条 收费见下表。\n区域\t日间\t夜间\n一类\t12\t", "收费办法"),
            "测政发〔2026〕688号",
            new { effectiveFrom = "2026-05-28" }
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 收费见下表。\n区域\t日间\t夜间\n一类\t\t12",
                changeNote = "改",
                effectiveFrom = "2026-07-01",
            },
            201
        );
        foreach (var view in new[] { "sideBySide", "inline" })
        {
            var page = await ComparisonPage(null, id, view);
            Assert.Contains("第1次文本（2026-05-28起施行）", page, StringComparison.Ordinal);
            Assert.Contains("第2次文本（2026-07-01起施行）", page, StringComparison.Ordinal);
            Assert.Contains("<col class=\"change\">", page, StringComparison.Ordinal);
            Assert.Contains("<td>区域</td><td>日间</td><td>夜间</td></tr><tr><td>一类</td><td>", page, StringComparison.Ordinal);
            Assert.Contains("12<span class=\"spoken\">（增加完）</span></ins></td></tr></table>", page, StringComparison.Ordinal);
        }
    }

    async Task<string> ComparisonPage(string? token, Guid id, string view) =>
        await (
            await Documents.Scenario(s =>
            {
                if (token is not null)
                    s.As(token);
                s.WithRequestHeader("Accept", "text/html");
                s.Get.Url($"/api/v1/documents/{id}/comparison?from=1&to=2&view={view}");
            })
        ).ReadAsTextAsync();
}
