using PolicyPlatform.Testing;
using static PolicyPlatform.Consultation.Tests.Questionnaires.AnyQuestionnaire;

namespace PolicyPlatform.Consultation.Tests.Questionnaires;

public sealed class when_a_questionnaire_is_made(District district) : IClassFixture<District>
{
    static object Changed(string title = "改过的问卷", object[]? pages = null) => new { title, pages = pages ?? Pages };

    [Fact]
    public async Task a_draft_is_its_body_s_until_it_is_opened()
    {
        var consultation = await district.StartConsultation();
        var id = await consultation.DraftQuestionnaire(new { introduction = "占用您三分钟。" });
        foreach (var token in new[] { null, Tokens.DraftingEducation, Tokens.Integration })
        {
            Assert.Equal("questionnaire.notFound", (await consultation.Get(token, $"questionnaires/{id}", 404)).Code());
            await consultation.Get(token, $"questionnaires/{id}/editions/1", 404);
            await consultation.Get(token, $"questionnaires/{id}/results", 404);
            Assert.DoesNotContain(id, await Listed(token));
        }
        await consultation.Answers(id, Answer(), 404);
        foreach (var token in new[] { Tokens.DraftingHousing, Tokens.OpennessOffice, Tokens.Supervision })
        {
            Assert.Equal("drafted", (await consultation.Get(token, $"questionnaires/{id}")).GetProperty("state").GetString());
            Assert.Contains(id, await Listed(token));
        }
        await consultation.Put(Tokens.DraftingEducation, $"questionnaires/{id}", Changed(), 404);
        await consultation.Put(Tokens.DraftingHousing, $"questionnaires/{id}", Changed());
        // Drafters make it, publishers open it.
        await consultation.Post(Tokens.DraftingHousing, $"questionnaires/{id}/open", new { closesOn = district.Day(5) }, 403);
        await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{id}/open", new { closesOn = district.Day(5) });
        await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{id}/open", new { closesOn = district.Day(5) }, 409);
        Assert.Equal(
            "consultation.body.foreign",
            (await consultation.Put(Tokens.DraftingEducation, $"questionnaires/{id}", Changed(), 403)).Code()
        );
        var shown = await consultation.Get(null, $"questionnaires/{id}");
        Assert.Equal(
            ("open", "改过的问卷", 1, 6),
            (
                shown.GetProperty("state").GetString(),
                shown.GetProperty("title").GetString(),
                shown.GetProperty("edition").GetInt32(),
                shown.GetProperty("pages")[0].GetProperty("questions").GetArrayLength()
            )
        );
        Assert.Contains(id, await Listed(null));

        async Task<Guid[]> Listed(string? token) =>
            [
                .. (await consultation.Get(token, "questionnaires?pageSize=200&body=370114-ZJ"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(q => q.GetProperty("id").GetGuid()),
            ];
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var consultation = await district.StartConsultation();
        Assert.Equal(
            ["/title", "/about/id", "/pages/0/questions/0/options", "/body", "/consultationId"],
            (
                await consultation.Post(
                    Tokens.OpennessOffice,
                    "questionnaires",
                    new
                    {
                        body = "NOPE",
                        about = new { kind = "openDay" },
                        consultationId = Guid.NewGuid(),
                        pages = new[]
                        {
                            new
                            {
                                questions = new[]
                                {
                                    new
                                    {
                                        code = "q",
                                        kind = "single",
                                        text = "问",
                                    },
                                },
                            },
                        },
                    },
                    422
                )
            ).Pointers()
        );
        Assert.Equal(
            "consultation.body.foreign",
            (
                await consultation.Post(
                    Tokens.DraftingHousing,
                    "questionnaires",
                    new
                    {
                        body = "370114-JY",
                        title = "他人的问卷",
                        pages = Pages,
                    },
                    403
                )
            ).Code()
        );
        await consultation.Post("", "questionnaires", new { title = "问卷", pages = Pages }, 401);
        var id = await consultation.DraftQuestionnaire();
        foreach (var closesOn in new[] { "2026-05-31", district.Day(400) })
            Assert.Equal(
                ["/closesOn"],
                (await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{id}/open", new { closesOn }, 422)).Pointers()
            );
    }

    [Fact]
    public async Task conditions_that_nest_without_end_are_refused()
    {
        var consultation = await district.StartConsultation();
        string Nested(int depth) =>
            $$"""
                {"body": "370114-ZJ", "title": "问卷", "pages": [{"questions": [
                {"code": "a", "kind": "scale", "text": "问"},
                {"code": "b", "kind": "scale", "text": "问", "showIf": {{string.Concat(
                    Enumerable.Repeat("{\"not\": ", depth)
                )}}{"question": "a", "is": "1"}{{new string('}', depth)}}}
                ]}]}
                """;
        Assert.Equal(422, await Sent(Nested(20)));
        Assert.Equal(400, await Sent(Nested(1_000)));
        Assert.Equal(400, await Sent(Nested(100_000)));
        Assert.Equal(201, await Sent(Nested(3)));

        async Task<int> Sent(string body) => (
                await consultation.Scenario(s =>
                {
                    s.As(Tokens.DraftingHousing).Post.Text(body).ContentType("application/json").ToUrl("/api/v1/questionnaires");
                    s.IgnoreStatusCode();
                })
            ).Context.Response.StatusCode;
    }

    [Fact]
    public async Task an_edition_is_frozen_by_its_first_answer()
    {
        var id = await district.Opened();
        var consultation = district.Consultation!;
        var read = await consultation.Get(null, $"questionnaires/{id}/editions/1");
        await consultation.Answers(id, Answer());
        var after = await consultation.Put(
            Tokens.DraftingHousing,
            $"questionnaires/{id}",
            Changed(
                pages:
                [
                    new
                    {
                        questions = new[]
                        {
                            new
                            {
                                code = "warm",
                                kind = "text",
                                text = "您家冬天怎么样？",
                            },
                        },
                    },
                ]
            )
        );
        Assert.Equal((2, "open"), (after.GetProperty("edition").GetInt32(), after.GetProperty("state").GetString()));
        // The one that was answered is what it was, and its answer with it.
        Assert.Equal(read.GetRawText(), (await consultation.Get(null, $"questionnaires/{id}/editions/1")).GetRawText());
        var old = await consultation.Get(null, $"questionnaires/{id}/results?edition=1");
        Assert.Equal("1,0", old.Result("warm").Counts());
        // Who read the questions before the change hears of it.
        Assert.Equal("questionnaire.edition.changed", (await consultation.Answers(id, Answer(), 409)).Code());
        await consultation.Answers(id, new { edition = 2, answers = new[] { new { question = "warm", text = "很暖和" } } });
        await consultation.Get(null, $"questionnaires/{id}/editions/3", 404);
    }

    [Fact]
    public async Task what_was_said_to_those_who_answer_stays()
    {
        var id = await district.Opened(new { results = "never" });
        var problem = await district.Consultation!.Put(
            Tokens.DraftingHousing,
            $"questionnaires/{id}",
            new
            {
                title = "问卷",
                pages = Pages,
                results = "live",
                access = "invitation",
            },
            422
        );
        Assert.Equal(["/access", "/results"], problem.Pointers());
    }

    [Fact]
    public async Task it_is_closed_by_the_second()
    {
        var id = await district.Opened(days: 0);
        var consultation = district.Consultation!;
        var closes = (await consultation.Get(null, $"questionnaires/{id}")).GetProperty("closesAt").GetDateTimeOffset();
        district.Clock.Advance(closes - district.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        await consultation.Answers(id, Answer());
        district.Clock.Advance(TimeSpan.FromSeconds(1));
        var problem = await consultation.Answers(id, Answer(), 409);
        Assert.Equal("questionnaire.state.wrong", problem.Code());
        Assert.Contains("closed", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("closed", (await consultation.Get(null, $"questionnaires/{id}")).GetProperty("state").GetString());
        await consultation.Put(Tokens.DraftingHousing, $"questionnaires/{id}", Changed(), 409);
        Assert.Contains(
            id,
            (await consultation.Get(null, "questionnaires?state=closed&pageSize=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(q => q.GetProperty("id").GetGuid())
        );

        var early = await district.Opened();
        await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{early}/close", new { }, 422);
        await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{early}/close", new { reason = "样本已足够。" });
        await consultation.Answers(early, Answer(), 409);
    }

    [Fact]
    public async Task it_belongs_to_a_consultation_or_something_else()
    {
        var consultation = await district.StartConsultation();
        var document = await district.Documents.Draft();
        var period = (
            await consultation.Post(
                Tokens.OpennessOffice,
                "consultations",
                new
                {
                    documentId = document,
                    explanation = "起草说明",
                    ways = "信函",
                    contact = "办公室",
                },
                201
            )
        ).GetProperty("id").GetGuid();
        var day = $"{Guid.NewGuid()}";
        var one = await district.Opened(new { consultationId = period });
        var other = await district.Opened(new { about = new { kind = "openDay", id = day } });
        Assert.Equal([one], await Listed($"consultation={period}"));
        Assert.Equal([other], await Listed($"about={day}"));

        async Task<Guid[]> Listed(string query) =>
            [
                .. (await consultation.Get(null, $"questionnaires?{query}"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(q => q.GetProperty("id").GetGuid()),
            ];
    }

    [Fact]
    public async Task the_list_leaves_page_by_page_and_one_has_a_tag()
    {
        var made = new[] { await district.Opened(), await district.Opened(), await district.Opened() };
        var consultation = district.Consultation!;
        var found = new List<Guid>();
        string? token = null;
        do
        {
            var page = await consultation.Get(null, $"questionnaires?pageSize=1{(token is null ? "" : $"&pageToken={token}")}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(q => q.GetProperty("id").GetGuid()));
            token = page.GetProperty("nextPageToken").GetString();
        } while (token is not null);
        Assert.Equal(made.Reverse(), found.Where(made.Contains));
        Assert.Equal(found.Count, found.Distinct().Count());

        var path = $"/api/v1/questionnaires/{made[0]}";
        string tag = (await consultation.Scenario(s => s.Get.Url(path))).Context.Response.Headers.ETag!;
        await consultation.Scenario(s =>
        {
            s.WithRequestHeader("If-None-Match", tag);
            s.Get.Url(path);
            s.StatusCodeShouldBe(304);
        });
        Assert.Equal(["state"], (await consultation.Get(null, "questionnaires?state=paused", 422)).Pointers());
    }

    [Fact]
    public async Task markup_is_text()
    {
        const string markup = "<script>alert(1)</script>";
        var id = await district.Opened(
            new { title = markup },
            [
                new
                {
                    questions = new object[]
                    {
                        new
                        {
                            code = "q",
                            kind = "single",
                            text = markup,
                            options = new[] { new { code = "a", label = markup } },
                            other = true,
                        },
                    },
                },
            ]
        );
        var consultation = district.Consultation!;
        await consultation.Answers(
            id,
            new
            {
                edition = 1,
                answers = new[]
                {
                    new
                    {
                        question = "q",
                        options = new[] { "other" },
                        other = markup,
                    },
                },
            }
        );
        Assert.Equal(markup, (await consultation.Get(null, $"questionnaires/{id}")).GetProperty("title").GetString());
        foreach (var accept in new[] { "image/svg+xml", "text/html" })
        {
            var shown = await consultation.Read(null, $"questionnaires/{id}/questions/q/chart", accept, accept);
            Assert.DoesNotContain("<script", shown, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;", shown, StringComparison.Ordinal);
        }
        var words = await consultation.Get(Tokens.DraftingHousing, $"questionnaires/{id}/questions/q/words");
        Assert.Equal(markup, words.GetProperty("items")[0].GetProperty("words").GetString());
    }
}
