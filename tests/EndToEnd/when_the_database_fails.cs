using System.Text.Json;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// PostgreSQL's connections end and PostgreSQL itself is killed, again and again, while documents are published and amended and tickets
/// come in. Nothing of what follows by messages is lost.
/// </summary>
public sealed class when_the_database_fails
{
    const int Documents = 24;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_follows_by_messages_follows_all_the_same(bool overRabbitMq)
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
            await using var receiver = await WebhookReceiver.Start();
            await platform.Post(
                await platform.Token("integration"),
                "subscriptions",
                new
                {
                    channel = "webhook",
                    address = receiver.Address,
                    filter = new { events = new[] { "document.published", "document.changed" } },
                }
            );

            var load = Load(platform);
            for (var round = 0; !load.IsCompleted; round++)
            {
                await Task.WhenAny(load, Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken));
                if (round % 4 == 3)
                    System.Diagnostics.Process.GetProcessById(platform.Postmaster).Kill();
                else
                    await Terminate(platform);
            }
            var documents = await load;
            // What is under way when the last document is there meets a fault as well.
            await Terminate(platform);

            await AllIsThere(platform, documents);
            await Calls.Eventually<bool>(() =>
                Task.FromResult<bool?>(receiver.Received.Select(r => r.Id).Distinct().Count() == 2 * Documents ? true : null)
            );
            await NothingWaits(platform);
            var dead = await platform.Get(await platform.Token("supervision"), "operations/dead-letters");
            Assert.Equal((0, 0), (dead.GetProperty("items").GetArrayLength(), dead.GetProperty("unanswered").GetArrayLength()));
        }
        Directory.Delete(data, recursive: true);
    }

    static async Task Terminate(RunningPlatform platform)
    {
        try
        {
            await platform.Query(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and application_name <> 'test'"
            );
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or IOException)
        {
            // It is starting.
        }
    }

    static async Task<IReadOnlyList<Guid>> Load(RunningPlatform platform)
    {
        var (office, drafter, signing, hotline) = (
            await platform.Token("openness-office"),
            await platform.Token("drafting-housing"),
            await platform.Token("signing"),
            await platform.Token("hotline")
        );
        var documents = new System.Collections.Concurrent.ConcurrentBag<Guid>();
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Documents),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (n, _) =>
            {
                var id = (
                    await platform.Post(
                        drafter,
                        "documents",
                        new
                        {
                            title = $"测试区断线办法{n}",
                            issuers = new[] { "370114-ZJ" },
                            subject = "CXJS",
                            disclosure = new { attribute = "proactive" },
                            text = "第一条 甲。",
                            changeNote = "起草",
                        }
                    )
                ).GetProperty("id").GetGuid();
                await platform.Post(drafter, $"documents/{id}/review", new { });
                await platform.Post(signing, $"documents/{id}/sign", new { });
                await platform.Post(office, $"documents/{id}/interpretation/exemption", new { reason = "只调整内部分工。" });
                await platform.Post(
                    office,
                    $"documents/{id}/issue",
                    new { documentNumber = $"测政发〔2026〕{n}号", writtenOn = "2026-01-05" }
                );
                await platform.Post(office, $"documents/{id}/publish", new { });
                await platform.Post(
                    office,
                    $"documents/{id}/amendments",
                    new
                    {
                        text = "第一条 乙。",
                        changeNote = "修改",
                        effectiveFrom = DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd"),
                    }
                );
                await platform.Post(
                    hotline,
                    "hotline/tickets",
                    new
                    {
                        ticketId = $"断线-{n}",
                        question = "路灯不亮找谁",
                        body = "370114-ZJ",
                        documentId = id,
                    }
                );
                documents.Add(id);
            }
        );
        return [.. documents];
    }

    static async Task AllIsThere(RunningPlatform platform, IReadOnlyList<Guid> documents)
    {
        var (office, hotline) = (await platform.Token("openness-office"), await platform.Token("hotline"));
        await Calls.Eventually<bool>(async () =>
            Items(await platform.Get(null, "library?q=断线办法&pageSize=200")).Length == Documents ? true : null
        );
        foreach (var id in documents)
        {
            await Calls.Eventually<bool>(async () =>
                Items(await platform.Get(null, "interpretations/documents?pageSize=200"))
                    .Any(d => d.GetProperty("id").GetGuid() == id && d.GetProperty("revision").GetInt32() == 2)
                    ? true
                    : null
            );
            await Calls.Eventually<bool>(async () => Said(await platform.Get(office, $"obligations/{id}"), "state") == "met" ? true : null);
            await Calls.Eventually<bool>(async () =>
                Said(await platform.Get(office, $"obligations/{id}-r2"), "state") == "met" ? true : null
            );
            await Calls.Eventually<bool>(async () =>
                Said(await platform.Get(office, $"interpretation-plans/{id}"), "state") == "exempted" ? true : null
            );
        }
        foreach (var n in Enumerable.Range(1, Documents))
            await Calls.Eventually<bool>(async () =>
                Said(await platform.Get(hotline, $"hotline/tickets/断线-{n}"), "state") == "assigned" ? true : null
            );
    }

    // Right after a fault an answer may be a problem.
    static JsonElement[] Items(JsonElement answer) => answer.TryGetProperty("items", out var items) ? [.. items.EnumerateArray()] : [];

    static string? Said(JsonElement answer, string property) => answer.TryGetProperty(property, out var value) ? value.GetString() : null;

    // Neither in an outbox, nor in an inbox, nor on the way; notes for days to come are no messages that wait.
    static Task<bool> NothingWaits(RunningPlatform platform) =>
        Calls.Eventually<bool>(async () =>
        {
            var tables = await platform.Query(
                "select format('%I.%I', schemaname, tablename) from pg_tables where tablename in ('wolverine_incoming_envelopes', 'wolverine_outgoing_envelopes') or schemaname = 'queues' and tablename like 'wolverine\\_queue\\_%' and tablename not like '%scheduled'"
            );
            Assert.True(tables.Count >= 8);
            foreach (var table in tables)
                if (
                    await platform.Query(
                        $"select count(*) from {table} {(table.EndsWith("incoming_envelopes", StringComparison.Ordinal) ? "where status = 'Incoming' or status = 'Scheduled' and execution_time < now() + interval '10 minutes'" : "")}"
                    )
                    is not ["0"]
                )
                    return null;
            return true;
        });
}
