using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.Gateway.Keeping;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>Two gateways in front of two processes of each service, and documents that everybody reads.</summary>
public sealed class KeepingPlatform : IAsyncLifetime
{
    const int Count = 4;

    public RunningPlatform Platform { get; private set; } = null!;

    /// <summary>Published documents.</summary>
    public Guid[] Documents { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Platform = await RunningPlatform.Start(RunningPlatform.NewFolder(), FreePort.Next(4), "--no-samples", "--replicas", "2");
        Assert.False(Platform.HasExited, Platform.Output);
        await Platform.Populate();
        var work = new OfficeWork(Platform, "常读", Count);
        await work.Run();
        Documents = [.. work.Documents];
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        Directory.Delete(Platform.Data, recursive: true);
    }
}

/// <summary>
/// The gateway answers the public out of what it kept a moment ago. Nobody may notice, but for how soon the answer comes.
/// </summary>
public sealed class when_the_public_reads_what_is_kept(KeepingPlatform keeping) : IClassFixture<KeepingPlatform>, IDisposable
{
    // After which nobody reads what was so before, whoever wrote, and wherever.
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    readonly HttpClient here = Client(keeping.Platform.Port),
        there = Client(keeping.Platform.Port + 2);

    RunningPlatform Platform => keeping.Platform;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task each_caller_gets_what_he_asked_for_and_what_is_his_own_is_never_kept()
    {
        var document = $"documents/{keeping.Documents[0]}";
        var text = $"{document}/revisions/current";

        // Two representations, two languages, two ways to write an address: each is what it is, fetched or kept.
        await IsKept(text, a => Assert.Equal("application/json", a.Content.Headers.ContentType!.MediaType));
        await IsKept(
            text,
            a => Assert.Equal("text/plain", a.Content.Headers.ContentType!.MediaType),
            r => r.Headers.Accept.ParseAdd("text/plain")
        );
        await IsKept(
            text,
            a => Assert.Equal("en", a.Content.Headers.ContentLanguage.Single()),
            r => r.Headers.AcceptLanguage.ParseAdd("en")
        );
        await IsKept(
            text,
            a => Assert.Equal("zh", a.Content.Headers.ContentLanguage.Single()),
            r => r.Headers.AcceptLanguage.ParseAdd("zh")
        );
        await IsKept("library?pageSize=1&sort=publishedOn", a => Assert.Contains("sort=publishedOn", a.Headers.GetValues("Link").Single()));
        await IsKept("library?sort=publishedOn&pageSize=2", a => Assert.Equal(2, Json(a).GetProperty("items").GetArrayLength()));
        await IsKept(document.ToUpperInvariant(), a => Assert.Equal(keeping.Documents[0], Json(a).GetProperty("id").GetGuid()));
        await IsKept(
            text,
            a =>
            {
                Assert.Equal("br", a.Content.Headers.ContentEncoding.Single());
                Assert.EndsWith("-br\"", a.Headers.ETag!.Tag, StringComparison.Ordinal);
                Assert.Contains("Accept-Encoding", a.Headers.Vary);
            },
            r => r.Headers.AcceptEncoding.ParseAdd("br")
        );
        await IsKept(
            document,
            a => Assert.Equal("*", a.Headers.GetValues("Access-Control-Allow-Origin").Single()),
            r => r.Headers.Add("Origin", "https://example.org")
        );
        await IsKept(
            document,
            a =>
            {
                Assert.Equal("nosniff", a.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.True(a.Headers.CacheControl is { Public: true, NoCache: true });
                Assert.False(a.Headers.Contains("Public-Changes"), "What services tell the gateway has left it.");
            }
        );

        // Who has it is told so; who has another one is told what is new.
        var (tag, length) = await Read(document, a => (a.Headers.ETag!.Tag, a.Content.Headers.ContentLength));
        Assert.Equal(
            HttpStatusCode.NotModified,
            await Read(document, a => a.StatusCode, r => r.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(tag)))
        );
        Assert.Equal(
            HttpStatusCode.OK,
            await Read(document, a => a.StatusCode, r => r.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"0p\"")))
        );
        Assert.Equal(
            (HttpStatusCode.OK, tag, ""),
            await Read(document, a => (a.StatusCode, a.Headers.ETag!.Tag, Body(a)), r => r.Method = HttpMethod.Head)
        );
        Assert.True(length is null or > 0);

        // Whoever asks for something of their own, or for something new, is not answered from there, and nobody is from theirs.
        var drafter = await Platform.Token("drafting-housing");
        await Task.WhenAll(
            NeverKept(document, r => r.Headers.Authorization = new("Bearer", drafter)),
            NeverKept(document, r => r.Headers.Authorization = new("Bearer", "no-token")),
            NeverKept(document, r => r.Headers.Add("Cookie", "session=1")),
            NeverKept(document, r => r.Headers.CacheControl = new() { NoCache = true }),
            NeverKept(document, r => r.Headers.Add("Read-Position", "documents=\"0/1\"")),
            NeverKept(document, r => r.Headers.Range = new(0, 1)),
            NeverKept($"{document}?receipt=abc", _ => { }),
            NeverKept($"documents/{Guid.NewGuid()}", _ => { }),
            NeverKept("documents", _ => { }),
            Task.Run(
                async () =>
                {
                    for (var n = 0; n < 100; n++)
                        await Read(
                            document,
                            a => Assert.True(!Json(a).TryGetProperty("gates", out var gates) || gates.ValueKind is not JsonValueKind.Array)
                        );
                },
                Cancellation
            )
        );
    }

    [Fact]
    public async Task whoever_writes_sees_it_at_once_and_everybody_within_a_quarter_of_a_second()
    {
        var (id, office) = (keeping.Documents[1], await Platform.Token("openness-office"));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        // What the other gateway answers, each with when it was asked.
        var answers = new ConcurrentQueue<(long Asked, int Status, int Revision)>();
        var readers = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (!over.IsCancellationRequested)
                    {
                        var asked = Stopwatch.GetTimestamp();
                        var (status, revision) = await Current(there, id);
                        answers.Enqueue((asked, status, revision));
                    }
                })
            )
            .ToArray();
        var written = new List<(long At, int Revision)>();
        for (var n = 0; n < 8; n++)
        {
            await Current(here, id);
            var revision = (await Amend(office, id, n)).GetProperty("revision").GetInt32();
            written.Add((Stopwatch.GetTimestamp(), revision));
            Assert.Equal((200, revision), await Current(here, id));
        }
        await Task.Delay(Longest * 2, Cancellation);
        await Platform.Post(
            office,
            $"documents/{id}/take-down",
            new
            {
                ground = "personalData",
                explanation = "暂停公开。",
                reason = "附件中含有公民身份号码。",
            }
        );
        var down = Stopwatch.GetTimestamp();
        Assert.NotEqual(200, (await Current(here, id)).Status);
        await Task.Delay(Longest * 2, Cancellation);
        await over.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Contains(answers, a => a.Asked > down);
        foreach (var (asked, status, revision) in answers)
        {
            var known = written.LastOrDefault(w => Stopwatch.GetElapsedTime(w.At, asked) > Longest).Revision;
            if (Stopwatch.GetElapsedTime(down, asked) > Longest)
                Assert.NotEqual(200, status);
            else if (status == 200)
                Assert.True(revision >= known, $"Revision {revision} was shown after {known}.");
        }
    }

    [Fact]
    public async Task whoever_has_read_something_new_is_shown_nothing_older_afterwards()
    {
        var (id, office) = (keeping.Documents[2], await Platform.Token("openness-office"));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var contradictions = new ConcurrentBag<string>();
        var kept = 0;
        // Through the other gateway, which hears of no write.
        var readers = Enumerable
            .Range(0, 6)
            .Select(reader =>
                Task.Run(async () =>
                {
                    var seen = 0;
                    for (var n = reader; !over.IsCancellationRequested; n++)
                    {
                        var (path, newest) = (n % 4) switch
                        {
                            0 => ($"documents/{id}/revisions/current", (Func<JsonElement, int>)(a => a.GetProperty("revision").GetInt32())),
                            1 => ($"documents/{id}", a => a.GetProperty("revisionInForce").GetInt32()),
                            2 => ($"documents/{id}/history", Newest),
                            _ => ($"documents/{id}/revisions", Newest),
                        };
                        using var answer = await there.GetAsync(Address(path), Cancellation);
                        if (answer.Headers.Age is not null)
                            Interlocked.Increment(ref kept);
                        var found = newest(Json(answer));
                        if (found < seen)
                            contradictions.Add($"{path} had revision {found} after {seen}.");
                        seen = found;
                    }
                })
            )
            .ToArray();
        for (var n = 0; n < 20; n++)
        {
            await Amend(office, id, n);
            await Task.Delay(50, Cancellation);
        }
        await over.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Empty(contradictions);
        Assert.True(kept > 0, "Nothing was kept.");
    }

    [Fact]
    public async Task what_becomes_public_at_an_instant_is_so_through_every_gateway_and_not_before()
    {
        var (office, drafter) = (await Platform.Token("openness-office"), await Platform.Token("drafting-housing"));
        var id = (
            await Platform.Post(
                drafter,
                "documents",
                new
                {
                    title = "测试区到时公开办法",
                    issuers = new[] { "370114-ZJ" },
                    subject = "CXJS",
                    disclosure = new { attribute = "proactive" },
                    text = "第一条 甲。",
                    changeNote = "起草",
                }
            )
        ).GetProperty("id").GetGuid();
        await Platform.Post(drafter, $"documents/{id}/review", new { });
        await Platform.Post(await Platform.Token("signing"), $"documents/{id}/sign", new { });
        await Platform.Post(office, $"documents/{id}/interpretation/exemption", new { reason = "只调整内部分工。" });
        await Platform.Post(office, $"documents/{id}/issue", new { documentNumber = "测政发〔2026〕901号", writtenOn = "2026-01-05" });
        var (instant, asked) = (DateTimeOffset.UtcNow.AddSeconds(3), Stopwatch.GetTimestamp());
        await Platform.Post(office, $"documents/{id}/publish", new { publishAt = instant });

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var seen = new ConcurrentQueue<(long Asked, long Answered, bool IsPublic)>();
        var readers = new[] { here, there }
            .SelectMany(gateway => new[] { $"documents/{id}", "library?q=到时公开" }.Select(path => (gateway, path)))
            .Select(reader =>
                Task.Run(async () =>
                {
                    while (!over.IsCancellationRequested)
                    {
                        var asked = Stopwatch.GetTimestamp();
                        using var answer = await reader.gateway.GetAsync(Address(reader.path), Cancellation);
                        var isPublic =
                            answer.IsSuccessStatusCode && (!Json(answer).TryGetProperty("total", out var total) || total.GetInt32() == 1);
                        seen.Enqueue((asked, Stopwatch.GetTimestamp(), isPublic));
                    }
                })
            )
            .ToArray();
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(seen.Any(s => s.IsPublic) ? true : null));
        await Task.Delay(Longest * 3, Cancellation);
        await over.CancelAsync();
        await Task.WhenAll(readers);

        var first = seen.Where(s => s.IsPublic).Min(s => s.Answered);
        Assert.True(Stopwatch.GetElapsedTime(asked, first) > TimeSpan.FromSeconds(2.9), "It was public before its instant.");
        var late = seen.Where(s => !s.IsPublic && Stopwatch.GetElapsedTime(first, s.Asked) > Longest).ToArray();
        Assert.Empty(late);
        Assert.Contains(seen, s => s.IsPublic && Stopwatch.GetElapsedTime(first, s.Asked) > Longest);
    }

    [Fact]
    public async Task while_a_service_hangs_nothing_of_it_is_shown_for_longer_and_the_others_answer()
    {
        var path = $"documents/{keeping.Documents[3]}";
        await IsKept(path, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var hanging = Platform.ServiceProcesses("Documents");
        try
        {
            foreach (var process in hanging)
                await RunningProgram.Signal("STOP", process);
            await Task.Delay(Longest, Cancellation);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var asked = Enumerable
                .Range(0, 20)
                .Select(async _ =>
                {
                    try
                    {
                        using var answer = await here.GetAsync(Address(path), patience.Token);
                        return (int)answer.StatusCode;
                    }
                    catch (OperationCanceledException)
                    {
                        return 0;
                    }
                })
                .ToArray();
            // Meanwhile everybody else is answered, and what is kept of others is.
            await IsKept("organisations", a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
            await patience.CancelAsync();
            Assert.DoesNotContain(200, await Task.WhenAll(asked));
        }
        finally
        {
            foreach (var process in hanging)
                await RunningProgram.Signal("CONT", process);
        }
        await Calls.Eventually<bool>(async () => await Read(path, a => a.IsSuccessStatusCode) ? true : null);
        await IsKept(path, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
    }

    [Fact]
    public void what_is_kept_ends_with_the_second_and_with_the_fifth_of_one()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 31, 15, 59, 59, 850, TimeSpan.Zero));
        var generations = new Generations(clock);
        var ended = 0;
        generations.Ended += () => ended++;
        var before = generations.Now;
        clock.Advance(TimeSpan.FromMilliseconds(149));
        Assert.Equal(before, generations.Now);
        // Midnight in Shanghai.
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var after = generations.Now;
        Assert.NotEqual(before, after);
        clock.Advance(Generations.Longest - TimeSpan.FromMilliseconds(1));
        Assert.Equal(after, generations.Now);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(after, generations.Now);
        var written = generations.Now;
        generations.End();
        Assert.NotEqual(written, generations.Now);
        Assert.Equal(4, ended);
    }

    static HttpClient Client(int port) =>
        new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new($"http://localhost:{port}") };

    static Uri Address(string path) => new($"/api/v1/{path}", UriKind.Relative);

    async Task<T> Read<T>(string path, Func<HttpResponseMessage, T> see, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        with?.Invoke(request);
        using var answer = await here.SendAsync(request, Cancellation);
        return see(answer);
    }

    Task<bool> Read(string path, Action<HttpResponseMessage> see) =>
        Read(
            path,
            a =>
            {
                see(a);
                return true;
            }
        );

    /// <summary>Reads until it was answered out of what is kept; what was fetched before is looked at too.</summary>
    Task<bool> IsKept(string path, Action<HttpResponseMessage> see, Action<HttpRequestMessage>? with = null) =>
        Calls.Eventually<bool>(async () =>
        {
            for (var n = 0; n < 5; n++)
                if (
                    await Read(
                        path,
                        a =>
                        {
                            see(a);
                            return a.Headers.Age is not null;
                        },
                        with
                    )
                )
                    return true;
            return null;
        });

    async Task NeverKept(string path, Action<HttpRequestMessage> with)
    {
        for (var n = 0; n < 30; n++)
            Assert.Null(await Read(path, a => a.Headers.Age, with));
    }

    static int Newest(JsonElement page) =>
        page.GetProperty("items")
            .EnumerateArray()
            .Select(i => i.GetProperty("revision"))
            .Where(r => r.ValueKind is JsonValueKind.Number)
            .Max(r => r.GetInt32());

    static async Task<(int Status, int Revision)> Current(HttpClient gateway, Guid id)
    {
        using var answer = await gateway.GetAsync(Address($"documents/{id}/revisions/current"), Cancellation);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? Json(answer).GetProperty("revision").GetInt32() : 0);
    }

    async Task<JsonElement> Amend(string office, Guid id, int n) =>
        await Platform.Post(
            office,
            $"documents/{id}/amendments",
            new
            {
                text = $"第一条 丙{n}。",
                changeNote = "修改",
                effectiveFrom = DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd"),
                emergencyReason = "须即日修改。",
            }
        );

    static string Body(HttpResponseMessage answer)
    {
        using var reader = new StreamReader(answer.Content.ReadAsStream(Cancellation));
        return reader.ReadToEnd();
    }

    static JsonElement Json(HttpResponseMessage answer) => JsonDocument.Parse(Body(answer)).RootElement;

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }
}
