using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using PolicyPlatform.Gateway.Identity;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>The platform with the samples, and with what they lack so that everything that can be read is there.</summary>
public sealed class DescribedPlatform : IAsyncLifetime
{
    readonly SampledPlatform sampled = new();

    public RunningPlatform Platform => sampled.Platform;

    internal ByTheDocument Caller { get; private set; } = null!;

    internal DescribedApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await sampled.InitializeAsync();
        Api = await DescribedApi.Read(Platform.Api);
        Caller = await ByTheDocument.As(Platform);
        await Caller.Seed();
    }

    public ValueTask DisposeAsync() => sampled.DisposeAsync();
}

/// <summary>The document's examples are sent as they stand there, and whatever can be read is held against what it says of it.</summary>
public sealed partial class when_calls_are_made_by_the_document(DescribedPlatform described) : IClassFixture<DescribedPlatform>
{
    // A message that could not be handled, and a mail with a secret, are nothing that a call makes.
    // Whom a hearing heard, and what was asked on an open day, is known days later.
    static readonly string[] NotHere =
    [
        "readDeadLetter",
        "askToConfirm",
        "listHearingParticipants",
        "readHearingDraw",
        "readHearingDrawRecord",
        "readHearingRecord",
        "readOpenDayQuestion",
    ];

    // What ends something comes when it has been read.
    static readonly string[] Endings =
    [
        "remove",
        "retire",
        "withdraw",
        "merge",
        "dissolve",
        "supersede",
        "repeal",
        "close",
        "cancel",
        "complete",
        "erase",
    ];

    [Fact]
    public async Task every_example_is_read_and_every_read_answers_as_described()
    {
        var (api, caller) = (described.Api, described.Caller.Another());
        List<string> wrong = [];

        // In the order of a life: what is made first is what the others speak of.
        var calls = api.Calls()
            .OrderBy(c => Endings.Any(e => c.Path.EndsWith($"/{e}", StringComparison.Ordinal)))
            .ThenBy(c => c.Method is "GET")
            .ThenBy(c => c.Path.Count(l => l is '{'))
            .ToArray();
        int sent = 0,
            accepted = 0,
            read = 0;
        foreach (var call in calls.Where(c => c.Method is "GET" ? !NotHere.Contains(c.Name) : api.Example(c) is not null))
        {
            using var answer = await caller.Send(call, call.Method is "GET" ? null : api.Example(call));
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var status = (int)answer.StatusCode;
            if (call.Method is not "GET")
            {
                sent++;
                accepted += answer.IsSuccessStatusCode ? 1 : 0;
                // What is there may not let it be done; but it is understood.
                if (status is 400 or 401 or 403 or 405 or 415 or >= 500 || text.Contains("member.unknown", StringComparison.Ordinal))
                    wrong.Add($"{call.Name} {status} {text}");
            }
            else if (status is not 200)
                wrong.Add($"{call.Name} {answer.RequestMessage!.RequestUri} {status} {text}");
            else
            {
                read++;
                var ok = call.Description["responses"]!["200"]!;
                var type = answer.Content.Headers.ContentType!.MediaType!;
                if (ok["content"]?[type] is null && ok["content"]?["application/octet-stream"] is null)
                    wrong.Add($"{call.Name} answers {type}");
                if (answer.Headers.ETag is not null != ok["headers"]?["ETag"] is not null)
                    wrong.Add($"{call.Name} ETag {answer.Headers.ETag}");
                if (type is "application/json")
                    wrong.AddRange(api.Wrong(call, text));
            }
        }
        Assert.Empty(wrong);
        Assert.Equal(api.Calls().Count(c => c.Method is "GET") - NotHere.Length, read);
        // Most of them are carried out as well, though a life has no place for all.
        Assert.True(accepted > sent / 2, $"{accepted} of {sent} examples were carried out.");
    }

