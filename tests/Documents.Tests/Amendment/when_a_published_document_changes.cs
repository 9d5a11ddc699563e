using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Amendment;

public sealed class when_a_published_document_changes(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task an_amendment_takes_effect_on_its_day()
    {
        var id = await Documents.Publish(await Documents.Draft("第一条 室温不得低于18℃。"), "测政发〔2026〕201号");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 室温不得低于20℃。",
                changeNote = "提高标准",
                effectiveFrom = "2026-09-01",
            },
            201
        );

        var today = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(
            ("inForce", 1, 2, "2026-09-01"),
            (
                today.GetProperty("validity").GetString(),
                today.GetProperty("revisionInForce").GetInt32(),
                today.GetProperty("comingRevision").GetInt32(),
                today.GetProperty("comingFrom").GetString()
            )
        );
        Assert.Contains("18℃", (await Documents.Get(null, $"documents/{id}/revisions/current")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            "20℃",
            (await Documents.Get(null, $"documents/{id}/revisions/current?inForceOn=2026-09-01")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal("amended", (await Documents.Get(null, $"documents/{id}?inForceOn=2026-09-01")).GetProperty("validity").GetString());
        Assert.Equal(
            ["amended", "published"],
            (await Documents.Get(null, $"documents/{id}/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(e => e.GetProperty("what").GetString())
        );
        Assert.Equal(
            "modified",
            (await Documents.Get(null, $"documents/{id}/comparison?from=1&to=2"))
                .GetProperty("articles")[0]
                .GetProperty("change")
                .GetString()
        );
    }

    [Fact]
    public async Task a_repealed_document_is_still_read_but_no_longer_in_force()
    {
        var id = await Documents.Publish(await Documents.Draft(title: "将被废止的办法"), "测政发〔2026〕202号");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "由新办法替代" });

        Assert.Equal("repealed", (await Documents.Get(null, $"documents/{id}")).GetProperty("validity").GetString());
        await Documents.Get(null, $"documents/{id}/revisions/current");
        Assert.Equal(1, (await Documents.Get(null, "library?validity=repealed&q=将被废止的办法")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await Documents.Get(null, "library?validity=inForce&q=将被废止的办法")).GetProperty("total").GetInt32());
        Assert.Equal(
            "document.state.wrong",
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"documents/{id}/amendments",
                    new
                    {
                        text = "第一条 改。",
                        changeNote = "改",
                        effectiveFrom = "2026-09-01",
                    },
                    409
                )
            ).Code()
        );
    }

    [Fact]
    public async Task an_amendment_says_everything_that_is_wrong_with_it_at_once()
    {
        var id = await Documents.Publish(await Documents.Draft(), "测政发〔2026〕203号");
        Assert.Equal(
            ["/changeNote", "/effectiveFrom", "/text"],
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/amendments", new { }, 422)).Pointers()
        );
    }

    [Fact]
    public async Task a_real_regulation_shows_its_revisions_finds_every_article_and_names_what_changed()
    {
        string[] texts =
        [
            .. new[] { "2019-03-02", "2022-03-29", "2023-07-20" }.Select(day => Corpus.Read($"regulations/道路运输条例({day}).md")),
        ];
        var created = await Documents.Post(
            Tokens.DraftingHousing,
            "documents",
            new
            {
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                markdown = texts[0],
            },
            201
        );
        var id = await Documents.Publish(
            created.GetProperty("id").GetGuid(),
            "国令〔2004〕406号",
            new { publishedOn = "2019-03-02" },
            "2004-04-30"
        );
        Assert.Equal("中华人民共和国道路运输条例", (await Documents.Get(null, $"documents/{id}")).GetProperty("title").GetString());
        foreach (var (text, day) in new[] { (texts[1], "2022-05-01"), (texts[2], "2023-07-20") })
            await Documents.Post(
                Tokens.OpennessOffice,
                $"documents/{id}/amendments",
                new
                {
                    markdown = text,
                    changeNote = "国务院关于修改部分行政法规的决定",
                    effectiveFrom = day,
                },
                201
            );

        Assert.Equal(
            [3, 2, 1],
            (await Documents.Get(null, $"documents/{id}/revisions"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(r => r.GetProperty("revision").GetInt32())
        );
        Assert.Equal(3, (await Documents.Get(null, $"documents/{id}/history")).GetProperty("items").GetArrayLength());
        foreach (var (revision, articles) in new[] { (1, 83), (2, 83), (3, 82) })
            Assert.Equal(
                articles,
                (await Documents.Get(null, $"documents/{id}/revisions/{revision}"))
                    .GetProperty("blocks")
                    .EnumerateArray()
                    .Count(b => b.GetProperty("kind").GetString() == "article")
            );
        var changed = (await Documents.Get(null, $"documents/{id}/comparison?from=2&to=3"))
            .GetProperty("articles")
            .EnumerateArray()
            .Where(a => a.GetProperty("change").GetString() == "modified");
        Assert.Equal(
            ["第六十三条", "第六十五条", "第六十八条", "第七十条", "第七十四条"],
            changed.Select(a => a.GetProperty("label").GetString())
        );
    }
}
