using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// Very many comment at once while Consultation, PostgreSQL and a broker are killed. Whoever has a receipt has a comment, once, in the letter
/// that it is one of; whoever has none sends again with the same key.
/// </summary>
public sealed class when_a_consultation_is_flooded
{
    const int Callers = 64,
        Comments = 3000;

    static readonly string[] Positions = ["support", "oppose", "suggest"];

    // What each says is one of these letters, with words of one's own.
    static readonly string[] Letters = [.. Enumerable.Range(0, 10).Select(n => new LetterCampaigns(n).Text(150))];

    // A slow machine starts a service again late; how fast is no matter of a test.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What a sender knows of a comment.</summary>
    sealed record Sent(int N, string Key, Guid Id, string Receipt);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task every_comment_with_a_receipt_is_there_once(bool overRabbitMq)
    {
        Assert.SkipWhen(overRabbitMq && !RabbitMqBroker.IsInstalled, "RabbitMQ is not installed here.");
        await using var broker = overRabbitMq ? await RabbitMqBroker.Start() : null;
        var data = RunningPlatform.NewFolder();
        await using (
            var platform = await RunningPlatform.Start(
                data,
                null,
                ["--no-samples", .. broker is null ? Array.Empty<string>() : ["--rabbitmq", broker.Address]]
            )
        )
        {
            Assert.False(platform.HasExited, platform.Output);
            await platform.Populate();
            var (id, block) = await Open(platform);
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Callers, UseProxy = false })
            {
                BaseAddress = platform.Api.BaseAddress,
                Timeout = TimeSpan.FromMinutes(1),
                // Without a token only so many come from one address; a front end has one.
                DefaultRequestHeaders = { Authorization = new("Bearer", await platform.Token("integration")) },
            };
            const string Indexes =
                "select relname || ' ' || relfilenode from pg_class where relkind = 'i' and relnamespace = 'consultation'::regnamespace order by 1";
            var indexes = await platform.Query(Indexes);
            var taken = new ConcurrentDictionary<int, Sent>();
            var refused = 0;
            var flood = Parallel.ForEachAsync(
                Enumerable.Range(0, Comments),
                new ParallelOptions { MaxDegreeOfParallelism = Callers },
                async (n, _) =>
                {
                    var key = Guid.NewGuid().ToString();
                    // One in ten goes away before hearing anything, and sends again.
                    if (n % 10 == 0)
                        await Leave(client, id, block, n, key);
                    var began = Stopwatch.StartNew();
                    Sent? sent;
                    while ((sent = await Send(client, id, block, n, key)) is null)
                    {
                        Interlocked.Increment(ref refused);
                        Assert.True(began.Elapsed < Patience, $"Comment {n} is not taken. {platform.Output}");
                        await Task.Delay(200, CancellationToken.None);
                    }
                    taken[n] = sent;
                }
            );

            await Taken(1);
            await KillAsItSorts(platform, id);
            await Taken(2);
            await Kill(platform, () => platform.Postmaster);
            await Taken(3);
            if (broker is not null)
                await broker.Kill();
            await Taken(4);
            await platform.EndConnections();
            await Taken(5);
            if (broker is not null)
                await broker.StartAgain();
            await Kill(platform, () => platform.ServiceProcess("Consultation"));
            await flood;
            Assert.True(refused > 0, "No fault was met.");
            // The last fault can have come when all were taken.
            await Calls.Eventually<bool>(async () =>
            {
                using var page = await client.GetAsync(new Uri($"/api/v1/consultations/{id}", UriKind.Relative));
                return page.IsSuccessStatusCode ? true : null;
            });
            // Whoever starts again does not make anew what 200,000 comments are found by.
            Assert.Equal(indexes, await platform.Query(Indexes));

            Assert.Equal(Comments, taken.Values.Select(s => s.Receipt).Distinct().Count());
            Assert.Equal(Comments, taken.Values.Select(s => s.Id).Distinct().Count());
            await EachIsReadByItsReceiptAndSentAgainComesToTheSame(client, id, block, taken);
            await EachIsThereOnceWhereverItIsCounted(platform, id, block, taken);
            await EachIsInOneLetter(platform, id, taken);
            // Made anew they are the same.
            await platform.Query(
                "with c as (delete from consultation.form_letter_comments), l as (delete from consultation.form_letters) delete from consultation.form_letter_progress"
            );
            await Kill(platform, () => platform.ServiceProcess("Consultation"));
            await EachIsInOneLetter(platform, id, taken);

