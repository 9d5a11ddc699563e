using System.Text.Json;
using Alba;
using PolicyPlatform.Consultation.Tests.Questionnaires;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.OpenDays;

public sealed class when_an_open_day_is_held(District district) : IClassFixture<District>
{
    // The clock moves on with each test, and all days lie ahead of it.
    DateTimeOffset Now => district.Clock.GetUtcNow();

    [Fact]
    public async Task it_goes_all_the_way_from_its_announcement_to_its_summary()
    {
        var consultation = await district.StartConsultation();
        var interpretation = await district.StartInterpretation();
        var starts = Now.AddDays(20);
        var announced = await consultation.Post(
            Tokens.DraftingHousing,
            "open-days",
            OpenDays.Of(starts, 3, registrationUntil: starts.AddDays(-1), questionsUntil: starts.AddDays(-5)),
            201
        );
        var id = announced.GetProperty("id").GetGuid();
        Assert.Equal(
            ("370114-ZJ", "announced", true),
            (
                announced.GetProperty("body").GetString(),
                announced.GetProperty("state").GetString(),
                announced.GetProperty("takesRegistrations").GetBoolean()
            )
        );
        Assert.Contains(id, await consultation.OpenDayIds("?state=announced&body=370114-ZJ"));
        Assert.DoesNotContain(id, await consultation.OpenDayIds("?state=over"));
        Assert.DoesNotContain(id, await consultation.OpenDayIds("?body=370114-JY"));

        // Before the day: a question is answered as all questions about policies are, under the receipt that was given here.
        var asked = await consultation.Post("", $"open-days/{id}/questions", new { question = "参观要带证件吗？电话13912345678" }, 201);
        Assert.False(asked.GetProperty("isLive").GetBoolean());
        var (question, receipt) = (asked.GetProperty("id").GetGuid(), asked.GetProperty("receipt").GetString()!);
        var own = await Calls.Eventually<JsonElement>(async () =>
            await interpretation.Status($"questions/{question}?receipt={receipt}") == 200
                ? await interpretation.Get(null, $"questions/{question}?receipt={receipt}")
                : null
        );
        Assert.Equal(
            ("参观要带证件吗？电话〔已隐去〕", "370114-ZJ", id),
            (own.GetProperty("asked").GetString(), own.GetProperty("body").GetString(), own.GetProperty("openDayId").GetGuid())
        );
        Assert.Equal(404, await interpretation.Status($"questions/{question}"));
        var document = await district.Documents.Publish(await district.Documents.Draft(), $"开放日发〔2026〕{Now.Ticks % 100_000 + 1}号");
        var block = (await district.Documents.Get(null, $"documents/{document}/revisions/1")).GetProperty("blocks")[0].GetProperty("id");
        await Calls.Eventually<bool>(async () =>
            (await interpretation.Get(null, "interpretations/documents")).GetRawText().Contains($"{document}") ? true : null
        );
        await interpretation.Put(
            Tokens.DraftingHousing,
            $"questions/{question}/answer",
            new
            {
                question = "参观要带证件吗？",
                answer = "请带身份证。",
                documentId = document,
                blocks = new[] { block.GetString() },
            }
        );
        await interpretation.Post(Tokens.LegalReview, $"questions/{question}/approve", new { });
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{question}/publish", new { });
        Assert.Equal(
            question,
            Assert
                .Single((await interpretation.Get(null, $"questions?openDay={id}")).GetProperty("items").EnumerateArray())
                .GetProperty("id")
                .GetGuid()
        );

        var family = await consultation.Register(id, 2);
        var single = await consultation.Register(id, 1);
        var late = await consultation.Register(id, 1);
        Assert.Equal(["seat", "seat", "waiting"], new[] { family, single, late }.Select(r => r.Answer.GetProperty("standing").GetString()));
        Assert.Equal([1, 2, 3], new[] { family, single, late }.Select(r => r.Answer.GetProperty("number").GetInt32()));
        Assert.Equal(1, late.Answer.GetProperty("place").GetInt32());
        var page = await consultation.Get(null, $"open-days/{id}");
        Assert.Equal((3, 1), (page.GetProperty("seatsTaken").GetInt32(), page.GetProperty("waiting").GetInt32()));

        // The one who waits moves up and sees it.
        await consultation.Post("", $"open-days/{id}/registration/cancel", new { receipt = single.Receipt });
        Assert.Equal("cancelled", await consultation.Standing(id, single.Receipt));
        Assert.Equal("seat", await consultation.Standing(id, late.Receipt));
        Assert.Equal(
            "openDay.registration.wrong",
            (await consultation.Post("", $"open-days/{id}/registration/cancel", new { receipt = single.Receipt }, 409)).Code()
        );

        // Too early for the door; on the day by number and by receipt, and once.
        var early = await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/check-ins", new { number = 1 }, 409);
        Assert.Equal("openDay.state.wrong", early.Code());
        Assert.Equal(
            "openDay.questions.closed",
            (
                await district.At(
                    starts.AddDays(-5),
                    () => consultation.Post("", $"open-days/{id}/questions", new { question = "？" }, 409)
                )
            ).Code()
        );
        district.Clock.SetUtcNow(starts.AddMinutes(1));
        await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/check-ins", new { number = 1 });
        await consultation.Post(Tokens.OpennessOffice, $"open-days/{id}/check-ins", new { receipt = late.Receipt });
        Assert.Equal(
            "openDay.checkedIn",
            (await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/check-ins", new { receipt = family.Receipt }, 409)).Code()
        );
        Assert.Equal(
            "openDay.registration.wrong",
            (await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/check-ins", new { number = 2 }, 409)).Code()
        );
        await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/check-ins", new { number = 9 }, 404);

        // Live: the public asks, staff notes, the answered ones are shown.
        var live = await consultation.Post("", $"open-days/{id}/questions", new { question = "大厅几点下班？" }, 201);
        Assert.True(live.GetProperty("isLive").GetBoolean());
        var noted = await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/questions", new { question = "冬天呢？" }, 201);
        Assert.Equal(JsonValueKind.Null, noted.GetProperty("receipt").ValueKind);
        var liveId = live.GetProperty("id").GetGuid();
        Assert.Empty(await Asked(null));
        Assert.Equal(2, (await Asked(Tokens.DraftingHousing)).Length);
        await consultation.Get(null, $"open-days/{id}/questions/{liveId}", 404);
        await consultation.Get(null, $"open-days/{id}/questions/{liveId}?receipt=wrong", 404);
        await consultation.Get(null, $"open-days/{id}/questions/{liveId}?receipt={live.GetProperty("receipt").GetString()}");
        await consultation.Put(
            Tokens.DraftingHousing,
            $"open-days/{id}/questions/{liveId}/answer",
            new { answer = "二十四小时值守，0531-80000001。" }
        );
        Assert.Equal("二十四小时值守，0531-80000001。", Assert.Single(await Asked(null)).GetProperty("answer").GetString());

        var questionnaire = await district.Opened();
        await consultation.Put(Tokens.DraftingHousing, $"open-days/{id}/questionnaire", new { questionnaireId = questionnaire });
        Assert.Equal(
            "openDay.state.wrong",
            (await consultation.Put(Tokens.DraftingHousing, $"open-days/{id}/summary", new { text = "小结" }, 409)).Code()
        );
        district.Clock.SetUtcNow(starts.AddHours(3));
        Assert.Equal("over", (await consultation.Get(null, $"open-days/{id}")).GetProperty("state").GetString());
        await consultation.Post("", $"open-days/{id}/questions", new { question = "晚了？" }, 409);
        await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/questions", new { question = "会后补记" }, 201);
        var done = await consultation.Put(Tokens.DraftingHousing, $"open-days/{id}/summary", new { text = "小结" });
        Assert.Equal(("completed", questionnaire), (done.GetProperty("state").GetString(), done.GetProperty("questionnaireId").GetGuid()));
        Assert.Equal(
            """{"people":3,"seats":3,"attended":3,"questions":1,"liveQuestions":3,"liveAnswers":1}""",
            done.GetProperty("summary").GetProperty("counts").GetRawText()
        );

        async Task<JsonElement[]> Asked(string? token) =>
            [.. (await consultation.Get(token, $"open-days/{id}/questions")).GetProperty("items").EnumerateArray()];
    }

    [Fact]
    public async Task what_is_wrong_is_told_all_at_once()
    {
        var consultation = await district.StartConsultation();
        Assert.Equal(
            ["/topic", "/place", "/description", "/capacity", "/startsAt", "/endsAt"],
            (await consultation.Post(Tokens.DraftingHousing, "open-days", new { }, 422)).Pointers()
        );
        Assert.Equal(
            ["/topic", "/capacity", "/startsAt", "/endsAt", "/registrationUntil", "/questionsUntil", "/body"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    "open-days",
                    new
                    {
                        topic = new string('题', 201),
                        place = "大厅",
                        description = "参观",
                        body = "NOPE",
                        capacity = 0,
                        startsAt = Now.AddMinutes(-1),
                        endsAt = Now.AddMinutes(-2),
                        registrationUntil = Now.AddHours(-1),
                        questionsUntil = Now.AddHours(1),
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            ["/capacity", "/startsAt"],
            (await consultation.Post(Tokens.DraftingHousing, "open-days", OpenDays.Of(Now.AddDays(400), 100_001), 422)).Pointers()
        );
        Assert.Equal(
            "consultation.body.foreign",
            (await consultation.Post(Tokens.DraftingEducation, "open-days", OpenDays.Of(Now.AddDays(3), 5, body: "370114-ZJ"), 403)).Code()
        );
        await consultation.Post("", "open-days", OpenDays.Of(Now.AddDays(3), 5), 401);
        await consultation.Post(Tokens.LegalReview, "open-days", OpenDays.Of(Now.AddDays(3), 5), 403);
        Assert.Equal(
            "request.malformed",
            (await consultation.Post(Tokens.DraftingHousing, "open-days", new { capacity = "viele" }, 400)).Code()
        );

        var id = await consultation.OpenDay(Now.AddDays(9), 5);
        Assert.Equal(
            ["/name", "/contact", "/party"],
            (await consultation.Post("", $"open-days/{id}/registrations", new { name = " ", party = 6 }, 422)).Pointers()
        );
        Assert.Equal(
            ["/name", "/contact", "/party"],
            (
                await consultation.Post(
                    "",
                    $"open-days/{id}/registrations",
                    new
                    {
                        name = new string('王', 101),
                        contact = new string('1', 201),
                        party = 0,
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(["/question"], (await consultation.Post("", $"open-days/{id}/questions", new { }, 422)).Pointers());
        Assert.Equal(
            ["/question"],
            (await consultation.Post("", $"open-days/{id}/questions", new { question = new string('问', 2001) }, 422)).Pointers()
        );
        Assert.Equal(["/receipt"], (await consultation.Post("", $"open-days/{id}/registration/cancel", new { }, 422)).Pointers());
        Assert.Equal(
            "openDay.registration.notFound",
            (await consultation.Post("", $"open-days/{id}/registration/cancel", new { receipt = "nein" }, 404)).Code()
        );
        await consultation.Get(null, $"open-days/{id}/registration?receipt=nein", 404);
        await consultation.Get(null, $"open-days/{id}/registration", 404);
        foreach (var wrong in new object[] { new { }, new { number = 1, receipt = "beides" } })
            Assert.Equal(
                ["/number"],
                (await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/check-ins", wrong, 422)).Pointers()
            );
        Assert.Equal(
            ["/capacity", "/reason"],
            (await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/capacity", new { }, 422)).Pointers()
        );
        Assert.Equal(
            ["/reason", "/startsAt", "/endsAt"],
            (await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/postpone", new { }, 422)).Pointers()
        );
        Assert.Equal(["/reason"], (await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/cancel", new { }, 422)).Pointers());
        Assert.Equal(
            ["/questionnaireId"],
            (await consultation.Put(Tokens.DraftingHousing, $"open-days/{id}/questionnaire", new { }, 422)).Pointers()
        );
        // What is not there, and what another body is still making.
        foreach (
            var questionnaireId in new[]
            {
                Guid.NewGuid(),
                await consultation.DraftQuestionnaire(new { body = "370114-JY" }, token: Tokens.DraftingEducation),
            }
        )
            Assert.Equal(
                ["/questionnaireId"],
                (await consultation.Put(Tokens.DraftingHousing, $"open-days/{id}/questionnaire", new { questionnaireId }, 422)).Pointers()
            );
        Assert.Equal(["/text"], (await consultation.Put(Tokens.DraftingHousing, $"open-days/{id}/summary", new { }, 422)).Pointers());
        Assert.Equal(
            ["state", "pageToken", "pageSize"],
            (await consultation.Get(null, "open-days?state=nie&pageSize=0&pageToken=x", 422)).Pointers().OrderDescending()
        );
        var nobody = Guid.NewGuid();
        foreach (var path in new[] { "", "/registration?receipt=x", "/questions", $"/questions/{nobody}" })
            await consultation.Get(null, $"open-days/{nobody}{path}", 404);
        await consultation.Post("", $"open-days/{nobody}/registrations", new { name = "王", contact = "1" }, 404);
        await consultation.Post("", $"open-days/{nobody}/questions", new { question = "？" }, 404);
        await consultation.Post(Tokens.OpennessOffice, $"open-days/{nobody}/cancel", new { reason = "无" }, 404);
        await consultation.Post(Tokens.OpennessOffice, $"open-days/{nobody}/check-ins", new { number = 1 }, 404);
        foreach (var step in new[] { "cancel", "capacity", "postpone", "check-ins" })
            Assert.Equal(
                "consultation.body.foreign",
                (await consultation.Post(Tokens.DraftingEducation, $"open-days/{id}/{step}", new { }, 403)).Code()
            );
        await consultation.Get(Tokens.DraftingEducation, $"open-days/{id}/registrations", 403);
        await consultation.Get(null, $"open-days/{id}/registrations", 401);
    }

    [Fact]
    public async Task it_is_postponed_and_cancelled_for_a_reason_that_everybody_reads()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(5), 5);
        var registered = await consultation.Register(id, 1);
        var later = Now.AddDays(8);
        await consultation.Post(
            Tokens.DraftingHousing,
            $"open-days/{id}/postpone",
            new
            {
                startsAt = later,
                endsAt = later.AddHours(1),
                place = "新馆",
                reason = "高温",
            }
        );
        var own = await consultation.Get(null, $"open-days/{id}/registration?receipt={registered.Receipt}");
        Assert.Equal(
            (later, "新馆", "seat"),
            (own.GetProperty("startsAt").GetDateTimeOffset(), own.GetProperty("where").GetString(), own.GetProperty("standing").GetString())
        );
        await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/cancel", new { reason = "检修" });
        var shown = await consultation.Get(null, $"open-days/{id}");
        Assert.Equal("cancelled", shown.GetProperty("state").GetString());
        Assert.Equal(
            [("postponed", "高温"), ("cancelled", "检修")],
            shown
                .GetProperty("changes")
                .EnumerateArray()
                .Select(c => (c.GetProperty("what").GetString()!, c.GetProperty("reason").GetString()!))
        );
        Assert.Equal(
            "cancelled",
            (await consultation.Get(null, $"open-days/{id}/registration?receipt={registered.Receipt}")).GetProperty("openDay").GetString()
        );
        Assert.Equal(
            "openDay.registration.closed",
            (await consultation.Post("", $"open-days/{id}/registrations", new { name = "王", contact = "1" }, 409)).Code()
        );
        Assert.Equal(
            "openDay.state.wrong",
            (await consultation.Post(Tokens.DraftingHousing, $"open-days/{id}/cancel", new { reason = "再" }, 409)).Code()
        );
        Assert.Equal(
            "openDay.state.wrong",
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    $"open-days/{id}/postpone",
                    new
                    {
                        startsAt = later,
                        endsAt = later.AddHours(1),
                        reason = "再",
                    },
                    409
                )
            ).Code()
        );
        Assert.Equal(
            "openDay.state.wrong",
            (
                await consultation.Put(
                    Tokens.DraftingHousing,
                    $"open-days/{id}/questionnaire",
                    new { questionnaireId = Guid.NewGuid() },
                    409
                )
            ).Code()
        );
    }

    [Fact]
    public async Task whoever_registered_is_read_by_the_one_role_for_a_reason_and_is_forgotten_in_the_end()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(2), 5);
        var name = $"王小云{Guid.NewGuid():N}";
        var kept = await consultation.Register(id, 1, name);
        var gone = await consultation.Register(id, 1, name);
        Assert.Empty(await district.TablesWith(name));
        Assert.Empty(await district.TablesWith(kept.Receipt));
        await consultation.Post("", $"open-days/{id}/registration/cancel", new { receipt = gone.Receipt });

        await consultation.Post(Tokens.OpennessOffice, $"open-days/{id}/registrations/1/readings", new { reason = "好奇" }, 403);
        Assert.Equal(
            ["/reason"],
            (await consultation.Post(Tokens.Privacy, $"open-days/{id}/registrations/1/readings", new { }, 422)).Pointers()
        );
        var read = await consultation.Post(Tokens.Privacy, $"open-days/{id}/registrations/1/readings", new { reason = "通知改期" });
        Assert.Equal(
            (name, "通知改期"),
            (read.GetProperty("name").GetString(), read.GetProperty("readings")[0].GetProperty("reason").GetString())
        );
        await consultation.Post(Tokens.Privacy, $"open-days/{id}/registrations/2/readings", new { reason = "通知改期" }, 404);
        var list = (await consultation.Get(Tokens.DraftingHousing, $"open-days/{id}/registrations")).GetRawText();
        Assert.DoesNotContain(name, list);

        district.Clock.Advance(TimeSpan.FromDays(33));
        await Calls.Eventually<bool>(async () =>
        {
            district.Clock.Advance(TimeSpan.FromHours(1));
            return
                await consultation.StatusOf(Tokens.Privacy, $"open-days/{id}/registrations/1/readings", new { reason = "通知改期" }) == 404
                ? true
                : null;
        });
        // The registration itself stays, without anybody's name.
        Assert.Equal("seat", await consultation.Standing(id, kept.Receipt));
    }

    [Fact]
    public async Task it_is_read_again_only_where_it_has_changed()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.OpenDay(Now.AddDays(3), 1);
        var first = await Tag($"open-days/{id}");
        Assert.Equal(304, await Again($"open-days/{id}", first));
        var registered = await consultation.Register(id, 1);
        Assert.Equal(200, await Again($"open-days/{id}", first));
        var waiting = await consultation.Register(id, 1);
        var own = $"open-days/{id}/registration";
        var tag = await Tag(own, waiting.Receipt);
        Assert.Equal(304, await Again(own, tag, waiting.Receipt));
        await consultation.Post("", $"open-days/{id}/registration/cancel", new { receipt = registered.Receipt });
        Assert.Equal(200, await Again(own, tag, waiting.Receipt));

        async Task<string> Tag(string path, string? receipt = null) =>
            $"{(await consultation.Scenario(s => Url(s, path, receipt))).Context.Response.Headers.ETag}";

        async Task<int> Again(string path, string tag, string? receipt = null) => (
                await consultation.Scenario(s =>
                {
                    s.WithRequestHeader("If-None-Match", tag);
                    Url(s, path, receipt);
                    s.IgnoreStatusCode();
                })
            ).Context.Response.StatusCode;

        static void Url(Scenario s, string path, string? receipt)
        {
            var get = s.Get.Url($"/api/v1/{path}");
            if (receipt is not null)
                get.QueryString(nameof(receipt), receipt);
        }
    }

    [Fact]
    public async Task open_days_are_listed_page_by_page()
    {
        var consultation = await district.StartConsultation();
        var made = new List<Guid>();
        for (var n = 0; n < 3; n++)
            made.Add(await consultation.OpenDay(Now.AddDays(300 + n), 1, "370114-JY"));
        var seen = new List<Guid>();
        string? token = null;
        do
        {
            var page = await consultation.Get(null, $"open-days?body=370114-JY&pageSize=2{(token is null ? "" : $"&pageToken={token}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetGuid()));
            token = page.GetProperty("nextPageToken").GetString();
        } while (token is not null);
        Assert.Equal(made.AsEnumerable().Reverse(), seen.Where(made.Contains));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }
}
