using System.Collections.Concurrent;
using System.Text.Json;
using Xunit;

namespace PolicyPlatform.Testing;

/// <summary>
/// The work of an office while something goes wrong: documents are drafted, published and amended, and tickets about them come in. What follows
/// by messages is looked for afterwards.
/// </summary>
/// <param name="platform">Where it is done.</param>
/// <param name="name">What its documents and tickets are called, so that they are found.</param>
/// <param name="count">How many documents.</param>
/// <param name="first">The document number before the first one's.</param>
public sealed class OfficeWork(RunningPlatform platform, string name, int count, int first = 0)
{
    /// <summary>On how many documents it is at once.</summary>
    public const int AtOnce = 4;

    readonly ConcurrentBag<Guid> documents = [];
    int steps;

    /// <summary>The documents that were published.</summary>
    public IReadOnlyCollection<Guid> Documents => documents;

    /// <summary>How many requests were carried out: who lets things go wrong lets the work get on in between, on a slow machine as on a fast one.</summary>
    public int Steps => Volatile.Read(ref steps);

    /// <summary>The same work, looked for in another platform: one that was restored from a backup of this one.</summary>
    public OfficeWork In(RunningPlatform other)
    {
        var same = new OfficeWork(other, name, count, first);
        foreach (var id in documents)
            same.documents.Add(id);
        return same;
    }

    /// <summary>Does it, some at a time; what is refused for now is sent again with its key.</summary>
    public async Task Run()
    {
        var (office, drafter, signing, hotline) = (
            await platform.Token("openness-office"),
            await platform.Token("drafting-housing"),
            await platform.Token("signing"),
            await platform.Token("hotline")
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(1, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (n, _) =>
            {
                var id = (
                    await Post(
                        drafter,
                        "documents",
                        new
                        {
                            title = $"测试区{name}办法{n}",
                            issuers = new[] { "370114-ZJ" },
                            subject = "CXJS",
                            disclosure = new { attribute = "proactive" },
                            text = "第一条 甲。",
                            changeNote = "起草",
                        }
                    )
                ).GetProperty("id").GetGuid();
                await Post(drafter, $"documents/{id}/review", new { });
                await Post(signing, $"documents/{id}/sign", new { });
                await Post(office, $"documents/{id}/interpretation/exemption", new { reason = "只调整内部分工。" });
                await Post(
                    office,
                    $"documents/{id}/issue",
                    new { documentNumber = $"测政发〔2026〕{first + n}号", writtenOn = "2026-01-05" }
                );
                await Post(office, $"documents/{id}/publish", new { });
                await Post(
                    office,
                    $"documents/{id}/amendments",
                    new
                    {
                        text = "第一条 乙。",
                        changeNote = "修改",
                        effectiveFrom = DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd"),
                        emergencyReason = "须即日修改。",
                    }
                );
                await Post(
                    hotline,
                    "hotline/tickets",
                    new
                    {
                        ticketId = $"{name}-{n}",
                        question = "路灯不亮找谁",
                        body = "370114-ZJ",
                        documentId = id,
                    }
                );
                documents.Add(id);
            }
        );
    }

    async Task<JsonElement> Post(string token, string path, object body)
    {
        var answer = await platform.Post(token, path, body);
        Interlocked.Increment(ref steps);
        return answer;
    }

    /// <summary>Waits until every service knows all of it.</summary>
    public async Task IsKnownEverywhere()
    {
        var (office, hotline) = (await platform.Token("openness-office"), await platform.Token("hotline"));
        await Calls.Eventually<bool>(async () =>
            Items(await platform.Get(null, $"library?q={name}办法&pageSize=200")).Length == count ? true : null
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
        foreach (var n in Enumerable.Range(1, count))
            await Calls.Eventually<bool>(async () =>
                Said(await platform.Get(hotline, $"hotline/tickets/{name}-{n}"), "state") == "assigned" ? true : null
            );
    }

    // Right after a fault an answer may be a problem.
    static JsonElement[] Items(JsonElement answer) => answer.TryGetProperty("items", out var items) ? [.. items.EnumerateArray()] : [];

    static string? Said(JsonElement answer, string property) => answer.TryGetProperty(property, out var value) ? value.GetString() : null;

    /// <summary>
    /// Waits until nothing is in an outbox, an inbox or on the way, and sees that nothing died; notes for days to come are no messages that wait.
    /// </summary>
    public static async Task NothingWaits(RunningPlatform platform)
    {
        // Right after a fault a service may not answer yet.
        await Calls.Eventually<bool>(async () =>
            (await Waiting(platform)).Count == 0 && !(await Dead(platform)).Any(d => d.EndsWith(Silent, StringComparison.Ordinal))
                ? true
                : null
        );
        Assert.Empty(await Dead(platform));
    }

    /// <summary>What is in an outbox, an inbox or on the way, as <c>schema.table: count</c>.</summary>
    public static async Task<IReadOnlyList<string>> Waiting(RunningPlatform platform)
    {
        var tables = await platform.Query(
            "select format('%I.%I', schemaname, tablename) from pg_tables where tablename in ('wolverine_incoming_envelopes', 'wolverine_outgoing_envelopes') or schemaname = 'queues' and tablename like 'wolverine\\_queue\\_%' and tablename not like '%scheduled'"
        );
        Assert.True(tables.Count >= 8);
        return await platform.Query(
            string.Join(
                " union all ",
                tables.Select(table =>
                    $"select '{table}: ' || count(*) from {table} {(table.EndsWith("incoming_envelopes", StringComparison.Ordinal) ? "where status = 'Incoming' or status = 'Scheduled' and execution_time < now() + interval '10 minutes'" : "")} having count(*) > 0"
                )
            )
        );
    }

    /// <summary>
    /// The histories of all services in which something is missing or there twice. What Marten puts in the place of what was not committed is no
    /// history.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Gaps(RunningPlatform platform) =>
        [
            .. (
                await Task.WhenAll(
                    new[] { "catalog", "documents", "interpretation", "consultation" }.Select(service =>
                        platform.Query(
                            $"""
                            select '{service} ' || coalesce(e.stream_id, s.id) || ': ' || count(e.version) || ' events up to ' || coalesce(max(e.version), 0) || ', its head says ' || coalesce(max(s.version)::text, 'nothing')
                            from (select * from {service}.mt_events where type <> 'tombstone') e full join {service}.mt_streams s on s.id = e.stream_id
                            where e.version is not null or s.version > 0
                            group by coalesce(e.stream_id, s.id)
                            having count(e.version) is distinct from max(e.version) or count(distinct e.version) <> count(e.version) or min(e.version) <> 1
                                or max(s.version) is distinct from max(e.version)
                            limit 20
                            """
                        )
                    )
                )
            ).SelectMany(gaps => gaps),
        ];

    const string Silent = "does not answer";

    /// <summary>Which messages died of what, and of which services that is not known.</summary>
    public static async Task<string[]> Dead(RunningPlatform platform)
    {
        var dead = await platform.Get(await platform.Token("supervision"), "operations/dead-letters");
        return
        [
            .. dead.GetProperty("items")
                .EnumerateArray()
                .Select(d => $"{d.GetProperty("type")}: {d.GetProperty("fault")}, {d.GetProperty("detail")}"),
            .. dead.GetProperty("unanswered").EnumerateArray().Select(s => $"{s} {Silent}"),
        ];
    }
}