    [Fact]
    public async Task another_district_of_the_installation_sees_nothing_of_it()
    {
        // A district has its own processes, database and keys; it shares the server of the databases.
        await described.Platform.Query("create database linhe");
        var data = RunningPlatform.NewFolder();
        await using (
            var other = await RunningPlatform.Start(
                data,
                null,
                "--no-samples",
                "--postgres",
                new NpgsqlConnectionStringBuilder(described.Platform.Database) { Database = "linhe", Pooling = true }.ConnectionString
            )
        )
        {
            Assert.False(other.HasExited, other.Output);
            await other.Populate();
            var (here, there) = (described.Caller.Another(), await ByTheDocument.As(other));
            var random = new Random(1);
            List<string> wrong = [];
            var asked = 0;
            foreach (var call in described.Api.Calls().Where(c => c.Method is "GET" && !NotHere.Contains(c.Name)))
            {
                using var answer = await here.Send(call, null);
                var address = answer.RequestMessage!.RequestUri!.PathAndQuery;
                foreach (
                    var (token, isStranger) in new[] { (null, false), (there.Token(call, random), false), (here.Token(call, random), true) }
                )
                {
                    asked++;
                    using var request = new HttpRequestMessage(HttpMethod.Get, address);
                    if (token is not null)
                        request.Headers.Authorization = new("Bearer", token);
                    using var seen = await other.Api.SendAsync(request, TestContext.Current.CancellationToken);
                    var text = await seen.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                    if (isStranger && seen.StatusCode is not HttpStatusCode.Unauthorized)
                        wrong.Add($"{call.Name} lets in who has a token of the other district: {(int)seen.StatusCode}");
                    // What it is asked for it may say again; the samples' district, what people there wrote, and their documents it cannot know.
                    if (
                        (int)seen.StatusCode is >= 500
                        || text.Contains("云泽", StringComparison.Ordinal)
                        || seen.IsSuccessStatusCode && Ids().Matches(address).Any(id => text.Contains(id.Value, StringComparison.Ordinal))
                    )
                        wrong.Add($"{call.Name} {address}: {(int)seen.StatusCode} {text}");
                }
            }
            Assert.Equal("", string.Join('\n', wrong));
            Assert.True(asked > 300, $"{asked} reads.");
        }
        Directory.Delete(data, recursive: true);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Ids();
}

/// <summary>Makes calls as their descriptions say, with ids of what is there.</summary>
sealed class ByTheDocument
{
    readonly RunningPlatform platform;
    readonly Dictionary<string, string> tokens = [];
    readonly Dictionary<string, string> known = [];
    readonly Dictionary<string, string> addresses = [];

    ByTheDocument(RunningPlatform platform) => this.platform = platform;

    /// <summary>Another one who knows the same, and learns for itself.</summary>
    public ByTheDocument Another()
    {
        var other = new ByTheDocument(platform);
        foreach (var (mine, theirs) in new[] { (tokens, other.tokens), (known, other.known), (addresses, other.addresses) })
        foreach (var (name, value) in mine)
            theirs[name] = value;
        return other;
    }

    public static async Task<ByTheDocument> As(RunningPlatform platform)
    {
        var caller = new ByTheDocument(platform);
        foreach (var client in DevelopmentClient.All.DistinctBy(c => c.Roles[0]))
            caller.tokens[client.Roles[0]] = await platform.Token(client.Id);
        return caller;
    }

    /// <summary>Makes what the samples lack: a file, an import, a checkpoint, a subscription.</summary>
    public async Task Seed()
    {
        var file = new { name = "申请表.txt", content = Convert.ToBase64String("姓名："u8) };
        var draft = await platform.Post(
            tokens["drafter"],
            "documents",
            new
            {
                title = "试用办法",
                text = "第一条 为了试用，制定本办法。",
                files = new[] { file },
            }
        );
        var id = draft.GetProperty("id").GetString();
        var revision = await platform.Get(tokens["supervisor"], $"documents/{id}/revisions/1");
        var sha256 = revision.GetProperty("files")[0].GetProperty("sha256").GetString();
        addresses["readAttachedFile"] = $"/api/v1/documents/{id}/revisions/1/files/{sha256}";

        var material = await Known("/api/v1/interpretations/{id}", "/api/v1/interpretations", "id");
        using var attached = await platform.Api.SendAsync(
            new(HttpMethod.Post, $"/api/v1/interpretations/{material}/attachments?name=picture.png")
            {
                Headers = { Authorization = new("Bearer", tokens["drafter"]) },
                Content = new ByteArrayContent(Convert.FromBase64String(Pixel)) { Headers = { ContentType = new("image/png") } },
            },
            TestContext.Current.CancellationToken
        );
        var picture = Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(Pixel)));
        addresses["readAttachment"] = $"/api/v1/interpretations/{material}/attachments/{picture}";

