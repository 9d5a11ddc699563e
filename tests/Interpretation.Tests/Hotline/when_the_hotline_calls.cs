using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Interpretation.Tests.Hotline;

public sealed class when_the_hotline_calls(District district, PostgresCluster postgres) : IClassFixture<District>
{
    const string Text = "第一条 为了规范物业服务，制定本办法。\n第二条 物业服务费按照建筑面积收取。";

    [Fact]
    public async Task a_ticket_sent_fifty_times_is_one_ticket()
    {
        var interpretation = await district.StartInterpretation();
        var sent = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ =>
                    interpretation.Scenario(s =>
                    {
                        s.As(Tokens.Hotline)
                            .Post.Json(
                                new
                                {
                                    ticketId = "12345-1",
                                    question = "路灯不亮找谁",
                                    body = "370114-ZJ",
                                }
                            )
                            .ToUrl("/api/v1/hotline/tickets");
                        s.IgnoreStatusCode();
                    })
                )
        );
        Assert.Equal(
            (1, 49),
            (sent.Count(s => s.Context.Response.StatusCode == 201), sent.Count(s => s.Context.Response.StatusCode == 200))
        );
        var ticket = await Is(interpretation, "12345-1", "assigned");
        Assert.Equal(("2026-06-08", 2), (ticket.GetProperty("dueOn").GetString(), ticket.GetProperty("version").GetInt32()));
        Assert.Contains("5个工作日", ticket.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            "ticket.id.taken",
            (
                await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "12345-1", question = "另一个问题" }, 409)
            ).Code()
        );
    }

    [Fact]
    public async Task nothing_of_the_caller_is_kept()
    {
        var interpretation = await district.StartInterpretation();
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new { ticketId = "12345-2", question = "我是张三，电话13812345678，身份证370181199001011234，物业乱收费" },
            201
        );
        // Nor is it taken in where it has no place.
        Assert.Equal(
            ["/callerName", "/phone"],
            (
                await interpretation.Post(
                    Tokens.Hotline,
                    "hotline/tickets",
                    new
                    {
                        ticketId = "12345-22",
                        question = "物业乱收费",
                        callerName = "张三",
                        phone = "13812345678",
                    },
                    422
                )
            ).Pointers()
        );
        var ticket = (await interpretation.Get(Tokens.Hotline, "hotline/tickets/12345-2")).GetRawText();
        Assert.DoesNotContain("13812345678", ticket, StringComparison.Ordinal);
        Assert.DoesNotContain("370181199001011234", ticket, StringComparison.Ordinal);
        await interpretation.Get(Tokens.DraftingEducation, "hotline/tickets/12345-2", 404);
        await interpretation.Get(null, "hotline/tickets", 401);
        Assert.Equal(
            ["/question", "/ticketId"],
            (await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "12345/5" }, 422)).Pointers()
        );
    }

    [Fact]
    public async Task what_a_published_answer_answers_is_answered_at_once()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText("测政发〔2026〕811号", Text);
        var question = await interpretation.PublishedAnswer(document, blocks[1], "物业服务费按什么面积收取？", "按建筑面积收取。");
        var received = await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new { ticketId = "12345-3", question = "物业服务费按什么面积收取" },
            201
        );
        Assert.Equal(question, received.GetProperty("suggested")[0].GetProperty("questionId").GetGuid());
        var ticket = await Is(interpretation, "12345-3", "answered");
        Assert.Equal(
            ("按建筑面积收取。", question, blocks[1]),
            (
                ticket.GetProperty("answer").GetString(),
                ticket.GetProperty("questionId").GetGuid(),
                ticket.GetProperty("about").GetProperty("blocks")[0].GetString()
            )
        );

        Assert.Equal(
            ["/note"],
            (await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-3/rating", new { satisfied = false }, 422)).Pointers()
        );
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-3/rating", new { satisfied = true });
        Assert.Equal(
            "ticket.state.wrong",
            (await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-3/answer", new { answer = "又" }, 409)).Code()
        );

        // A blank answer is none: the published one is given.
        await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "12345-3b", question = "路灯几点亮" }, 201);
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-3b/assign", new { body = "370114-ZJ" });
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-3b/answer", new { answer = " ", questionId = question });
        Assert.Equal("按建筑面积收取。", (await Is(interpretation, "12345-3b", "answered")).GetProperty("answer").GetString());
    }

    [Fact]
    public async Task what_two_answers_cover_equally_is_offered_with_both()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText(
            "测政发〔2026〕817号",
            "第一条 为了夜间照明，制定本办法。\n第二条 夜间照明补贴为每月三百元，给沿街商户。"
        );
        var howMuch = await interpretation.PublishedAnswer(document, blocks[1], "夜间照明补贴多少", "每月三百元。");
        var whom = await interpretation.PublishedAnswer(document, blocks[1], "夜间照明补贴给谁？", "给沿街商户。");
        var received = await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new { ticketId = "12345-17", question = "夜间照明补贴" },
            201
        );
        Assert.Equal(2, received.GetProperty("suggested").GetArrayLength());
        var ticket = await Is(interpretation, "12345-17", "assigned");
        Assert.False(ticket.TryGetProperty("answer", out var none) && none.ValueKind is not JsonValueKind.Null);
        Assert.Equal(
            new[] { ("夜间照明补贴多少", "每月三百元。"), ("夜间照明补贴给谁？", "给沿街商户。") }.Order(),
            ticket
                .GetProperty("related")
                .EnumerateArray()
                .Select(r => (r.GetProperty("question").GetString()!, r.GetProperty("answer").GetString()!))
                .Order()
        );
        // Whatever shows the ticket shows them: also the system that sends it once more, and who gives it to another body.
        foreach (
            var shown in new[]
            {
                (
                    await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "12345-17", question = "夜间照明补贴" })
                ).GetProperty("ticket"),
                await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-17/assign", new { body = "370114-JY" }),
            }
        )
            Assert.Equal(2, shown.GetProperty("related").GetArrayLength());
        // What one of them is asked word for word, it answers.
        await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "12345-18", question = "夜间照明补贴多少？" }, 201);
        Assert.Equal(howMuch, (await Is(interpretation, "12345-18", "answered")).GetProperty("questionId").GetGuid());
        // The operator chooses; what is not published any more is not offered.
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{howMuch}/withdraw", new { reason = "另行解释。" });
        Assert.Equal(
            whom,
            Assert
                .Single((await interpretation.Get(Tokens.Hotline, "hotline/tickets/12345-17")).GetProperty("related").EnumerateArray())
                .GetProperty("questionId")
                .GetGuid()
        );
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-17/answer", new { questionId = whom });
        ticket = await Is(interpretation, "12345-17", "answered");
        Assert.Equal("给沿街商户。", ticket.GetProperty("answer").GetString());
        Assert.False(ticket.TryGetProperty("related", out _));
    }

    [Fact]
    public async Task a_body_without_a_name_is_none()
    {
        var interpretation = await district.StartInterpretation();
        // A system that knows none sends an empty field; its ticket is taken all the same.
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "12345-0",
                question = "几点开门",
                body = " ",
            },
            201
        );
        var asked = (await interpretation.Post("", "questions", new { question = "几点开门", body = "" }, 201)).GetProperty("id").GetGuid();
        Assert.Equal(JsonValueKind.Null, (await interpretation.Get(Tokens.Hotline, $"questions/{asked}")).GetProperty("body").ValueKind);
        Assert.Contains(
            "/body",
            (await interpretation.Post(Tokens.OpennessOffice, "benefits", new { body = new string('长', 41) }, 422)).Pointers()
        );
        var question = (await interpretation.Post(Tokens.Hotline, "questions", new { question = "几点关门" }, 201))
            .GetProperty("id")
            .GetGuid();
        // Nobody answers for a body without a name.
        Assert.Contains(
            "/body",
            (await interpretation.Put(Tokens.Hotline, $"questions/{question}/answer", new { body = " " }, 422)).Pointers()
        );
    }

    [Fact]
    public async Task a_body_answers_and_one_who_is_not_satisfied_gets_another_answer()
    {
        var interpretation = await district.StartInterpretation();
        await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "12345-4", question = "学区如何划分" }, 201);
        Assert.Equal(
            ["/body"],
            (await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-4/assign", new { body = "NOPE" }, 422)).Pointers()
        );
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-4/assign", new { body = "370114-JY" });
        Assert.Contains(
            (await interpretation.Get(Tokens.DraftingEducation, "interpretation-tasks?kind=ticket")).GetProperty("items").EnumerateArray(),
            t => t.GetProperty("title").GetString() == "学区如何划分"
        );
        // What was asked is shown to who may see the ticket.
        foreach (
            var (token, isShown) in new[]
            {
                (Tokens.Hotline, true),
                (Tokens.Supervision, true),
                (Tokens.LegalReview, false),
                (Tokens.Signing, false),
                (Tokens.DraftingHousing, false),
            }
        )
            Assert.Equal(
                isShown,
                (await interpretation.Get(token, "interpretation-tasks"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Any(t => t.GetProperty("title").GetString() == "学区如何划分")
            );
        await interpretation.Post(Tokens.DraftingHousing, "hotline/tickets/12345-4/answer", new { answer = "不归我管" }, 404);
        await interpretation.Post(Tokens.DraftingEducation, "hotline/tickets/12345-4/answer", new { answer = "见公告。" });
        var back = await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets/12345-4/rating",
            new { satisfied = false, note = "没有说清楚" }
        );
        Assert.Equal(("assigned", "2026-06-08"), (back.GetProperty("state").GetString(), back.GetProperty("dueOn").GetString()));
    }

    [Fact]
    public async Task a_body_that_does_not_answer_for_it_gives_a_ticket_back_with_a_reason()
    {
        var interpretation = await district.StartInterpretation();
        await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "12345-6", question = "校车几点发车" }, 201);
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-6/assign", new { body = "370114-ZJ" });
        Assert.Equal(
            ["/reason", "/body"],
            (await interpretation.Post(Tokens.DraftingHousing, "hotline/tickets/12345-6/return", new { body = "NOPE" }, 422)).Pointers()
        );
        await interpretation.Post(Tokens.DraftingEducation, "hotline/tickets/12345-6/return", new { reason = "不是我的" }, 404);
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-6/return", new { reason = "不是我的" }, 403);
        var returned = await interpretation.Post(
            Tokens.DraftingHousing,
            "hotline/tickets/12345-6/return",
            new { reason = "校车由教育部门管理，联系人13812345678。", body = "370114-JY" }
        );
        Assert.Equal(
            ("received", JsonValueKind.Null, JsonValueKind.Null, 1),
            (
                returned.GetProperty("state").GetString(),
                returned.GetProperty("body").ValueKind,
                returned.GetProperty("dueOn").ValueKind,
                returned.GetProperty("returns").GetInt32()
            )
        );
        Assert.Equal(
            ("370114-ZJ", "370114-JY"),
            (
                returned.GetProperty("returned").GetProperty("by").GetString(),
                returned.GetProperty("returned").GetProperty("proposed").GetString()
            )
        );
        Assert.DoesNotContain("13812345678", returned.GetRawText(), StringComparison.Ordinal);
        // It is the hotline's again, and nothing that waits for the body.
        await interpretation.Get(Tokens.DraftingHousing, "hotline/tickets/12345-6", 404);
        Assert.DoesNotContain(
            (await interpretation.Get(Tokens.DraftingHousing, "interpretation-tasks?kind=ticket&state=open"))
                .GetProperty("items")
                .EnumerateArray(),
            t => t.GetProperty("title").GetString() == "校车几点发车"
        );
        Assert.Equal(
            ["/reason"],
            (await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-6/assign", new { body = "370114-ZJ" }, 422)).Pointers()
        );
        var given = await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-6/assign", new { body = "370114-JY" });
        Assert.Equal(("assigned", "2026-06-08"), (given.GetProperty("state").GetString(), given.GetProperty("dueOn").GetString()));
        await interpretation.Post(Tokens.DraftingEducation, "hotline/tickets/12345-6/answer", new { answer = "七点。" });
        Assert.Equal(
            "ticket.state.wrong",
            (await interpretation.Post(Tokens.DraftingEducation, "hotline/tickets/12345-6/return", new { reason = "晚了" }, 409)).Code()
        );
        Assert.Equal(
            1,
            (await interpretation.Get(Tokens.Supervision, "hotline/statistics?by=body"))
                .EnumerateArray()
                .Single(c => c.GetProperty("key").GetString() == "370114-JY")
                .GetProperty("returned")
                .GetInt32()
        );
    }

    [Fact]
    public async Task whoever_is_not_satisfied_with_a_published_answer_gets_a_body_a_task_and_a_last_day()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText(
            "测政发〔2026〕814号",
            Text.Replace("物业", "燃气", StringComparison.Ordinal)
        );
        await interpretation.PublishedAnswer(document, blocks[1], "燃气服务费按什么面积收取？", "按建筑面积收取。");
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new { ticketId = "12345-7", question = "燃气服务费按什么面积收取" },
            201
        );
        Assert.Equal(JsonValueKind.Null, (await Is(interpretation, "12345-7", "answered")).GetProperty("body").ValueKind);
        var back = await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets/12345-7/rating",
            new { satisfied = false, note = "没说阁楼算不算" }
        );
        Assert.Equal(
            ("assigned", "370114-ZJ", "2026-06-08", 1),
            (
                back.GetProperty("state").GetString(),
                back.GetProperty("body").GetString(),
                back.GetProperty("dueOn").GetString(),
                back.GetProperty("notSatisfied").GetInt32()
            )
        );
        Assert.Contains(
            (await interpretation.Get(Tokens.DraftingHousing, "interpretation-tasks?kind=ticket&state=open"))
                .GetProperty("items")
                .EnumerateArray(),
            t => t.GetProperty("title").GetString() == "燃气服务费按什么面积收取"
        );
        // A good answer afterwards does not make it unsaid.
        await interpretation.Post(Tokens.DraftingHousing, "hotline/tickets/12345-7/answer", new { answer = "阁楼不算。" });
        var closed = await interpretation.Post(Tokens.Hotline, "hotline/tickets/12345-7/rating", new { satisfied = true });
        Assert.Equal(
            ("closed", true, 1),
            (
                closed.GetProperty("state").GetString(),
                closed.GetProperty("satisfied").GetBoolean(),
                closed.GetProperty("notSatisfied").GetInt32()
            )
        );
        Assert.Equal(
            1,
            (await interpretation.Get(Tokens.Supervision, $"hotline/statistics?by=body&document={document}"))[0]
                .GetProperty("notSatisfied")
                .GetInt32()
        );
    }

    [Fact]
    public async Task what_no_document_says_anything_of_has_a_body_and_a_last_day_where_one_is_set()
    {
        await using var own = new District(postgres);
        own.Settings["Hotline:Body"] = "370114-ZWGK";
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        await interpretation.Post(Tokens.Hotline, "hotline/tickets", new { ticketId = "rest", question = "几点开门" }, 201);
        var ticket = await Is(interpretation, "rest", "assigned");
        Assert.Equal(("370114-ZWGK", "2026-06-08"), (ticket.GetProperty("body").GetString(), ticket.GetProperty("dueOn").GetString()));
        // Nobody chose it: whoever knows better says so without a reason.
        await interpretation.Post(Tokens.Hotline, "hotline/tickets/rest/assign", new { body = "370114-JY" });
        Assert.Equal(
            ["/reason"],
            (await interpretation.Post(Tokens.Hotline, "hotline/tickets/rest/assign", new { body = "370114-ZJ" }, 422)).Pointers()
        );
    }

    [Fact]
    public async Task tickets_that_gather_on_a_block_open_one_follow_up()
    {
        var interpretation = await district.StartInterpretation();
        var (document, blocks) = await district.PublishedText(
            "测政发〔2026〕812号",
            Text.Replace("物业", "供水", StringComparison.Ordinal)
        );
        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(n =>
                    interpretation.Post(
                        Tokens.Hotline,
                        "hotline/tickets",
                        new
                        {
                            ticketId = $"gs-{n}",
                            question = $"第{n}问",
                            documentId = document,
                            blocks = new[] { blocks[1] },
                        },
                        201
                    )
                )
        );
        var plan = await Calls.Eventually<JsonElement>(async () =>
        {
            foreach (
                var found in (
                    await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans?document={document}&phase=postImplementation")
                )
                    .GetProperty("items")
                    .EnumerateArray()
            )
                return found;
            return null;
        });
        Assert.Contains(blocks[1], plan.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(Tokens.Hotline, $"hotline/tickets?document={document}&state=assigned&pageSize=50"))
                .GetProperty("items")
                .GetArrayLength() == 12
                ? true
                : null
        );
        Assert.Single(
            (await interpretation.Get(Tokens.DraftingHousing, "interpretation-tasks?kind=followUp")).GetProperty("items").EnumerateArray(),
            t => t.GetProperty("documentId").GetGuid() == document
        );

        var statistics = await interpretation.Get(Tokens.Supervision, $"hotline/statistics?by=block&document={document}");
        Assert.Equal(
            ($"{document}/{blocks[1]}", 12),
            (statistics[0].GetProperty("key").GetString(), statistics[0].GetProperty("total").GetInt32())
        );
        Assert.Equal(
            "2026-06",
            (await interpretation.Get(Tokens.Supervision, "hotline/statistics?by=month"))[0].GetProperty("key").GetString()
        );
        Assert.Contains(
            (await interpretation.Get(Tokens.Supervision, "hotline/statistics?by=body")).EnumerateArray(),
            c => c.GetProperty("key").GetString() == "370114-ZJ"
        );
        await interpretation.Get(Tokens.Supervision, "hotline/statistics", 422);
        // Instants can be written with the offset of wherever the caller is.
        foreach (var (period, count) in new[] { ("from=2020-01-01T00:00:00%2B08:00", 12), ("to=2020-01-01T00:00:00%2B08:00", 0) })
        {
            var tickets = await interpretation.Get(Tokens.Hotline, $"hotline/tickets?document={document}&pageSize=50&{period}");
            var counted = await interpretation.Get(Tokens.Supervision, $"hotline/statistics?by=body&document={document}&{period}");
            Assert.Equal(
                (count, count),
                (tickets.GetProperty("items").GetArrayLength(), counted.EnumerateArray().Sum(c => c.GetProperty("total").GetInt32()))
            );
        }
    }

    [Fact]
    public async Task a_follow_up_is_done_with_its_material_and_opened_again_by_the_tickets_after_it()
    {
        await using var own = new District(postgres);
        own.Settings["Hotline:FollowUpThreshold"] = "2";
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        var (document, blocks) = await own.PublishedText("测政发〔2026〕813号", Text);
        await Call(1);
        await Call(2);
        var first = await Plan(0);
        var material = await interpretation.Material(first, "二次解读", blocks[1]);
        await interpretation.Sign(material);
        await own.PlanIs(document, "carried");
        Assert.Equal(200, await interpretation.Status($"interpretations/{material}"));
        Assert.Empty(await FollowUps("open"));
        Assert.Single(await FollowUps("done"));
        own.Clock.Advance(TimeSpan.FromHours(1));
        await Call(3);
        Assert.Empty(await FollowUps("open"));
        await Call(4);
        Assert.NotEqual(first, await Plan(1));
        Assert.Single(await FollowUps("open"));

        async Task Call(int n)
        {
            await interpretation.Post(
                Tokens.Hotline,
                "hotline/tickets",
                new
                {
                    ticketId = $"again-{n}",
                    question = $"第{n}问",
                    documentId = document,
                    blocks = new[] { blocks[1] },
                    body = "370114-ZJ",
                },
                201
            );
            await Is(interpretation, $"again-{n}", "assigned");
        }

        Task<Guid> Plan(int before) =>
            Calls.Eventually<Guid>(async () =>
                (await interpretation.Get(Tokens.OpennessOffice, $"interpretation-plans?document={document}&phase=postImplementation"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .ToArray()
                    is var plans
                && plans.Length > before
                    ? plans[0].GetProperty("id").GetGuid()
                    : null
            );
        async Task<JsonElement[]> FollowUps(string state) =>
            [
                .. (await interpretation.Get(Tokens.DraftingHousing, $"interpretation-tasks?kind=followUp&state={state}"))
                    .GetProperty("items")
                    .EnumerateArray(),
            ];
    }

    [Fact]
    public async Task what_is_not_answered_in_time_is_reminded_of_and_escalated()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "late",
                question = "何时通车",
                body = "370114-ZJ",
            },
            201
        );
        Assert.Equal("2026-06-08", (await Is(interpretation, "late", "assigned")).GetProperty("dueOn").GetString());
        Assert.Equal(
            "event.closed",
            (
                await own.Catalog.Post(
                    "",
                    "subscriptions",
                    new { channel = "atom", filter = new { events = new[] { "ticket.overdue" } } },
                    422
                )
            )
                .GetProperty("errors")[0]
                .Code()
        );
        var feed = new Uri(
            (
                await own.Catalog.Post(
                    Tokens.Supervision,
                    "subscriptions",
                    new { channel = "atom", filter = new { issuer = "370114-ZJ", events = new[] { "ticket.dueSoon", "ticket.overdue" } } },
                    201
                )
            )
                .GetProperty("feed")
                .GetString()!
        ).PathAndQuery;
        // One working day is left on Friday the fifth, also over a weekend.
        own.Clock.Advance(TimeSpan.FromDays(4));
        await Told("ticket.dueSoon");
        own.Clock.Advance(TimeSpan.FromDays(4));
        var late = await Calls.Eventually<JsonElement>(async () =>
            await interpretation.Get(Tokens.Hotline, "hotline/tickets/late") is var t
            && t.GetProperty("escalatedAt").ValueKind is JsonValueKind.String
                ? t
                : null
        );
        Assert.True(late.GetProperty("isOverdue").GetBoolean());
        Assert.Single((await interpretation.Get(Tokens.Supervision, "hotline/tickets?overdue=true")).GetProperty("items").EnumerateArray());
        Assert.Single(
            (await interpretation.Get(Tokens.Supervision, "interpretation-tasks?state=overdue")).GetProperty("items").EnumerateArray()
        );
        await Told("ticket.overdue");

        Task<bool> Told(string what) =>
            Calls.Eventually<bool>(async () =>
                (await (await own.Catalog.Scenario(s => s.Get.Url(feed))).ReadAsTextAsync()).Contains(what, StringComparison.Ordinal)
                    ? true
                    : null
            );
    }

    [Fact]
    public async Task a_new_calendar_moves_the_last_day_of_what_waits_for_an_answer()
    {
        await using var own = new District(postgres);
        await own.InitializeAsync();
        var interpretation = await own.StartInterpretation();
        await interpretation.Post(
            Tokens.Hotline,
            "hotline/tickets",
            new
            {
                ticketId = "moved",
                question = "何时通车",
                body = "370114-ZJ",
            },
            201
        );
        await Is(interpretation, "moved", "assigned");
        await own.Catalog.Put(
            Tokens.OpennessOffice,
            "calendar/2026",
            new { source = "临时调整", daysOff = new Dictionary<string, string> { ["2026-06-03"] = "临时放假" } }
        );
        var moved = await Calls.Eventually<JsonElement>(async () =>
            await interpretation.Get(Tokens.Hotline, "hotline/tickets/moved") is var t && t.GetProperty("dueOn").GetString() == "2026-06-09"
                ? t
                : null
        );
        Assert.Contains("临时放假1日", moved.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            "2026-06-09",
            (await interpretation.Get(Tokens.DraftingHousing, "interpretation-tasks?kind=ticket"))
                .GetProperty("items")[0]
                .GetProperty("dueOn")
                .GetString()
        );
    }

    static Task<JsonElement> Is(IAlbaHost interpretation, string ticket, string state) =>
        Calls.Eventually<JsonElement>(async () =>
            await interpretation.Get(Tokens.Hotline, $"hotline/tickets/{ticket}") is var t && t.GetProperty("state").GetString() == state
                ? t
                : null
        );
}
