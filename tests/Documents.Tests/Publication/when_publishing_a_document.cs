using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Publication;

public sealed class when_publishing_a_document(District district) : IClassFixture<District>
{
    IAlbaHost Documents => district.Documents;

    [Fact]
    public async Task the_public_reads_the_published_text_and_nothing_of_the_drafting()
    {
        var id = await Documents.Draft("第一条 初稿。");
        await Documents.Revise(id, "第一条 定稿。", "内部意见：改措辞");
        await Documents.Publish(id, "测政发〔2026〕101号");

        var document = await Documents.Get(null, $"documents/{id}");
        Assert.Equal(
            ("published", "inForce", "测政发〔2026〕101号"),
            (
                document.GetProperty("state").GetString(),
                document.GetProperty("validity").GetString(),
                document.GetProperty("documentNumber").GetString()
            )
        );
        Assert.Equal(
            "第一条 定稿。",
            (await Documents.Get(null, $"documents/{id}/revisions/current")).GetProperty("blocks")[0].GetProperty("text").GetString()
        );
        await Documents.Get(null, $"documents/{id}/revisions/1", 404);
        await Documents.Get(null, $"documents/{id}/comparison?from=1&to=2", 422);
        Assert.Equal(
            [2],
            (await Documents.Get(null, $"documents/{id}/revisions"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(r => r.GetProperty("revision").GetInt32())
        );

        var history = await Documents.Get(null, $"documents/{id}/history");
        Assert.Equal(["published"], history.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("what").GetString()));
        Assert.DoesNotContain(
            "内部意见",
            history.GetRawText() + (await Documents.Get(null, $"documents/{id}/revisions")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("姓名", history.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task all_missing_elements_are_listed_at_once()
    {
        var created = await Documents.Post(Tokens.DraftingHousing, "documents", new { title = "缺要素", text = "第一条 甲。" }, 201);
        var problem = await Documents.Post(Tokens.OpennessOffice, $"documents/{created.GetProperty("id").GetGuid()}/publish", new { }, 422);
        Assert.Equal("document.elements.missing", problem.Code());
        Assert.Equal(["/documentNumber", "/subject", "/writtenOn", "/disclosure"], problem.Pointers());
        Assert.Equal(["review", "elements", "signature", "issue"], problem.GetProperty("gates").EnumerateArray().Select(g => g.Code()));
    }

    [Fact]
    public async Task a_number_that_is_taken_is_refused_however_it_is_written_and_also_at_once()
    {
        await Documents.Publish(await Documents.Draft(), "测政发〔2026〕102号");
        Assert.Equal("document.number.taken", (await Issue(await Signed(), "测政发[2026]第102号", 409)).Code());

        var rivals = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Signed()));
        var answers = await Task.WhenAll(rivals.Select(id => Issue(id, "测政发〔2026〕103号", 0)));
        Assert.Single(answers, a => a.TryGetProperty("version", out _));
        Assert.Equal(3, answers.Count(a => a.TryGetProperty("code", out var code) && code.GetString() == "document.number.taken"));
    }

    [Fact]
    public async Task a_signed_text_is_frozen()
    {
        var problem = await Documents.Post(
            Tokens.DraftingHousing,
            $"documents/{await Signed()}/revisions",
            new { text = "第一条 改。" },
            409
        );
        Assert.Equal("document.text.frozen", problem.Code());
    }

    [Fact]
    public async Task a_normative_document_needs_its_legality_review()
    {
        var created = await Documents.Post(
            Tokens.DraftingHousing,
            "documents",
            new
            {
                title = "规范性文件",
                kind = "normative",
                text = "第一条 甲。",
            },
            201
        );
        var id = created.GetProperty("id").GetGuid();
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        var problem = await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { }, 409);
        Assert.Equal("document.gate.open", problem.Code());
        // The signature covers the elements: they are there before it.
        Assert.Equal(["legality", "elements"], problem.GetProperty("gates").EnumerateArray().Select(g => g.Code()));
        await Documents.Post(Tokens.LegalReview, $"documents/{id}/legality", new { passed = true, opinion = "无意见" });
        await Patch(id, new { subject = "CXJS", disclosure = new { attribute = "proactive" } });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
    }

    [Fact]
    public async Task the_days_of_a_normative_document_follow_the_rules_or_have_a_reason()
    {
        var id = await Normative("测试区停车管理办法", "测规发〔2026〕1号");
        // Published on 1 June 2026.
        foreach (
            var (days, pointers) in new (object, string[])[]
            {
                (new { }, ["/effectiveFrom", "/expiresOn"]),
                (new { effectiveFrom = "2026-06-30", expiresOn = "2029-06-29" }, ["/effectiveFrom"]),
                (new { effectiveFrom = "2026-07-01", expiresOn = "2029-06-29" }, ["/expiresOn"]),
                (new { effectiveFrom = "2026-07-01", expiresOn = "2031-07-02" }, ["/expiresOn"]),
                (new { effectiveFrom = "2026-07-01", noEnd = true }, ["/expiresOn"]),
                (
                    new
                    {
                        publishAt = "2026-06-10T01:00:00Z",
                        effectiveFrom = "2026-07-09",
                        expiresOn = "2031-07-08",
                    },
                    ["/effectiveFrom"]
                ),
            }
        )
        {
            var problem = await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", days, 422);
            Assert.Equal(pointers, problem.Pointers());
            Assert.All(
                problem.GetProperty("errors").EnumerateArray(),
                e => Assert.StartsWith("normative.", e.Code(), StringComparison.Ordinal)
            );
        }
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/publish",
            new { effectiveFrom = "2026-07-01", expiresOn = "2029-06-30" }
        );

        // What is on trial has a shorter term; and a reason does for whatever else.
        var trial = await Normative("测试区停车管理暂行办法", "测规发〔2026〕2号");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{trial}/publish",
            new { effectiveFrom = "2026-07-01", expiresOn = "2029-06-30" },
            422
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{trial}/publish",
            new { effectiveFrom = "2026-07-01", expiresOn = "2028-06-30" }
        );
        var urgent = await Normative("测试区防汛应急办法", "测规发〔2026〕3号");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{urgent}/publish", new { datesReason = "涉及公共安全，立即施行。" });
        Assert.Contains(
            "立即施行",
            (await Documents.Get(null, $"documents/{urgent}/history")).GetProperty("items")[0].GetProperty("note").GetString(),
            StringComparison.Ordinal
        );
        // What was published before it came here has the days that it has.
        var old = await Normative("测试区养犬管理办法", "测规发〔2020〕4号", "2020-05-20");
        await Documents.Post(Tokens.OpennessOffice, $"documents/{old}/publish", new { publishedOn = "2020-06-01" });

        async Task<Guid> Normative(string title, string number, string writtenOn = "2026-05-20")
        {
            var draft = await Documents.Draft("第一条 为了测试，制定本办法。", title);
            await Patch(draft, new { kind = "normative" });
            await Documents.Post(Tokens.DraftingHousing, $"documents/{draft}/review", new { });
            await Documents.Post(Tokens.LegalReview, $"documents/{draft}/legality", new { passed = true, opinion = "无意见" });
            await Documents.Post(Tokens.Signing, $"documents/{draft}/sign", new { signedOn = writtenOn });
            await Documents.Exempt(draft);
            await Documents.Post(Tokens.OpennessOffice, $"documents/{draft}/issue", new { documentNumber = number, writtenOn });
            return draft;
        }
    }

