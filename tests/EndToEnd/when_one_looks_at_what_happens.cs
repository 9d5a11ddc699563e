using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>A platform that tells what it does, and a document that was published in it.</summary>
public sealed class WatchedPlatform : IAsyncLifetime
{
    /// <summary>The trace of the publication.</summary>
    public const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    public OtlpReceiver Told { get; private set; } = null!;

    public RunningPlatform Platform { get; private set; } = null!;

    public WebhookReceiver Subscriber { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Told = await OtlpReceiver.Start();
        Platform = await RunningPlatform.StartWith(Told.Environment, RunningPlatform.NewFolder(), null, "--no-samples");
        Assert.False(Platform.HasExited, Platform.Output);
        await Platform.Populate();
        Subscriber = await WebhookReceiver.Start();
        await Platform.Subscribe(Subscriber, "document.published");
        var (office, drafter, signing) = (
            await Platform.Token("openness-office"),
            await Platform.Token("drafting-housing"),
            await Platform.Token("signing")
        );
        // One that waits at its gates, and one that goes through them.
        await Platform.Post(drafter, $"documents/{await Draft("测试区等待办法")}/review", new { });
        var id = await Draft("测试区观测办法");
        await Platform.Post(drafter, $"documents/{id}/review", new { });
        await Platform.Post(signing, $"documents/{id}/sign", new { });
        await Platform.Post(office, $"documents/{id}/interpretation/exemption", new { reason = "只调整内部分工。" });
        await Platform.Post(office, $"documents/{id}/issue", new { documentNumber = "测政发〔2026〕1号", writtenOn = "2026-01-05" });
        await Platform.PostTraced(office, $"documents/{id}/publish", new { }, Trace);
        await Subscriber.Event("document.published");
        await Platform.Post(await Platform.Token("supervision"), "integrity/checkpoints", new { });
        await Platform.Get(null, $"documents/{id}/revisions/current");

        async Task<Guid> Draft(string title) => (
                await Platform.Post(
                    drafter,
                    "documents",
                    new
                    {
                        title,
                        issuers = new[] { "370114-ZJ" },
                        subject = "CXJS",
                        disclosure = new { attribute = "proactive" },
                        text = "第一条 甲。",
                        changeNote = "起草",
                    }
                )
            ).GetProperty("id").GetGuid();
    }

    public async ValueTask DisposeAsync()
    {
        if (Subscriber is not null)
            await Subscriber.DisposeAsync();
        if (Platform is not null)
        {
            await Platform.DisposeAsync();
            Directory.Delete(Platform.Data, recursive: true);
        }
        await Told.DisposeAsync();
    }
}

/// <summary>What the platform tells by OTLP of what it does: one trace all the way, and the numbers that operators watch.</summary>
public sealed partial class when_one_looks_at_what_happens(WatchedPlatform watched) : IClassFixture<WatchedPlatform>
{
    static readonly string[] names = ["catalog", "consultation", "documents", "gateway", "interpretation"];

    OtlpReceiver Told => watched.Told;

    ReceivedSpan[] Publication => [.. Told.Spans.Where(s => s.Trace == WatchedPlatform.Trace)];

    [Fact]
    public async Task a_publication_is_one_trace_from_the_gateway_to_the_webhook()
    {
        await Quiet();
        var spans = Publication;
        var tree = Tree(spans);
        // Through the gateway to Documents, which asks its database.
        Has("gateway", s => s.Kind == "server");
        Has("documents", s => s.Kind == "server");
        Has("documents", s => s.Source == "Npgsql");
        // By messages to all others; what Interpretation wants to know of the document it asks over gRPC, and is answered.
        foreach (var service in new[] { "catalog", "interpretation", "consultation" })
            Has(service, s => s.Source == "Wolverine" && s.Name.Contains("DocumentPublished", StringComparison.Ordinal));
        Has("interpretation", s => s.Source == "Grpc.Net.Client");
        Has("documents", s => s.Kind == "server" && s.Name.Contains("policyplatform.documents.v1.Documents", StringComparison.Ordinal));
        // And out to the subscriber.
        Has("catalog", s => s.Kind == "client" && s is { Service: "catalog", Kind: "client", Source: "System.Net.Http", Name: "POST" });
        // Each is part of another one of them.
        var known = spans.Select(s => s.Id).Append(RunningPlatform.TraceParent).ToHashSet();
        Assert.True(spans.All(s => known.Contains(s.Parent)), tree);

        void Has(string service, Func<ReceivedSpan, bool> fits) => Assert.True(spans.Any(s => s.Service == service && fits(s)), tree);
    }

    [Fact]
    public async Task what_is_polled_is_not_traced()
    {
        // Queues, nodes, health and changes are asked for several times a second: with them it would never be quiet.
        await Quiet();
        Assert.DoesNotContain(Told.Spans, s => s.Parent.Length == 0 && s.Kind is "client" or "internal" && s.Source != "PolicyPlatform");
        Assert.DoesNotContain(
            Told.Spans,
            s => s.Attributes.GetValueOrDefault("http.route")?.StartsWith("/health", StringComparison.Ordinal) is true
        );
    }

