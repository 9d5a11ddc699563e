using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Benchmarks;

/// <summary>How a consultation bears a flood of comments, and what it costs to read it afterwards.</summary>
static class CommentMeasurements
{
    const int AnsweredAtOnce = 10_000;

    static readonly string[] Positions = ["support", "oppose", "suggest"];

    // 300 bytes, as a citizen writes.
    static readonly string Said = string.Concat(Enumerable.Repeat("建议提高退费比例并缩短到账时间。", 6))[..95];

    /// <summary>Comments through the gateway against the plain insert of the same row, one transaction each.</summary>
    public static async Task Comments(Bench bench)
    {
        var (id, block) = await Open(bench.Platform, "公交票价办法");
        var limit = await RawInsert(bench, id, block);
        using var client = bench.Client();
        var sent = 0L;
        var measured = bench.Measure("comment", _ => Send(client, id, block, Interlocked.Increment(ref sent)));
        var lag = await Lag(bench.Platform, id, () => Interlocked.Read(ref sent), measured);
        var comments = await measured;
        Result.Print(limit, comments);
        var statistics = await bench.Platform.Get(null, $"consultations/{id}/statistics");
        var rows = await bench.Platform.Query($"select count(*) from consultation.mt_doc_comment where consultation_id = '{id}'");
        Say($"statistics behind what was sent while it was: at most {lag.TotalSeconds:0.00} s");
        Say($"{statistics.GetProperty("received").GetInt64()} counted, {rows[0]} there, {sent} sent, {comments.Errors} refused");
    }

    /// <summary>A consultation with many comments against one with 200: its page, its statistics, its export, its answers.</summary>
    public static async Task CommentScale(Bench bench)
    {
        var (platform, many) = (bench.Platform, bench.Comments);
        // Shown at once, so that there is something to list.
        var (small, smallBlock) = await Open(platform, "小征求意见", "atOnce");
        var (large, largeBlock) = await Open(platform, "大征求意见", "atOnce");
        using var client = bench.Client(await platform.Token("integration"));
        var watch = Stopwatch.StartNew();
        await Fill(client, small, smallBlock, 200);
        await Fill(client, large, largeBlock, many);
        Say($"{many + 200} comments sent in {watch.Elapsed.TotalSeconds:0} s");

        var pages = new List<Result>();
        foreach (var (name, id) in new[] { ("page, 200 comments", small), ($"page, {many} comments", large) })
            pages.Add(await bench.Get(null, name, _ => $"consultations/{id}"));
        Result.Print([.. pages]);
        pages.Clear();
        foreach (var (name, id) in new[] { ("list, 200 comments", small), ($"list, {many} comments", large) })
            pages.Add(await bench.Get(null, name, _ => $"consultations/{id}/comments"));
        Result.Print([.. pages]);

        var office = await platform.Token("openness-office");
        using var staff = bench.Client(office);
        staff.Timeout = TimeSpan.FromMinutes(5);
        // From a process that has not yet taken the memory that it needs.
        Process.GetProcessById(platform.ServiceProcess("Consultation")).Kill();
        while (await platform.Status($"consultations/{large}") != 200)
            await Task.Delay(200);
        foreach (var format in new[] { "ndjson", "csv" })
        {
            var process = Process.GetProcessById(platform.ServiceProcess("Consultation"));
            var before = process.WorkingSet64;
            var most = before;
            using var done = new CancellationTokenSource();
            var watching = Task.Run(async () =>
            {
                while (!done.IsCancellationRequested)
                {
                    process.Refresh();
                    most = Math.Max(most, process.WorkingSet64);
                    await Task.Delay(50);
                }
            });
            watch.Restart();
            var bytes = 0L;
            using (
                var answer = await staff.GetAsync(
                    new Uri($"/api/v1/consultations/{large}/comments.{format}?all=true", UriKind.Relative),
                    HttpCompletionOption.ResponseHeadersRead
                )
            )
            await using (var body = await answer.Content.ReadAsStreamAsync())
            {
                var buffer = new byte[64 * 1024];
                for (int read; (read = await body.ReadAsync(buffer)) > 0; )
                    bytes += read;
            }
            var took = watch.Elapsed;
            await done.CancelAsync();
            await watching;
            Say(
                $"export as {format}: {many} comments, {bytes / 1_000_000} MB in {took.TotalSeconds:0.0} s, at most {(most - before) / 1_000_000} MB more memory"
            );
        }

        var ids = (
            await platform.Query(
                $"select string_agg(id::text, ',') from (select id from consultation.mt_doc_comment where consultation_id = '{large}' limit {AnsweredAtOnce}) c"
            )
        )[0]
            .Split(',');
        var group = (await platform.Post(office, $"consultations/{large}/groups", new { title = "退费比例" }))
            .GetProperty("id")
            .GetString();
        await Timed("put into a group", "grouping", new { group, comments = ids });
        await Timed(
            "answered as a group",
            "feedback",
            new
            {
                answers = new[]
                {
                    new
                    {
                        groups = new[] { group },
                        outcome = "adopted",
                        reason = "已提高。",
                    },
                },
            }
        );
        await Timed(
            "answered one by one",
            "feedback",
            new
            {
                answers = new[]
                {
                    new
                    {
                        comments = ids,
                        outcome = "adopted",
                        reason = "已提高。",
                    },
                },
            }
        );

        async Task Timed(string what, string path, object body)
        {
            watch.Restart();
            await platform.Post(office, $"consultations/{large}/{path}", body);
            Say($"{ids.Length} comments {what} in {watch.Elapsed.TotalSeconds:0.00} s");
        }
    }

