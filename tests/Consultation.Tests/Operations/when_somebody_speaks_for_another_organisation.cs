using System.Net.Http.Json;
using System.Text.Json;
using Alba;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyPlatform.Consultation.Tests.Evaluations;
using PolicyPlatform.Consultation.Tests.Hearings;
using PolicyPlatform.Consultation.Tests.OpenDays;
using PolicyPlatform.Consultation.Tests.Questionnaires;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>
/// Everything that belongs to an organisation, in each of its states, and every call about it that drafters may make: with the token of the own
/// organisation and with that of another one, straight at the service. The calls are read out of the descriptions of the services, so that none
/// is forgotten.
/// </summary>
public sealed class when_somebody_speaks_for_another_organisation(District district) : IClassFixture<District>
{
    const string Words = "隐蔽起草的";
    const string Title = $"{Words}供热办法";

    // Whose these are, or why nobody's in particular; what is walked through below is not named.
    static readonly Dictionary<string, string> Others = new()
    {
        ["openObligationCalendar"] = "of whoever opens it, with what the own organisation owes",
        ["createDraft"] = "nothing_is_begun_in_the_name_of_another",
        ["openPlan"] = "nothing_is_begun_in_the_name_of_another",
        ["draftMaterial"] = "nothing_is_begun_in_the_name_of_another",
        ["draftBenefit"] = "nothing_is_begun_in_the_name_of_another",
        ["announceOpenDay"] = "nothing_is_begun_in_the_name_of_another",
        ["draftQuestionnaire"] = "nothing_is_begun_in_the_name_of_another",
        ["importQuestionnaire"] = "nothing_is_begun_in_the_name_of_another",
        ["openEvaluation"] = "nothing_is_begun_in_the_name_of_another",
        ["changeListEntries"] = "entries_of_a_list_are_their_body_s",
    };

    // Each has a walk below, but subscriptions: they are of whoever opened them, and no organisation's.
    static readonly string[] Kinds =
    [
        "documents/{id}",
        "cleanups/{id}",
        "interpretation-plans/{id}",
        "interpretations/{id}",
        "questions/{id}",
        "benefits/{id}",
        "hotline/tickets/{ticketId}",
        "consultations/{id}",
        "consultations/feedback-templates/{id}",
        "hearings/{id}",
        "open-days/{id}",
        "questionnaires/{id}",
        "evaluations/{id}",
        "obligations/{id}",
        "obligation-calendars/{id}",
        "decision-catalogues/{year}/items/{code}",
        "subscriptions/{id}",
    ];

    static int numbers;

    static string Number() => $"测政发〔2026〕{3000 + Interlocked.Increment(ref numbers)}号";

    [Fact]
    public async Task no_call_is_left_out()
    {
        var consultation = await district.StartConsultation();
        List<DescribedCall> writes = [];
        foreach (var host in new[] { district.Catalog, district.Documents, district.Interpretation!, consultation })
            writes.AddRange(
                DescribedCall.Of(await OwnedThings.Describe(host)).Where(c => c.Method is not "GET" && c.Roles.Contains("drafter"))
            );
        Assert.Equal(
            Others.Keys.Order(),
            writes.Where(c => !Kinds.Any(k => OwnedThings.IsAbout(k, c))).Select(c => c.Name).Distinct().Order()
        );
    }

