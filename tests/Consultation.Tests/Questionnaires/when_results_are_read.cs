using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using CsvHelper;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.Testing;
using static PolicyPlatform.Consultation.Tests.Questionnaires.AnyQuestionnaire;

namespace PolicyPlatform.Consultation.Tests.Questionnaires;

public sealed class when_results_are_read(District district) : IClassFixture<District>
{
    static object[] More(int content, string[] ways, double degrees, string repair) =>
        [
            new
            {
                question = "ways",
                options = ways,
                other = ways.Contains("other") ? "=电热毯" : null,
            },
            new { question = "content", number = content },
            new { question = "degrees", number = degrees },
            new { question = "service", cells = new[] { new { row = "repair", column = repair } } },
        ];

    async Task<Guid> Answered(object? more = null)
    {
        var id = await district.Opened(more);
        await district.Consultation!.Answers(id, Answer("yes", more: More(5, ["central"], 21.5, "good")));
        await district.Consultation!.Answers(id, Answer("yes", more: More(4, ["central", "stove"], 20, "good")));
        await district.Consultation!.Answers(id, Answer("yes", more: More(2, ["other"], 18, "bad")));
        await district.Consultation!.Answers(id, Answer("no", more: [new { question = "why", text = "北屋冷,\"很\"冷" }]));
        return id;
    }

