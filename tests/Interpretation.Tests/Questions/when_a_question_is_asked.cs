using System.Text.Json;
using Alba;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Questions;

public sealed class when_a_question_is_asked(District district, PostgresCluster postgres) : IClassFixture<District>
{
    const string Text =
        "第一条 为了保障冬季供热，制定本办法。\n第二条 室内温度不达标的，供热单位应当退还热费。\n第三条 低保家庭减免热费的百分之五十。";

    [Fact]
    public async Task a_draft_that_it_is_about_is_named_to_those_alone_who_know_of_the_draft()
    {
        var interpretation = await district.StartInterpretation();
        var draft = await district.Documents.Draft("第一条 补贴。", "答复中的草案");
        // Of the housing bureau's draft, for the education bureau to answer.
        var id = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "questions",
                new
                {
                    question = "学生公寓适用吗？",
                    documentId = draft,
                    body = "370114-JY",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        foreach (var outsider in new[] { Tokens.DraftingEducation, Tokens.Hotline })
        {
            var read = await interpretation.Get(outsider, $"questions/{id}");
            Assert.Equal(
                ("学生公寓适用吗？", JsonValueKind.Null),
                (read.GetProperty("asked").GetString(), read.GetProperty("documentId").ValueKind)
            );
            Assert.DoesNotContain(
                $"{draft}",
                (await interpretation.Get(outsider, "questions?pageSize=200")).GetRawText(),
                StringComparison.Ordinal
            );
            Assert.Empty((await interpretation.Get(outsider, $"questions?document={draft}")).GetProperty("items").EnumerateArray());
        }
        Assert.Equal(draft, (await interpretation.Get(Tokens.Supervision, $"questions/{id}")).GetProperty("documentId").GetGuid());
        Assert.Single((await interpretation.Get(Tokens.Supervision, $"questions?document={draft}")).GetProperty("items").EnumerateArray());

        await district.Documents.Publish(draft, "测政发〔2026〕871号");
        foreach (var outsider in new[] { Tokens.DraftingEducation, Tokens.Hotline })
            Assert.Equal(draft, (await interpretation.Get(outsider, $"questions/{id}")).GetProperty("documentId").GetGuid());
    }

    [Fact]
    public async Task a_benefit_of_a_draft_is_shown_to_those_alone_who_know_of_the_draft()
    {
        var interpretation = await district.StartInterpretation();
        var draft = await district.Documents.Draft("第一条 补贴。", "惠企的草案");
        // The office gives it to a body that does not issue the draft.
        var id = (
            await interpretation.Post(
                Tokens.OpennessOffice,
                "benefits",
                new
                {
                    title = "公寓补贴",
                    benefit = "一千元",
                    documentId = draft,
                    blocks = new[] { "b1" },
                    body = "370114-JY",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        await interpretation.Get(Tokens.DraftingEducation, $"benefits/{id}", 404);
        Assert.DoesNotContain(
            $"{draft}",
            (await interpretation.Get(Tokens.DraftingEducation, "benefits?pageSize=200")).GetRawText(),
            StringComparison.Ordinal
        );
        await interpretation.Get(Tokens.OpennessOffice, $"benefits/{id}");
        await district.Documents.Publish(draft, "测政发〔2026〕872号");
        await interpretation.Get(Tokens.DraftingEducation, $"benefits/{id}");
    }

    [Fact]
    public async Task it_is_answered_approved_published_and_found_again_with_its_citation()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText("测政发〔2026〕801号", Text);
        var asked = await interpretation.Post(
            "",
            "questions",
            new { question = "我家暖气不热，能退钱吗？我的电话13912345678", documentId = document },
            201
        );
        var id = asked.GetProperty("id").GetGuid();
        var receipt = asked.GetProperty("receipt").GetString();
        await interpretation.Get(null, $"questions/{id}", 404);
        await interpretation.Get(null, $"questions/{id}?receipt=wrong", 404);
        var own = await interpretation.Get(null, $"questions/{id}?receipt={receipt}");
        Assert.Equal(
            ("asked", "我家暖气不热，能退钱吗？我的电话〔已隐去〕"),
            (own.GetProperty("state").GetString(), own.GetProperty("asked").GetString())
        );

        Assert.Equal(
            ["/question", "/answer", "/blocks/0"],
            (
                await interpretation.Put(
                    Tokens.DraftingHousing,
                    $"questions/{id}/answer",
                    new { documentId = document, blocks = new[] { "b99" } },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            404,
            (await interpretation.Put(Tokens.DraftingEducation, $"questions/{id}/answer", new { }, 404)).GetProperty("status").GetInt32()
        );
        await interpretation.Put(Tokens.DraftingHousing, $"questions/{id}/answer", Answer(document, blocks[1]));
        Assert.Equal(
            "question.state.wrong",
            (await interpretation.Post(Tokens.OpennessOffice, $"questions/{id}/publish", new { }, 409)).Code()
        );
        await interpretation.Post(Tokens.LegalReview, $"questions/{id}/approve", new { });
        Assert.False(await Knows(interpretation, "供热不达标退费"));
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{id}/publish", new { });

        var found = await Ask(interpretation, "暖气不热怎么退款？");
        var answer = found.GetProperty("answers")[0];
        Assert.Equal(
            (id, blocks[1]),
            (answer.GetProperty("id").GetGuid(), answer.GetProperty("citation").GetProperty("blocks")[0].GetString())
        );
        var shown = await interpretation.Get(null, $"questions/{id}");
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("asked").ValueKind);
        Assert.Single(
            (await interpretation.Get(null, $"questions?document={document}&block={blocks[1]}")).GetProperty("items").EnumerateArray()
        );
        // The same search as a list that is filtered and paged.
        var second = await interpretation.PublishedAnswer(document, blocks[1], "室内供热温度多少算不达标，怎么退费？", "低于十八度。");
        var page = await interpretation.Get(
            null,
            $"questions?q={Uri.EscapeDataString("供热温度不达标退费")}&document={document}&pageSize=1"
        );
        var rest = await interpretation.Get(
            null,
            $"questions?q={Uri.EscapeDataString("供热温度不达标退费")}&document={document}&pageSize=1&pageToken={page.GetProperty("nextPageToken").GetString()}"
        );
        Assert.Equal(
            new[] { id, second }.Order(),
            new[] { page, rest }.Select(p => p.GetProperty("items")[0].GetProperty("id").GetGuid()).Order()
        );
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("nextPageToken").ValueKind);
        Assert.Empty(
            (await interpretation.Get(null, $"questions?q={Uri.EscapeDataString("供热温度不达标退费")}&body=370114-JY"))
                .GetProperty("items")
                .EnumerateArray()
        );
        Assert.Equal(["state"], (await interpretation.Get(null, "questions?q=a&state=asked", 422)).Pointers());
    }

    [Fact]
    public async Task an_answer_that_is_written_anew_shows_nothing_before_it_is_published()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText("测政发〔2026〕811号", Text);
        var id = await interpretation.PublishedAnswer(document, blocks[1], "退热费找谁？", "找供热单位。");
        var draft = await district.Documents.Draft(Text, "尚未公布的办法");
        await interpretation.Put(Tokens.DraftingHousing, $"questions/{id}/answer", Answer(draft, blocks[1]));
        var inside = await interpretation.Get(Tokens.DraftingHousing, $"questions/{id}");
        Assert.Equal((draft, "drafted"), (inside.GetProperty("documentId").GetGuid(), inside.GetProperty("state").GetString()));
        foreach (var token in new[] { null, Tokens.Integration, Tokens.DraftingEducation })
        {
            var shown = await interpretation.Get(token, $"questions/{id}");
            Assert.Equal((document, "published"), (shown.GetProperty("documentId").GetGuid(), shown.GetProperty("state").GetString()));
            Assert.Empty((await interpretation.Get(token, $"questions?document={draft}")).GetProperty("items").EnumerateArray());
            Assert.Empty((await interpretation.Get(token, "questions?state=drafted")).GetProperty("items").EnumerateArray());
            Assert.Contains(
                id,
                (await interpretation.Get(token, $"questions?document={document}&state=published"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(q => q.GetProperty("id").GetGuid())
            );
        }
        Assert.Contains(
            id,
            (await interpretation.Get(Tokens.DraftingHousing, $"questions?document={draft}"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(q => q.GetProperty("id").GetGuid())
        );
        // And nobody takes one of the two views for the other.
        Assert.NotEqual(await Tag(null), await Tag(Tokens.DraftingHousing));

        async Task<string?> Tag(string? token) => (
                await interpretation.Scenario(s =>
                {
                    if (token is not null)
                        s.As(token);
                    s.Get.Url($"/api/v1/questions/{id}");
                })
            ).Context.Response.Headers.ETag;
    }

    [Fact]
    public async Task a_key_that_somebody_else_could_send_gives_nobody_a_receipt()
    {
        var interpretation = await district.StartInterpretation();
        foreach (var key in new[] { "1", "subscribe-1", new string('0', 36) })
            Assert.Equal("idempotency.key.guessable", (await Asked(key, 400)).Code());
        var mine = $"{Guid.NewGuid()}";
        Assert.Equal((await Asked(mine, 201)).GetRawText(), (await Asked(mine, 201)).GetRawText());
        Assert.NotEqual((await Asked(mine, 201)).GetRawText(), (await Asked($"{Guid.NewGuid()}", 201)).GetRawText());

        async Task<JsonElement> Asked(string key, int expected) =>
            await (
                await interpretation.Scenario(s =>
                {
                    s.WithRequestHeader("Idempotency-Key", key);
                    s.Post.Json(new { question = "暖气不热怎么办？" }).ToUrl("/api/v1/questions");
                    s.StatusCodeShouldBe(expected);
                })
            ).Json();
    }

    [Fact]
    public async Task clauses_in_force_are_cited_word_for_word_and_what_is_unknown_is_said()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText(
            "测政发〔2026〕802号",
            "第一条 为了规范犬类管理，制定本办法。\n第二条 养犬登记每年审验一次。"
        );
        var found = await Ask(interpretation, "养犬登记多久审验？");
        var clause = found.GetProperty("clauses")[0];
        Assert.Equal(
            (document, blocks[1], "第二条 养犬登记每年审验一次。"),
            (
                clause.GetProperty("citation").GetProperty("documentId").GetGuid(),
                clause.GetProperty("citation").GetProperty("blocks")[0].GetString(),
                clause.GetProperty("text").GetString()
            )
        );

        var unknown = await Ask(interpretation, "火星移民签证");
        Assert.False(unknown.GetProperty("known").GetBoolean());
        Assert.Empty(unknown.GetProperty("answers").EnumerateArray());
        Assert.Contains("没有找到", unknown.GetProperty("advice").GetString(), StringComparison.Ordinal);
        Assert.Equal(["/question", "/limit"], (await interpretation.Post("", "questions/answer", new { limit = 100 }, 422)).Pointers());
    }

    [Fact]
    public async Task what_a_decision_changed_is_told_by_the_text_that_it_changed()
    {
        var interpretation = await district.StartInterpretation();
        var text = await district.Documents.Publish(
            await district.Documents.Draft("第一条 为了管理夜灯，制定本办法。\n第二条 夜灯亮到凌晨二时。", "夜灯办法"),
            "测政发〔2026〕841号"
        );
        await district.Documents.Publish(
            await district.Documents.Draft("将第二条修改为：“夜灯亮到凌晨二时。”", "关于修改《夜灯办法》的决定"),
            "测政发〔2026〕842号"
        );
        var found = await Calls.Eventually(async () =>
            await Ask(interpretation, "夜灯亮到几点？") is { } answer && answer.GetProperty("known").GetBoolean()
                ? answer
                : (JsonElement?)null
        );
        Assert.All(
            found.GetProperty("clauses").EnumerateArray().Concat(found.GetProperty("related").EnumerateArray()),
            c => Assert.Equal(text, c.GetProperty("citation").GetProperty("documentId").GetGuid())
        );
    }

    [Fact]
    public async Task what_is_only_about_the_same_subject_is_no_answer()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText(
            "测政发〔2026〕843号",
            "第一条 为了管理路牌，制定本办法。\n第二条 路牌损坏的，三日内更换。"
        );
        var id = (await interpretation.Post("", "questions", new { question = "路牌损坏多久更换？" }, 201)).GetProperty("id").GetGuid();
        await interpretation.Put(
            Tokens.DraftingHousing,
            $"questions/{id}/answer",
            new
            {
                question = "路牌损坏多久更换？",
                answer = "三日内更换。",
                documentId = document,
                blocks = new[] { blocks[1] },
                body = "370114-ZJ",
            }
        );
        await interpretation.Post(Tokens.LegalReview, $"questions/{id}/approve", new { });
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{id}/publish", new { });
        Assert.Contains(
            (await Ask(interpretation, "路牌损坏了几天换")).GetProperty("answers").EnumerateArray(),
            a => a.GetProperty("id").GetGuid() == id
        );
        Assert.DoesNotContain(
            (await Ask(interpretation, "路牌")).GetProperty("answers").EnumerateArray(),
            a => a.GetProperty("id").GetGuid() == id
        );
    }

    [Fact]
    public async Task an_answer_about_a_changed_block_is_outdated_and_says_why()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText(
            "测政发〔2026〕803号",
            Text.Replace("冬季", "春季", StringComparison.Ordinal)
        );
        var id = await interpretation.PublishedAnswer(document, blocks[2], "低保家庭热费减免多少？", "减免一半。");
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/amendments",
            new
            {
                text = Text.Replace("百分之五十", "百分之八十", StringComparison.Ordinal).Replace("冬季", "春季", StringComparison.Ordinal),
                changeNote = "提高减免",
                effectiveFrom = "2026-06-01",
            },
            201
        );
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, $"questions/{id}")).GetProperty("outdated").ValueKind is JsonValueKind.Object ? true : null
        );
        var answer = (await Ask(interpretation, "低保家庭热费减免多少？"))
            .GetProperty("answers")
            .EnumerateArray()
            .First(a => a.GetProperty("id").GetGuid() == id);
        Assert.Contains(
            $"documents/{document}/comparison?from=1&to=2",
            answer.GetProperty("comparison").GetString(),
            StringComparison.Ordinal
        );
        await interpretation.Post(Tokens.DraftingHousing, $"questions/{id}/uphold", new { note = "仍适用" });
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(null, $"questions/{id}")).GetProperty("outdated").ValueKind);
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{id}/withdraw", new { reason = "合并" });
        await interpretation.Get(null, $"questions/{id}", 404);
        // What was taken back is nobody's work any more when the document changes again.
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/amendments",
            new
            {
                text = Text.Replace("百分之五十", "百分之九十", StringComparison.Ordinal).Replace("冬季", "春季", StringComparison.Ordinal),
                changeNote = "提高",
                effectiveFrom = "2026-06-02",
            },
            201
        );
        await interpretation.Hears(
            new Contracts.Documents.V1.DocumentTextChangedMessage(document, 99, 2, 3, new(2026, 6, 2), DateTimeOffset.UnixEpoch)
        );
        Assert.DoesNotContain(
            (await interpretation.Get(Tokens.DraftingHousing, "interpretation-tasks?pageSize=200")).GetProperty("items").EnumerateArray(),
            t => t.GetProperty("about").GetGuid() == id
        );
    }

    [Fact]
    public async Task a_clause_is_found_again_after_its_document_was_amended()
    {
        var interpretation = await district.StartInterpretation();
        const string Before = "第一条 路灯损坏的，养护单位应当在三日内修复。\n第二条 路灯的开闭时间随季节调整。";
        var (document, _) = await district.PublishedText("测政发〔2026〕808号", Before);
        Assert.Contains("三日内", await Clause(), StringComparison.Ordinal);
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/amendments",
            new
            {
                text = Before.Replace("三日", "一日", StringComparison.Ordinal),
                changeNote = "缩短时限",
                effectiveFrom = "2026-06-01",
            },
            201
        );
        Assert.Contains("一日内", await Clause(), StringComparison.Ordinal);
        // Nor does a ticket about it wait for ever.
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "lamp-1",
                question = "路灯坏了养护单位几天修复？",
                documentId = document,
            },
            201
        );
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(Tokens.Hotline, "hotline/tickets/lamp-1")).GetProperty("state").GetString() == "assigned"
                ? true
                : null
        );

        async Task<string> Clause() =>
            (await Ask(interpretation, "路灯坏了养护单位几天修复？")).GetProperty("clauses")[0].GetProperty("text").GetString()!;
    }

    [Fact]
    public async Task a_document_that_is_no_longer_in_force_answers_nothing()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var (document, blocks) = await own.PublishedText("测政发〔2026〕806号", Text);
        var id = await interpretation.PublishedAnswer(document, blocks[2], "低保家庭热费减免多少？", "减免一半。");
        await own.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{document}/repeal",
            new { reason = "试验", effectiveFrom = "2026-06-10" }
        );
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents")).GetProperty("items")[0].GetProperty("repealedFrom").ValueKind
            is JsonValueKind.String
                ? true
                : null
        );
        Assert.Equal(
            [id],
            (await Ask(interpretation, "低保家庭热费减免多少？"))
                .GetProperty("answers")
                .EnumerateArray()
                .Select(a => a.GetProperty("id").GetGuid())
        );
        own.Clock.Advance(TimeSpan.FromDays(9));
        Assert.False((await Ask(interpretation, "低保家庭热费减免多少？")).GetProperty("known").GetBoolean());
        // Nor is the hotline's caller told what no longer holds.
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "ended",
                question = "低保家庭热费减免多少？",
                body = "370114-ZJ",
            },
            201
        );
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(Tokens.Hotline, "hotline/tickets/ended")).GetProperty("state").GetString() == "assigned" ? true : null
        );
    }

    [Fact]
    public async Task synonyms_are_data()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText("测政发〔2026〕804号", "第一条 甲。\n第二条 电动自行车应当登记上牌。");
        var id = await interpretation.PublishedAnswer(document, blocks[1], "电动自行车登记", "到车管所登记。");
        Assert.Equal(
            ["/groups/0"],
            (
                await interpretation.Put(Tokens.OpennessOffice, "questions/synonyms", new { groups = new[] { new[] { "单" } } }, 422)
            ).Pointers()
        );
        Assert.False(await Found("小电驴挂牌"));
        var known = (await interpretation.Get(null, "questions/synonyms"))
            .GetProperty("groups")
            .EnumerateArray()
            .Select(g => g.EnumerateArray().Select(w => w.GetString()).ToArray());
        await interpretation.Put(
            Tokens.OpennessOffice,
            "questions/synonyms",
            new { groups = known.Append(["小电驴", "电动自行车"]).Append(["挂牌", "登记"]) },
            200
        );
        Assert.True(await Found("小电驴挂牌"));

        // What is said for something, and not the other way round.
        var sayings = (await interpretation.Get(null, "questions/synonyms"))
            .GetProperty("sayings")
            .EnumerateArray()
            .Cast<object>()
            .ToArray();
        Assert.Equal(
            ["/sayings/0", "/sayings/1"],
            (
                await interpretation.Put(
                    Tokens.OpennessOffice,
                    "questions/synonyms",
                    new
                    {
                        groups = known,
                        sayings = new object[]
                        {
                            new { said = "两个轮子的", written = Array.Empty<string>() },
                            new { written = new[] { "车" } },
                        },
                    },
                    422
                )
            ).Pointers()
        );
        Assert.False(await Found("铁驴打牌子"));
        await interpretation.Put(
            Tokens.OpennessOffice,
            "questions/synonyms",
            new
            {
                groups = known,
                sayings = sayings
                    .Append(new { said = "铁驴", written = new[] { "电动自行车" } })
                    .Append(new { said = "打牌子", written = new[] { "登记" } }),
            },
            200
        );
        Assert.True(await Found("铁驴打牌子"));

        async Task<bool> Found(string question) =>
            (await Ask(interpretation, question)).GetProperty("answers").EnumerateArray().Any(a => a.GetProperty("id").GetGuid() == id);
    }

    [Fact]
    public async Task a_configured_model_finds_what_is_said_otherwise()
    {
        await using var own = new District(postgres);
        own.Configure = services => services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(new Meanings());
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var (document, blocks) = await own.PublishedText("测政发〔2026〕805号", Text);
        var id = await interpretation.PublishedAnswer(document, blocks[1], "供热温度不达标可以退费吗？", "可以。");
        await interpretation.PublishedAnswer(document, blocks[2], "低保减免多少？", "一半。");
        Assert.Equal(
            [id],
            (await Ask(interpretation, "冻死了要赔钱")).GetProperty("answers").EnumerateArray().Select(a => a.GetProperty("id").GetGuid())
        );
    }

    [Fact]
    public async Task a_model_that_fails_leaves_the_words()
    {
        await using var own = new District(postgres);
        own.Configure = services => services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(new Meanings { Fails = true });
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var (document, blocks) = await own.PublishedText("测政发〔2026〕807号", Text);
        var id = await interpretation.PublishedAnswer(document, blocks[2], "低保家庭热费减免多少？", "减免一半。");
        var answer = (await Ask(interpretation, "低保家庭热费减免多少？")).GetProperty("answers")[0];
        Assert.Equal((id, JsonValueKind.Null), (answer.GetProperty("id").GetGuid(), answer.GetProperty("near").ValueKind));
    }

    /// <summary>A model that knows two meanings.</summary>
    sealed class Meanings : IEmbeddingGenerator<string, Embedding<float>>
    {
        public bool Fails { get; init; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        ) =>
            Fails
                ? throw new HttpRequestException("The model is away.")
                : Task.FromResult(
                    new GeneratedEmbeddings<Embedding<float>>(
                        values.Select(v => new Embedding<float>(
                            v.Contains('冻') || v.Contains("供热", StringComparison.Ordinal) ? new float[] { 1, 0 } : [0, 1]
                        ))
                    )
                );

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }

    static object Answer(Guid document, string block) =>
        new
        {
            question = "供热温度不达标可以退费吗？",
            answer = "可以，供热单位退还热费。",
            documentId = document,
            blocks = new[] { block },
        };

    static Task<JsonElement> Ask(IAlbaHost interpretation, string question) =>
        interpretation.Post("", "questions/answer", new { question });

    static async Task<bool> Knows(IAlbaHost interpretation, string question) =>
        (await Ask(interpretation, question)).GetProperty("answers").GetArrayLength() > 0;
}