    [Fact]
    public async Task each_process_says_which_release_it_is()
    {
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(Told.Processes.Count == names.Length ? true : null));
        Assert.Equal(names, Told.Processes.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            Told.Processes.Values,
            p =>
            {
                Assert.Equal("policyplatform", p["service.namespace"]);
                Assert.Matches(@"^\d+\.\d+\.\d+", p["service.version"]);
            }
        );
        Assert.Equal(names.Length, Told.Processes.Values.Select(p => p["service.instance.id"]).Distinct().Count());
    }

    [Fact]
    public async Task alerts_and_dashboard_ask_for_metrics_that_there_are()
    {
        var asked = WatchedBy
            .Alerts()
            .Select(a => (Who: a.Alert, Query: a.Expr))
            .Concat(WatchedBy.Panels().Select(p => (Who: p.Panel, p.Query)))
            .SelectMany(q => PrometheusNames.In(q.Query).Select(series => (q.Who, Series: series)))
            // What kube-state-metrics and node_exporter tell.
            .Where(a => !a.Series.StartsWith("kube_", StringComparison.Ordinal) && !a.Series.StartsWith("node_", StringComparison.Ordinal))
            // The platform has no replicas.
            .Where(a => !a.Series.StartsWith("policyplatform_replicas_", StringComparison.Ordinal))
            .ToArray();
        Assert.NotEmpty(asked);
        var missing = await Calls.Eventually<(string[] Names, bool Once)>(() =>
        {
            var told = Told.Metrics.SelectMany(m => PrometheusNames.Of(m.Metric)).ToHashSet();
            var left = asked.Where(a => !told.Contains(a.Series)).Select(a => $"{a.Who}: {a.Series}").ToArray();
            // Each process has told of itself, and counted anew, by then.
            return Task.FromResult<(string[], bool)?>(left.Length == 0 || Rounds() > 150 ? (left, true) : null);
        });
        Assert.Empty(missing.Names);
    }

    [Fact]
    public async Task the_platforms_own_metrics_are_those_that_are_described()
    {
        // The platform has no replicas.
        var described = (await Described()).Where(m => !m.Name.StartsWith("policyplatform.replicas.", StringComparison.Ordinal)).ToArray();
        var told = await Calls.Eventually<((string, string)[] All, bool Once)>(() =>
        {
            var own = Told
                .Metrics.Where(m => m.Meter == "PolicyPlatform")
                .Select(m => (m.Metric.Name, m.Metric.Unit))
                .Distinct()
                .Order()
                .ToArray();
            return Task.FromResult<((string, string)[], bool)?>(own.Length >= described.Length || Rounds() > 150 ? (own, true) : null);
        });
        Assert.Equal(described, told.All);
    }

    [Fact]
    public async Task a_supervisor_reads_the_same_numbers_and_nobody_else_does()
    {
        var supervisor = await watched.Platform.Token("supervision");
        var status = await watched.Platform.Get(supervisor, "operations/status");
        Assert.Empty(status.GetProperty("unanswered").EnumerateArray());
        var services = status.GetProperty("services").EnumerateArray().ToArray();
        Assert.Equal(
            names.Where(n => n != "gateway"),
            services.Select(s => s.GetProperty("service").GetString()!).Order(StringComparer.Ordinal)
        );
        Assert.All(services, s => Assert.True(s.GetProperty("isReady").GetBoolean()));
        var numbers = services.SelectMany(s => s.GetProperty("numbers").EnumerateArray()).Select(n => n.GetProperty("name").GetString()!);
        var metrics = (await Described()).Select(d => d.Name).ToHashSet();
        Assert.All(numbers.Distinct(), n => Assert.Contains(n, metrics));
        Assert.Equal(401, await watched.Platform.Status("operations/status"));

        var page = await Page(null);
        Assert.Contains("所有服务运行正常", page, StringComparison.Ordinal);
        Assert.DoesNotContain("死信", page, StringComparison.Ordinal);
        Assert.DoesNotContain(services[0].GetProperty("version").GetString()!, page, StringComparison.Ordinal);
        Assert.Contains(services[0].GetProperty("version").GetString()!, await Page(supervisor), StringComparison.Ordinal);
        Assert.DoesNotContain(
            services[0].GetProperty("version").GetString()!,
            await Page(await watched.Platform.Token("drafting-housing")),
            StringComparison.Ordinal
        );

        async Task<string> Page(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/status");
            request.Headers.AcceptLanguage.ParseAdd("zh-CN");
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await watched.Platform.Api.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
            return System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    static async Task<(string Name, string Unit)[]> Described() =>
        [
            .. Row()
                .Matches(
                    await File.ReadAllTextAsync(
                        Path.Combine(Repository.Folder, "docs", "operations.md"),
                        TestContext.Current.CancellationToken
                    )
                )
                .Select(m => (Name: m.Groups[1].Value, Unit: m.Groups[2].Value))
                .Order(),
        ];

    // Until all that was asked for is told: then nothing more comes for a while.
    Task<bool> Quiet() =>
        Calls.Eventually<bool>(async () =>
        {
            var before = Told.Spans.Count;
            await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            return Told.Spans.Count == before ? true : null;
        });

    // How often the process that was heard least told its numbers.
    int Rounds() => names.Min(n => Told.Metrics.Count(m => m.Service == n && m.Metric.Name == "dotnet.process.memory.working_set"));

    static string Tree(ReceivedSpan[] spans)
    {
        var known = spans.Select(s => s.Id).ToHashSet();
        return string.Join('\n', spans.Where(s => !known.Contains(s.Parent)).SelectMany(s => Lines(s, 0)));

        IEnumerable<string> Lines(ReceivedSpan span, int depth) =>
            spans
                .Where(s => s.Parent == span.Id)
                .SelectMany(s => Lines(s, depth + 1))
                .Prepend($"{new string(' ', 2 * depth)}{span.Service} {span.Source} {span.Kind} {span.Name} (in {span.Parent})");
    }

    [GeneratedRegex(@"^\| `(policyplatform\.[a-z.]+)` \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