        await platform.Post(tokens["supervisor"], "integrity/checkpoints", new { });
        var published = await Known("/api/v1/documents/{id}", "/api/v1/documents", "id");
        addresses["readProof"] = $"/api/v1/documents/{published}/revisions/2/proof";
        using var import = new HttpRequestMessage(HttpMethod.Post, "/api/v1/imports")
        {
            Headers = { Authorization = new("Bearer", tokens["integrator"]) },
            Content = new StringContent(
                """{"title":"旧办法","issuers":["370114-ZJ"],"revisions":[{"text":"第一条 为了试用，制定本办法。"}]}""",
                new MediaTypeHeaderValue("application/x-ndjson")
            ),
        };
        using var imported = await platform.Api.SendAsync(import, TestContext.Current.CancellationToken);
        Assert.True(imported.Headers.Location is not null, await imported.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var operation = imported.Headers.Location!.OriginalString.Split('/')[^1];
        (addresses["readOperation"], addresses["readImportReport"]) = (
            $"/api/v1/operations/{operation}",
            $"/api/v1/imports/{operation}/report"
        );

        var subscription = await platform.Post(
            tokens["integrator"],
            "subscriptions",
            new { channel = "atom", filter = new { q = "供热" } }
        );
        addresses["readSubscriptionFeed"] = new Uri(subscription.GetProperty("feed").GetString()!).PathAndQuery;
        addresses["askToUnsubscribe"] = new Uri(subscription.GetProperty("unsubscribe").GetString()!).PathAndQuery;
        var calendar = await platform.Post(tokens["integrator"], "obligation-calendars", new { });
        addresses["readObligationCalendar"] = new Uri(calendar.GetProperty("address").GetString()!).PathAndQuery;
        known["/api/v1/subscriptions/{id}"] = subscription.GetProperty("id").GetString()!;
        await SeedConsultation();
    }

    // A comment with a file, its letter, its group; a hearing and an open day to come, each with somebody who wants to be there; a questionnaire with an
    // answer; an evaluation.
    async Task SeedConsultation()
    {
        var (office, drafter) = (tokens["publisher"], tokens["drafter"]);
        var consultation = await Known("/api/v1/consultations/{id}", "/api/v1/consultations", "id");
        addresses["followConsultation"] = $"/api/v1/consultations/{consultation}/events?seconds=1";
        var sent = await platform.Post(office, $"consultations/{consultation}/comments", new { position = "suggest", text = "见附件。" });
        var receipt = sent.GetProperty("receipt").GetString()!;
        var comment = sent.GetProperty("id").GetString()!;
        known["/api/v1/comments/{receipt}"] = known["/api/v1/comments/{id}"] = receipt;
        known["/api/v1/consultations/{id}/comments/{comment}"] = comment;
        var letter = await Calls.Eventually<Guid>(async () =>
            (await platform.Get(office, $"consultations/{consultation}/comments/{comment}")).GetProperty("letter")
                is { ValueKind: JsonValueKind.String } placed
                ? placed.GetGuid()
                : null
        );
        known["/api/v1/consultations/{id}/form-letters/{letter}"] = $"{letter}";
        known["/api/v1/consultations/{id}/revisions/{revision}"] = "1";
        var file = await Attach($"comments/{receipt}/attachments?name=opinion.png", office);
        addresses["readAttachmentOfComment"] = $"/api/v1/consultations/{consultation}/comments/{comment}/attachments/{file}";
        known["/api/v1/consultations/{id}/groups/{group}"] = Id(
            await platform.Post(office, $"consultations/{consultation}/groups", new { title = "退费期限", comments = new[] { comment } })
        );

        var hearing = await platform.AnnounceSymposium(office, consultation, seats: 10);
        known["/api/v1/hearings/{id}"] = hearing;
        var application = await platform.Post(
            office,
            $"hearings/{hearing}/applications",
            new
            {
                name = "张三",
                contact = "13800000000",
                kind = "citizen",
                reason = "家住管网末端。",
            }
        );
        addresses["readHearingApplication"] =
            $"/api/v1/hearings/{hearing}/applications/{Id(application)}?receipt={application.GetProperty("receipt")}";
        addresses["readHearingMaterial"] =
            $"/api/v1/hearings/{hearing}/materials/{await Attach($"hearings/{hearing}/materials?name=plan.png", office)}";

        var questionnaire = Id(
            await platform.Post(
                drafter,
                "questionnaires",
                new
                {
                    body = "370114-ZJ",
                    title = "供热满意度",
                    results = "live",
                    pages = new[]
                    {
                        new
                        {
                            questions = new object[]
                            {
                                new
                                {
                                    code = "warm",
                                    kind = "single",
                                    text = "暖和吗？",
                                    options = new[] { new { code = "yes", label = "暖和" }, new { code = "no", label = "不暖和" } },
                                },
                                new
                                {
                                    code = "why",
                                    kind = "text",
                                    text = "为什么？",
                                },
                            },
                        },
                    },
                }
            )
        );
        known["/api/v1/questionnaires/{id}"] = questionnaire;
        await platform.Post(
            office,
            $"questionnaires/{questionnaire}/open",
            new { closesOn = DateTimeOffset.UtcNow.AddDays(60).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) }
        );
        await platform.Post(
            office,
            $"questionnaires/{questionnaire}/answers",
            new { edition = 1, answers = new[] { new { question = "warm", options = new[] { "no" } } } }
        );
        known["/api/v1/questionnaires/{id}/editions/{edition}"] = "1";
        addresses["readQuestionnaireChart"] = $"/api/v1/questionnaires/{questionnaire}/questions/warm/chart";
        addresses["listQuestionnaireWords"] = $"/api/v1/questionnaires/{questionnaire}/questions/why/words";