    [Fact]
    public async Task options_are_counted_and_never_what_was_chosen_together()
    {
        var id = await Answered();
        var results = await district.Consultation!.Get(null, $"questionnaires/{id}/results");
        Assert.Equal(4, results.GetProperty("answers").GetInt64());
        Assert.Equal("3,1", results.Result("warm").Counts());
        Assert.Equal("2,1,1", results.Result("ways").Counts());
        Assert.Equal("0,1,0,1,1", results.Result("content").Counts());
        Assert.Equal(
            (4, 4),
            (
                results.Result("content").GetProperty("median").GetDouble(),
                (int)Math.Round(results.Result("content").GetProperty("mean").GetDouble())
            )
        );
        Assert.Equal(11.0 / 3, results.Result("content").GetProperty("mean").GetDouble(), 9);
        var degrees = results.Result("degrees");
        Assert.Equal(
            (20, 18, 21.5),
            (degrees.GetProperty("median").GetDouble(), degrees.GetProperty("least").GetDouble(), degrees.GetProperty("most").GetDouble())
        );
        Assert.Equal(59.5 / 3, degrees.GetProperty("mean").GetDouble(), 9);
        var repair = results.Result("service").GetProperty("rows")[0];
        Assert.Equal(("repair", "2,1"), (repair.GetProperty("code").GetString(), repair.Counts()));
        Assert.Equal("0,0", results.Result("service").GetProperty("rows")[1].Counts());
        // Of words only how many there are.
        Assert.Equal(1, results.Result("why").GetProperty("answers").GetInt64());
        Assert.DoesNotContain("北屋", results.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("电热毯", results.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task they_are_a_table_and_pictures_too()
    {
        var id = await Answered();
        var consultation = district.Consultation!;
        var table = await consultation.Read(null, $"questionnaires/{id}/results", "text/csv", "text/csv");
        Assert.Contains("ways,multiple,您怎么取暖？,1,,central,集中供热,2,,,,", table, StringComparison.Ordinal);
        Assert.Contains("service,matrix,各项服务,1,repair,good,维修 – 好,2,,,,", table, StringComparison.Ordinal);

        var svg = XDocument.Parse(
            await consultation.Read(null, $"questionnaires/{id}/questions/ways/chart", "image/svg+xml", "image/svg+xml")
        );
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(("img", "您怎么取暖？"), (svg.Root!.Attribute("role")!.Value, svg.Root.Element(ns + "title")!.Value));
        Assert.Equal(
            ["集中供热: 2", "自采暖: 1"],
            svg.Root.Elements(ns + "rect").Select(r => r.Element(ns + "title")?.Value).OfType<string>().Take(2)
        );
        var behind = JsonDocument
            .Parse(await consultation.Read(null, $"questionnaires/{id}/questions/service/chart", "application/json", "application/json"))
            .RootElement;
        Assert.Equal("""[["维修","2","1"],["收费","0","0"]]""", behind.GetProperty("rows").GetRawText());
        Assert.Contains(
            "<td>",
            await consultation.Read(null, $"questionnaires/{id}/questions/content/chart", "text/html", "text/html"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "4,1",
            await consultation.Read(null, $"questionnaires/{id}/questions/content/chart", "text/csv", "text/csv"),
            StringComparison.Ordinal
        );
        foreach (var none in new[] { "why", "degrees", "nothing" })
            await consultation.Get(null, $"questionnaires/{id}/questions/{none}/chart", 404);
        await consultation.Scenario(s =>
        {
            s.WithRequestHeader("Accept", "image/png");
            s.Get.Url($"/api/v1/questionnaires/{id}/questions/ways/chart");
            s.StatusCodeShouldBe(406);
        });
    }

    [Fact]
    public async Task an_answer_more_is_another_tag()
    {
        var id = await Answered();
        var consultation = district.Consultation!;
        foreach (var path in new[] { "results", "questions/warm/chart" })
        {
            var before = await Tag(path, 200, null);
            Assert.Equal(before, await Tag(path, 304, before));
            await consultation.Answers(id, Answer("no"));
            Assert.NotEqual(before, await Tag(path, 200, before));
        }

        async Task<string> Tag(string path, int expected, string? known) => (
                await consultation.Scenario(s =>
                {
                    if (known is not null)
                        s.WithRequestHeader("If-None-Match", known);
                    s.Get.Url($"/api/v1/questionnaires/{id}/{path}");
                    s.StatusCodeShouldBe(expected);
                })
            ).Context.Response.Headers.ETag!;
    }

    [Fact]
    public async Task editions_are_counted_together_where_they_ask_the_same()
    {
        var id = await Answered();
        var consultation = district.Consultation!;
        await consultation.Put(
            Tokens.DraftingHousing,
            $"questionnaires/{id}",
            new
            {
                title = "第二版",
                pages = new[]
                {
                    new
                    {
                        questions = new object[]
                        {
                            ((dynamic)Pages[0]).questions[0],
                            new
                            {
                                code = "ways",
                                kind = "single",
                                text = "您主要怎么取暖？",
                                options = new[] { new { code = "central", label = "集中供热" } },
                            },
                        },
                    },
                },
            }
        );
        await consultation.Answers(id, Answer("no", 2, more: new { question = "ways", options = new[] { "central" } }));
        var together = await consultation.Get(null, $"questionnaires/{id}/results");
        Assert.Equal("""[{"edition":1,"answers":4},{"edition":2,"answers":1}]""", together.GetProperty("editions").GetRawText());
        Assert.Equal(("[1,2]", "3,2"), (together.Result("warm").GetProperty("editions").GetRawText(), together.Result("warm").Counts()));
        var ways = together.GetProperty("questions").EnumerateArray().Where(q => q.GetProperty("code").GetString() == "ways").ToArray();
        Assert.Equal(["[2]", "[1]"], ways.Select(w => w.GetProperty("editions").GetRawText()));
        Assert.Equal(["1", "2,1,1"], ways.Select(w => w.Counts()));
        Assert.Equal("0,1", (await consultation.Get(null, $"questionnaires/{id}/results?edition=2")).Result("warm").Counts());
        Assert.Equal("3,1", (await consultation.Get(null, $"questionnaires/{id}/results?edition=1")).Result("warm").Counts());
        await consultation.Get(null, $"questionnaires/{id}/results?edition=3", 404);
        await consultation.Get(null, $"questionnaires/{id}/results?edition=0", 404);
    }

    [Fact]
    public async Task they_are_shown_as_it_was_said()
    {
        var never = await Answered(new { results = "never" });
        var later = await Answered(new { results = "afterClosing" });
        var consultation = district.Consultation!;
        Assert.Equal("questionnaire.notFound", (await consultation.Get(null, $"questionnaires/{never}/results", 404)).Code());
        Assert.Equal("questionnaire.state.wrong", (await consultation.Get(null, $"questionnaires/{later}/results", 409)).Code());
        await consultation.Get(null, $"questionnaires/{later}/questions/warm/chart", 409);
        foreach (var id in new[] { never, later })
        foreach (var token in new[] { Tokens.DraftingHousing, Tokens.OpennessOffice, Tokens.Supervision })
            Assert.Equal("3,1", (await consultation.Get(token, $"questionnaires/{id}/results")).Result("warm").Counts());
        foreach (var id in new[] { never, later })
            await consultation.Post(Tokens.OpennessOffice, $"questionnaires/{id}/close", new { reason = "样本已足够。" });
        Assert.Equal("3,1", (await consultation.Get(null, $"questionnaires/{later}/results")).Result("warm").Counts());
        await consultation.Get(null, $"questionnaires/{never}/results", 404);
        await consultation.Get(Tokens.DraftingEducation, $"questionnaires/{never}/results", 404);
    }

    [Fact]
    public async Task words_are_read_by_those_who_work_on_it()
    {
        var id = await Answered();
        var consultation = district.Consultation!;
        await consultation.Get(null, $"questionnaires/{id}/questions/why/words", 401);
        await consultation.Get(Tokens.Hotline, $"questionnaires/{id}/questions/why/words", 403);
        await consultation.Get(Tokens.DraftingEducation, $"questionnaires/{id}/questions/why/words", 404);
        Assert.Equal(
            "北屋冷,\"很\"冷",
            (await consultation.Get(Tokens.DraftingHousing, $"questionnaires/{id}/questions/why/words"))
                .GetProperty("items")[0]
                .GetProperty("words")
                .GetString()
        );
        await consultation.Answers(id, Answer("no", more: new { question = "why", text = "南屋也冷" }));
        var page = await consultation.Get(Tokens.DraftingHousing, $"questionnaires/{id}/questions/why/words?pageSize=1");
        var rest = await consultation.Get(
            Tokens.DraftingHousing,
            $"questionnaires/{id}/questions/why/words?pageSize=1&pageToken={page.GetProperty("nextPageToken").GetString()}"
        );
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("nextPageToken").ValueKind);
        Assert.Equal(
            new[] { "北屋冷,\"很\"冷", "南屋也冷" }.Order(),
            new[] { page, rest }.Select(p => p.GetProperty("items")[0].GetProperty("words").GetString()).Order()
        );
    }

    [Fact]
    public async Task all_answers_leave_as_lines_and_as_a_table()
    {
        var id = await Answered();
        var consultation = district.Consultation!;
        foreach (var export in new[] { "export.ndjson", "export.csv" })
        {
            await consultation.Get(null, $"questionnaires/{id}/answers/{export}", 401);
            await consultation.Get(Tokens.DraftingEducation, $"questionnaires/{id}/answers/{export}", 404);
        }
        var lines = (
            await consultation.Read(Tokens.DraftingHousing, $"questionnaires/{id}/answers/export.ndjson", "*/*", "application/x-ndjson")
        )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToArray();
        Assert.Equal(4, lines.Length);
        Assert.Equal(lines.Select(l => l.GetProperty("id").GetGuid()).Order(), lines.Select(l => l.GetProperty("id").GetGuid()));
        Assert.All(lines, l => Assert.Equal(1, l.GetProperty("edition").GetInt32()));

        var table = await consultation.Read(Tokens.DraftingHousing, $"questionnaires/{id}/answers/export.csv", "*/*", "text/csv");
        using var csv = CsvReader.FromText(table.TrimStart('\uFEFF'), new());
        csv.ReadHeader();
        Assert.Equal(
            ["id", "on", "warm", "ways", "ways/other", "content", "service/repair", "service/bills", "why", "degrees"],
            csv.Headers
        );
        var rows = new List<(string, string, string, string, string)>();
        while (csv.Read())
            rows.Add(
                (
                    csv.GetString("warm"),
                    csv.GetString("ways"),
                    csv.GetString("ways/other"),
                    csv.GetString("service/repair"),
                    csv.GetString("why")
                )
            );
        Assert.Contains(("yes", "central;stove", "", "good", ""), rows);
        // No formula is run by whoever opens it.
        Assert.Contains(("yes", "other", "'=电热毯", "bad", ""), rows);
        Assert.Contains(("no", "", "", "", "北屋冷,\"很\"冷"), rows);
        await consultation.Get(Tokens.DraftingHousing, $"questionnaires/{id}/answers/export.csv?edition=2", 404);
    }

    [Fact]
    public async Task of_very_many_answers_none_is_left_out()
    {
        const int many = 10_000;
        var id = await district.Opened();
        var consultation = district.Consultation!;
        var store = consultation.Services.GetRequiredService<IDocumentStore>();
        await store.BulkInsertAsync(
            Enumerable
                .Range(0, many)
                .Select(i => new GivenAnswer(
                    Guid.NewGuid(),
                    id,
                    1,
                    new(2026, 6, 1),
                    [
                        new("warm", [i % 4 == 0 ? "no" : "yes"], Cells: []),
                        new("ways", i % 2 == 0 ? ["central", "stove"] : ["stove"], Cells: []),
                        new("content", [], Number: i % 5 + 1, Cells: []),
                        new("service", [], Cells: [new("repair", "good"), new("bills", i % 10 == 0 ? "bad" : "good")]),
                        new("degrees", [], Number: i % 30, Cells: []),
                    ]
                ))
                .ToArray(),
            cancellation: TestContext.Current.CancellationToken
        );
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var results = await consultation.Get(null, $"questionnaires/{id}/results");
        TestContext.Current.TestOutputHelper?.WriteLine($"counted in {System.Diagnostics.Stopwatch.GetElapsedTime(started)}");
        Assert.Equal("7500,2500", results.Result("warm").Counts());
        Assert.Equal("5000,10000,0", results.Result("ways").Counts());
        Assert.Equal("2000,2000,2000,2000,2000", results.Result("content").Counts());
        Assert.Equal(3, results.Result("content").GetProperty("mean").GetDouble());
        Assert.Equal("9000,1000", results.Result("service").GetProperty("rows")[1].Counts());
        Assert.Equal(14, results.Result("degrees").GetProperty("median").GetDouble());
        foreach (var (export, expected) in new[] { ("export.ndjson", many), ("export.csv", many + 1) })
        {
            var leaving = await consultation.Read(
                Tokens.OpennessOffice,
                $"questionnaires/{id}/answers/{export}",
                "*/*",
                export.EndsWith("csv", StringComparison.Ordinal) ? "text/csv" : "application/x-ndjson"
            );
            Assert.Equal(expected, leaving.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    [Fact]
    public void the_middle_of_a_scale_is_that_of_its_answers()
    {
        Assert.Null(Spread.Of(Steps(0, 0, 0)));
        Assert.Equal(new Spread(2, 2), Spread.Of(Steps(0, 1, 0)));
        Assert.Equal(new Spread(2, 2), Spread.Of(Steps(1, 0, 1)));
        Assert.Equal(new Spread(1.5, 1.5), Spread.Of(Steps(2, 2, 0)));
        Assert.Equal(3, Spread.Of(Steps(1, 1, 3))!.Median);

        static OptionCount[] Steps(params long[] counts) =>
            [.. counts.Select((c, i) => new OptionCount((i + 1).ToString(CultureInfo.InvariantCulture), "", c))];
    }
}
