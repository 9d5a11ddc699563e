using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Consultation.Tests.Questionnaires;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.Testing;
using Wolverine;

namespace PolicyPlatform.Consultation.Tests.Evaluations;

public sealed class when_a_document_is_evaluated(District district) : IClassFixture<District>
{
    static int numbers;

    Task<Guid> Published(string title = "供热退费办法") => Published(district, title);

    static async Task<Guid> Published(District district, string title) =>
        await district.Documents.Publish(
            await district.Documents.Draft(title: title),
            $"评估发〔2026〕{Interlocked.Increment(ref numbers)}号"
        );

    [Fact]
    public async Task it_is_planned_measured_concluded_and_comes_back_to_its_document()
    {
        var consultation = await district.StartConsultation();
        var document = await Published();
        var id = await consultation.Evaluation(document);
        await consultation.Get(null, $"evaluations/{id}", 404);
        await consultation.Get(Tokens.DraftingEducation, $"evaluations/{id}", 404);
        Assert.Empty(await consultation.EvaluationsOf(document, null));
        Assert.Empty(await consultation.EvaluationsOf(document, Tokens.DraftingEducation));
        Assert.Single(await consultation.EvaluationsOf(document, Tokens.DraftingHousing));
        Assert.Equal(
            "evaluation.alreadyOpen",
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    "evaluations",
                    new
                    {
                        documentId = document,
                        purpose = "再评估",
                        indicators = new[] { Evaluating.Indicator() },
                    },
                    409
                )
            ).Code()
        );

        await consultation.Put(
            Tokens.DraftingHousing,
            $"evaluations/{id}/plan",
            new
            {
                purpose = "评估实施效果。",
                indicators = new[] { Evaluating.Indicator("T1", 60), Evaluating.Indicator("T2", 40) },
                reason = "增加满意度指标。",
            }
        );
        await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/measurements", Evaluating.Value("T1", 80));
        await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/measurements", Evaluating.Value("T1", 92.5m));
        Assert.Equal(
            ["/indicators"],
            (
                await consultation.Put(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/plan",
                    new
                    {
                        purpose = "评估",
                        indicators = new[] { Evaluating.Indicator("T2") },
                        reason = "去掉",
                    },
                    422
                )
            ).Pointers()
        );
        var questionnaire = await district.Opened();
        await consultation.Put(
            Tokens.DraftingHousing,
            $"evaluations/{id}/sources",
            new
            {
                questionnaires = new[] { questionnaire },
                tickets = new[] { "YZ-1", "YZ-2", "YZ-1" },
                respondents = new[]
                {
                    new
                    {
                        group = "供热企业",
                        asked = 12,
                        answered = 11,
                    },
                },
            }
        );
        // What is missing is told all at once: a finding, and the second indicator.
        var early = await consultation.Post(
            Tokens.DraftingHousing,
            $"evaluations/{id}/conclude",
            new { conclusion = "amend", reason = "改" },
            422
        );
        Assert.Equal(["finding.missing", "indicator.notMeasured"], early.GetProperty("errors").EnumerateArray().Select(e => e.Code()));
        await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/measurements", Evaluating.Value("T2", 70));
        await consultation.Post(
            Tokens.DraftingHousing,
            $"evaluations/{id}/findings",
            new { text = "测温程序不明确。", indicators = new[] { "T1" } }
        );
        var concluded = await consultation.Post(
            Tokens.DraftingHousing,
            $"evaluations/{id}/conclude",
            new { conclusion = "amend", reason = "应当修改第二条。" }
        );
        Assert.Equal("concluded", concluded.GetProperty("state").GetString());
        Assert.Equal(
            "evaluation.state.wrong",
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/conclude",
                    new { conclusion = "keep", reason = "再" },
                    409
                )
            ).Code()
        );

        // Now everybody reads it; the numbers of tickets are for those within.
        var shown = await consultation.Get(null, $"evaluations/{id}");
        Assert.Equal(
            ("amend", 92.5m, 2),
            (
                shown.GetProperty("conclusion").GetProperty("conclusion").GetString(),
                shown.GetProperty("indicators")[0].GetProperty("latest").GetDecimal(),
                shown.GetProperty("ticketCount").GetInt32()
            )
        );
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("tickets").ValueKind);
        Assert.Equal(3, shown.GetProperty("measurements").GetArrayLength());
        Assert.Equal(
            ["YZ-1", "YZ-2"],
            (await consultation.Get(Tokens.DraftingHousing, $"evaluations/{id}"))
                .GetProperty("tickets")
                .EnumerateArray()
                .Select(t => t.GetString()!)
        );
        Assert.Single(await consultation.EvaluationsOf(document, null));
        Assert.NotEqual(await Tag(null), await Tag(Tokens.DraftingHousing));

        // It stands in the document's history, once, also when the message comes again; and the task is a clean-up.
        var entry = await Evaluated(document);
        Assert.Equal("应当修改第二条。", entry.GetProperty("note").GetString());
        await using var scope = district.Documents.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<IMessageBus>()
            .InvokeAsync(
                new EvaluationConcludedMessage(id, document, 9, "amend", "应当修改第二条。", new(2026, 6, 1)),
                TestContext.Current.CancellationToken
            );
        Assert.Single(await History(document));
        var task = await district.Documents.Get(Tokens.DraftingHousing, $"cleanups/{id}");
        Assert.Equal(
            ("370114-ZJ", "amend", false),
            (
                task.GetProperty("items")[0].GetProperty("body").GetString(),
                task.GetProperty("items")[0].GetProperty("outcome").GetString(),
                task.GetProperty("items")[0].GetProperty("applied").GetBoolean()
            )
        );

        // Then it can be evaluated anew.
        await consultation.Evaluation(document);

        async Task<string> Tag(string? token) =>
            $"{(await consultation.Scenario(s =>
            {
                if (token is not null)
                    s.As(token);
                s.Get.Url($"/api/v1/evaluations/{id}");
            })).Context.Response.Headers.ETag}";
    }

    [Fact]
    public async Task what_is_to_be_kept_makes_no_task_and_what_is_to_be_repealed_is_repealed_by_a_publisher()
    {
        var consultation = await district.StartConsultation();
        var kept = await Published("保留办法");
        var keep = await consultation.Evaluation(kept);
        await consultation.Conclude(keep, "keep");
        await Evaluated(kept);
        await district.Documents.Get(Tokens.DraftingHousing, $"cleanups/{keep}", 404);

        var ended = await Published("废止办法");
        var repeal = await consultation.Evaluation(ended);
        await consultation.Conclude(repeal, "repeal");
        await Evaluated(ended);
        Assert.Equal("inForce", (await district.Documents.Get(null, $"documents/{ended}")).GetProperty("validity").GetString());
        await district.Documents.Post(Tokens.OpennessOffice, $"cleanups/{repeal}/apply", new { });
        Assert.Equal("repealed", (await district.Documents.Get(null, $"documents/{ended}")).GetProperty("validity").GetString());
    }

    [Fact]
    public async Task what_is_wrong_is_told_all_at_once()
    {
        var consultation = await district.StartConsultation();
        var document = await Published();
        Assert.Equal(
            ["/documentId", "/purpose", "/indicators"],
            (await consultation.Post(Tokens.DraftingHousing, "evaluations", new { }, 422)).Pointers()
        );
        Assert.Equal(
            [
                "/purpose",
                "/dueOn",
                "/indicators/1/code",
                "/indicators/1/weight",
                "/indicators/2/code",
                "/indicators/2/name",
                "/indicators/2/method",
                "/indicators/2/target",
                "/indicators/2/unit",
                "/indicators/2/weight",
                "/indicators",
            ],
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    "evaluations",
                    new
                    {
                        documentId = document,
                        dueOn = "2020-01-01",
                        indicators = new[] { Evaluating.Indicator("T1", 50), Evaluating.Indicator("T1", 0), new { } },
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/indicators"],
            (await Open(document, [.. Enumerable.Range(0, 51).Select(n => Evaluating.Indicator($"T{n}", 2))], 422)).Pointers()
        );
        Assert.Equal(["/indicators/0"], (await Open(document, [null!], 422)).Pointers());
        Assert.Equal(["/documentId"], (await Open(Guid.NewGuid(), [Evaluating.Indicator()], 422)).Pointers());
        var draft = await district.Documents.Draft(title: "未公布的办法");
        Assert.Equal("evaluation.document.wrong", (await Open(draft, [Evaluating.Indicator()], 409)).Code());
        await consultation.Post("", "evaluations", new { }, 401);
        await consultation.Post(Tokens.LegalReview, "evaluations", new { }, 403);
        Assert.Equal(
            "consultation.body.foreign",
            (
                await consultation.Post(
                    Tokens.DraftingEducation,
                    "evaluations",
                    new
                    {
                        documentId = document,
                        purpose = "别人的",
                        indicators = new[] { Evaluating.Indicator() },
                    },
                    403
                )
            ).Code()
        );

        var id = await consultation.Evaluation(document);
        Assert.Equal(
            ["/indicator", "/value", "/from", "/to", "/source"],
            (await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/measurements", new { }, 422)).Pointers()
        );
        Assert.Equal(
            ["/indicator", "/value", "/to"],
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/measurements",
                    new
                    {
                        indicator = "T9",
                        value = 1e13,
                        from = "2026-03-01",
                        to = "2026-02-01",
                        source = "表",
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/to"],
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/measurements",
                    new
                    {
                        indicator = "T1",
                        value = 1,
                        from = "2026-03-01",
                        to = "2126-02-01",
                        source = "表",
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            [
                "/questionnaires/0",
                "/tickets/0",
                "/respondents/0/group",
                "/respondents/0/asked",
                "/respondents/0/answered",
                "/respondents/1/answered",
            ],
            (
                await consultation.Put(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/sources",
                    new
                    {
                        questionnaires = new[] { Guid.NewGuid() },
                        tickets = new[] { "" },
                        respondents = new object[]
                        {
                            new { },
                            new
                            {
                                group = "居民",
                                asked = 3,
                                answered = 4,
                            },
                        },
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/tickets"],
            (
                await consultation.Put(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/sources",
                    new { tickets = Enumerable.Range(0, 501).Select(n => $"YZ-{n}") },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/text", "/indicators/0"],
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/findings",
                    new { text = " ", indicators = new[] { "T9" } },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/conclusion", "/reason", "", ""],
            (await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/conclude", new { }, 422)).Pointers()
        );
        Assert.Equal(
            "request.malformed",
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"evaluations/{id}/conclude",
                    new { conclusion = "vielleicht", reason = "？" },
                    400
                )
            ).Code()
        );
        foreach (var step in new[] { "dismiss", "open" })
        {
            await consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/{step}", new { reason = "否" }, 403);
            Assert.Equal(
                "evaluation.state.wrong",
                (
                    await consultation.Post(
                        Tokens.OpennessOffice,
                        $"evaluations/{id}/{step}",
                        step == "open" ? Evaluating.Plan() : new { reason = "否" },
                        409
                    )
                ).Code()
            );
        }
        foreach (var step in new[] { "measurements", "findings", "conclude" })
        {
            await consultation.Post(Tokens.DraftingHousing, $"evaluations/{Guid.NewGuid()}/{step}", new { }, 404);
            await consultation.Post(Tokens.DraftingEducation, $"evaluations/{id}/{step}", new { }, 404);
        }
        Assert.Equal(
            ["state", "pageSize"],
            (await consultation.Get(null, "evaluations?state=nie&pageSize=0", 422)).Pointers().OrderDescending()
        );
        await consultation.Get(null, $"evaluations/{Guid.NewGuid()}", 404);

        Task<JsonElement> Open(Guid about, object[] indicators, int expected) =>
            consultation.Post(
                Tokens.DraftingHousing,
                "evaluations",
                new
                {
                    documentId = about,
                    purpose = "评估",
                    indicators,
                },
                expected
            );
    }

    [Fact]
    public async Task of_many_who_open_at_once_one_does_and_what_many_measure_at_once_is_all_kept()
    {
        var consultation = await district.StartConsultation();
        var document = await Published();
        var plan = new
        {
            documentId = document,
            purpose = "评估",
            indicators = new[] { Evaluating.Indicator() },
        };
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Opened()));
        Assert.Single(opened, s => s == 201);
        Assert.Equal(7, opened.Count(s => s == 409));
        var id = Assert.Single(await consultation.EvaluationsOf(document, Tokens.DraftingHousing)).GetProperty("id").GetGuid();
        await Task.WhenAll(
            Enumerable
                .Range(1, 20)
                .Select(n => consultation.Post(Tokens.DraftingHousing, $"evaluations/{id}/measurements", Evaluating.Value("T1", n)))
        );
        Assert.Equal(
            Enumerable.Range(1, 20),
            (await consultation.Get(Tokens.DraftingHousing, $"evaluations/{id}"))
                .GetProperty("measurements")
                .EnumerateArray()
                .Select(m => m.GetProperty("value").GetInt32())
                .Order()
        );

        async Task<int> Opened() => (
                await consultation.Scenario(s =>
                {
                    s.As(Tokens.DraftingHousing);
                    s.Post.Json(plan).ToUrl("/api/v1/evaluations");
                    s.IgnoreStatusCode();
                })
            ).Context.Response.StatusCode;
    }

    async Task<JsonElement[]> History(Guid document) =>
        [
            .. (await district.Documents.Get(null, $"documents/{document}/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Where(e => e.GetProperty("what").GetString() == "evaluated"),
        ];

    async Task<JsonElement> Evaluated(Guid document) =>
        await Calls.Eventually<JsonElement>(async () => (await History(document)) is [var entry] ? entry : null);
}
