using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// <c>Releases</c> has a backup of what each release stored, and what it answered about it. Today's code opens each, makes anew what it makes
/// otherwise, and answers what clients rely on as that release did. <c>tools/store-release.sh NAME</c> adds one when a release is made.
/// </summary>
public sealed class when_a_release_follows_another
{
    const string Answers = "answers.json";
    const long Largest = 1_000_000;

    static readonly string Folder = Path.Combine(Repository.Folder, "tests", "EndToEnd", "Releases");
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Releases =>
        [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task what_it_stored_is_opened_and_answers_are_as_they_were(string release)
    {
        var stored = Path.Combine(Folder, release);
        Assert.True(Directory.EnumerateFiles(stored, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) < Largest);
        var data = RunningPlatform.NewFolder();
        var (code, output) = await Tool.Run("AppHost", "restore", stored, "--data", data);
        Assert.True(code == 0, output);
        await using (var platform = await RunningPlatform.Start(data, null, "--no-samples"))
        {
            Assert.False(platform.HasExited, platform.Output);
            await OfficeWork.NothingWaits(platform);
            var answers = JsonNode.Parse(
                await File.ReadAllTextAsync(Path.Combine(stored, Answers), TestContext.Current.CancellationToken)
            )!;
            Assert.True(answers.AsArray().Count > 40);
            var tokens = new Dictionary<string, string>();
            var wrong = new List<string>();
            foreach (var asked in answers.AsArray())
            {
                var question = new Question(asked!["client"]?.GetValue<string>(), asked["path"]!.GetValue<string>());
                Differ(question.Path, asked["answer"]!, await Ask(platform, tokens, question), wrong);
            }
            Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(30)));

            // And the work goes on.
            var work = new OfficeWork(platform, "升级之后", 1, first: 9000);
            await work.Run();
            await work.IsKnownEverywhere();
            await OfficeWork.NothingWaits(platform);
        }
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task what_today_stores_is_stored_when_a_release_is_made()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("STORE_RELEASE") is not { Length: > 0 }, "tools/store-release.sh does it.");
        var release = Environment.GetEnvironmentVariable("STORE_RELEASE")!;
        var (data, stored) = (RunningPlatform.NewFolder(), Path.Combine(Folder, release));
        await using (var platform = await RunningPlatform.Start(data))
        {
            Assert.False(platform.HasExited, platform.Output);
            var questions = await StoreSome(platform);
            await OfficeWork.NothingWaits(platform);
            var tokens = new Dictionary<string, string>();
            var answers = new JsonArray();
            foreach (var question in questions)
                answers.Add(
                    new JsonObject
                    {
                        ["client"] = question.Client,
                        ["path"] = question.Path,
                        ["answer"] = await Ask(platform, tokens, question),
                    }
                );
            var (code, output) = await Tool.Run("AppHost", "backup", stored, "--data", data);
            Assert.True(code == 0, output);
            await File.WriteAllTextAsync(
                Path.Combine(stored, Answers),
                answers.ToJsonString(Readable) + "\n",
                TestContext.Current.CancellationToken
            );
        }
        Directory.Delete(data, recursive: true);
    }

    // Who reads what; nobody in particular without a client.
    sealed record Question(string? Client, string Path);

    // One of each kind, in states that stay whatever the day; and of the samples what never changes: texts, and their chains.
    static async Task<List<Question>> StoreSome(RunningPlatform platform)
    {
        var (office, drafter, hotline, integration) = (
            await platform.Token("openness-office"),
            await platform.Token("drafting-housing"),
            await platform.Token("hotline"),
            await platform.Token("integration")
        );
        List<Question> questions = [];
        foreach (var document in Items(await platform.Get(null, "library?pageSize=200")))
            await AskTexts($"{document.GetProperty("id").GetGuid()}");

        var work = new OfficeWork(platform, "升级", 2, first: 8000);
        await work.Run();
        await work.IsKnownEverywhere();
        foreach (var id in work.Documents)
        {
            await AskTexts($"{id}");
            questions.AddRange([
                new(null, $"documents/{id}"),
                new("openness-office", $"documents/{id}"),
                new(null, $"documents/{id}/comparison?from=1&to=2"),
                new(null, $"documents/{id}/relations"),
                new("openness-office", $"obligations/{id}"),
                new("openness-office", $"obligations/{id}-r2"),
                new("openness-office", $"interpretation-plans/{id}"),
            ]);
        }
        await platform.Post(hotline, "hotline/tickets/升级-1/answer", new { answer = "请联系市政设施管理科。" });
        questions.Add(new("hotline", "hotline/tickets/升级-1"));

        var file = new { name = "申请表.txt", content = Convert.ToBase64String("姓名："u8) };
        var draft = (
            await platform.Post(
                drafter,
                "documents",
                new
                {
                    title = "测试区征求意见办法",
                    kind = "other",
                    issuers = new[] { "370114-ZJ" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text = "第一条 甲。\n第二条 乙。",
                    changeNote = "起草",
                    files = new[] { file },
                }
            )
        ).GetProperty("id").GetGuid();
        var consultation = await Consult(platform, office, draft, questions);
        await platform.Put(integration, "benefits/profiles/e-1", new { profile = new { size = "micro", staff = 8 } });
        var subscription = (
            await platform.Post(
                integration,
                "subscriptions",
                new
                {
                    channel = "webhook",
                    address = "http://127.0.0.1:9/hook",
                    filter = new { q = "没有这样的文件" },
                }
            )
        ).GetProperty("id").GetGuid();
        var checkpoint = (await platform.Post(await platform.Token("supervision"), "integrity/checkpoints", new { })).GetProperty("number");
        questions.AddRange([
            new("drafting-housing", $"documents/{draft}/revisions/1"),
            new(null, $"documents/{draft}/consultations"),
            new(null, $"consultations/{consultation}/summary"),
            new(null, $"consultations/{consultation}/statistics"),
            new(null, $"consultations/{consultation}/comments"),
            new("integration", "benefits/profiles/e-1"),
            new("integration", $"subscriptions/{subscription}"),
            new(null, "integrity/key"),
            new(null, $"integrity/checkpoints/{checkpoint}"),
            new(null, $"documents/{work.Documents.First()}/revisions/1/proof"),
            new(null, "organisations?pageSize=200"),
            new(null, "subjects?pageSize=200"),
            new(null, "library?q=升级办法&sort=title"),
        ]);
        return questions;

        async Task AskTexts(string id)
        {
            questions.Add(new(null, $"documents/{id}/integrity"));
            foreach (var revision in Items(await platform.Get(null, $"documents/{id}/revisions?pageSize=200")))
                questions.Add(new(null, $"documents/{id}/revisions/{revision.GetProperty("revision")}"));
        }
    }

    // A consultation that is over; each comment is asked about by its receipt.
    static async Task<Guid> Consult(RunningPlatform platform, string office, Guid draft, List<Question> questions)
    {
        var id = (
            await platform.Post(
                office,
                "consultations",
                new
                {
                    documentId = draft,
                    explanation = "为了测试，起草本办法。",
                    ways = "信函：测试大街1号。",
                    contact = "测试科，0531-80000001",
                }
            )
        ).GetProperty("id").GetGuid();
        List<Guid> comments = [];
        foreach (var (position, text) in new[] { ("support", "支持第一条。"), ("suggest", "第二条建议写明期限，电话13800000000。") })
        {
            var taken = await platform.Post(office, $"consultations/{id}/comments", new { position, text });
            comments.Add(taken.GetProperty("id").GetGuid());
            questions.Add(new(null, $"comments/{taken.GetProperty("receipt")}"));
        }
        await platform.Post(office, $"consultations/{id}/close", new { reason = "意见已经收齐。" });
        await platform.Post(office, $"consultations/{id}/moderation", new { release = comments });
        await platform.Post(
            office,
            $"consultations/{id}/feedback",
            new
            {
                answers = new[]
                {
                    new
                    {
                        comments,
                        outcome = "notAdopted",
                        reason = "另行规定。",
                    },
                },
            }
        );
        await platform.Put(office, $"consultations/{id}/summary", new { text = "收到意见两条。" });
        await platform.Post(office, $"consultations/{id}/complete", new { });
        return id;
    }

    static JsonElement[] Items(JsonElement answer) => [.. answer.GetProperty("items").EnumerateArray()];

    static async Task<JsonNode> Ask(RunningPlatform platform, Dictionary<string, string> tokens, Question question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/{question.Path}", UriKind.Relative));
        if (question.Client is { } client)
        {
            if (!tokens.TryGetValue(client, out var token))
                tokens[client] = token = await platform.Token(client);
            request.Headers.Authorization = new("Bearer", token);
        }
        using var answer = await platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{question.Path}: {(int)answer.StatusCode} {text}");
        // Wherever the platform runs.
        text = text.Replace(
            string.Create(CultureInfo.InvariantCulture, $"http://localhost:{platform.Port}/"),
            "http://localhost/",
            StringComparison.Ordinal
        );
        return answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true
            ? JsonNode.Parse(text)!
            : JsonValue.Create(text);
    }

    // A client relies on each member that there was, not on that there are no others; of what is of today the values may be others.
    static void Differ(string at, JsonNode? was, JsonNode? now, List<string> wrong, bool isOfToday = false)
    {
        switch (was, now)
        {
            case (JsonObject members, JsonObject today):
                foreach (var (name, value) in members)
                    Differ(
                        $"{at} {name}",
                        value,
                        today.TryGetPropertyValue(name, out var there) ? there : null,
                        wrong,
                        isOfToday || IsOfToday(name)
                    );
                break;
            case (JsonArray items, JsonArray today) when items.Count == today.Count:
                for (var n = 0; n < items.Count; n++)
                    Differ($"{at} {n}", items[n], today[n], wrong, isOfToday);
                break;
            default:
                if (isOfToday ? was is not null && was.GetValueKind() != now?.GetValueKind() : !JsonNode.DeepEquals(was, now))
                    wrong.Add($"{at}: {was?.ToJsonString() ?? "null"} is now {now?.ToJsonString() ?? "null"}");
                break;
        }
    }

    // The day on which it is asked, and the checkpoint of the night before it that a proof leads to.
    static bool IsOfToday(string member) => member is "validityOn" or "checkpoint";
}
