using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HdrHistogram;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>How soon a publication is everywhere, and how fast people and policies find each other.</summary>
static class PolicyMeasurements
{
    const int IdlePublications = 40,
        LoadPerMinute = 200,
        LoadSeconds = 60;
    const int Tickets = 10_000,
        Benefits = 1_000,
        Profiles = 5_000;

    static readonly string[] Places = ["library", "interpretation", "obligation", "webhook"];

    /// <summary>From "publish accepted" to visible: idle, and under 200 publications a minute.</summary>
    public static async Task Publication(Bench bench)
    {
        var platform = bench.Platform;
        await using var receiver = await WebhookReceiver.Start();
        await platform.Post(
            await platform.Token("integration"),
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { events = new[] { "document.published" } },
            }
        );
        var arrived = new ConcurrentDictionary<Guid, long>();
        receiver.Hear = body =>
            arrived.TryAdd(
                JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("documentId").GetGuid(),
                Stopwatch.GetTimestamp()
            );

        var ready = await Ready(platform, IdlePublications + LoadPerMinute * LoadSeconds / 60);
        Console.WriteLine();
        Console.WriteLine($"{"", -34}{"p50 ms", 10}{"p99 ms", 10}{"of accepting", 14}");
        // The first publications warm everything up.
        await Publish(platform, ready.Take(5), TimeSpan.Zero, arrived);
        Print("idle", await Publish(platform, ready.Skip(5).Take(IdlePublications - 5), TimeSpan.Zero, arrived));
        Print(
            $"{LoadPerMinute} a minute",
            await Publish(platform, ready.Skip(IdlePublications), TimeSpan.FromMinutes(1.0 / LoadPerMinute), arrived)
        );
    }

    static void Print(string load, (LongHistogram Accepted, Dictionary<string, LongHistogram> Visible) measured)
    {
        var accepting = measured.Accepted.GetValueAtPercentile(50) / 1000.0;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{load + ": accepted", -34}{accepting, 10:0.0}{measured.Accepted.GetValueAtPercentile(99) / 1000.0, 10:0.0}{1, 14:0.0}"
            )
        );
        foreach (var (place, latencies) in measured.Visible)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{load + ": " + place, -34}{latencies.GetValueAtPercentile(50) / 1000.0, 10:0.0}{latencies.GetValueAtPercentile(99) / 1000.0, 10:0.0}{latencies.GetValueAtPercentile(50) / 1000.0 / accepting, 14:0.0}"
                )
            );
    }

    /// <summary>
    /// Publishes, one after the other when there is no pause between them, else one each pause; measures from the acceptance to each place.
    /// </summary>
    static async Task<(LongHistogram Accepted, Dictionary<string, LongHistogram> Visible)> Publish(
        RunningPlatform platform,
        IEnumerable<(Guid Document, Guid Material, string Word)> ready,
        TimeSpan pause,
        ConcurrentDictionary<Guid, long> arrived
    )
    {
        var office = await platform.Token("openness-office");
        var accepted = new LongHistogram(60_000_000, 3);
        var visible = Places.ToDictionary(p => p, _ => new LongHistogram(60_000_000, 3));
        var running = new List<Task>();
        var clock = Stopwatch.StartNew();
        foreach (var (pair, n) in ready.Select((p, i) => (p, i)))
        {
            if (pause > TimeSpan.Zero && pause * n - clock.Elapsed is { Ticks: > 0 } wait)
                await Task.Delay(wait);
            var one = Once(pair);
            if (pause == TimeSpan.Zero)
                await one;
            else
                running.Add(one);
        }
        await Task.WhenAll(running);
        return (accepted, visible);

        async Task Once((Guid Document, Guid Material, string Word) pair)
        {
            var sent = Stopwatch.GetTimestamp();
            await platform.Post(office, $"documents/{pair.Document}/publish", new { });
            var from = Stopwatch.GetTimestamp();
            lock (accepted)
                accepted.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(sent, from).TotalMicroseconds));
            await Task.WhenAll(
                Seen("library", async () => (await platform.Get(null, $"library?q={pair.Word}")).GetProperty("total").GetInt32() == 1),
                Seen("interpretation", async () => await platform.Status($"interpretations/{pair.Material}") == 200),
                Seen(
                    "obligation",
                    async () =>
                        (await platform.Get(office, $"obligations/{pair.Document}")) is var o
                        && o.TryGetProperty("state", out var state)
                        && state.GetString() == "met"
                ),
                Seen("webhook", () => Task.FromResult(arrived.ContainsKey(pair.Document)))
            );

            async Task Seen(string place, Func<Task<bool>> there)
            {
                while (!await there())
                    await Task.Delay(10);
                var at = place == "webhook" ? arrived[pair.Document] : Stopwatch.GetTimestamp();
                lock (visible[place])
                    visible[place].RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(from, at).TotalMicroseconds, 1, 60_000_000));
            }
        }
    }

    /// <summary>Documents to which nothing is missing but the publication.</summary>
    static async Task<IReadOnlyList<(Guid Document, Guid Material, string Word)>> Ready(RunningPlatform platform, int count)
    {
        var (office, drafter, legal, signing) = (
            await platform.Token("openness-office"),
            await platform.Token("drafting-housing"),
            await platform.Token("legal-review"),
            await platform.Token("signing")
        );
        var ready = new ConcurrentDictionary<int, (Guid, Guid, string)>();
        await Parallel.ForEachAsync(
            Enumerable.Range(1, count),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (n, _) =>
            {
                var word = string.Create(CultureInfo.InvariantCulture, $"zx{n:D5}q");
                var id = (
                    await platform.Post(
                        drafter,
                        "documents",
                        new
                        {
                            title = $"测试办法{n}",
                            issuers = new[] { "370114-ZJ" },
                            subject = "CXJS",
                            disclosure = new { attribute = "proactive" },
                            text = $"第一条 {word}。",
                            changeNote = "起草",
                        }
                    )
                ).GetProperty("id").GetGuid();
                await platform.Post(drafter, $"documents/{id}/review", new { });
                await Calls.Eventually<bool>(async () =>
                    (await platform.Get(office, $"interpretation-plans/{id}")).TryGetProperty("state", out var _) ? true : null
                );
                await platform.Put(drafter, $"interpretation-plans/{id}", new { forms = new[] { "text" } });
                await platform.Post(legal, $"interpretation-plans/{id}/approve", new { });
                var material = (
                    await platform.Post(drafter, "interpretations", new { planId = id, content = new { title = "解读", text = "甲。" } })
                )
                    .GetProperty("id")
                    .GetGuid();
                await platform.Post(signing, $"interpretations/{material}/sign", new { });
                await platform.Post(signing, $"documents/{id}/sign", new { });
                await platform.Post(
                    office,
                    $"documents/{id}/issue",
                    new { documentNumber = $"测政发〔2026〕{n}号", writtenOn = "2026-01-05" }
                );
                await Calls.Eventually<bool>(async () =>
                    (await platform.Get(drafter, $"documents/{id}")).GetProperty("gates").GetArrayLength() == 0 ? true : null
                );
                ready[n] = (id, material, word);
            }
        );
        return [.. ready.OrderBy(r => r.Key).Select(r => r.Value)];
    }

    /// <summary>A document that everybody reads, and its blocks.</summary>
    static async Task<(Guid Document, string[] Blocks)> Published(RunningPlatform platform)
    {
        var (pair, office) = ((await Ready(platform, 1))[0], await platform.Token("openness-office"));
        await platform.Post(office, $"documents/{pair.Document}/publish", new { });
        await Calls.Eventually<bool>(async () =>
            (await platform.Get(null, "interpretations/documents")).GetProperty("items").GetArrayLength() > 0 ? true : null
        );
        return (
            pair.Document,
            [
                .. (await platform.Get(null, $"documents/{pair.Document}/revisions/1"))
                    .GetProperty("blocks")
                    .EnumerateArray()
                    .Select(b => b.GetProperty("id").GetString()!),
            ]
        );
    }

    /// <summary>Takes in 10,000 tickets, and gives each to its body.</summary>
    public static async Task Hotline(Bench bench)
    {
        var platform = bench.Platform;
        var (document, blocks) = await Published(platform);
        var token = await platform.Token("hotline");
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Tickets),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (n, _) =>
                await platform.Post(
                    token,
                    "hotline/tickets",
                    new
                    {
                        ticketId = $"T{n}",
                        question = $"第{n}个问题",
                        documentId = document,
                        blocks,
                    }
                )
        );
        var taken = watch.Elapsed;
        while ((await platform.Get(token, "hotline/tickets?state=received&pageSize=1")).GetProperty("items").GetArrayLength() > 0)
            await Task.Delay(500);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Tickets} tickets taken in {taken.TotalSeconds:0.0} s ({Tickets / taken.TotalSeconds:0} a second), all with their body after {watch.Elapsed.TotalSeconds:0.0} s ({watch.Elapsed / taken:0.00} times as long)"
            )
        );
        var query = Stopwatch.StartNew();
        await platform.Get(token, "hotline/statistics?by=block");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"statistics of all by block: {query.Elapsed.TotalMilliseconds:0} ms")
        );
    }

    /// <summary>Matches one profile against 1,000 benefits, and one benefit against 5,000 profiles.</summary>
    public static async Task Match(Bench bench)
    {
        var platform = bench.Platform;
        var (document, blocks) = await Published(platform);
        var (drafter, office, integration) = (
            await platform.Token("drafting-housing"),
            await platform.Token("openness-office"),
            await platform.Token("integration")
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Profiles),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (n, _) =>
                await platform.Put(
                    integration,
                    $"benefits/profiles/e{n}",
                    new
                    {
                        profile = new
                        {
                            size = n % 2 == 0 ? "micro" : "small",
                            staff = n % 100,
                            industry = $"行业{n % 20}",
                            revenue = n * 1000,
                        },
                    }
                )
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Benefits),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (n, _) =>
            {
                var id = (await platform.Post(drafter, "benefits", Benefit(n, document, blocks))).GetProperty("id").GetGuid();
                await platform.Post(office, $"benefits/{id}/publish", new { });
            }
        );

        await using var receiver = await WebhookReceiver.Start();
        await platform.Post(
            integration,
            "subscriptions",
            new
            {
                channel = "webhook",
                address = receiver.Address,
                filter = new { events = new[] { "benefit.offered" } },
            }
        );
        // The first one waits until the thousand before it are matched.
        for (var i = 0; i < 6; i++)
        {
            var id = (await platform.Post(drafter, "benefits", Benefit(Benefits + i, document, blocks))).GetProperty("id").GetGuid();
            var watch = Stopwatch.StartNew();
            await platform.Post(office, $"benefits/{id}/publish", new { });
            var told = await receiver.Event("benefit.offered", d => d.GetProperty("link").GetString() == $"/api/v1/benefits/{id}");
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"one benefit against {Profiles} profiles, from the call to the owner's webhook: {watch.Elapsed.TotalMilliseconds:0} ms ({told.GetProperty("data").GetProperty("profiles").GetArrayLength()} fit in the first message)"
                )
            );
        }

        using var client = bench.Client("");
        client.DefaultRequestHeaders.Authorization = null;
        var matched = await bench.Measure(
            "one profile, 1,000 benefits",
            async _ =>
            {
                using var answer = await client.PostAsync(
                    new Uri("/api/v1/benefits/match", UriKind.Relative),
                    System.Net.Http.Json.JsonContent.Create(
                        new
                        {
                            profile = new
                            {
                                size = "micro",
                                staff = 30,
                                industry = "行业3",
                                revenue = 50_000,
                            },
                        }
                    )
                );
                await answer.Content.ReadAsByteArrayAsync();
                return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode}";
            }
        );
        Result.Print(matched);
        var alone = new LongHistogram(60_000_000, 3);
        for (var i = 0; i < 200; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await client.PostAsync(
                new Uri("/api/v1/benefits/match", UriKind.Relative),
                System.Net.Http.Json.JsonContent.Create(
                    new
                    {
                        profile = new
                        {
                            size = "micro",
                            staff = i % 100,
                            industry = "行业3",
                            revenue = 50_000,
                        },
                    }
                )
            );
            await answer.Content.ReadAsByteArrayAsync();
            alone.RecordValue((long)watch.Elapsed.TotalMicroseconds);
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"one profile against {Benefits} benefits, alone: p50 {alone.GetValueAtPercentile(50) / 1000.0:0.0} ms, p99 {alone.GetValueAtPercentile(99) / 1000.0:0.0} ms"
            )
        );
    }

    static object Benefit(int n, Guid document, string[] blocks) =>
        new
        {
            title = $"补贴{n}",
            benefit = "一千元",
            documentId = document,
            blocks,
            conditions = new
            {
                all = new object[]
                {
                    new
                    {
                        field = "size",
                        @operator = "in",
                        value = new[] { "micro", "small" },
                    },
                    new
                    {
                        field = "staff",
                        @operator = "atLeast",
                        value = n % 90,
                    },
                    new
                    {
                        any = new object[]
                        {
                            new
                            {
                                field = "industry",
                                @operator = "equals",
                                value = $"行业{n % 20}",
                            },
                            new
                            {
                                field = "revenue",
                                @operator = "lessThan",
                                value = 1_000_000,
                            },
                        },
                    },
                },
            },
        };
}
