using Alba;
using CsCheck;
using PolicyPlatform.Documents.Library;
using PolicyPlatform.Documents.Tests.Text;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Search;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Library;

public sealed class when_searching_the_library(District district, PostgresCluster postgres) : IClassFixture<District>, IAsyncLifetime
{
    static int made;

    IAlbaHost Documents => district.Documents;

    public async ValueTask InitializeAsync()
    {
        if (Interlocked.Exchange(ref made, 1) == 1)
            return;
        foreach (
            var (title, text, number) in new[]
            {
                ("供热保障办法", "第一章 供热管理\n第一条 供热企业应当检修设施。\n第二条 热费由用户交纳。", "章政办发〔2026〕2号"),
                ("政务公开工作要点", "一、优化营商环境\n（一）推进供热等民生领域信息公开。", "章政办发〔2026〕12号"),
                ("停车场管理规定", "第一条 停车场应当公示收费标准。\n第二条 GDP 统计不在此列，12345 热线受理投诉。", "章政发〔2025〕7号"),
            }
        )
            await Documents.Publish(
                await Documents.Draft(text, title),
                number,
                new { publishedOn = "2026-05-25" },
                number.Contains("2025", StringComparison.Ordinal) ? "2025-05-20" : "2026-05-20"
            );
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("供热", "供热保障办法|政务公开工作要点")]
    [InlineData("应当检修", "供热保障办法")]
    [InlineData("民生领域信息", "政务公开工作要点")]
    [InlineData("供热 -热费", "政务公开工作要点")]
    [InlineData("热费 OR 停车", "停车场管理规定|供热保障办法")]
    [InlineData("\"企业应当\" 供热", "供热保障办法")]
    [InlineData("“推进供热等”", "政务公开工作要点")]
    [InlineData("企业 营商", "")]
    [InlineData("设施第二条", "")]
    [InlineData("gdp", "停车场管理规定")]
    [InlineData("１２３４５热线", "停车场管理规定")]
    [InlineData("章政办发 2号", "供热保障办法")]
    [InlineData("章政办发[2026]第02号", "供热保障办法")]
    [InlineData("〔2025〕7号", "停车场管理规定")]
    [InlineData("费", "停车场管理规定|供热保障办法")]
    public async Task every_term_is_found_as_it_is_written_and_titles_come_first(string q, string titles)
    {
        var page = await Documents.Get(null, $"library?q={Uri.EscapeDataString(q)}");
        Assert.Equal(titles, string.Join('|', page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("title").GetString())));
    }

    [Fact]
    public async Task blocks_are_highlighted_where_the_words_stand()
    {
        var item = (await Documents.Get(null, $"library?q={Uri.EscapeDataString("检修 设施")}")).GetProperty("items")[0];
        var block = Assert.Single(item.GetProperty("blocks").EnumerateArray());
        var text = block.GetProperty("text").GetString()!;
        Assert.Equal(
            ["检修", "设施"],
            block
                .GetProperty("spans")
                .EnumerateArray()
                .Select(s => text.Substring(s.GetProperty("start").GetInt32(), s.GetProperty("length").GetInt32()))
        );
        Assert.Equal("第一条", block.GetProperty("label").GetString());
    }

    [Fact]
    public async Task facets_count_what_another_choice_would_find()
    {
        var page = await Documents.Get(null, "library?year=2025");
        Assert.Equal(1, page.GetProperty("total").GetInt32());
        Assert.Equal(
            ["2026:2", "2025:1"],
            page.GetProperty("facets")
                .GetProperty("year")
                .EnumerateArray()
                .Select(f => $"{f.GetProperty("value").GetString()}:{f.GetProperty("count").GetInt32()}")
        );
        Assert.Equal(
            ["inForce:1"],
            page.GetProperty("facets")
                .GetProperty("validity")
                .EnumerateArray()
                .Select(f => $"{f.GetProperty("value").GetString()}:{f.GetProperty("count").GetInt32()}")
        );
    }

    [Fact]
    public async Task a_change_is_visible_at_once_also_to_another_process_and_by_its_tag()
    {
        // A library of its own: the others count what is in theirs.
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var other = await own.StartDocuments();
        var id = await own.Documents.Publish(await own.Documents.Draft("第一条 瞬时可见。", "瞬时办法"), "章政发〔2024〕9号");
        const string Url = "/api/v1/library?q=%E7%9E%AC%E6%97%B6";
        var tag = (await other.Scenario(s => s.Get.Url(Url))).Context.Response.Headers.ETag.ToString();
        await own.Documents.Scenario(s =>
        {
            s.WithRequestHeader("If-None-Match", tag);
            s.Get.Url(Url);
            s.StatusCodeShouldBe(304);
        });
        await own.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/corrections",
            new
            {
                text = "第一条 即时可见。",
                changeNote = "误",
                title = "即时办法",
            },
            201
        );
        Assert.Equal(0, (await other.Get(null, "library?q=瞬时")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await other.Get(null, "library?q=即时可见")).GetProperty("total").GetInt32());
        await own.Documents.Scenario(s =>
        {
            s.WithRequestHeader("If-None-Match", tag);
            s.Get.Url(Url);
            s.StatusCodeShouldBeOk();
        });
    }

    [Fact]
    public void a_word_is_found_exactly_where_looking_at_every_text_finds_it()
    {
        var piece = Pieces.Any("供热", "热费", "企业", "应当", "公", "开", "公开", "A1", " ", "\n");
        var texts = piece.Array[1, 12].Select(string.Concat).Array[1, 8];
        var term = Pieces.Any("供热", "热企", "公开", "开公开", "当", "a1", "费企业应当").Array[1, 2].Select(string.Concat);
        Gen.Select(texts, term)
            .Sample(
                (all, word) =>
                {
                    var index = new LibraryIndex();
                    var day = new DateOnly(2026, 6, 1);
                    foreach (var (text, i) in all.Select((t, i) => (t, i)))
                    {
                        var entry = new LibraryEntry
                        {
                            Id = new Guid(i % 5, 0, 0, new byte[8]),
                            Version = i,
                            Title = "题",
                            Texts = [new(1, day, default, null)],
                        };
                        var (blocks, _) = BlockIdentity.Carry([], TextStructure.Cut(text), 1);
                        index.Put(IndexedDocument.Of(entry, blocks, day));
                    }
                    // The last text of each id counts.
                    var expected = all.Select((t, i) => (Text: t, Id: i % 5))
                        .GroupBy(p => p.Id)
                        .Select(g => g.Last())
                        .Count(p =>
                            TextStructure
                                .Cut(p.Text)
                                .Any(block => SearchQuery.Fold(block.Text).Contains(SearchQuery.Fold(word), StringComparison.Ordinal))
                        );
                    return index.Search(SearchQuery.Parse($"\"{word}\"")).Count == expected;
                }
            );
    }
}
