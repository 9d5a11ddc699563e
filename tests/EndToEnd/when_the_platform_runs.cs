using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Grpc.Reflection.V1;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>The whole platform, started once as a newcomer starts it, samples included.</summary>
public sealed class SampledPlatform : IAsyncLifetime
{
    public const string Shared = "the running platform";

    public RunningPlatform Platform { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Platform = await RunningPlatform.Start(RunningPlatform.NewFolder());
        Assert.False(Platform.HasExited, Platform.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.Terminate();
        // The last word on stopping: everything in order, the database last.
        Assert.Equal(0, Platform.ExitCode);
        Assert.False(File.Exists(Path.Combine(Platform.Data, "postgres", "postmaster.pid")), "The database was not stopped.");
        await Platform.DisposeAsync();
        Directory.Delete(Platform.Data, recursive: true);
    }
}

[CollectionDefinition(SampledPlatform.Shared)]
public sealed class SharedPlatform : ICollectionFixture<SampledPlatform>;

[Collection(SampledPlatform.Shared)]
public sealed class when_the_platform_runs(SampledPlatform sampled)
{
    RunningPlatform Platform => sampled.Platform;

    [Fact]
    public async Task a_document_goes_all_the_way_while_documents_is_killed_and_nothing_is_lost()
    {
        var drafter = await Platform.Token("drafting-housing");
        var created = await Platform.Post(
            drafter,
            "documents",
            new
            {
                title = "云泽区停车管理办法",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                text = "第一条 为了规范停车，制定本办法。",
                changeNote = "起草",
            }
        );
        var id = created.GetProperty("id").GetGuid();

        // Writers go on while the service dies under them; each answer that comes is a promise.
        var writers = Enumerable
            .Range(2, 30)
            .Select(n =>
                Platform.Post(
                    drafter,
                    $"documents/{id}/revisions",
                    new { text = $"第一条 为了规范停车，制定本办法。\n第二条 第{n}稿。", changeNote = $"第{n}稿" }
                )
            )
            .ToArray();
        await Task.WhenAny(writers);
        var victim = Platform.ServiceProcess("Documents");
        System.Diagnostics.Process.GetProcessById(victim).Kill();
        var acknowledged = await Task.WhenAll(writers);

        Assert.NotEqual(victim, Platform.ServiceProcess("Documents"));
        Assert.Contains("Documents ended unexpectedly", Platform.Output, StringComparison.Ordinal);
        var listed = (await Platform.Get(drafter, $"documents/{id}/revisions?pageSize=200"))
            .GetProperty("items")
            .EnumerateArray()
            .ToArray();
        Assert.Equal(Enumerable.Range(1, 31), listed.Select(r => r.GetProperty("revision").GetInt32()).Order());
        Assert.Equal(Enumerable.Range(2, 30), acknowledged.Select(a => a.GetProperty("revision").GetInt32()).Order());

        await Platform.Post(drafter, $"documents/{id}/review", new { });
        await Platform.Post(await Platform.Token("signing"), $"documents/{id}/sign", new { });
        var office = await Platform.Token("openness-office");
        await Platform.Post(office, $"documents/{id}/interpretation/exemption", new { reason = "只调整内部分工。" });
        await Platform.Post(office, $"documents/{id}/issue", new { documentNumber = "云泽政发[2026]第030号", writtenOn = "2026-01-05" });
        await Platform.Post(office, $"documents/{id}/publish", new { });

        var document = await Platform.Get(null, $"documents/{id}");
        Assert.Equal("云泽政发〔2026〕30号", document.GetProperty("documentNumber").GetString());
        Assert.Equal(
            "modified",
            (await Platform.Get(drafter, $"documents/{id}/comparison?from=2&to=31"))
                .GetProperty("articles")[0]
                .GetProperty("change")
                .GetString()
        );

        // Interpretation heard of it by message and asked for the title over gRPC.
        var known = await Calls.Eventually<JsonElement>(async () =>
        {
            foreach (var k in (await Platform.Get(null, "interpretations/documents")).GetProperty("items").EnumerateArray())
                if (k.GetProperty("id").GetGuid() == id)
                    return k;
            return null;
        });
        Assert.Equal("云泽区停车管理办法", known.GetProperty("title").GetString());
    }

