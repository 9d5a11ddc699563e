using Alba;
using PolicyPlatform.Documents.Amendment;
using PolicyPlatform.Documents.CleanUp;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.CleanUp;

public sealed class when_cleaning_up(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task chosen_documents_get_an_outcome_each_that_takes_effect_on_them()
    {
        Guid[] documents =
        [
            .. await Task.WhenAll(
                Enumerable
                    .Range(1, 4)
                    .Select(async n =>
                        await Documents.Publish(
                            await Documents.Draft(title: $"待清理办法{n}"),
                            $"清发〔2020〕{n}号",
                            new { publishedOn = "2020-02-01" },
                            "2020-01-20"
                        )
                    )
            ),
        ];
        var opened = await Documents.Post(
            Tokens.OpennessOffice,
            "cleanups",
            new
            {
                title = "2026年文件清理",
                dueOn = "2026-12-31",
                criteria = new { q = "待清理办法", year = 2020 },
            },
            201
        );
        var id = opened.GetProperty("id").GetGuid();
        Assert.Equal(4, opened.GetProperty("documents").GetInt32());

        await Outcome(0, "keep", Tokens.DraftingHousing);
        await Outcome(1, "repeal", Tokens.DraftingHousing);
        Assert.Equal(
            "cleanUp.body.foreign",
            (
                await Documents.Post(
                    Tokens.DraftingEducation,
                    $"cleanups/{id}/outcomes",
                    new
                    {
                        documentId = documents[2],
                        outcome = "keep",
                        reason = "别人的",
                    },
                    403
                )
            ).Code()
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"cleanups/{id}/assignments",
            new { documents = new[] { documents[2] }, body = "370114-JY" }
        );
        await Outcome(2, "declareExpired", Tokens.DraftingEducation);
        var progress = await Documents.Get(Tokens.Supervision, $"cleanups/{id}");
        Assert.Equal(
            (4, 1, 0, 1),
            (
                progress.GetProperty("total").GetInt32(),
                progress.GetProperty("open").GetInt32(),
                progress.GetProperty("applied").GetInt32(),
                progress.GetProperty("openByBody").GetProperty("370114-ZJ").GetInt32()
            )
        );

        await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/apply", new { });
        Assert.Equal(
            ["inForce", "repealed", "expired", "inForce"],
            await Task.WhenAll(
                documents.Select(async d => (await Documents.Get(null, $"documents/{d}")).GetProperty("validity").GetString())
            )
        );
        Assert.Equal(
            "cleanedUp",
            (await Documents.Get(Tokens.OpennessOffice, $"documents/{documents[0]}/history"))
                .GetProperty("items")[0]
                .GetProperty("what")
                .GetString()
        );
        Assert.Equal(3, (await Documents.Get(Tokens.Supervision, $"cleanups/{id}")).GetProperty("applied").GetInt32());
        Assert.Equal("request.invalid", (await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/apply", new { }, 422)).Code());
        Assert.Equal(
            ["/reason", "/outcome", "/documentId"],
            (await Documents.Post(Tokens.OpennessOffice, $"cleanups/{id}/outcomes", new { documentId = documents[0] }, 422)).Pointers()
        );
        Assert.Equal(
            ["/title", "/criteria"],
            (await Documents.Post(Tokens.OpennessOffice, "cleanups", new { criteria = new { q = "没有这样的文件" } }, 422)).Pointers()
        );

        Task Outcome(int n, string outcome, string token) =>
            Documents.Post(
                token,
                $"cleanups/{id}/outcomes",
                new
                {
                    documentId = documents[n],
                    outcome,
                    reason = "清理",
                }
            );
    }

    [Fact]
    public async Task an_unknown_body_is_named_where_it_was_given()
    {
        await Documents.Publish(
            await Documents.Draft(title: "指派办法"),
            "清发〔2021〕1号",
            new { publishedOn = "2021-02-01" },
            "2021-01-15"
        );
        var refused = await Documents.Post(
            Tokens.OpennessOffice,
            "cleanups",
            new
            {
                title = "清理",
                criteria = new { q = "指派办法" },
                body = "NOPE",
            },
            422
        );
        Assert.Equal(("/body", "organisation.unknown"), (Assert.Single(refused.Pointers()), refused.GetProperty("errors")[0].Code()));
        var id = (
            await Documents.Post(
                Tokens.OpennessOffice,
                "cleanups",
                new
                {
                    title = "清理",
                    criteria = new { q = "指派办法" },
                    body = "370114-JY",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        Assert.Equal(
            ["/body"],
            (
                await Documents.Post(
                    Tokens.OpennessOffice,
                    $"cleanups/{id}/assignments",
                    new
                    {
                        documents = new[]
                        {
                            (await Documents.Get(Tokens.Supervision, $"cleanups/{id}"))
                                .GetProperty("items")[0]
                                .GetProperty("documentId")
                                .GetGuid(),
                        },
                        body = "NOPE",
                    },
                    422
                )
            ).Pointers()
        );
    }

    [Theory]
    [InlineData(CleanUpOutcome.Repeal)]
    [InlineData(CleanUpOutcome.DeclareExpired)]
    public void what_others_are_told_names_the_version_that_the_document_has_then(CleanUpOutcome outcome)
    {
        var document = new PolicyDocument
        {
            Id = Guid.NewGuid(),
            Version = 7,
            State = DocumentState.Published,
            PublishedOn = new(2020, 1, 1),
            PublicTexts = [new(1, new(2020, 1, 1), default, null)],
        };
        var effect = ApplyOutcomes.Effect(
            document,
            Guid.NewGuid(),
            new(document.Id, "办法", "370114-ZJ") { Outcome = outcome, Reason = "清理" },
            Ground.None,
            new("anybody", ""),
            new(2026, 6, 1, 1, 0, 0, TimeSpan.Zero)
        );
        Assert.Equal(2, effect.Events.Count);
        Assert.Equal(
            9,
            effect.Messages.Single() switch
            {
                Contracts.Documents.V1.DocumentRepealedMessage r => r.Version,
                Contracts.Documents.V1.DocumentExpiryChangedMessage c => c.Version,
                _ => 0,
            }
        );
    }

    [Fact]
    public async Task what_is_to_be_amended_begins_the_draft_of_the_decision_that_amends_it()
    {
        // Of two issuers: the leading one drafts, and the other one hears of the outcome.
        var id = await Documents.Publish(
            await DraftOfTwo("关于印发《供热试点办法》的通知"),
            "清发〔2022〕1号",
            new { publishedOn = "2022-02-01" },
            "2022-01-15"
        );
        var cleanUp = (
            await Documents.Post(
                Tokens.OpennessOffice,
                "cleanups",
                new { title = "2022年文件清理", criteria = new { q = "供热试点办法", year = 2022 } },
                201
            )
        )
            .GetProperty("id")
            .GetGuid();
        await Documents.Post(
            Tokens.DraftingHousing,
            $"cleanups/{cleanUp}/outcomes",
            new
            {
                documentId = id,
                outcome = "amend",
                reason = "与上级新规定不一致",
            }
        );
        // Twice at once, and once more: one draft.
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ =>
                    Documents.Scenario(s =>
                    {
                        s.As(Tokens.OpennessOffice);
                        s.Post.Json(new { }).ToUrl($"/api/v1/cleanups/{cleanUp}/apply");
                        s.IgnoreStatusCode();
                    })
                )
        );
        Assert.Equal([200, 422], answers.Select(a => a.Context.Response.StatusCode).Order());
        await Documents.Post(Tokens.OpennessOffice, $"cleanups/{cleanUp}/apply", new { }, 422);

        var draft = (await Item(Tokens.DraftingHousing)).GetProperty("draft").GetGuid();
        Assert.Equal(draft, (await Item(Tokens.Supervision)).GetProperty("draft").GetGuid());
        // Not of the leading issuer: that there is an outcome, and no draft.
        Assert.Equal("amend", (await Item(Tokens.DraftingEducation)).GetProperty("outcome").GetString());
        Assert.False((await Item(Tokens.DraftingEducation)).TryGetProperty("draft", out _));

        var begun = await Documents.Get(Tokens.DraftingHousing, $"documents/{draft}");
        Assert.Equal(
            ("关于修改《关于印发〈供热试点办法〉的通知》的决定", "drafting", "370114-ZJ", 1),
            (
                begun.GetProperty("title").GetString(),
                begun.GetProperty("state").GetString(),
                Assert.Single(begun.GetProperty("issuers").EnumerateArray()).GetString(),
                begun.GetProperty("newestRevision").GetInt32()
            )
        );
        Assert.Equal(
            [
                "关于修改《关于印发〈供热试点办法〉的通知》的决定",
                "根据文件清理结果，决定对《关于印发〈供热试点办法〉的通知》（清发〔2022〕1号）作如下修改：",
            ],
            (await Documents.Get(Tokens.DraftingHousing, $"documents/{draft}/revisions/1"))
                .GetProperty("blocks")
                .EnumerateArray()
                .Select(b => b.GetProperty("text").GetString())
        );
        var amends = Assert.Single(Relations(await Documents.Get(Tokens.DraftingHousing, $"documents/{draft}/relations")));
        Assert.Equal(("amends", id), (amends.GetProperty("kind").GetString(), amends.GetProperty("document").GetProperty("id").GetGuid()));
        var history = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}/history")).GetProperty("items")[0];
        Assert.Equal($"/api/v1/documents/{draft}", history.GetProperty("link").GetString());

        // Nothing of it for the public.
        await Documents.Get(null, $"documents/{draft}", 404);
        await Documents.Get(Tokens.DraftingEducation, $"documents/{draft}", 404);
        foreach (var path in new[] { "", "/history", "/relations", "/page" })
            Assert.DoesNotContain($"{draft}", (await Documents.Get(null, $"documents/{id}{path}")).GetRawText(), StringComparison.Ordinal);

        // The decision amends the document once it is published; that is stated once.
        await Documents.Revise(draft, "关于修改《关于印发〈供热试点办法〉的通知》的决定\n一、第一条修改为：“第一条 改过了。”");
        await Documents.Publish(draft, "清发〔2026〕2号");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/amendments",
            new
            {
                text = "第一条 改过了。",
                changeNote = "根据决定修改",
                effectiveFrom = "2026-06-01",
                amendedBy = draft,
            },
            201
        );
        Assert.Equal(
            "2026-06-01",
            Assert.Single(Relations(await Documents.Get(null, $"documents/{id}/relations"))).GetProperty("from").GetString()
        );

        static IEnumerable<System.Text.Json.JsonElement> Relations(System.Text.Json.JsonElement answer) =>
            answer.GetProperty("relations").EnumerateArray();

        async Task<System.Text.Json.JsonElement> Item(string token) =>
            (await Documents.Get(token, $"cleanups/{cleanUp}")).GetProperty("items")[0];
    }

    [Fact]
    public async Task what_has_ended_meanwhile_is_amended_by_nothing()
    {
        var id = await Documents.Publish(
            await Documents.Draft(title: "清理前废止的办法"),
            "清发〔2023〕1号",
            new { publishedOn = "2023-02-01" },
            "2023-01-15"
        );
        var cleanUp = (
            await Documents.Post(
                Tokens.OpennessOffice,
                "cleanups",
                new { title = "2023年文件清理", criteria = new { q = "清理前废止的办法" } },
                201
            )
        )
            .GetProperty("id")
            .GetGuid();
        await Documents.Post(
            Tokens.OpennessOffice,
            $"cleanups/{cleanUp}/outcomes",
            new
            {
                documentId = id,
                outcome = "amend",
                reason = "不一致",
            }
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/repeal", new { reason = "废止" });
        await Documents.Post(Tokens.OpennessOffice, $"cleanups/{cleanUp}/apply", new { });
        Assert.False(
            (await Documents.Get(Tokens.OpennessOffice, $"cleanups/{cleanUp}")).GetProperty("items")[0].TryGetProperty("draft", out _)
        );
    }

    [Fact]
    public async Task what_is_taken_from_the_public_is_called_by_its_title_to_those_alone_who_work_on_it()
    {
        var id = await Documents.Publish(
            await Documents.Draft(title: "清理中撤下的办法"),
            "清发〔2021〕8号",
            new { publishedOn = "2021-02-01" },
            "2021-01-15"
        );
        var cleanUp = (
            await Documents.Post(
                Tokens.OpennessOffice,
                "cleanups",
                new { title = "2021年文件清理", criteria = new { q = "清理中撤下的办法" } },
                201
            )
        )
            .GetProperty("id")
            .GetGuid();
        await Documents.Post(
            Tokens.DraftingHousing,
            $"cleanups/{cleanUp}/outcomes",
            new
            {
                documentId = id,
                outcome = "keep",
                reason = "清理中撤下的办法仍然适用。",
            }
        );
        Assert.Equal(("清理中撤下的办法", "清理中撤下的办法仍然适用。"), await Shown(Tokens.DraftingEducation));
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/take-down",
            new
            {
                ground = "order",
                explanation = "暂停公开。",
                reason = "核查",
            }
        );
        Assert.Equal(("暂停公开。", null), await Shown(Tokens.DraftingEducation));
        foreach (var token in new[] { Tokens.DraftingHousing, Tokens.OpennessOffice, Tokens.LegalReview })
            Assert.Equal(("清理中撤下的办法", "清理中撤下的办法仍然适用。"), await Shown(token));
        Assert.DoesNotContain(
            "清理中撤下的办法",
            (
                await Documents.Post(
                    Tokens.DraftingEducation,
                    $"cleanups/{cleanUp}/outcomes",
                    new
                    {
                        documentId = id,
                        outcome = "keep",
                        reason = "清理",
                    },
                    403
                )
            ).GetRawText(),
            StringComparison.Ordinal
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/put-back", new { reason = "核查完毕" });
        Assert.Equal(("清理中撤下的办法", "清理中撤下的办法仍然适用。"), await Shown(Tokens.DraftingEducation));

        async Task<(string?, string?)> Shown(string token) =>
            (await Documents.Get(token, $"cleanups/{cleanUp}")).GetProperty("items")[0] is var item
                ? (item.GetProperty("title").GetString(), item.TryGetProperty("reason", out var reason) ? reason.GetString() : null)
                : default;
    }

    async Task<Guid> DraftOfTwo(string title) => (
            await Documents.Post(
                Tokens.DraftingHousing,
                "documents",
                new
                {
                    title,
                    kind = "other",
                    issuers = new[] { "370114-ZJ", "370114-JY" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text = "第一条 为了测试，制定本办法。",
                    changeNote = "起草",
                },
                201
            )
        ).GetProperty("id").GetGuid();
}