            // The faults come at the same places of the flood, however fast the machine is.
            Task Taken(int sixths) =>
                Calls.Eventually<bool>(() =>
                    Task.FromResult<bool?>(taken.Count >= Comments * sixths / 6 || flood.IsCompleted ? true : null)
                );
        }
        Directory.Delete(data, recursive: true);
    }

    static async Task<(Guid Id, string Block)> Open(RunningPlatform platform)
    {
        var draft = await platform.Post(
            await platform.Token("drafting-housing"),
            "documents",
            new
            {
                title = "测试区公交票价办法",
                kind = "other",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                text = "第一条 为了规范公交票价，制定本办法。\n第二条 票价为两元。",
                changeNote = "起草",
            }
        );
        var opened = await platform.Post(
            await platform.Token("openness-office"),
            "consultations",
            new
            {
                documentId = draft.GetProperty("id").GetGuid(),
                explanation = "就票价征求意见。",
                ways = "信函。",
                contact = "交通科。",
            }
        );
        var id = opened.GetProperty("id").GetGuid();
        return (id, (await platform.Get(null, $"consultations/{id}")).GetProperty("blocks")[1].GetProperty("id").GetString()!);
    }

    static HttpRequestMessage Request(Guid id, string block, int n, string key) =>
        new(HttpMethod.Post, $"/api/v1/consultations/{id}/comments")
        {
            Content = JsonContent.Create(
                new
                {
                    anchor = n % 2 == 0 ? new { block } : null,
                    position = Positions[n % 3],
                    text = Text(n),
                    name = $"市民{n}",
                }
            ),
            Headers = { { "Idempotency-Key", key } },
        };

    static string Text(int n) => $"意见{n}：{Letters[n % Letters.Length]}";

    // Sends it, and is told nothing: it may be recorded, or not.
    static async Task Leave(HttpClient client, Guid id, string block, int n, string key)
    {
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(n % 100 / 10));
        using var request = Request(id, block, n, key);
        try
        {
            (await client.SendAsync(request, gone.Token)).Dispose();
        }
        catch (OperationCanceledException)
        {
            // As it should be.
        }
    }

    // Null where it has to be sent again, which the answer says.
    static async Task<Sent?> Send(HttpClient client, Guid id, string block, int n, string key)
    {
        using var request = Request(id, block, n, key);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode == 201)
        {
            var comment = JsonDocument.Parse(text).RootElement;
            return new(n, key, comment.GetProperty("id").GetGuid(), comment.GetProperty("receipt").GetString()!);
        }
        Assert.True(
            (int)answer.StatusCode == 503 && answer.Headers.RetryAfter is not null,
            $"Comment {n} was answered with {(int)answer.StatusCode}: {text}"
        );
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(JsonDocument.Parse(text).RootElement.Code(), new[] { "service.unavailable", "write.contended" });
        return null;
    }

    static async Task Kill(RunningPlatform platform, Func<int> find)
    {
        var victim = await Calls.Eventually<int>(() =>
        {
            try
            {
                return Task.FromResult<int?>(find());
            }
            catch (Exception e) when (e is InvalidOperationException or IOException)
            {
                // It is starting.
                return Task.FromResult<int?>(null);
            }
        });
        Process.GetProcessById(victim).Kill();
        await Calls.Eventually<bool>(() => Task.FromResult<bool?>(Directory.Exists($"/proc/{victim}") ? null : true));
        Assert.False(platform.HasExited, platform.Output);
    }

    // Killed with comments in its hands that are not placed: it waits for a row that the test holds.
    static async Task KillAsItSorts(RunningPlatform platform, Guid id)
    {
        await Calls.Eventually<bool>(async () => (await Placed(platform, id)).Count > 0 ? true : null);
        await using var held = await platform.Connect();
        await using var transaction = await held.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand(
            $"select from consultation.form_letter_progress where consultation_id = '{id}' for update",
            held,
            transaction
        );
        await hold.ExecuteNonQueryAsync();
        await Calls.Eventually<bool>(async () =>
            (
                await platform.Query(
                    "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%form_letter_progress%' and state = 'active'"
                )
            ).Count > 0
                ? true
                : null
        );
        await Kill(platform, () => platform.ServiceProcess("Consultation"));
    }

    static Task<IReadOnlyList<string>> Placed(RunningPlatform platform, Guid id) =>
        platform.Query(
            $"select comment_id || ' ' || letter_id from consultation.form_letter_comments where consultation_id = '{id}' order by 1"
        );

    static async Task EachIsInOneLetter(RunningPlatform platform, Guid id, ConcurrentDictionary<int, Sent> taken)
    {
        await Calls.Eventually<bool>(async () =>
            (await Placed(platform, id)).Count == Comments
            && (await platform.Query("select count(*) from consultation.comments_to_place"))[0] == "0"
                ? true
                : null
        );
        var letters = (await Placed(platform, id)).ToDictionary(p => Guid.Parse(p[..36]), p => Guid.Parse(p[37..]));
        Assert.Equal(taken.Values.Select(s => s.Id).Order(), letters.Keys.Order());
        Assert.Equal(Letters.Length, letters.Values.Distinct().Count());
        Assert.Equal(Letters.Length, taken.Values.Select(s => (s.N % Letters.Length, letters[s.Id])).Distinct().Count());
        Assert.Equal(
            letters.Values.CountBy(l => l).Select(l => $"{l.Key} {l.Value}").Order(StringComparer.Ordinal),
            (await platform.Query($"select id || ' ' || comments from consultation.form_letters where consultation_id = '{id}'")).Order(
                StringComparer.Ordinal
            )
        );
    }

    static Task EachIsReadByItsReceiptAndSentAgainComesToTheSame(
        HttpClient client,
        Guid id,
        string block,
        ConcurrentDictionary<int, Sent> taken
    ) =>
        Parallel.ForEachAsync(
            taken.Values,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (sent, _) =>
            {
                var own = await client.GetFromJsonAsync<JsonElement>(
                    new Uri($"/api/v1/comments/{sent.Receipt}", UriKind.Relative),
                    CancellationToken.None
                );
                Assert.Equal((sent.Id, Text(sent.N)), (own.GetProperty("id").GetGuid(), own.GetProperty("text").GetString()));
                Assert.Equal(sent, await Send(client, id, block, sent.N, sent.Key));
            }
        );

    static async Task EachIsThereOnceWhereverItIsCounted(
        RunningPlatform platform,
        Guid id,
        string block,
        ConcurrentDictionary<int, Sent> taken
    )
    {
        var statistics = await platform.Get(null, $"consultations/{id}/statistics");
        Assert.Equal(
            (Comments, Comments, Comments),
            (
                statistics.GetProperty("received").GetInt32(),
                statistics.GetProperty("waiting").GetInt32(),
                statistics.GetProperty("signatures").GetInt32()
            )
        );
        Assert.Equal(Positions.Order().Select(p => (p, Comments / 3)), Counts("positions").OrderBy(c => c.Value, StringComparer.Ordinal));
        Assert.Equal([("", Comments / 2), (block, Comments / 2)], Counts("blocks").OrderBy(c => c.Value, StringComparer.Ordinal));
        foreach (
            var (what, rows) in new[]
            {
                ("streams", "mt_streams s where exists (select from consultation.mt_doc_comment c where c.id = s.id) and version = 1"),
                ("comments", $"mt_doc_comment where consultation_id = '{id}'"),
                ("receipts of events", "mt_events where type = 'comment_received'"),
                ("senders", "mt_doc_commentsender"),
            }
        )
            Assert.Equal((what, $"{Comments}"), (what, (await platform.Query($"select count(*) from consultation.{rows}"))[0]));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/consultations/{id}/comments.ndjson?all=true")
        {
            Headers = { Authorization = new("Bearer", await platform.Token("openness-office")) },
        };
        using var answer = await platform.Api.SendAsync(request);
        var exported = (await answer.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(c => (c.GetProperty("id").GetGuid(), c.GetProperty("text").GetString()!))
            .Order();
        Assert.Equal(taken.Values.Select(s => (s.Id, Text(s.N))).Order(), exported);

        IEnumerable<(string Value, int Count)> Counts(string dimension) =>
            statistics
                .GetProperty(dimension)
                .EnumerateArray()
                .Select(c => (c.GetProperty("value").GetString()!, c.GetProperty("count").GetInt32()));
    }
}