    [Fact]
    public async Task a_killed_database_comes_back_and_nothing_acknowledged_is_lost()
    {
        var drafter = await Platform.Token("drafting-housing");
        var id = (await Platform.Post(drafter, "documents", new { title = "云泽区数据恢复办法", text = "第一条 起点。" }))
            .GetProperty("id")
            .GetGuid();
        var writers = Enumerable
            .Range(2, 20)
            .Select(n => Platform.Post(drafter, $"documents/{id}/revisions", new { text = $"第一条 第{n}稿。", changeNote = $"第{n}稿" }))
            .ToArray();
        await Task.WhenAny(writers);
        System.Diagnostics.Process.GetProcessById(Platform.Postmaster).Kill();
        var acknowledged = await Task.WhenAll(writers);

        Assert.Equal(Enumerable.Range(2, 20), acknowledged.Select(a => a.GetProperty("revision").GetInt32()).Order());
        var listed = (await Platform.Get(drafter, $"documents/{id}/revisions?pageSize=200")).GetProperty("items").EnumerateArray();
        Assert.Equal(Enumerable.Range(1, 21), listed.Select(r => r.GetProperty("revision").GetInt32()).Order());
    }

    [Fact]
    public async Task the_samples_show_a_policy_with_its_whole_history()
    {
        var library = await Platform.Get(null, "library?q=供热&sort=publishedOn");
        var titles = library.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("title").GetString()!, i => i);
        Assert.Equal("repealed", titles["云泽区冬季供热保障暂行规定"].GetProperty("validity").GetString());
        var measures = titles["云泽区冬季供热保障办法"];
        Assert.Equal("amended", measures.GetProperty("validity").GetString());
        var id = measures.GetProperty("id").GetGuid();
        Assert.Equal(
            ["amended", "amended", "published"],
            (await Platform.Get(null, $"documents/{id}/history"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(e => e.GetProperty("what").GetString())
        );
        var changed = (await Platform.Get(null, $"documents/{id}/comparison?from=2&to=4"))
            .GetProperty("articles")
            .EnumerateArray()
            .ToDictionary(a => a.GetProperty("label").GetString()!, a => a.GetProperty("change").GetString());
        Assert.Equal(
            ("modified", "modified", "modified", "added", "renumbered"),
            (changed["第三条"], changed["第五条"], changed["第七条"], changed["第九条"], changed["第十条"])
        );
    }

    [Fact]
    public async Task one_document_describes_the_whole_api_and_a_page_shows_it()
    {
        var api = JsonDocument
            .Parse(await Platform.Api.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken))
            .RootElement;
        var paths = api.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "/api/v1/documents",
                "/api/v1/documents/{id}/comparison",
                "/api/v1/library",
                "/api/v1/organisations",
                "/api/v1/subjects",
                "/api/v1/interpretations/documents",
                "/connect/token",
            },
            paths
        );
        // Every reference leads somewhere.
        var schemas = api.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name).ToHashSet();
        foreach (Match reference in Regex.Matches(api.GetRawText(), "#/components/schemas/([^\"]+)"))
            Assert.Contains(reference.Groups[1].Value, schemas);
        var docs = await Platform.Api.GetAsync(new Uri("/docs/", UriKind.Relative), TestContext.Current.CancellationToken);
        var page = await docs.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("PolicyPlatform", page, StringComparison.Ordinal);
        // It runs its own scripts alone, and needs nothing from elsewhere.
        var nonce = Regex.Match(page, "nonce=\"([^\"]+)").Groups[1].Value;
        Assert.Contains(
            $"script-src 'self' 'nonce-{nonce}'",
            docs.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "//",
            page.Replace(Platform.Api.BaseAddress!.ToString(), "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await Platform.Api.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode
        );
    }

    [Fact]
    public async Task grpc_passes_through_the_gateway()
    {
        using var channel = GrpcChannel.ForAddress($"http://localhost:{Platform.Port + 1}");
        var client = new Contracts.Documents.V1.Documents.DocumentsClient(channel);
        var listed = (await Platform.Get(null, "library?q=修改")).GetProperty("items")[0];
        var document = await client.GetDocumentAsync(
            new() { Id = listed.GetProperty("id").GetString() },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal((listed.GetProperty("title").GetString(), DocumentValidity.InForce), (document.Title, document.DocumentValidity));
        var repealed = await client.SearchLibraryAsync(
            new()
            {
                Filter = new() { Q = "供热", ValidityFilter = ValidityFilter.Repealed },
                Limit = 10,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal("云泽区冬季供热保障暂行规定", Assert.Single(repealed.Documents).Title);
        var missing = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.GetDocumentAsync(
                new() { Id = Guid.NewGuid().ToString() },
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task grpc_says_what_there_is_whether_it_is_ready_and_who_is_refused_in_browsers_too()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var channel = GrpcChannel.ForAddress($"http://localhost:{Platform.Port + 1}");
        var health = await new Health.HealthClient(channel).CheckAsync(new(), cancellationToken: cancellation);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);

        using var reflection = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: cancellation);
        await reflection.RequestStream.WriteAsync(new() { ListServices = "" }, cancellation);
        Assert.True(await reflection.ResponseStream.MoveNext(cancellation));
        var listed = reflection.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).ToArray();
        foreach (var service in new[] { "catalog.v1.Catalog", "documents.v1.Documents", "interpretation.v1.Interpretation" })
            Assert.Contains($"policyplatform.{service}", listed);
        await reflection.RequestStream.CompleteAsync();

        // As a browser asks, over HTTP/1.1.
        using var web = GrpcChannel.ForAddress(
            Platform.Api.BaseAddress!,
            new()
            {
                HttpVersion = HttpVersion.Version11,
                HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWebText, new HttpClientHandler()),
            }
        );
        var id = (await Platform.Get(null, "library?q=修改")).GetProperty("items")[0].GetProperty("id").GetString();
        var document = await new Contracts.Documents.V1.Documents.DocumentsClient(web).GetDocumentAsync(
            new() { Id = id },
            cancellationToken: cancellation
        );
        Assert.Equal(id, document.Id);

        foreach (var through in new[] { channel, web })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await new Contracts.Documents.V1.Documents.DocumentsClient(through).GetDocumentAsync(
                    new() { Id = id },
                    new Metadata { { "authorization", "Bearer made.up.token" } },
                    cancellationToken: cancellation
                )
            );
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
            Assert.Contains("not one that this platform trusts", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task its_address_is_a_page_for_people_and_so_is_the_type_of_every_problem()
    {
        async Task<string> Page(string path, string language)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptLanguage = { new(language) } } };
            using var answer = await Platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        var home = await Page("/", "zh-CN");
        Assert.Contains("政策文件库", home, StringComparison.Ordinal);
        Assert.Contains("lang=\"zh-CN\"", home, StringComparison.Ordinal);
        foreach (Match link in Regex.Matches(home, "href=\"([^\"]+)\""))
        {
            using var led = await Platform.Api.GetAsync(
                new Uri(link.Groups[1].Value, UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(HttpStatusCode.OK, led.StatusCode);
        }
        Assert.Contains("What runs", await Page("/", "en"), StringComparison.Ordinal);

        var problem = await Platform.Get(null, $"documents/{Guid.NewGuid()}");
        var type = new Uri(problem.GetProperty("type").GetString()!);
        Assert.Equal($"{Platform.Api.BaseAddress}problems/document.notFound", type.AbsoluteUri);
        var page = await Page(type.PathAndQuery, "en");
        Assert.Contains("There is no such document, or the caller may not know of it.", page, StringComparison.Ordinal);
        Assert.Contains("GET /api/v1/documents/{id}", page, StringComparison.Ordinal);
        Assert.Equal(
            404,
            (int)
                (await Platform.Api.GetAsync(new Uri("/problems/none", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode
        );
    }

    [Fact]
    public async Task a_list_is_read_to_its_end_by_its_links()
    {
        List<string> read = [];
        var next = "/api/v1/library?pageSize=1&q=供热";
        while (next is not null)
        {
            using var answer = await Platform.Api.GetAsync(new Uri(next, UriKind.Relative), TestContext.Current.CancellationToken);
            var page = await Read(answer);
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
            var links = answer.Headers.TryGetValues("Link", out var given) ? string.Join(",", given) : "";
            Assert.Equal(
                page.GetProperty("nextPageToken").ValueKind is JsonValueKind.String,
                links.Contains("rel=\"next\"", StringComparison.Ordinal)
            );
            next = Regex.Match(links, "<([^>]+)>; rel=\"next\"") is { Success: true } link ? link.Groups[1].Value : null;
        }
        var all = (await Platform.Get(null, "library?q=供热"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(i => i.GetProperty("id").GetString()!);
        Assert.Equal(all, read);
    }

    [Fact]
    public async Task more_than_twenty_megabytes_are_refused_at_the_gateway()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents")
        {
            Content = new ByteArrayContent(new byte[21 * 1024 * 1024]) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Authorization = new("Bearer", await Platform.Token("drafting-housing"));
        request.Headers.ExpectContinue = true;
        using var answer = await Platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(
            "request.tooLarge",
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.Code()
        );
    }

    [Fact]
    public async Task answers_are_compressed_and_their_tags_stay_right()
    {
        using var first = await Ask(HttpMethod.Get, "library", ("Accept-Encoding", "br"));
        Assert.Equal(
            ("br", true),
            (first.Content.Headers.ContentEncoding.Single(), first.Headers.ETag!.Tag.EndsWith("-br\"", StringComparison.Ordinal))
        );
        using var again = await Ask(HttpMethod.Get, "library", ("Accept-Encoding", "br"), ("If-None-Match", first.Headers.ETag.Tag));
        Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag), (again.StatusCode, again.Headers.ETag));
        using var plain = await Ask(HttpMethod.Get, "library");
        Assert.Equal(
            (0, first.Headers.ETag.Tag.Replace("-br", "", StringComparison.Ordinal)),
            (plain.Content.Headers.ContentEncoding.Count, plain.Headers.ETag!.Tag)
        );
        using var gzip = await Ask(HttpMethod.Get, "library", ("Accept-Encoding", "gzip"));
        Assert.Equal(
            ("gzip", true),
            (gzip.Content.Headers.ContentEncoding.Single(), gzip.Headers.ETag!.Tag.EndsWith("-gzip\"", StringComparison.Ordinal))
        );
        using var head = await Ask(HttpMethod.Head, "library");
        Assert.Equal(
            (HttpStatusCode.OK, plain.Headers.ETag, ""),
            (head.StatusCode, head.Headers.ETag, await head.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
        );
    }

    [Fact]
    public async Task pages_of_other_origins_read_and_do_not_write()
    {
        using var read = await Ask(HttpMethod.Get, "library", ("Origin", "https://elsewhere.test"));
        Assert.Equal("*", read.Headers.GetValues("Access-Control-Allow-Origin").Single());
        // What is asked with a body is read all the same.
        foreach (var asked in new[] { "questions/answer", "benefits/match" })
        {
            using var answer = await Ask(
                HttpMethod.Options,
                asked,
                ("Origin", "https://elsewhere.test"),
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "content-type")
            );
            Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
        using var write = await Ask(
            HttpMethod.Options,
            "questions",
            ("Origin", "https://elsewhere.test"),
            ("Access-Control-Request-Method", "POST")
        );
        Assert.False(write.Headers.Contains("Access-Control-Allow-Origin"));
        using var tooLong = await Ask(HttpMethod.Get, $"library?q={new string('a', 9000)}");
        Assert.Equal(
            (HttpStatusCode.RequestUriTooLong, "application/problem+json"),
            (tooLong.StatusCode, tooLong.Content.Headers.ContentType!.MediaType)
        );
        using var tooLarge = await Ask(HttpMethod.Get, "library", ("X-Long", new string('a', 40_000)));
        Assert.Equal(431, (int)tooLarge.StatusCode);
    }

    static async Task<HttpResponseMessage> Ask(HttpClient api, HttpMethod method, string path, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await api.SendAsync(request, TestContext.Current.CancellationToken);
    }

    Task<HttpResponseMessage> Ask(HttpMethod method, string path, params (string Name, string Value)[] headers) =>
        Ask(Platform.Api, method, path, headers);

    /// <summary>Somebody at another address of this machine, whose limits are nobody else's.</summary>
    [Fact]
    public async Task what_costs_a_moment_to_read_waits_and_then_is_refused_to_who_has_no_token()
    {
        // Of the samples, since its revisions are known.
        var library = await Platform.Get(null, "library?q=供热&sort=publishedOn");
        var id = library
            .GetProperty("items")
            .EnumerateArray()
            .First(i => i.GetProperty("validity").GetString() == "amended")
            .GetProperty("id");
        using var api = Platform.From("127.0.0.2");
        async Task<HttpResponseMessage> Compare() =>
            await api.GetAsync(
                new Uri($"/api/v1/documents/{id}/comparison?from=2&to=3", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
        using var first = await Compare();
        Assert.Equal("\"reads\";q=300;w=60", Assert.Single(first.Headers.GetValues("RateLimit-Policy")));
        Assert.Matches("^\"reads\";r=(299|300);t=[01]$", Assert.Single(first.Headers.GetValues("RateLimit")));

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Compare()));
        var refused = answers.First(a => a.StatusCode is HttpStatusCode.TooManyRequests);
        Assert.Equal("request.tooMany", (await Read(refused)).Code());
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        // Neither other reads, nor other addresses, nor who has a token.
        using var read = await api.GetAsync(new Uri($"/api/v1/documents/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(200, await Platform.Status($"documents/{id}/comparison?from=2&to=3"));
        api.DefaultRequestHeaders.Authorization = new("Bearer", await Platform.Token("supervision"));
        using var known = await Compare();
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    public async Task who_guesses_secrets_is_refused_before_long()
    {
        using var api = Platform.From("127.0.0.3");
        async Task<HttpStatusCode> Ask(string secret)
        {
            using var form = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = "supervision",
                    ["client_secret"] = secret,
                }
            );
            using var answer = await api.PostAsync(
                new Uri("/connect/token", UriKind.Relative),
                form,
                TestContext.Current.CancellationToken
            );
            return answer.StatusCode;
        }
        var guesses = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => Ask($"guess{n}")));
        Assert.Contains(HttpStatusCode.TooManyRequests, guesses);
        Assert.DoesNotContain(HttpStatusCode.OK, guesses);
        // Ten, those that come back while they are counted, and no more of those that were sent at the same moment.
        Assert.InRange(guesses.Count(g => g is not HttpStatusCode.TooManyRequests), 1, 20);
        // Whoever else asks, and asks right, is none the wiser.
        Assert.NotEmpty(await Platform.Token("supervision"));
    }

    [Fact]
    public async Task who_guesses_receipts_is_refused_before_long()
    {
        var day = Guid.NewGuid();
        foreach (
            var (address, method, path) in new (string, HttpMethod, Func<string, string>)[]
            {
                ("127.0.0.5", HttpMethod.Get, receipt => $"comments/{receipt}"),
                ("127.0.0.6", HttpMethod.Get, receipt => $"open-days/{day}/registration?receipt={receipt}"),
                ("127.0.0.15", HttpMethod.Head, receipt => $"comments/{receipt}"),
            }
        )
        {
            using var guesser = Platform.From(address);
            var guesses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Ask(guesser, path($"{Guid.NewGuid():N}"), method)));
            Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests], guesses.Distinct().Order());
            // Twenty, and those that come back while they are counted.
            Assert.InRange(guesses.Count(g => g is HttpStatusCode.NotFound), 20, 50);
        }

        static async Task<HttpStatusCode> Ask(HttpClient api, string path, HttpMethod method)
        {
            using var request = new HttpRequestMessage(method, $"/api/v1/{path}");
            using var answer = await api.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task who_guesses_receipts_keeps_nobody_at_the_same_address_from_theirs()
    {
        var id = (await Platform.Get(null, "consultations?pageSize=200"))
            .GetProperty("items")
            .EnumerateArray()
            .First(c => c.GetProperty("title").GetString() == "云泽区供热退费办法（征求意见稿）")
            .GetProperty("id")
            .GetGuid();
        var sent = await Platform.Post(
            await Platform.Token("integration"),
            $"consultations/{id}/comments",
            new { position = "support", text = "有回执的意见。" }
        );
        using var guesser = Platform.From("127.0.0.7");
        using var sender = Platform.From("127.0.0.7");
        // More than could ever wait for each other, before, beside and after the right ones.
        for (var round = 0; round < 3; round++)
        {
            var guesses = Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Ask(guesser, $"{Guid.NewGuid():N}")));
            var own = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Ask(sender, sent.GetProperty("receipt").GetString()!)));
            Assert.All(own, status => Assert.Equal(HttpStatusCode.OK, status));
            Assert.All(await guesses, status => Assert.True(status is HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests));
            Assert.Contains(HttpStatusCode.TooManyRequests, await guesses);
        }

        static async Task<HttpStatusCode> Ask(HttpClient api, string receipt)
        {
            using var answer = await api.GetAsync(
                new Uri($"/api/v1/comments/{receipt}", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task a_wrong_receipt_counts_over_grpc_too_and_whatever_else_is_read_is_not_refused()
    {
        using var api = Platform.From("127.0.0.13");
        async Task<HttpResponseMessage> Ask(HttpClient from, string receipt) =>
            await from.GetAsync(new Uri($"/api/v1/comments/{receipt}", UriKind.Relative), TestContext.Current.CancellationToken);
        var guesses = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => Ask(api, $"{Guid.NewGuid():N}")));
        Assert.All(guesses, g => Assert.True(g.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests));
        var refused = guesses.First(g => g.StatusCode is HttpStatusCode.TooManyRequests);
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("request.tooMany", (await Read(refused)).Code());
        // Twenty, and those that come back while they are counted.
        Assert.InRange(guesses.Count(g => g.StatusCode is HttpStatusCode.NotFound), 20, 40);
        // That one was wrong is said by the answer alone.
        Assert.All(guesses, g => Assert.False(g.Headers.Contains("Wrong-Secret")));
        using var other = GrpcChannel.ForAddress(
            $"http://localhost:{Platform.Port + 1}",
            new() { HttpHandler = RunningPlatform.HandlerFrom("127.0.0.13", Platform.Port + 1) }
        );
        var overGrpc = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Contracts.Consultation.V1.Consultation.ConsultationClient(other).ReadCommentAsync(
                new() { Receipt = "x" },
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(StatusCode.ResourceExhausted, overGrpc.StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await api.GetAsync(new Uri("/api/v1/consultations", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode
        );

        // Over gRPC they are counted as well.
        using var caller = GrpcChannel.ForAddress(
            $"http://localhost:{Platform.Port + 1}",
            new() { HttpHandler = RunningPlatform.HandlerFrom("127.0.0.14", Platform.Port + 1) }
        );
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 80)
                .Select(async _ =>
                    (
                        await Assert.ThrowsAsync<RpcException>(async () =>
                            await new Contracts.Consultation.V1.Consultation.ConsultationClient(caller).ReadCommentAsync(
                                new() { Receipt = $"{Guid.NewGuid():N}" },
                                cancellationToken: TestContext.Current.CancellationToken
                            )
                        )
                    ).StatusCode
                )
        );
        Assert.InRange(answers.Count(a => a is StatusCode.NotFound), 20, 40);
        Assert.Contains(StatusCode.ResourceExhausted, answers);
    }

    static async Task<JsonElement> Read(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

    [Fact]
    public async Task who_has_no_token_leaves_only_so_much_in_a_minute_and_reads_as_much_as_he_likes()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(n =>
                    Platform.Api.PostAsJsonAsync("/api/v1/questions", new { question = $"第{n}问" }, TestContext.Current.CancellationToken)
                )
        );
        Assert.Contains(answers, a => a.StatusCode is HttpStatusCode.Created);
        var refused = answers.First(a => a.StatusCode is HttpStatusCode.TooManyRequests);
        Assert.Equal(
            "request.tooMany",
            JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.Code()
        );
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.TooManyRequests));
        Assert.Equal(
            HttpStatusCode.OK,
            (
                await Platform.Api.PostAsJsonAsync(
                    "/api/v1/questions/answer",
                    new { question = "供热" },
                    TestContext.Current.CancellationToken
                )
            ).StatusCode
        );
        Assert.Equal(200, await Platform.Status("library"));
        await Platform.Post(await Platform.Token("drafting-housing"), "questions", new { question = "有令牌的问题" });
    }

    [Fact]
    public async Task a_service_called_past_the_gateway_wants_a_token_as_well()
    {
        var environment = File.ReadAllText($"/proc/{Platform.ServiceProcess("Documents")}/environ").Split('\0');
        var direct = new Uri(
            environment.Single(e => e.StartsWith("Kestrel__Endpoints__Http__Url=", StringComparison.Ordinal)).Split('=', 2)[1]
        );
        Assert.True(direct.IsLoopback);
        using var client = new HttpClient { BaseAddress = direct };
        using var answer = await client.PostAsync(
            new Uri("/api/v1/documents", UriKind.Relative),
            new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task what_the_platform_keeps_secret_only_its_owner_can_read()
    {
        foreach (var secret in new[] { "postgres.password", "keys/signing.pem", "keys/encryption.pem" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Platform.Data, secret)));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(Platform.Data, "keys", "personal"))
        );
        using var wrong = await Platform.Api.PostAsync(
            new Uri("/connect/token", UriKind.Relative),
            new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = "signing",
                    ["client_secret"] = "guess",
                }
            ),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task a_folder_is_imported_while_documents_is_killed_and_each_document_comes_in_once()
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-import-");
        for (var n = 1; n <= 60; n++)
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, $"云泽区导入办法之{n}({2020 + n % 2}-03-01).txt"),
                $"第一条 第{n}个办法。",
                TestContext.Current.CancellationToken
            );
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "云泽区导入办法之1(2024-03-01).txt"),
            "第一条 第1个办法，已修改。",
            TestContext.Current.CancellationToken
        );

        var importing = Tool.Run(
            "Import",
            folder.FullName,
            "--api",
            Platform.Api.BaseAddress!.ToString(),
            "--issuer",
            "370114-ZJ",
            "--subject",
            "CXJS"
        );
        await Calls.Eventually(async () =>
            (await Platform.Get(null, "library?q=云泽区导入办法")).TryGetProperty("total", out var total) && total.GetInt32() > 5
                ? true
                : (bool?)null
        );
        System.Diagnostics.Process.GetProcessById(Platform.ServiceProcess("Documents")).Kill();
        var (code, output) = await importing;
        Assert.True(code == 0, output);
        Assert.Equal(60, (await Platform.Get(null, "library?q=云泽区导入办法")).GetProperty("total").GetInt32());
        var amended = (await Platform.Get(null, "library?q=第1个办法 已修改")).GetProperty("items")[0];
        Assert.Equal(("amended", 2), (amended.GetProperty("validity").GetString(), amended.GetProperty("publicRevisions").GetInt32()));

        (code, output) = await Tool.Run(
            "Import",
            folder.FullName,
            "--api",
            Platform.Api.BaseAddress.ToString(),
            "--issuer",
            "370114-ZJ",
            "--subject",
            "CXJS"
        );
        Assert.True(code == 0 && output.Contains("60 unchanged", StringComparison.Ordinal), output);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task an_exported_proof_is_checked_without_the_platform()
    {
        var folder = Directory.CreateTempSubdirectory("policyplatform-proof-");
        var checkpoint = await Platform.Post(await Platform.Token("supervision"), "integrity/checkpoints", new { });
        var document = (await Platform.Get(null, "library?q=云泽政发 12号")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var proof = await Platform.Get(null, $"documents/{document}/revisions/2/proof");
        var key = await Export("key.pem", "integrity/key");
        var good = await Export("proof.json", $"documents/{document}/revisions/2/proof");
        var signed = await Export("checkpoint.json", $"integrity/checkpoints/{checkpoint.GetProperty("number").GetInt32()}");
        var (code, output) = await Tool.Run("Verify", "--key", key, good, signed);
        Assert.True(code == 0, output);

        await File.WriteAllTextAsync(
            good,
            proof.GetRawText().Replace("供热", "供水", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        (code, output) = await Tool.Run("Verify", "--key", key, good, signed);
        Assert.Equal(2, code);
        Assert.Contains("FLAW  proof.json", output, StringComparison.Ordinal);
        folder.Delete(recursive: true);

        async Task<string> Export(string name, string path)
        {
            var file = Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(
                file,
                await Platform.Api.GetStringAsync(new Uri($"/api/v1/{path}", UriKind.Relative), TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken
            );
            return file;
        }
    }
}