    [Fact]
    public async Task no_gate_is_passed_by_with_other_elements_for_the_signature()
    {
        var id = await Documents.Draft("第一条 甲。");
        await Patch(id, new { kind = "other", majorDecision = false });
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        foreach (
            var (token, changed) in new (string, object)[]
            {
                (Tokens.DraftingHousing, new { kind = "normative", majorDecision = true }),
                (Tokens.OpennessOffice, new { title = "另一个标题" }),
                (Tokens.OpennessOffice, new { issuers = new[] { "370114-JY" } }),
                (Tokens.OpennessOffice, new { disclosure = new { attribute = "onRequest", reason = "D 13" } }),
            }
        )
            Assert.Equal("document.state.wrong", (await Patch(id, changed, 409, token)).Code());
        Assert.Equal("other", (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("kind").GetString());
    }

    async Task<JsonElement> Patch(Guid id, object elements, int status = 200, string? token = null)
    {
        var answer = await Documents.Scenario(s =>
        {
            s.WithRequestHeader("Authorization", $"Bearer {token ?? Tokens.DraftingHousing}");
            s.Patch.Json(elements).ToUrl($"/api/v1/documents/{id}");
            s.StatusCodeShouldBe(status);
        });
        return await answer.ReadAsJsonAsync<JsonElement>();
    }

    [Fact]
    public async Task the_days_that_a_text_names_are_taken_and_a_contradiction_needs_a_reason()
    {
        const string Text = "第一条 按时供热。\n第二条 本办法自2027年3月1日起施行，有效期至2030年2月28日。";
        var id = await Issued("测政发〔2026〕131号", Text);
        var refused = await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/publish",
            new { effectiveFrom = "2026-07-01", expiresOn = "2031-01-01" },
            422
        );
        Assert.Equal(["/effectiveFrom", "/expiresOn"], refused.Pointers());
        var published = await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { });
        Assert.Equal(
            ("2027-03-01", "2030-02-28", "b2"),
            (
                published.GetProperty("effectiveFrom").GetString(),
                published.GetProperty("expiresOn").GetString(),
                published.GetProperty("takenFromText").GetProperty("blockId").GetString()
            )
        );
        Assert.Equal("2027-03-01", (await Documents.Get(null, $"documents/{id}")).GetProperty("effectiveFrom").GetString());

