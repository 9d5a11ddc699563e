using System.Text.Json;
using PolicyPlatform.Consultation.Hearings;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Hearings;

public sealed class when_a_hearing_is_announced(District district, PostgresCluster postgres) : IClassFixture<District>
{
    static readonly HearingRules Rules = new(30, 7, 0, 7, 3);
    static readonly DateTimeOffset Now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public async Task a_draft_that_it_is_about_is_named_to_everybody_once_it_is_published_or_consulted_on()
    {
        var consultation = await district.StartConsultation();
        var (draft, consulted) = (
            await district.Documents.Draft(title: "听证的草案"),
            await district.Documents.Draft(title: "征求意见的草案")
        );
        var id = await consultation.Announced(district.Hearing().With("documentId", draft));
        var other = await consultation.Announced(district.Hearing().With("documentId", consulted));

        foreach (var outsider in new[] { null, Tokens.DraftingEducation, Tokens.Integration })
        {
            Assert.Equal(JsonValueKind.Null, (await consultation.Get(outsider, $"hearings/{id}")).GetProperty("documentId").ValueKind);
            Assert.DoesNotContain(
                $"{draft}",
                (await consultation.Get(outsider, "hearings?pageSize=200")).GetRawText(),
                StringComparison.Ordinal
            );
            Assert.Empty((await consultation.Get(outsider, $"hearings?document={draft}")).GetProperty("items").EnumerateArray());
        }
        foreach (var insider in new[] { Tokens.DraftingHousing, Tokens.OpennessOffice })
        {
            Assert.Equal(draft, (await consultation.Get(insider, $"hearings/{id}")).GetProperty("documentId").GetGuid());
            Assert.Single((await consultation.Get(insider, $"hearings?document={draft}")).GetProperty("items").EnumerateArray());
        }
        await consultation.Consult(consulted);
        Assert.Equal(consulted, (await consultation.Get(null, $"hearings/{other}")).GetProperty("documentId").GetGuid());

        await district.Documents.Publish(draft, "听证发〔2026〕71号");
        Assert.Equal(draft, (await consultation.Get(null, $"hearings/{id}")).GetProperty("documentId").GetGuid());
        Assert.Single((await consultation.Get(null, $"hearings?document={draft}")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task everybody_reads_it_and_who_announced_it_sees_more()
    {
        var consultation = await district.StartConsultation();
        var announced = await consultation.Post(Tokens.OpennessOffice, "hearings", district.Hearing(), 201);
        var id = announced.GetProperty("id").GetGuid();
        var read = await consultation.Get(null, $"hearings/{id}");
        Assert.Equal("announced", read.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("materialsOverdue").ValueKind);
        Assert.Equal(JsonValueKind.False, announced.GetProperty("materialsOverdue").ValueKind);
        Assert.Equal(
            DateOnly.FromDateTime(district.Now().AddHours(8).AddDays(38).DateTime).ToString("yyyy-MM-dd", null),
            read.GetProperty("terms").GetProperty("materialsDueOn").GetString()
        );
        Assert.Contains(
            id,
            (await consultation.Get(null, "hearings?state=announced&kind=hearing&body=370114-ZWGK&pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(h => h.GetProperty("id").GetGuid())
        );
        foreach (var state in Enum.GetValues<HearingState>().Where(s => s is not HearingState.Announced))
            Assert.DoesNotContain(
                id,
                (await consultation.Get(null, $"hearings?state={JsonDefaults.Word(state)}&pageSize=200"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(h => h.GetProperty("id").GetGuid())
            );
        foreach (var token in new[] { null, Tokens.Supervision })
        {
            string tag = "";
            await consultation.Scenario(s =>
            {
                if (token is not null)
                    s.As(token);
                s.Get.Url($"/api/v1/hearings/{id}");
                s.StatusCodeShouldBe(200);
            });
            var first = (
                await consultation.Scenario(s =>
                {
                    if (token is not null)
                        s.As(token);
                    s.Get.Url($"/api/v1/hearings/{id}");
                })
            ).Context.Response;
            tag = first.Headers.ETag.ToString();
            await consultation.Scenario(s =>
            {
                if (token is not null)
                    s.As(token);
                s.WithRequestHeader("If-None-Match", tag);
                s.Get.Url($"/api/v1/hearings/{id}");
                s.StatusCodeShouldBe(304);
            });
        }
        await consultation.Get(null, $"hearings/{Guid.NewGuid()}", 404);
        await consultation.Post(Tokens.DraftingHousing, "hearings", district.Hearing(), 403);
        await consultation.Post(Tokens.Integration, "hearings", district.Hearing(), 403);
    }

    [Fact]
    public async Task too_late_is_answered_with_the_first_day_that_is_not()
    {
        var consultation = await district.StartConsultation();
        var late = await consultation.Post(
            Tokens.OpennessOffice,
            "hearings",
            district
                .Hearing()
                .With("ground", "rules")
                .With("startsAt", district.Now().AddDays(29))
                .With("endsAt", district.Now().AddDays(29).AddHours(2)),
            422
        );
        Assert.Equal(["/startsAt"], late.Pointers());
        Assert.Equal("hearing.notice.tooShort", late.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Contains(
            $"(R 16): it can be held from {OfficialTime.DateIn(district.Now()).AddDays(30):yyyy-MM-dd} on",
            late.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        await consultation.Announced(
            district
                .Hearing()
                .With("ground", "rules")
                .With("startsAt", district.Now().AddDays(30))
                .With("endsAt", district.Now().AddDays(30).AddHours(2))
        );
    }

    [Theory]
    [InlineData("hearing", "rules", 29, false)]
    [InlineData("hearing", "rules", 30, true)]
    [InlineData("hearing", "majorDecision", 6, false)]
    [InlineData("hearing", "majorDecision", 7, true)]
    [InlineData("hearing", null, 6, false)]
    [InlineData("hearing", "other", 7, true)]
    [InlineData("symposium", "rules", 1, true)]
    public void each_ground_has_its_days(string kind, string? ground, int days, bool inTime)
    {
        var invalid = new Invalid();
        Command(
                kind: JsonSerializer.Deserialize<HearingKind>($"\"{kind}\"", JsonDefaults.Options),
                ground: ground is null ? null : JsonSerializer.Deserialize<HearingGround>($"\"{ground}\"", JsonDefaults.Options),
                startsAt: Now.AddDays(days),
                until: Now.AddHours(1)
            )
            .Check(Rules, Now, invalid);
        Assert.Equal(inTime ? [] : ["/startsAt"], invalid.Problem?.Errors.Select(e => e.Pointer) ?? []);
    }

    [Fact]
    public async Task the_days_are_the_districts_own()
    {
        await using var own = new District(postgres);
        own.Settings["Consultation:DecisionHearingNoticeDays"] = "15";
        own.Settings["Consultation:HearingMaterialDays"] = "10";
        await own.InitializeAsync();
        var consultation = await own.StartConsultation();
        var hearing = own.Hearing()
            .With("startsAt", own.Now().AddDays(14))
            .With("endsAt", own.Now().AddDays(14).AddHours(2))
            .With("applicationsUntil", own.Now().AddDays(1));
        Assert.Contains(
            "15 days before (M 16): it can be held from 2026-06-16 on",
            (await consultation.Post(Tokens.OpennessOffice, "hearings", hearing, 422)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "2026-06-06",
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    "hearings",
                    hearing.With("startsAt", own.Now().AddDays(15)).With("endsAt", own.Now().AddDays(15).AddHours(2)),
                    201
                )
            )
                .GetProperty("terms")
                .GetProperty("materialsDueOn")
                .GetString()
        );
    }

    [Fact]
    public void all_that_is_wrong_is_told_at_once()
    {
        var nothing = new Invalid();
        new AnnounceHearing(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null).Check(
            Rules,
            Now,
            nothing
        );
        Assert.Equal(
            ["/kind", "/method", "/title", "/place", "/matters", "/contact", "/startsAt", "/endsAt", "/seats"],
            nothing.Problem!.Errors.Select(e => e.Pointer)
        );
        Assert.Equal(["/endsAt"], Pointers(Command(endsAt: Now.AddDays(40).AddHours(-1))));
        Assert.Equal(["/startsAt", "/applicationsUntil"], Pointers(Command(startsAt: Now)));
        Assert.Equal(["/startsAt"], Pointers(Command(startsAt: Now.AddDays(400))));
        Assert.Equal(["/applicationsUntil"], Pointers(Command(until: Now)));
        Assert.Equal(["/applicationsUntil"], Pointers(Command(until: Now.AddDays(40))));
        Assert.Equal(["/seats"], Pointers(Command(seats: 0)));
        Assert.Equal(["/seats"], Pointers(Command(seats: 1001)));
        Assert.Equal(["/title"], Pointers(Command() with { Title = "一行\n两行" }));
        Assert.Equal(["/title"], Pointers(Command() with { Title = new('长', 201) }));
        Assert.Equal(["/alternates"], Pointers(Command() with { Alternates = -1 }));
    }

    [Fact]
    public void what_contradicts_the_way_of_choosing_is_refused()
    {
        Assert.Equal(["/method"], Pointers(Command(SelectionMethod.Invitation) with { ApplicationsUntil = null }));
        Assert.Equal(["/applicationsUntil"], Pointers(Command(SelectionMethod.Invitation, kind: HearingKind.Symposium)));
        Assert.Equal(["/quotas"], Pointers(Command(SelectionMethod.ByGroup)));
        Assert.Equal(["/quotas"], Pointers(Command() with { Quotas = [new(ApplicantKind.Citizen, 2)] }));
        SeatQuota[] quotas = [new(ApplicantKind.Citizen, 3), new(ApplicantKind.Expert, 2)];
        Assert.Equal([], Pointers(Command(SelectionMethod.ByGroup, seats: 5) with { Quotas = quotas }));
        Assert.Equal(["/seats"], Pointers(Command(SelectionMethod.ByGroup, seats: 6) with { Quotas = quotas }));
        Assert.Equal(["/quotas/1/kind"], Pointers(Command(SelectionMethod.ByGroup, seats: null) with { Quotas = [quotas[0], quotas[0]] }));
        Assert.Equal(
            ["/quotas/1/seats"],
            Pointers(Command(SelectionMethod.ByGroup, seats: null) with { Quotas = [quotas[0], quotas[1] with { Seats = 0 }] })
        );
        // Numbers that would not fit together into one.
        Assert.NotEmpty(
            Pointers(
                Command(SelectionMethod.ByGroup, seats: null) with
                {
                    Quotas = [new(ApplicantKind.Citizen, int.MaxValue), new(ApplicantKind.Expert, int.MaxValue)],
                }
            )
        );
    }

    [Fact]
    public async Task it_belongs_to_those_whose_draft_it_is_about()
    {
        var consultation = await district.StartConsultation();
        var document = await district.Documents.Draft();
        var ofDocument = await consultation.Post(Tokens.OpennessOffice, "hearings", district.Hearing().With("documentId", document), 201);
        Assert.Equal("370114-ZJ", ofDocument.GetProperty("bodies")[0].GetString());
        var opened = await consultation.Post(
            Tokens.OpennessOffice,
            "consultations",
            new
            {
                documentId = document,
                explanation = "起草说明。",
                ways = "信函。",
                contact = "物业科",
            },
            201
        );
        var within = await consultation.Post(
            Tokens.OpennessOffice,
            "hearings",
            district.Hearing().With("consultationId", opened.GetProperty("id").GetGuid()),
            201
        );
        Assert.Equal(document, within.GetProperty("documentId").GetGuid());
        Assert.Equal(
            [within.GetProperty("id").GetGuid()],
            (await consultation.Get(null, $"hearings?consultation={opened.GetProperty("id").GetGuid()}"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(h => h.GetProperty("id").GetGuid())
        );
        Assert.Equal(
            ["/documentId", "/consultationId"],
            [
                .. (
                    await consultation.Post(Tokens.OpennessOffice, "hearings", district.Hearing().With("documentId", Guid.NewGuid()), 422)
                ).Pointers(),
                .. (
                    await consultation.Post(
                        Tokens.OpennessOffice,
                        "hearings",
                        district.Hearing().With("consultationId", Guid.NewGuid()),
                        422
                    )
                ).Pointers(),
            ]
        );
        Assert.Equal(
            ["/body"],
            (await consultation.Post(Tokens.OpennessOffice, "hearings", district.Hearing().With("body", "370114-XX"), 422)).Pointers()
        );
        Assert.Equal(
            ["/body"],
            (await consultation.Post(Tokens.For("somebody", null, "publisher"), "hearings", district.Hearing(), 422)).Pointers()
        );
        Assert.Equal(
            "370114-JY",
            (await consultation.Post(Tokens.OpennessOffice, "hearings", district.Hearing().With("body", "370114-JY"), 201))
                .GetProperty("bodies")[0]
                .GetString()
        );
    }

    [Fact]
    public async Task it_is_postponed_and_cancelled_with_a_reason()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.Announced(district.Hearing());
        Assert.Equal(
            ["/startsAt"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    $"hearings/{id}/postpone",
                    new
                    {
                        startsAt = district.Now().AddDays(44),
                        endsAt = district.Now().AddDays(44).AddHours(1),
                        reason = "会场检修。",
                    },
                    422
                )
            ).Pointers()
        );
        var later = await consultation.Post(
            Tokens.OpennessOffice,
            $"hearings/{id}/postpone",
            new
            {
                startsAt = district.Now().AddDays(60),
                endsAt = district.Now().AddDays(60).AddHours(1),
                place = "一楼报告厅",
                applicationsUntil = district.Now().AddDays(20),
                reason = "会场检修。",
            }
        );
        Assert.Equal("一楼报告厅", later.GetProperty("terms").GetProperty("place").GetString());
        Assert.Equal(
            OfficialTime.DateIn(district.Now().AddDays(60)).AddDays(-7).ToString("yyyy-MM-dd", null),
            later.GetProperty("terms").GetProperty("materialsDueOn").GetString()
        );
        Assert.Equal(["/reason"], (await consultation.Post(Tokens.OpennessOffice, $"hearings/{id}/cancel", new { }, 422)).Pointers());
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{id}/cancel", new { reason = "草案作重大修改。" });
        var cancelled = await consultation.Get(null, $"hearings/{id}");
        Assert.Equal(
            ("cancelled", "草案作重大修改。"),
            (cancelled.GetProperty("state").GetString(), cancelled.GetProperty("changes")[1].GetProperty("reason").GetString())
        );
        Assert.Equal(
            "hearing.applications.closed",
            (await consultation.Post("", $"hearings/{id}/applications", AnyHearing.Person("13800000001"), 409)).Code()
        );
        Assert.Equal(
            "hearing.state.wrong",
            (await consultation.Post(Tokens.OpennessOffice, $"hearings/{id}/cancel", new { reason = "再次取消。" }, 409)).Code()
        );
    }

    [Fact]
    public void applications_do_not_open_again_once_a_draw_is_announced()
    {
        var terms = Command().Check(Rules, Now, new Invalid())!;
        var by = new Actor("openness-office", "370114-ZWGK");
        var hearing = ((PublicHearing?)null).Then(
            new HearingAnnounced(Guid.NewGuid(), terms, null, null, ["370114-ZWGK"], by, Now),
            new HearingDrawAnnounced(1, Guid.NewGuid(), "a", "b", by, Now.AddDays(10))
        )!;
        var decision = PostponeHearing.Decide(
            hearing,
            new(Now.AddDays(60), Now.AddDays(60).AddHours(1), null, Now.AddDays(20), "推迟。"),
            Rules,
            by,
            Now.AddDays(11)
        );
        Assert.Equal(["/applicationsUntil"], decision.Problem!.Errors.Select(e => e.Pointer));
    }

    [Fact]
    public async Task html_stays_the_text_that_it_is()
    {
        var consultation = await district.StartConsultation();
        const string Script = "<script>alert('供热')</script><b>价格</b>";
        var id = await consultation.Announced(district.Hearing().With("title", Script).With("matters", Script));
        var read = (
            await consultation.Scenario(s =>
            {
                s.Get.Url($"/api/v1/hearings/{id}");
            })
        ).Context.Response;
        Assert.StartsWith("application/json", read.ContentType, StringComparison.Ordinal);
        var terms = (await consultation.Get(null, $"hearings/{id}")).GetProperty("terms");
        Assert.Equal((Script, Script), (terms.GetProperty("title").GetString(), terms.GetProperty("matters").GetString()));
        var own = await consultation.Apply(
            id,
            new
            {
                name = "<i>张三</i>",
                contact = "html@example.com",
                kind = "citizen",
                reason = Script,
            }
        );
        Assert.Equal(Script, (await consultation.Read(own)).GetProperty("reason").GetString());
    }

    static string[] Pointers(AnnounceHearing command)
    {
        var invalid = new Invalid();
        command.Check(Rules, Now, invalid);
        return [.. invalid.Problem?.Errors.Select(e => e.Pointer) ?? []];
    }

    static AnnounceHearing Command(
        SelectionMethod method = SelectionMethod.Draw,
        HearingKind kind = HearingKind.Hearing,
        HearingGround? ground = HearingGround.MajorDecision,
        DateTimeOffset? startsAt = null,
        DateTimeOffset? endsAt = null,
        DateTimeOffset? until = null,
        int? seats = 10
    ) =>
        new(
            kind,
            ground,
            "居民供热价格调整听证会",
            "三楼会议室",
            startsAt ?? Now.AddDays(40),
            endsAt ?? (startsAt ?? Now.AddDays(40)).AddHours(3),
            "必要性。",
            "物业科",
            method,
            seats,
            null,
            null,
            until ?? Now.AddDays(10),
            null,
            null,
            null
        );
}