    internal static async Task<(Guid Id, string Block)> Open(RunningPlatform platform, string title, string showing = "afterRelease")
    {
        var draft = await platform.Post(
            await platform.Token("drafting-housing"),
            "documents",
            new
            {
                title,
                kind = "other",
                issuers = new[] { "370114-ZJ" },
                subject = "CXJS",
                disclosure = new { attribute = "proactive" },
                text = string.Join(
                    '\n',
                    Enumerable.Range(1, 20).Select(n => $"第{n}条 公交票价的第{n}个问题按照本条处理，由区有关部门负责。")
                ),
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
                showing,
            }
        );
        var id = opened.GetProperty("id").GetGuid();
        var page = await platform.Get(null, $"consultations/{id}");
        return (id, page.GetProperty("blocks")[1].GetProperty("id").GetString()!);
    }

    static async Task<string?> Send(HttpClient client, Guid id, string block, long n)
    {
        using var content = new ByteArrayContent(
            Encoding.UTF8.GetBytes(
                $$"""{"anchor":{"block":"{{block}}"},"position":"{{Positions[n % 3]}}","text":"{{n}} {{Said}}","kind":"citizen","region":"370114"}"""
            )
        )
        {
            Headers = { ContentType = new("application/json") },
        };
        using var answer = await client.PostAsync(new Uri($"/api/v1/consultations/{id}/comments", UriKind.Relative), content);
        return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }

    static Task Fill(HttpClient client, Guid id, string block, int count) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (n, _) =>
            {
                while (await Send(client, id, block, n) is not null)
                    await Task.Delay(50, CancellationToken.None);
            }
        );

    // How long after a moment the statistics know of all that had been sent by then.
    static async Task<TimeSpan> Lag(RunningPlatform platform, Guid id, Func<long> sent, Task measured)
    {
        var most = TimeSpan.Zero;
        while (!measured.IsCompleted)
        {
            await Task.Delay(1000);
            var by = sent() - 300;
            var watch = Stopwatch.StartNew();
            while (
                !measured.IsCompleted
                && (await platform.Get(null, $"consultations/{id}/statistics")).GetProperty("received").GetInt64() < by
            )
                await Task.Delay(20);
            most = watch.Elapsed > most ? watch.Elapsed : most;
        }
        return most;
    }

    static async Task<Result> RawInsert(Bench bench, Guid id, string block)
    {
        await using var database = bench.Database();
        await Execute(
            database,
            "create table public.raw_limit (id uuid primary key, consultation_id uuid not null, block text, position text, body text not null, received_at timestamptz not null)"
        );
        var next = 0L;
        var result = await bench.Measure(
            "plain insert of the same row",
            async _ =>
            {
                var n = Interlocked.Increment(ref next);
                await using var command = database.CreateCommand("insert into public.raw_limit values ($1, $2, $3, $4, $5, $6)");
                command.Parameters.AddWithValue(Guid.NewGuid());
                command.Parameters.AddWithValue(id);
                command.Parameters.AddWithValue(block);
                command.Parameters.AddWithValue(Positions[n % 3]);
                command.Parameters.AddWithValue($"{n} {Said}");
                command.Parameters.AddWithValue(DateTimeOffset.UtcNow);
                await command.ExecuteNonQueryAsync();
                return null;
            }
        );
        await Execute(database, "drop table public.raw_limit");
        return result;
    }

    static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    static void Say(FormattableString what) => Console.WriteLine(what.ToString(CultureInfo.InvariantCulture));
}