    [Fact]
    public async Task documents_are_those_of_their_issuers()
    {
        var consultation = await district.StartConsultation();
        var documents = district.Documents;
        var (drafting, consulted, reviewed, signed) = (await Draft(), await Draft(), await Draft(), await Draft());
        await consultation.Consult(consulted);
        await Is(documents, $"documents/{consulted}", "inConsultation");
        foreach (var id in new[] { reviewed, signed })
            await documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await documents.Post(Tokens.Signing, $"documents/{signed}/sign", new { });
        var withdrawn = await Draft();
        await documents.Post(Tokens.DraftingHousing, $"documents/{withdrawn}/withdraw", new { reason = "不再制定。" });
        var issued = await Issued();
        var (published, repealed) = (await Published(), await Published());
        await documents.Post(Tokens.OpennessOffice, $"documents/{repealed}/repeal", new { reason = "不再需要。" });
        OwnedThing[] things =
        [
            new("drafting", drafting, Readers.Own),
            new("inConsultation", consulted, Readers.Own),
            new("underReview", reviewed, Readers.Own),
            new("signed", signed, Readers.Own),
            new("issued", issued, Readers.Own),
            new("withdrawn", withdrawn, Readers.Own),
            new("published", published, Readers.Everybody),
            new("published, repealed", repealed, Readers.Everybody),
        ];
        // Over gRPC the same, before anything is changed.
        using var channel = GrpcChannel.ForAddress(
            "http://documents.test",
            new() { HttpHandler = district.Documents.Server.CreateHandler() }
        );
        var client = new Contracts.Documents.V1.Documents.DocumentsClient(channel);
        foreach (var thing in things)
        {
            var id = thing.Places["id"];
            var foreign = await Refused(() => client.RecordRevisionAsync(Revision(id), As(Tokens.DraftingEducation)));
            Assert.True(foreign is StatusCode.NotFound or StatusCode.PermissionDenied, $"{thing.State}: {foreign}");
            Assert.Equal(
                thing.Readers is Readers.Own ? StatusCode.NotFound : StatusCode.OK,
                await Refused(() => client.GetDocumentAsync(new() { Id = id }, As(Tokens.DraftingEducation)))
            );
            var own = await Refused(() => client.RecordRevisionAsync(Revision(id), As(Tokens.DraftingHousing)));
            Assert.False(own is StatusCode.NotFound or StatusCode.PermissionDenied or StatusCode.Unauthenticated, $"{thing.State}: {own}");
        }
        await new OwnedThings(documents, "documents/{id}", Words).Walk(things);

        static RecordRevisionRequest Revision(string id) =>
            new()
            {
                Id = id,
                Text = "第一条 别的文字。",
                ChangeNote = "改",
            };
    }

