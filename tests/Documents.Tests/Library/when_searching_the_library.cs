using Alba;
using CsCheck;
using PolicyPlatform.Documents.Library.Indexing;
using PolicyPlatform.Documents.Tests.Text;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.Shared.Search;
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

    [Theory]
    [InlineData("供熱保障辦法", "供热保障办法")]
    [InlineData("繳納", "")]
    [InlineData("設施", "供热保障办法")]
    [InlineData("第2条 热费", "供热保障办法")]
    [InlineData("\"第1条供热企业\"", "供热保障办法")]
    [InlineData("热费 or 停车", "停车场管理规定|供热保障办法")]
    [InlineData("热费，供热", "供热保障办法")]
    [InlineData("热费、供热,用户", "供热保障办法")]
    [InlineData("设施检修企业", "供热保障办法")]
    [InlineData("\"设施检修企业\"", "")]
    [InlineData("用户检修", "")]
    public async Task people_are_understood_as_they_type(string q, string titles) =>
        Assert.Equal(
            titles,
            string.Join(
                '|',
                (await Documents.Get(null, $"library?q={Uri.EscapeDataString(q)}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(i => i.GetProperty("title").GetString())
            )
        );

    [Fact]
    public async Task the_phrase_comes_before_its_words_and_the_whole_title_before_all()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        foreach (
            var (n, title, text) in new[]
            {
                (1, "关于修改《甲区冬季供暖办法》的决定", "一、将《甲区冬季供暖办法》第二条修改为：老旧小区加装电梯。"),
                (2, "甲区冬季供暖办法", "第一条 小区内的电梯应当加装应急电源，老旧的先装。"),
                (3, "老旧住宅规定", "第一条 老旧小区。\n第二条 加装电梯。"),
            }
        )
            await own.Documents.Publish(
                await own.Documents.Draft(text, title),
                $"甲政发〔2026〕{n}号",
                new { publishedOn = $"2026-05-2{n}" }
            );
        Assert.Equal(["甲区冬季供暖办法", "关于修改《甲区冬季供暖办法》的决定"], await Titles("甲区冬季供暖办法"));
        // All words in one block, and not in two.
        Assert.Equal(["关于修改《甲区冬季供暖办法》的决定", "甲区冬季供暖办法"], await Titles("老旧小区加装电梯"));
        var spans = (await own.Documents.Get(null, "library?q=老旧小区加装电梯")).GetProperty("items")[1].GetProperty("blocks")[0];
        var words = spans.GetProperty("text").GetString()!;
        Assert.Equal(
            ["小区", "电梯", "加装", "老旧"],
            spans
                .GetProperty("spans")
                .EnumerateArray()
                .Select(s => words.Substring(s.GetProperty("start").GetInt32(), s.GetProperty("length").GetInt32()))
        );

        async Task<string?[]> Titles(string q) =>
            [
                .. (await own.Documents.Get(null, $"library?q={q}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(i => i.GetProperty("title").GetString()),
            ];
    }

    [Fact]
    public void of_two_texts_the_one_that_says_it_more_often_and_of_these_the_shorter_comes_first()
    {
        using var folder = IndexFolder.InMemory();
        var day = new DateOnly(2026, 6, 1);
        var others = string.Concat(Enumerable.Repeat("其他事项依照有关规定。", 100));
        foreach (
            var (n, text) in new[]
            {
                (1, "第一条 供暖费。"),
                (2, $"第一条 供暖费，供暖费，供暖费。\n第二条 {others}"),
                (3, "第一条 供暖费，供暖费，供暖费。"),
            }
        )
            folder.Put(
                new(
                    new()
                    {
                        Id = new Guid(n, 0, 0, new byte[8]),
                        Title = "题",
                        Texts = [new(1, day, default, null)],
                    },
                    [.. BlockIdentity.Carry([], TextStructure.Cut(text), 1).Blocks.Select(IndexedBlock.Of)],
                    []
                ),
                day
            );
        using var index = folder.Now(day);
        foreach (var q in new[] { "供暖", "供暖费" })
        {
            var found = new List<(byte, float)>();
            index.Search(SearchQuery.Parse(q), isScored: true, (h, _) => found.Add((h.Document.Id.ToByteArray()[0], h.Score)));
            Assert.Equal([3, 2, 1], found.OrderByDescending(f => f.Item2).Select(f => (int)f.Item1));
        }
    }

    [Theory]
    [InlineData("𠮷林小区", true)]
    [InlineData("𠮷小", false)]
    [InlineData("\"小区𠮷林\"", false)]
    public void a_character_outside_the_basic_plane_is_one(string q, bool isFound)
    {
        using var folder = IndexFolder.InMemory();
        var day = new DateOnly(2026, 6, 1);
        folder.Put(
            new(
                new()
                {
                    Id = Guid.NewGuid(),
                    Title = "题",
                    Texts = [new(1, day, default, null)],
                },
                [new("b1", BlockKind.Article, null, "在𠮷林路的小区，𠮷林小区。")],
                []
            ),
            day
        );
        using var index = folder.Now(day);
        var found = 0;
        index.Search(SearchQuery.Parse(q), isScored: true, (_, _) => found++);
        Assert.Equal(isFound ? 1 : 0, found);
    }

    [Fact]
    public void a_clause_is_ranked_with_its_title_and_chapter()
    {
        using var folder = IndexFolder.InMemory();
        var day = new DateOnly(2026, 6, 1);
        foreach (
            var (n, title, text) in new[]
            {
                (1, "停车办法", "第一章 收费\n第一条 费用由使用人交纳。\n第二章 处罚\n第二条 费用由使用人交纳。"),
                (2, "供热办法", "第一条 费用由使用人交纳。"),
            }
        )
        {
            var entry = new LibraryEntry
            {
                Id = new Guid(n, 0, 0, new byte[8]),
                Title = title,
                Texts = [new(1, day, default, null, title)],
            };
            folder.Put(new(entry, [.. BlockIdentity.Carry([], TextStructure.Cut(text), 1).Blocks.Select(IndexedBlock.Of)], []), day);
        }
        using var index = folder.Now(day);
        Assert.Equal("供热办法", index.Clauses("供热的费用由谁交纳", new([], []), 1)[0].Item.Document.Entry.Title);
        var fined = index.Clauses("停车处罚的费用由谁交纳", new([], []), 3);
        Assert.Equal(("停车办法", "第二条"), (fined[0].Item.Document.Entry.Title, fined[0].Item.Blocks[0].Label));
        Assert.Equal(3, fined.Count);
        Assert.Equal("供热办法", index.Clauses("供熱的費用由誰交納", new([], []), 1)[0].Item.Document.Entry.Title);
    }

    [Fact]
    public async Task in_force_is_whatever_is_in_force_and_each_state_can_be_asked_for()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var amended = await own.Documents.Publish(await own.Documents.Draft("第一条 甲。", "修改办法"), "乙政发〔2026〕1号");
        await own.Documents.Publish(await own.Documents.Draft("第一条 乙。", "未改办法"), "乙政发〔2026〕2号");
        await own.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{amended}/amendments",
            new
            {
                text = "第一条 丙。",
                changeNote = "改",
                effectiveFrom = "2026-06-01",
            },
            201
        );
        foreach (var (validity, found) in new[] { ("inForce", 2), ("amended", 1), ("unamended", 1), ("repealed", 0) })
            Assert.Equal(found, (await own.Documents.Get(null, $"library?validity={validity}")).GetProperty("total").GetInt32());
        var facet = (await own.Documents.Get(null, "library")).GetProperty("facets").GetProperty("validity").EnumerateArray();
        Assert.Equal(
            ["inForce:2", "amended:1"],
            facet.Select(f => $"{f.GetProperty("value").GetString()}:{f.GetProperty("count").GetInt32()}")
        );
        await own.Documents.Get(null, "library?validity=valid", 422);
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
                    using var folder = IndexFolder.InMemory();
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
                        folder.Put(new(entry, [.. blocks.Select(IndexedBlock.Of)], []), day);
                    }
                    using var index = folder.Now(day);
                    // The last text of each id counts.
                    var expected = all.Select((t, i) => (Text: t, Id: i % 5))
                        .GroupBy(p => p.Id)
                        .Select(g => g.Last())
                        .Count(p =>
                            TextStructure
                                .Cut(p.Text)
                                .Any(block => SearchQuery.Fold(block.Text).Contains(SearchQuery.Fold(word), StringComparison.Ordinal))
                        );
                    var found = 0;
                    index.Search(SearchQuery.Parse($"\"{word}\""), isScored: false, (_, _) => found++);
                    return found == expected;
                }
            );
    }
}
