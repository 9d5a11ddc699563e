using System.Text.Json;
using Alba;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Periods;

public sealed class when_a_consultation_is_opened(District district) : IClassFixture<District>
{
    [Fact]
    public async Task everybody_reads_that_revision_and_nothing_else_of_the_draft()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft(Consulting.Text, "一次办法");
        await district.Documents.Revise(draft, Consulting.Text.Replace("三十日", "六十日", StringComparison.Ordinal));
        var opened = await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft, new { revision = 1 }), 201);
        var id = opened.Id();
        await district.Documents.Revise(draft, Consulting.Text.Replace("三十日", "九十日", StringComparison.Ordinal));

        var page = await consultation.Get(null, $"consultations/{id}");
        Assert.Equal(("open", "一次办法", 1), (page.Word("state"), page.Word("title"), page.GetProperty("revision").GetInt32()));
        Assert.Contains(page.GetProperty("blocks").EnumerateArray(), b => b.Word("text").Contains("三十日", StringComparison.Ordinal));
        Assert.DoesNotContain("六十日", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("九十日", page.ToString(), StringComparison.Ordinal);
        // Thirty days from 1 June do not count it.
        Assert.Equal("2026-07-01", page.Word("closesOn"));
        await consultation.Get(null, $"consultations/{id}/revisions/2", 404);
        await consultation.Get(null, $"consultations/{id}/revisions/3", 404);
        foreach (var path in new[] { "", "/history", "/revisions", "/revisions/1", "/revisions/current" })
            await district.Documents.Get(null, $"documents/{draft}{path}", 404);
        Assert.Contains(
            id,
            (await consultation.Get(null, $"documents/{draft}/consultations")).GetProperty("items").EnumerateArray().Select(Consulting.Id)
        );
        Assert.Contains(
            id,
            (await consultation.Get(null, "consultations?state=open&body=370114-ZJ&subject=CXJS&pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(Consulting.Id)
        );
        Assert.Equal(
            "consultation.alreadyOpen",
            (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 409)).Code()
        );
    }

    [Fact]
    public async Task sent_again_while_the_first_is_carried_out_it_is_answered_as_the_first()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft();
        var key = Guid.NewGuid().ToString();
        Task<IScenarioResult>[] sent;
        await using (await district.HoldBack("consultation", draft))
        {
            sent =
            [
                .. Enumerable
                    .Range(0, 2)
                    .Select(_ =>
                        consultation.Scenario(s =>
                        {
                            s.As(Tokens.OpennessOffice).WithRequestHeader("Idempotency-Key", key);
                            s.Post.Json(Consulting.Opening(draft)).ToUrl("/api/v1/consultations");
                            s.StatusCodeShouldBe(201);
                        })
                    ),
            ];
            // Both have looked for an answer that was given before, and found none.
            await Calls.Eventually<bool>(async () =>
                await district.Count("select count(*) from pg_locks where locktype = 'advisory' and not granted") >= 2 ? true : null
            );
        }
        var answers = await Task.WhenAll(sent);
        var ids = await Task.WhenAll(answers.Select(async a => (await a.ReadAsJsonAsync<JsonElement>()).Id()));
        Assert.Single(ids.Distinct());
        Assert.Single(answers, a => a.Context.Response.Headers.ContainsKey("Idempotency-Replayed"));
    }

    [Fact]
    public async Task what_is_wrong_is_told_at_once()
    {
        var consultation = await district.StartConsultation();
        Assert.Equal(
            ["/documentId", "/explanation", "/ways", "/contact", "/workBits", "/shorterBecause"],
            (
                await consultation.Post(Tokens.OpennessOffice, "consultations", new { closesOn = "2026-06-20", workBits = 99 }, 422)
            ).Pointers()
        );
        var draft = await district.Documents.Draft();
        Assert.Equal(
            ["/closesOn"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    "consultations",
                    Consulting.Opening(
                        draft,
                        new
                        {
                            closesOn = "2026-06-20",
                            shorterBecause = "紧急",
                            touchesBusiness = true,
                        }
                    ),
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/revision"],
            (
                await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft, new { revision = 9 }), 422)
            ).Pointers()
        );
        await consultation.Post(Tokens.DraftingHousing, "consultations", Consulting.Opening(draft), 403);
        await district.Documents.Publish(draft, "测政发〔2026〕901号");
        Assert.Equal(
            "consultation.document.wrong",
            (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 409)).Code()
        );
    }

    [Fact]
    public async Task a_shorter_period_is_published_with_its_reason()
    {
        var opened = await district.Open(new { closesOn = "2026-06-20", shorterBecause = "防汛在即，缩短为十九日。" });
        Assert.Equal(
            ("防汛在即，缩短为十九日。", "2026-06-20T16:00:00Z"),
            (opened.Word("shorterBecause"), opened.GetProperty("closesAt").GetDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ"))
        );
    }

    [Fact]
    public async Task it_is_extended_suspended_resumed_and_closed_with_reasons_that_are_published()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "延期办法")).Id();
        Assert.Equal(
            ["/closesOn"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"consultations/{id}/extend",
                    new { closesOn = "2026-06-10", reason = "x" },
                    422
                )
            ).Pointers()
        );
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/extend", new { closesOn = "2026-07-10", reason = "企业要求" });
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/suspend", new { reason = "附表有误" });
        Assert.Equal(
            "consultation.state.wrong",
            (await consultation.Post("", $"consultations/{id}/comments", new { position = "support", text = "好" }, 409)).Code()
        );
        var resumed = await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/resume", new { reason = "已更正" });
        // What has begun of a day counts as one.
        Assert.Equal("2026-07-10", resumed.Word("closesOn"));
        var closed = await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/close", new { reason = "另行征求" });
        Assert.Equal("closed", closed.Word("state"));
        Assert.Equal(
            ["extended", "suspended", "resumed", "closed"],
            closed.GetProperty("changes").EnumerateArray().Select(c => c.Word("what"))
        );
        await consultation.Post("", $"consultations/{id}/comments", new { position = "support", text = "好" }, 409);
    }

    [Fact]
    public void the_second_at_which_the_last_day_ends_is_the_first_that_is_too_late()
    {
        var opened = new DateTimeOffset(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
        var consultation = PublicConsultation.Next(null, Consulting.June(opened))!;
        var end = new DateTimeOffset(2026, 7, 2, 0, 0, 0, TimeSpan.FromHours(8));
        Assert.Equal(ConsultationState.Open, consultation.StateAt(end.AddTicks(-1)));
        Assert.Equal(ConsultationState.Closed, consultation.StateAt(end));
        Assert.Equal(new DateOnly(2026, 9, 23), consultation.FeedbackDueOn);
    }

    [Fact]
    public async Task a_consultation_goes_with_its_draft()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft(Consulting.Text, "撤回办法");
        var id = (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 201)).Id();
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{draft}/withdraw", new { reason = "不再制定" });
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"consultations/{id}")).Word("state") == "givenUp" ? true : null
        );
    }

    [Fact]
    public async Task a_text_that_is_erased_is_erased_where_it_was_put_up()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft("第一条 名单：三七〇一一四一九九〇。\n第二条 本办法自公布之日起施行。", "名单办法");
        var id = (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 201)).Id();
        await consultation.Comment(id);
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}")).Word("state") == "inConsultation" ? true : null
        );
        await district.Documents.Revise(draft, "第一条 名单另行通知。\n第二条 本办法自公布之日起施行。");
        object because = new { reason = "含有公民身份号码。" };
        // Everybody is reading it.
        Assert.Equal(
            "document.state.wrong",
            (await district.Documents.Post(Tokens.Privacy, $"documents/{draft}/revisions/1/erase", because, 409)).Code()
        );
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{draft}/withdraw", new { reason = "不再制定" });
        await Calls.Eventually<bool>(async () =>
            (await consultation.Get(null, $"consultations/{id}")).Word("state") == "givenUp" ? true : null
        );
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}/history?pageSize=50"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(h => h.Word("what") == "consultationFinished")
                ? true
                : null
        );
        var tag = (await consultation.Scenario(s => s.Get.Url($"/api/v1/consultations/{id}"))).Context.Response.Headers.ETag.ToString();

        await district.Documents.Post(Tokens.Privacy, $"documents/{draft}/revisions/1/erase", because);

        await Calls.Eventually<bool>(async () =>
            await district.Count("select count(*) from consultation.mt_doc_consultedtext where data::text like '%三七〇一一四一九九〇%'")
            == 0
                ? true
                : null
        );
        Assert.Equal("revision.erased", (await consultation.Get(null, $"consultations/{id}/revisions/1", 410)).Code());
        var page = await consultation.Scenario(s =>
        {
            s.Get.Url($"/api/v1/consultations/{id}");
            s.WithRequestHeader("If-None-Match", tag);
            s.StatusCodeShouldBeOk();
        });
        Assert.Equal(JsonValueKind.Null, (await page.Json()).GetProperty("blocks").ValueKind);
        // What was said about it stays.
        Assert.Single(
            (await consultation.Get(Tokens.OpennessOffice, $"consultations/{id}/comments")).GetProperty("items").EnumerateArray()
        );
    }

    [Fact]
    public async Task a_page_is_asked_for_again_by_its_tag()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "标签办法")).Id();
        var first = await consultation.Scenario(s => s.Get.Url($"/api/v1/consultations/{id}"));
        var tag = first.Context.Response.Headers.ETag.ToString();
        await consultation.Scenario(s =>
        {
            s.Get.Url($"/api/v1/consultations/{id}");
            s.WithRequestHeader("If-None-Match", tag);
            s.StatusCodeShouldBe(304);
        });
        await consultation.Comment(id);
        await consultation.Scenario(s =>
        {
            s.Get.Url($"/api/v1/consultations/{id}");
            s.WithRequestHeader("If-None-Match", tag);
            s.StatusCodeShouldBe(200);
        });
    }
}