    [Fact]
    public async Task plans_and_materials_are_those_of_the_issuers_of_their_document()
    {
        await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var (open, approved, ready, carried, exempted, closed) = (
            await Reviewed(),
            await Approved(),
            await Approved(),
            await Approved(),
            await Reviewed(),
            await Reviewed()
        );
        var (drafted, signed, shown) = (await Material(approved), await Material(ready), await Material(carried));
        foreach (var material in new[] { signed, shown })
            await interpretation.Post(Tokens.Signing, $"interpretations/{material}/sign", new { });
        await Is(interpretation, $"interpretation-plans/{ready}", "ready");
        await district.Documents.Post(Tokens.Signing, $"documents/{carried}/sign", new { });
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{carried}/issue",
            new { documentNumber = Number(), writtenOn = "2026-05-20" }
        );
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.OpennessOffice, $"documents/{carried}")).GetProperty("gates").GetArrayLength() == 0
                ? true
                : null
        );
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{carried}/publish", new { });
        await Is(interpretation, $"interpretation-plans/{carried}", "carried");
        await district.Documents.Exempt(exempted);
        await Is(interpretation, $"interpretation-plans/{exempted}", "exempted");
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{closed}/withdraw", new { reason = "不再制定。" });
        await Is(interpretation, $"interpretation-plans/{closed}", "closed");

        await new OwnedThings(interpretation, "interpretations/{id}", Words).Walk(
            new("draft", drafted, Readers.Own),
            new("signed", signed, Readers.Own),
            new("published", shown, Readers.Everybody)
        );
        await new OwnedThings(interpretation, "interpretation-plans/{id}", Words).Walk(
            new("open", open, Readers.Own),
            new("approved", approved, Readers.Own),
            new("ready", ready, Readers.Own),
            new("carried", carried, Readers.Own),
            new("exempted", exempted, Readers.Own),
            new("closed", closed, Readers.Own)
        );

        async Task<Guid> Reviewed()
        {
            var id = await Draft();
            await district.Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
            await Is(interpretation, $"interpretation-plans/{id}", "open");
            return id;
        }

        async Task<Guid> Approved()
        {
            var id = await Reviewed();
            await interpretation.Put(
                Tokens.DraftingHousing,
                $"interpretation-plans/{id}",
                new { forms = new[] { "text" }, channels = new[] { "website" } }
            );
            await interpretation.Post(Tokens.LegalReview, $"interpretation-plans/{id}/approve", new { });
            return id;
        }

        async Task<Guid> Material(Guid plan) =>
            (
                await interpretation.Post(
                    Tokens.DraftingHousing,
                    "interpretations",
                    new { planId = plan, content = new { title = Title, text = $"{Words}解读。" } },
                    201
                )
            ).Id();
    }

    [Fact]
    public async Task questions_and_tickets_are_those_of_the_body_that_answers()
    {
        await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var (document, block) = await Known();
        var answer = new
        {
            question = "何时供热？",
            answer = "十一月十五日。",
            documentId = document,
            blocks = new[] { block },
        };
        List<Guid> asked = [];
        for (var n = 0; n < 5; n++)
            asked.Add((await interpretation.Post("", "questions", new { question = $"{Words}问题{n}", documentId = document }, 201)).Id());
        foreach (var id in asked.Skip(1))
            await interpretation.Put(Tokens.DraftingHousing, $"questions/{id}/answer", answer);
        foreach (var id in asked.Skip(2))
            await interpretation.Post(Tokens.LegalReview, $"questions/{id}/approve", new { });
        foreach (var id in asked.Skip(3))
            await interpretation.Post(Tokens.OpennessOffice, $"questions/{id}/publish", new { });
        await interpretation.Post(Tokens.OpennessOffice, $"questions/{asked[4]}/withdraw", new { reason = "已过时。" });
        await new OwnedThings(interpretation, "questions/{id}", Words, new() { ["answerQuestion"] = answer }).Walk(
            new("asked", asked[0], Readers.Own),
            new("drafted", asked[1], Readers.Own),
            new("approved", asked[2], Readers.Own),
            new("published", asked[3], Readers.Everybody),
            new("withdrawn", asked[4], Readers.Own)
        );

        foreach (var state in new[] { "assigned", "answered", "closed" })
        {
            await interpretation.Post(
                Tokens.Hotline,
                "hotline/tickets",
                new
                {
                    ticketId = $"walk-{state}",
                    question = $"{Words}来电",
                    body = "370114-ZJ",
                },
                201
            );
            await Is(interpretation, $"hotline/tickets/walk-{state}", "assigned");
            if (state is not "assigned")
                await interpretation.Post(Tokens.DraftingHousing, $"hotline/tickets/walk-{state}/answer", new { answer = "已修好。" });
            if (state is "closed")
                await interpretation.Post(Tokens.Hotline, $"hotline/tickets/walk-{state}/rating", new { satisfied = true });
        }
        await new OwnedThings(interpretation, "hotline/tickets/{ticketId}", Words).Walk(
            new[] { "assigned", "answered", "closed" }.Select(s => new OwnedThing(
                s,
                new Dictionary<string, string> { ["ticketId"] = $"walk-{s}" },
                Readers.Own
            ))
        );
    }

    [Fact]
    public async Task benefits_are_those_of_the_body_that_grants_them()
    {
        await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var (document, block) = await Known();
        var given = new
        {
            title = Title,
            benefit = "每人一千元",
            documentId = document,
            blocks = new[] { block },
        };
        List<Guid> ids = [];
        for (var n = 0; n < 3; n++)
            ids.Add((await interpretation.Post(Tokens.DraftingHousing, "benefits", given, 201)).Id());
        foreach (var id in ids.Skip(1))
            await interpretation.Post(Tokens.OpennessOffice, $"benefits/{id}/publish", new { });
        await interpretation.Post(Tokens.OpennessOffice, $"benefits/{ids[2]}/withdraw", new { reason = "已停止。" });
        await new OwnedThings(interpretation, "benefits/{id}", Words, new() { ["changeBenefit"] = given }).Walk(
            new("drafted", ids[0], Readers.Own),
            new("published", ids[1], Readers.Everybody),
            new("withdrawn", ids[2], Readers.Own)
        );
    }

    [Fact]
    public async Task consultations_are_those_of_the_issuers_of_the_draft()
    {
        var consultation = await district.StartConsultation();
        List<Guid> ids = [],
            comments = [];
        var draft = Guid.Empty;
        for (var n = 0; n < 5; n++)
        {
            ids.Add(await consultation.Consult(draft = await Draft()));
            comments.Add((await consultation.Comment(ids[n])).Id);
        }
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{draft}/withdraw", new { reason = "不再制定。" });
        await Is(consultation, $"consultations/{ids[4]}", "givenUp");
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{ids[1]}/suspend", new { reason = "附表有误。" });
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{ids[2]}/close", new { reason = "另行征求意见。" });
        await Complete(ids[3], comments[3]);
        var things = new List<OwnedThing>();
        foreach (var (id, state) in ids.Zip(new[] { "open", "suspended", "closed", "completed", "givenUp" }))
            things.Add(
                new(
                    state,
                    new Dictionary<string, string>
                    {
                        ["id"] = $"{id}",
                        // Where its state lets somebody make one.
                        ["group"] = state is "open" or "suspended" or "closed"
                            ? (
                                await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/groups", new { title = "退费" }, 201)
                            ).Word("id")
                            : $"{Guid.NewGuid()}",
                    },
                    Readers.Everybody
                )
            );
        await new OwnedThings(consultation, "consultations/{id}", Words).Walk(things);

        // Templates are of the organisation that wrote them.
        var template = Guid.CreateVersion7();
        await consultation.Put(
            Tokens.DraftingHousing,
            $"consultations/feedback-templates/{template}",
            new
            {
                title = Title,
                outcome = "notAdopted",
                reason = "另行规定。",
            }
        );
        await new OwnedThings(consultation, "consultations/feedback-templates/{id}", Words).Walk(
            new OwnedThing("kept", template, Readers.Own)
        );

        async Task Complete(Guid id, Guid comment)
        {
            await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/close", new { reason = "另行征求意见。" });
            await consultation.Post(Tokens.DraftingHousing, $"consultations/{id}/moderation", new { release = new[] { comment } });
            await consultation.Answer(id, [comment], "notAdopted", "另行规定。");
            await consultation.Put(Tokens.DraftingHousing, $"consultations/{id}/summary", new { text = "收到意见一条。" });
            await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/complete", new { });
        }
    }

    [Fact]
    public async Task hearings_are_those_of_their_bodies()
    {
        var consultation = await district.StartConsultation();
        List<Guid> early = [];
        for (var n = 0; n < 3; n++)
            early.Add(await Announced("firstCome", applicants: 2));
        district.Clock.Advance(TimeSpan.FromDays(10));
        foreach (var id in early)
        {
            await consultation.Selected(id);
            await consultation.Post(Tokens.OpennessOffice, $"hearings/{id}/participants/publish", new { });
        }
        district.Clock.Advance(TimeSpan.FromDays(36));
        foreach (var id in early.Skip(1))
            await consultation.Post(Tokens.DraftingHousing, $"hearings/{id}/record", new { text = "一号参加人赞成。" });
        await consultation.Post(
            Tokens.OpennessOffice,
            $"hearings/{early[2]}/record/publish",
            new { report = "采纳一条。", silentBecause = "两次通知后仍未确认。" }
        );
        var (selected, closed) = (await Announced("firstCome", applicants: 2), await Announced("draw", applicants: 4));
        district.Clock.Advance(TimeSpan.FromDays(10));
        await consultation.Selected(selected);
        var (announced, cancelled) = (await Announced("firstCome", 0), await Announced("firstCome", 0));
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{cancelled}/cancel", new { reason = "不再需要。" });
        await new OwnedThings(consultation, "hearings/{id}", Words).Walk(
            new("announced", announced, Readers.Everybody),
            new("closed", closed, Readers.Everybody),
            new("selected", selected, Readers.Everybody),
            new("held", early[0], Readers.Everybody),
            new("recorded", early[1], Readers.Everybody),
            new("published", early[2], Readers.Everybody),
            new("cancelled", cancelled, Readers.Everybody)
        );

        async Task<Guid> Announced(string method, int applicants)
        {
            var id = await consultation.Announced(district.Hearing(method, seats: 2, alternates: 1).With("body", "370114-ZJ"));
            for (var n = 0; n < applicants; n++)
                await consultation.Apply(id, AnyHearing.Person($"137{Interlocked.Increment(ref numbers):00000000}"));
            return id;
        }
    }

    [Fact]
    public async Task open_days_are_those_of_their_body()
    {
        var consultation = await district.StartConsultation();
        var now = district.Clock.GetUtcNow();
        var (over, completed, underway) = (
            await consultation.OpenDay(now.AddHours(1), 5),
            await consultation.OpenDay(now.AddHours(1), 5),
            await consultation.OpenDay(now.AddHours(3.5), 5)
        );
        var (announced, cancelled) = (await consultation.OpenDay(now.AddDays(20), 5), await consultation.OpenDay(now.AddDays(20), 5));
        var places = new Dictionary<Guid, string>();
        foreach (var id in new[] { over, completed, underway, announced, cancelled })
        {
            places[id] = (await consultation.Post("", $"open-days/{id}/questions", new { question = "要带证件吗？" }, 201)).Word("id");
            await consultation.Register(id, 1);
        }
        district.Clock.Advance(TimeSpan.FromHours(4));
        await consultation.Put(Tokens.DraftingHousing, $"open-days/{completed}/summary", new { text = "来了五人。" });
        await consultation.Post(Tokens.DraftingHousing, $"open-days/{cancelled}/cancel", new { reason = "检修。" });
        await new OwnedThings(consultation, "open-days/{id}", Words, new() { ["checkInAtOpenDay"] = new { number = 1 } }).Walk(
            Of("announced", announced),
            Of("underway", underway),
            Of("over", over),
            Of("completed", completed),
            Of("cancelled", cancelled)
        );

        OwnedThing Of(string state, Guid id) =>
            new(state, new Dictionary<string, string> { ["id"] = $"{id}", ["questionId"] = places[id] }, Readers.Everybody);
    }

    [Fact]
    public async Task questionnaires_are_those_of_their_body()
    {
        var consultation = await district.StartConsultation();
        var drafted = await consultation.DraftQuestionnaire(new { title = Title });
        var (open, closed) = (await district.Opened(), await district.Opened());
        await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{closed}/close", new { reason = "答复已足。" });
        await new OwnedThings(consultation, "questionnaires/{id}", Words).Walk(
            new("drafted", drafted, Readers.Own),
            new("open", open, Readers.Everybody),
            new("closed", closed, Readers.Everybody)
        );
    }

    [Fact]
    public async Task evaluations_are_those_of_the_issuers_of_their_document()
    {
        var consultation = await district.StartConsultation();
        var longAgo = district.Clock.GetUtcNow().AddMonths(-25).ToString("yyyy-MM-dd");
        var proposed = new List<Guid>();
        for (var n = 0; n < 2; n++)
        {
            var document = await district.Documents.Publish(
                await Draft(),
                Number(),
                new { publishedOn = longAgo, effectiveFrom = longAgo },
                longAgo
            );
            proposed.Add(
                (
                    await district.AsHoursPass<JsonElement>(async () =>
                        await consultation.EvaluationsOf(document, Tokens.DraftingHousing) is [var one] ? one : null
                    )
                ).Id()
            );
        }
        await consultation.Post(Tokens.OpennessOffice, $"evaluations/{proposed[1]}/dismiss", new { reason = "正在修订。" });
        var (open, concluded) = (await consultation.Evaluation(await Published()), await consultation.Evaluation(await Published()));
        await consultation.Conclude(concluded, "keep");
        await new OwnedThings(consultation, "evaluations/{id}", Words).Walk(
            new("proposed", proposed[0], Readers.Own),
            new("open", open, Readers.Own),
            new("concluded", concluded, Readers.Everybody),
            new("dismissed", proposed[1], Readers.Own)
        );
    }

    [Fact]
    public async Task obligations_and_decision_items_are_those_of_their_body()
    {
        var catalog = district.Catalog;
        var today = district.Clock.GetUtcNow();
        var things = new List<OwnedThing>();
        foreach (var (state, days) in new[] { ("due", 0), ("overdue", 90), ("met", 0), ("waived", 0) })
        {
            var id = (
                await catalog.Post(
                    Tokens.Integration,
                    "obligations",
                    new
                    {
                        source = "系统",
                        reference = $"{state}{Interlocked.Increment(ref numbers)}",
                        title = Title,
                        body = "370114-ZJ",
                        formedOn = $"{today.AddDays(-days):yyyy-MM-dd}",
                    },
                    201
                )
            ).Word("id");
            if (state is "met")
                await catalog.Post(Tokens.DraftingHousing, $"obligations/{id}/published", new { channel = "website" });
            if (state is "waived")
                await catalog.Post(Tokens.OpennessOffice, $"obligations/{id}/waive", new { reason = "属内部事务。" });
            things.Add(new(state, id, Readers.Own));
        }
        await new OwnedThings(catalog, "obligations/{id}", Words).Walk(things);

        var calendar = (await catalog.Post(Tokens.DraftingHousing, "obligation-calendars", new { }, 201)).Id();
        await new OwnedThings(catalog, "obligation-calendars/{id}", Words).Walk(new OwnedThing("kept", calendar, Readers.Own));

        var document = await Draft();
        foreach (var year in new[] { 2026, 2027 })
        {
            foreach (var code in new[] { "free", "linked", "withdrawn" })
                await catalog.Post(
                    Tokens.OpennessOffice,
                    $"decision-catalogues/{year}/items",
                    new
                    {
                        code,
                        title = Title,
                        body = "370114-ZJ",
                        plannedOn = $"{year}-09-30",
                        steps = new[] { "riskAssessment" },
                    },
                    201
                );
            await catalog.Post(Tokens.DraftingHousing, $"decision-catalogues/{year}/items/linked/link", new { documentId = document });
            if (year == 2026)
                await catalog.Post(Tokens.OpennessOffice, $"decision-catalogues/{year}/publish", new { });
            await catalog.Post(Tokens.OpennessOffice, $"decision-catalogues/{year}/items/withdrawn/withdraw", new { reason = "并入。" });
        }
        await new OwnedThings(
            catalog,
            "decision-catalogues/{year}/items/{code}",
            $"{document}",
            new() { ["linkDecisionItem"] = new { documentId = document } }
        ).Walk(
            from year in new[] { "2026", "2027" }
            from code in new[] { "free", "linked", "withdrawn" }
            // What is planned for a year departments know before everybody does.
            select new OwnedThing(
                code,
                new Dictionary<string, string> { ["year"] = year, ["code"] = code },
                year == "2027" ? Readers.Drafters : Readers.Everybody
            )
        );
    }

    [Fact]
    public async Task outcomes_of_a_clean_up_are_those_of_the_body_it_was_given_to()
    {
        var documents = district.Documents;
        var ids = new[] { await Published("待清办法"), await Published("待清办法") };
        var campaign = (
            await documents.Post(
                Tokens.OpennessOffice,
                "cleanups",
                new
                {
                    title = "文件清理",
                    dueOn = $"{district.Clock.GetUtcNow().AddDays(90):yyyy-MM-dd}",
                    criteria = new { q = "待清办法" },
                },
                201
            )
        ).Id();
        // Before an outcome, with one, and after it was applied.
        await Outcome(Tokens.DraftingEducation, 403);
        await Outcome(Tokens.DraftingHousing, 200);
        await Outcome(Tokens.DraftingEducation, 403);
        await documents.Post(Tokens.OpennessOffice, $"cleanups/{campaign}/apply", new { });
        await Outcome(Tokens.DraftingEducation, 403);

        async Task Outcome(string token, int expected)
        {
            foreach (var id in ids)
                await documents.Post(
                    token,
                    $"cleanups/{campaign}/outcomes",
                    new
                    {
                        documentId = id,
                        outcome = "keep",
                        reason = "仍然适用。",
                    },
                    expected
                );
        }
    }

    [Fact]
    public async Task entries_of_a_list_are_their_body_s()
    {
        var catalog = district.Catalog;
        await catalog.Put(Tokens.OpennessOffice, "lists/walked", new { name = "收费清单", schema = new { type = "object" } });
        await Change(Tokens.DraftingHousing, "add", "A", 200);
        await Change(Tokens.DraftingHousing, "add", "B", 200);
        await Change(Tokens.DraftingHousing, "retire", "B", 200);
        foreach (var (action, code) in new[] { ("change", "A"), ("retire", "A"), ("add", "B"), ("add", "C") })
            Assert.Contains(
                "entry.foreign",
                (await Change(Tokens.DraftingEducation, action, code, 422)).GetProperty("errors").EnumerateArray().Select(e => e.Code())
            );
        await Change(Tokens.DraftingHousing, "change", "A", 200);

        Task<JsonElement> Change(string token, string action, string code, int expected) =>
            catalog.Post(
                token,
                "lists/walked/entries",
                new
                {
                    note = "调整",
                    changes = new object[]
                    {
                        action is "retire"
                            ? new { action, code }
                            : new
                            {
                                action,
                                code,
                                title = $"收费{code}",
                                body = "370114-ZJ",
                                content = new { },
                            },
                    },
                },
                expected
            );
    }

    [Fact]
    public async Task nothing_is_begun_in_the_name_of_another()
    {
        var consultation = await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var (hidden, shown) = (await Draft(), await Known());
        var plan = (
            await interpretation.Post(
                Tokens.DraftingHousing,
                "interpretation-plans",
                new
                {
                    documentId = hidden,
                    phase = "preIssuance",
                    reason = "先行解读",
                },
                201
            )
        ).Id();
        var starts = district.Clock.GetUtcNow().AddDays(20);
        var begun = new (IAlbaHost Host, string Path, object Body)[]
        {
            (
                district.Documents,
                "documents",
                new
                {
                    title = "办法",
                    issuers = new[] { "370114-ZJ" },
                    text = "第一条 甲。",
                }
            ),
            (
                interpretation,
                "interpretation-plans",
                new
                {
                    documentId = hidden,
                    phase = "preIssuance",
                    reason = "解读",
                }
            ),
            (
                interpretation,
                "interpretation-plans",
                new
                {
                    documentId = shown.Document,
                    phase = "postImplementation",
                    reason = "解读",
                }
            ),
            (interpretation, "interpretations", new { planId = plan, content = new { title = "解读", text = "解读。" } }),
            (
                interpretation,
                "benefits",
                new
                {
                    title = "补贴",
                    benefit = "一千元",
                    documentId = shown.Document,
                    blocks = new[] { shown.Block },
                    body = "370114-ZJ",
                }
            ),
            (consultation, "open-days", OpenDays.OpenDays.Of(starts, 5, body: "370114-ZJ")),
            (
                consultation,
                "questionnaires",
                new
                {
                    title = "问卷",
                    body = "370114-ZJ",
                    results = "live",
                    pages = AnyQuestionnaire.Pages,
                }
            ),
            (
                consultation,
                "questionnaires/import?body=370114-ZJ",
                new
                {
                    title = "问卷",
                    elements = new[]
                    {
                        new
                        {
                            type = "comment",
                            name = "q1",
                            title = "问",
                        },
                    },
                }
            ),
            (consultation, "evaluations", Evaluation(hidden)),
            (consultation, "evaluations", Evaluation(shown.Document)),
        };
        List<string> wrong = [];
        foreach (var (host, path, body) in begun)
        foreach (var (token, own) in new[] { (Tokens.DraftingEducation, false), (Tokens.DraftingHousing, true) })
        {
            using var content = JsonContent.Create(body);
            await content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
            var (status, text) = await OwnedThings.Send(host, token, "POST", path, content);
            // What is named in the body and not seen is unknown.
            var isRefused = status is 403 or 404 || status == 422 && text.Contains(".unknown\"", StringComparison.Ordinal);
            if (own == isRefused || !own && text.Contains(Words, StringComparison.Ordinal))
                wrong.Add($"{path}, {(own ? "own" : "another")}: {status} {text}");
        }
        Assert.Equal("", string.Join('\n', wrong));

        static object Evaluation(Guid document) =>
            new
            {
                documentId = document,
                purpose = "评估",
                indicators = new[] { Evaluating.Indicator() },
            };
    }

    [Fact]
    public async Task answers_and_benefits_are_not_given_to_another_either()
    {
        await district.StartConsultation();
        var interpretation = district.Interpretation!;
        var (document, block) = await Known();
        var question = (await interpretation.Post("", "questions", new { question = "何时供热？" }, 201)).Id();
        var benefit = (await interpretation.Post(Tokens.DraftingHousing, "benefits", Benefit("370114-ZJ"), 201)).Id();
        foreach (
            var (token, path, body) in new[]
            {
                (Tokens.DraftingEducation, $"questions/{question}/answer", Answer("370114-ZJ")),
                (Tokens.DraftingHousing, $"benefits/{benefit}", Benefit("370114-JY")),
            }
        )
            Assert.Equal("interpretation.body.foreign", (await interpretation.Put(token, path, body, 403)).Code());
        // Whoever answers for all of them does.
        await interpretation.Put(Tokens.Hotline, $"questions/{question}/answer", Answer("370114-ZJ"));
        await interpretation.Put(Tokens.OpennessOffice, $"benefits/{benefit}", Benefit("370114-JY"));

        object Answer(string body) =>
            new
            {
                question = "何时供热？",
                answer = "十一月十五日。",
                documentId = document,
                blocks = new[] { block },
                body,
            };

        object Benefit(string body) =>
            new
            {
                title = "补贴",
                benefit = "一千元",
                documentId = document,
                blocks = new[] { block },
                body,
            };
    }

    Task<Guid> Draft() => district.Documents.Draft(Consulting.Text, Title);

    async Task<Guid> Published(string title = Title) =>
        await district.Documents.Publish(await district.Documents.Draft(Consulting.Text, title), Number());

    async Task<Guid> Issued()
    {
        var id = await Draft();
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await district.Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await district.Documents.Exempt(id);
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = Number(), writtenOn = "2026-05-20" }
        );
        return id;
    }

    // A published document that Interpretation knows of, and one of its blocks.
    async Task<(Guid Document, string Block)> Known()
    {
        var id = await Published();
        await Calls.Eventually<bool>(async () =>
            (await district.Interpretation!.Get(null, "interpretations/documents?pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Any(d => d.Id() == id)
                ? true
                : null
        );
        return (id, (await district.Documents.Get(null, $"documents/{id}/revisions/1")).GetProperty("blocks")[0].Word("id"));
    }

    static Task<bool> Is(IAlbaHost host, string path, string state) =>
        Calls.Eventually<bool>(async () =>
        {
            var result = await host.Scenario(s =>
            {
                s.As(Tokens.OpennessOffice).Get.Url($"/api/v1/{path}");
                s.IgnoreStatusCode();
            });
            return result.Context.Response.StatusCode == 200 && (await result.Json()).Word("state") == state ? true : null;
        });

    static CallOptions As(string token) =>
        new(new Metadata { { "authorization", $"Bearer {token}" } }, cancellationToken: TestContext.Current.CancellationToken);

    static async Task<StatusCode> Refused<T>(Func<AsyncUnaryCall<T>> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