        var confirmed = await Issued("测政发〔2026〕132号", Text);
        var step = await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{confirmed}/publish",
            new { effectiveFrom = "2026-07-01", datesReason = "上级要求提前施行。" }
        );
        Assert.Equal(
            ("2026-07-01", "2030-02-28"),
            (step.GetProperty("effectiveFrom").GetString(), step.GetProperty("expiresOn").GetString())
        );
        // The day of an earlier text, before this document was made, is not taken.
        var old = await Issued("测政发〔2026〕133号", "第一条 按时供热。\n第二条 本办法自2004年7月1日起施行。");
        Assert.Equal(
            "2026-06-01",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{old}/publish", new { })).GetProperty("effectiveFrom").GetString()
        );
        // Five years from the day of publication.
        var term = await Issued("测政发〔2026〕134号", "第一条 按时供热。\n第二条 本办法自发布之日起施行，有效期五年。");
        Assert.Equal(
            "2031-05-31",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{term}/publish", new { })).GetProperty("expiresOn").GetString()
        );
    }

    [Fact]
    public async Task a_reason_for_other_days_is_shown_and_a_term_can_be_left_without_end()
    {
        var id = await Issued("测政发〔2026〕136号", "第一条 按时供热。\n第二条 本办法自2027年3月1日起施行，有效期五年。");
        Assert.Equal(
            ["/noEnd"],
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { noEnd = true }, 422)).Pointers()
        );
        var step = await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { noEnd = true, datesReason = "长期有效。" });
        Assert.Equal(
            ("2027-03-01", System.Text.Json.JsonValueKind.Null),
            (step.GetProperty("effectiveFrom").GetString(), step.GetProperty("expiresOn").ValueKind)
        );
        Assert.Equal(
            "长期有效。",
            (await Documents.Get(null, $"documents/{id}/history")).GetProperty("items")[0].GetProperty("note").GetString()
        );
        // An instant that is past is none to count from.
        var past = await Issued("测政发〔2026〕137号", "第一条 按时供热。\n第二条 本办法自发布之日起施行。");
        Assert.Equal(
            "2026-06-01",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{past}/publish", new { publishAt = "2026-05-22T00:00:00Z" }))
                .GetProperty("effectiveFrom")
                .GetString()
        );
    }

    [Fact]
    public async Task a_planned_publication_is_shown_to_those_who_work_on_it_alone()
    {
        var id = await Issued("测政发〔2026〕135号", "第一条 按时供热。");
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/publish",
            new { publishAt = "2026-06-30T08:00:00+08:00", effectiveFrom = "2026-07-15" }
        );
        var planned = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("plannedPublication");
        Assert.Equal(
            (new DateTimeOffset(2026, 6, 30, 0, 0, 0, TimeSpan.Zero), "2026-07-15"),
            (planned.GetProperty("publishAt").GetDateTimeOffset(), planned.GetProperty("effectiveFrom").GetString())
        );
        await Documents.Get(null, $"documents/{id}", 404);
    }

    [Fact]
    public async Task a_planned_publication_keeps_its_days_and_their_reason_and_is_planned_no_more_once_it_has_come()
    {
        var id = await Issued("测政发〔2026〕138号", "第一条 按时供热。\n第二条 本办法自2026年9月1日起施行。");
        var plan = new
        {
            publishAt = "2026-06-20T08:00:00+08:00",
            effectiveFrom = "2026-08-01",
            expiresOn = "2031-07-31",
        };
        Assert.Equal(["/effectiveFrom"], (await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", plan, 422)).Pointers());
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/publish",
            new
            {
                plan.publishAt,
                plan.effectiveFrom,
                plan.expiresOn,
                datesReason = "供热期提前。",
            }
        );
        var planned = (await Documents.Get(Tokens.DraftingHousing, $"documents/{id}")).GetProperty("plannedPublication");
        Assert.Equal(
            ("2026-08-01", "2031-07-31", "供热期提前。"),
            (
                planned.GetProperty("effectiveFrom").GetString(),
                planned.GetProperty("expiresOn").GetString(),
                planned.GetProperty("datesReason").GetString()
            )
        );
        await Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/publish",
            new
            {
                datesReason = "供热期提前。",
                plan.effectiveFrom,
                plan.expiresOn,
            }
        );
        var published = await Documents.Get(Tokens.DraftingHousing, $"documents/{id}");
        Assert.Equal(
            (System.Text.Json.JsonValueKind.Null, "2026-08-01"),
            (published.GetProperty("plannedPublication").ValueKind, published.GetProperty("effectiveFrom").GetString())
        );
    }

    [Fact]
    public async Task planned_publications_are_listed_and_one_that_is_cancelled_does_not_come()
    {
        var (stays, goes) = (await Issued("测政发〔2026〕139号", "第一条 甲。"), await Issued("测政发〔2026〕140号", "第一条 乙。"));
        foreach (var id in new[] { stays, goes })
            await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/publish", new { publishAt = "2026-06-01T09:30:00+08:00" });
        Assert.Superset(new HashSet<Guid> { stays, goes }, await Planned());

        Assert.Equal(
            ["/reason"],
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{goes}/publish/cancel", new { }, 422)).Pointers()
        );
        await Documents.Post(Tokens.DraftingHousing, $"documents/{goes}/publish/cancel", new { reason = "另定" }, 403);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{goes}/publish/cancel", new { reason = "细则未印发，时间另定。" });
        Assert.DoesNotContain(goes, await Planned());
        Assert.Contains(stays, await Planned());
        Assert.Equal(
            "document.state.wrong",
            (await Documents.Post(Tokens.OpennessOffice, $"documents/{goes}/publish/cancel", new { reason = "再来" }, 409)).Code()
        );

        // The one comes at its instant, the other does not; it is published when that is said again.
        district.Clock.Advance(TimeSpan.FromHours(1));
        await Calls.Eventually<bool>(async () =>
            (await Documents.Get(Tokens.OpennessOffice, $"documents/{stays}")).GetProperty("state").GetString() == "published" ? true : null
        );
        var waiting = await Documents.Get(Tokens.OpennessOffice, $"documents/{goes}");
        Assert.Equal(
            ("issued", System.Text.Json.JsonValueKind.Null),
            (waiting.GetProperty("state").GetString(), waiting.GetProperty("plannedPublication").ValueKind)
        );
        await Documents.Get(null, $"documents/{goes}", 404);
        var newest = (await Documents.Get(Tokens.OpennessOffice, $"documents/{goes}/history")).GetProperty("items")[0];
        Assert.Equal(
            ("publicationCancelled", "细则未印发，时间另定。"),
            (newest.GetProperty("what").GetString(), newest.GetProperty("note").GetString())
        );
        await Documents.Post(Tokens.OpennessOffice, $"documents/{goes}/publish", new { });
        await Documents.Get(null, $"documents/{goes}");

        async Task<HashSet<Guid>> Planned() =>
            [
                .. (await Documents.Get(Tokens.OpennessOffice, "documents?planned=true&pageSize=200"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(d => d.GetProperty("id").GetGuid()),
            ];
    }

    async Task<Guid> Issued(string number, string text)
    {
        var id = await Documents.Draft(text);
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await Documents.Exempt(id);
        await Documents.Post(Tokens.OpennessOffice, $"documents/{id}/issue", new { documentNumber = number, writtenOn = "2026-05-20" });
        return id;
    }

    [Fact]
    public async Task reads_are_conditional()
    {
        var id = await Documents.Publish(await Documents.Draft(), "测政发〔2026〕104号");
        foreach (var path in new[] { "", "/history", "/revisions", "/revisions/current", "/revisions/1" })
        {
            var first = await Documents.Scenario(s => s.Get.Url($"/api/v1/documents/{id}{path}"));
            var tag = first.Context.Response.Headers.ETag.ToString();
            await Documents.Scenario(s =>
            {
                s.WithRequestHeader("If-None-Match", tag);
                s.Get.Url($"/api/v1/documents/{id}{path}");
                s.StatusCodeShouldBe(304);
            });
        }
    }

    async Task<Guid> Signed()
    {
        var id = await Documents.Draft();
        await Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        return id;
    }

    async Task<System.Text.Json.JsonElement> Issue(Guid id, string documentNumber, int expected)
    {
        var result = await Documents.Scenario(s =>
        {
            s.As(Tokens.OpennessOffice).Post.Json(new { documentNumber, writtenOn = "2026-05-20" }).ToUrl($"/api/v1/documents/{id}/issue");
            if (expected > 0)
                s.StatusCodeShouldBe(expected);
            else
                s.IgnoreStatusCode();
        });
        return await result.Json();
    }
}