        var day = await platform.AnnounceOpenDay(office, capacity: 30);
        known["/api/v1/open-days/{id}"] = day;
        var registered = await platform.Post(office, $"open-days/{day}/registrations", new { name = "王小云", contact = "13900000000" });
        addresses["readOpenDayRegistration"] = $"/api/v1/open-days/{day}/registration?receipt={registered.GetProperty("receipt")}";

        known["/api/v1/evaluations/{id}"] = Id(
            await platform.Post(
                drafter,
                "evaluations",
                new
                {
                    documentId = await Known("/api/v1/documents/{id}", "/api/v1/documents", "id"),
                    purpose = "了解执行效果。",
                    indicators = new[]
                    {
                        new
                        {
                            code = "warm",
                            name = "达标率",
                            method = "测温",
                            target = 95,
                            unit = "%",
                            weight = 100,
                        },
                    },
                }
            )
        );

        static string Id(System.Text.Json.JsonElement made) => made.GetProperty("id").GetString()!;

        async Task<string> Attach(string path, string token)
        {
            using var answer = await platform.Api.SendAsync(
                new(HttpMethod.Post, $"/api/v1/{path}")
                {
                    Headers = { Authorization = new("Bearer", token) },
                    Content = new ByteArrayContent(Convert.FromBase64String(Pixel)) { Headers = { ContentType = new("image/png") } },
                },
                TestContext.Current.CancellationToken
            );
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            return Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(Pixel)));
        }
    }

    const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    // Examples speak of this document, this plan and this questionnaire.
    const string Document = "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f",
        Plan = "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e60",
        Questionnaire = "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e62";

    async Task<string> Spoken(JsonNode example) =>
        example
            .ToJsonString()
            .Replace(Document, await Known("/api/v1/documents/{id}", "/api/v1/documents", "id"), StringComparison.Ordinal)
            .Replace(Questionnaire, known["/api/v1/questionnaires/{id}"], StringComparison.Ordinal)
            .Replace(
                Plan,
                await Known("/api/v1/interpretation-plans/{id}", "/api/v1/interpretation-plans", "id"),
                StringComparison.Ordinal
            );

    /// <summary>Sends a call, as somebody whom it is for.</summary>
    public async Task<HttpResponseMessage> Send(DescribedCall call, JsonNode? body)
    {
        var isOfSubscriber = call.Path.StartsWith("/api/v1/subscriptions", StringComparison.Ordinal) || addresses.ContainsKey(call.Name);
        var role =
            isOfSubscriber && (call.Roles is [] || call.Roles.Contains("integrator")) ? "integrator"
            : call.Roles is [var first, ..] ? first
            : "supervisor";
        // A draft's file is for its drafters.
        var token = tokens[call.Name is "readAttachedFile" or "readAttachment" or "readHearingMaterial" ? "drafter" : role];
        using var request = new HttpRequestMessage(
            new(call.Method),
            addresses.GetValueOrDefault(call.Name) ?? $"{await Fill(call.Path)}{Required(call)}"
        )
        {
            Headers = { Authorization = new("Bearer", token) },
        };
        if (body is not null)
            request.Content = new StringContent(await Spoken(body), new MediaTypeHeaderValue("application/json"));
        var answer = await platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer.IsSuccessStatusCode && answer.Headers.Location is { } made && call.Method is "POST")
            known.TryAdd($"{call.Path}/{{id}}", made.OriginalString.Split('/')[^1]);
        return answer;
    }

    static string Required(DescribedCall call)
    {
        var given = call
            .Query.Where(p => (bool?)p["required"] is true)
            .Select(p =>
                (string)p["name"]! switch
                {
                    "from" => "from=1",
                    "to" => "to=2",
                    "days" => "days=10",
                    "by" => "by=body",
                    var other => $"{other}=1",
                }
            );
        return string.Join('&', given) is { Length: > 0 } query ? $"?{query}" : "";
    }

    /// <summary>A token of somebody whom a call is for, or of anybody.</summary>
    public string Token(DescribedCall? call, Random random) =>
        call is { Roles: [var role, ..] } ? tokens[role] : tokens.Values.ElementAt(random.Next(tokens.Count));

    /// <summary>Puts what is there into the places of a path, or something else into the last of them.</summary>
    public async Task<string> Fill(string path, string? last = null)
    {
        if (last is not null)
            return $"{await Fill(path[..path.LastIndexOf('{')])}/{last}{path[(path.LastIndexOf('}') + 1)..]}";
        var filled = "";
        var place = "";
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            place += $"/{segment}";
            filled += segment.StartsWith('{') ? $"/{await Known(place, filled, segment.Trim('{', '}'))}" : $"/{segment}";
        }
        return filled;
    }

    async Task<string> Known(string place, string list, string name)
    {
        var key = place[..(place.LastIndexOf('{'))] + "{id}";
        if (known.TryGetValue(place, out var before) || known.TryGetValue(key, out before))
            return before;
        var fixedValue = name switch
        {
            "layer" => "district",
            "year" => "2026",
            "service" => "catalog",
            _ => null,
        };
        if (fixedValue is not null)
            return known[place] = fixedValue;
        var from = name switch
        {
            "blockId" => $"{list.Replace("/blocks", "", StringComparison.Ordinal)}/revisions/current",
            "sha256" => list.Replace("/files", "", StringComparison.Ordinal).Replace("/attachments", "", StringComparison.Ordinal),
            _ when list == "/api/v1/documents" => "/api/v1/library",
            _ => list,
        };
        foreach (var token in tokens.Values.Prepend(null))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, from);
            if (token is not null)
                request.Headers.Authorization = new("Bearer", token);
            using var answer = await platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode)
                continue;
            var found = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            if (found is not JsonObject)
                continue;
            var items = (found["items"] ?? found["blocks"] ?? found["files"] ?? found["attachments"]) as JsonArray ?? [];
            // What has most revisions has most to show.
            if (
                items.OfType<JsonObject>().OrderByDescending(i => (int?)i["publicRevisions"] ?? 0).FirstOrDefault() is { } item
                && (item[name] ?? item["id"] ?? item["number"] ?? item["code"] ?? item["kind"] ?? item["sha256"]) is { } value
            )
                return known[place] = value.ToString();
        }
        return name is "name" ? "somebody" : Guid.CreateVersion7().ToString();
    }
}
