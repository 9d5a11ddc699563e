using System.Text;
using System.Text.Json;
using Marten;
using Npgsql;
using PolicyPlatform.Documents;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Benchmarks;

/// <summary>The measurements, each with its raw limit.</summary>
static class Measurements
{
    const int DocumentCount = 200;
    const int PayloadBytes = 18_000;

    static readonly string[] Words =
    [
        "供热企业",
        "应当",
        "按照规定",
        "及时",
        "公开",
        "用户",
        "不得",
        "擅自",
        "设施",
        "检修",
        "主管部门",
        "依法",
        "监督管理",
        "街道办事处",
        "镇人民政府",
        "服务",
        "标准",
        "室温",
        "热费",
        "退还",
    ];

    /// <summary>A regulation of 18 KB in which one article is new each time.</summary>
    public static string Text(int document, int revision)
    {
        var random = new Random(document);
        var text = new StringBuilder("测试区供热保障办法\n");
        for (var (article, bytes) = (1, 0); bytes < PayloadBytes; article++)
        {
            var line =
                $"第{ChineseNumerals.Write(article)}条 {string.Concat(Enumerable.Range(0, 25).Select(_ => Words[random.Next(Words.Length)]))}{(article == ChangedArticle ? Changed(revision) : "")}。\n";
            bytes += Encoding.UTF8.GetByteCount(line);
            text.Append(line);
        }
        return text.ToString();
    }

    const int ChangedArticle = 30;

    static string Changed(int revision) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"，自第{revision:D8}次修改起施行");

    static async Task<Guid[]> Drafts(Bench bench, string token, int count, int revisions)
    {
        using var client = bench.Client(token);
        return await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(async document =>
                {
                    var created = await bench.Platform.Post(
                        token,
                        "documents",
                        new { title = $"测试办法{document}", text = Text(document, 1) }
                    );
                    var id = created.GetProperty("id").GetGuid();
                    for (var n = 2; n <= revisions; n++)
                        await bench.Platform.Post(
                            token,
                            $"documents/{id}/revisions",
                            new { text = Text(document, n), changeNote = $"第{n}稿" }
                        );
                    return id;
                })
        );
    }

    public static async Task Revisions(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, DocumentCount, 1);
        var limit = await RawInsert(bench, [.. Enumerable.Range(0, DocumentCount).Select(document => Text(document, 0))]);
        Result.Print(limit, await Recorded(bench, token, documents));
    }

    static async Task<Result> Recorded(Bench bench, string token, Guid[] documents)
    {
        // Made before the clock runs, but for the number in the changed article: the load is the platform's work, not the generator's.
        var bodies = documents
            .Select(
                (_, document) =>
                    JsonSerializer.SerializeToUtf8Bytes(
                        new { text = Text(document, 0), changeNote = "修改一条" },
                        ServiceDefaults.JsonDefaults.Options
                    )
            )
            .ToArray();
        var numberAt = bodies
            .Select(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Changed(0))) + Encoding.UTF8.GetByteCount("，自第"))
            .ToArray();
        using var client = bench.Client(token);
        var next = 0;
        return await bench.Measure(
            "record a revision",
            async _ =>
            {
                var n = Interlocked.Increment(ref next);
                var document = n % documents.Length;
                var body = bodies[document].AsSpan().ToArray();
                System.Buffers.Text.Utf8Formatter.TryFormat(n, body.AsSpan(numberAt[document]), out _, new('D', 8));
                using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
                using var answer = await client.PostAsync(
                    new Uri($"/api/v1/documents/{documents[document]}/revisions", UriKind.Relative),
                    content
                );
                return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            }
        );
    }

    /// <summary>What people do most, with what they do it to among as many other documents as there are by now.</summary>
    public static async Task<Result[]> Everything(Bench bench, string name)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, DocumentCount, 1);
        Result[] measured =
        [
            await bench.Get(token, "read the current text", n => $"documents/{documents[n % DocumentCount]}/revisions/current"),
            await bench.Get(token, "read a document without its text", n => $"documents/{documents[n % DocumentCount]}"),
            await bench.Get(token, "read a history", n => $"documents/{documents[n % DocumentCount]}/history"),
            await Recorded(bench, token, documents),
            await Searched(bench, "search"),
        ];
        return [.. measured.Select(m => m with { Name = $"{name}: {m.Name}" })];
    }

    public static async Task Read(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, DocumentCount, 1);
        var limit = await RawSelect(
            bench,
            "select of the same text",
            [.. Enumerable.Range(0, DocumentCount).Select(d => Text(d, 1))],
            rows: 1
        );
        Result.Print(
            limit,
            await bench.Get(token, "read the current text", n => $"documents/{documents[n % DocumentCount]}/revisions/current"),
            await bench.Get(token, "read a document without its text", n => $"documents/{documents[n % DocumentCount]}")
        );
    }

    public static async Task History(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var few = (await Drafts(bench, token, 1, 20))[0];
        var many = (await Drafts(bench, token, 1, 5000))[0];
        var limit = await RawSelect(bench, "select of 20 short rows", [.. Enumerable.Range(0, 2000).Select(n => $"第{n}稿")], rows: 20);
        Result.Print(
            limit,
            await bench.Get(token, "history of 20 revisions", _ => $"documents/{few}/history"),
            await bench.Get(token, "history of 5,000 revisions", _ => $"documents/{many}/history"),
            await bench.Get(token, "revision N of 5,000", n => $"documents/{many}/revisions/{n * 37 % 5000 + 1}")
        );
    }

    public static async Task Idle(Bench bench)
    {
        // What follows a start is done by then.
        await Task.Delay(TimeSpan.FromMinutes(1));
        var before = bench.Use.Now();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromMinutes(1));
        var used = Used.Between(before, bench.Use.Now());
        foreach (var u in used.Append(new("all", used.Sum(u => u.Milliseconds), used.Sum(u => u.Switches), used.Sum(u => u.Allocated))))
            Console.WriteLine(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{u.Part, -20}{u.Milliseconds / watch.Elapsed.TotalMilliseconds, 8:0.0%} of a core{u.Switches / watch.Elapsed.TotalSeconds, 8:0} switches a second{u.Allocated / watch.Elapsed.TotalSeconds / 1024, 10:0} KB allocated a second"
                )
            );
    }

    public static async Task AsOf(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, 20, 20);
        var instant = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
        await bench.Platform.Post(token, $"documents/{documents[0]}/revisions", new { text = Text(0, 21) });
        var limit = await RawSelect(bench, "select of 20 short rows", [.. Enumerable.Range(0, 2000).Select(n => $"第{n}稿")], rows: 20);
        Result.Print(
            limit,
            await bench.Get(
                token,
                "document as of an instant",
                n => $"documents/{documents[n % 20]}?recordedAt={instant}&inForceOn=2026-01-01"
            ),
            await bench.Get(token, "its text", n => $"documents/{documents[n % 20]}/revisions/current?recordedAt={instant}")
        );
    }

    public static async Task Comparison(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, 20, 3);
        var limit = await RawSelect(
            bench,
            "select of both texts",
            [.. Enumerable.Range(0, DocumentCount).Select(d => Text(d, 1))],
            rows: 2
        );
        Result.Print(
            limit,
            await bench.Get(token, "compare two revisions", n => $"documents/{documents[n % documents.Length]}/comparison?from=1&to=3"),
            await bench.Get(
                token,
                "the same, changed blocks only",
                n => $"documents/{documents[n % documents.Length]}/comparison?from=1&to=3&unchanged=false"
            )
        );

        // The size of the civil code; every twentieth article is changed, some come, some go. In the process, without the network: the work
        // itself.
        var law = Enumerable
            .Range(1, 1260)
            .Select(n => $"{string.Concat(Enumerable.Range(0, 20).Select(w => Words[(n * 31 + w * 7) % Words.Length]))}第{n}种情形。")
            .ToList();
        var changed = law.Select((a, n) => n % 20 == 3 ? a.Insert(10, "修改以后的内容") : a).Where((_, n) => n % 250 != 7).ToList();
        for (var n = 100; n < 1200; n += 200)
            changed.Insert(n, $"新增加的条文内容完全不同{n}。");
        var (before, next) = BlockIdentity.Carry([], TextStructure.Cut(Numbered(law)), 1);
        var watch = new System.Diagnostics.Stopwatch();
        var times = new List<double>();
        for (var round = 0; round < 20; round++)
        {
            watch.Restart();
            var (after, _) = BlockIdentity.Carry(before, TextStructure.Cut(Numbered(changed)), next);
            TextComparison.Compare(before, after);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"1,260 articles, {Encoding.UTF8.GetByteCount(Numbered(law)) / 1000} KB, read, matched and compared: first {times[0]:0} ms, median {times.Order().ElementAt(10):0} ms, slowest after that {times.Skip(1).Max():0} ms"
            )
        );

        static string Numbered(List<string> articles) =>
            string.Join('\n', articles.Select((a, n) => $"第{ChineseNumerals.Write(n + 1)}条 {a}"));
    }

    public static async Task Search(Bench bench)
    {
        await ImportGenerated(bench, 2000);
        var limit = await RawSelect(bench, "select of 20 short rows", [.. Enumerable.Range(0, 2000).Select(Generator.Title)], rows: 20);
        Result.Print(limit, await Searched(bench, "search 2,000 documents of 20 KB"));
    }

    public static async Task<Result> Searched(Bench bench, string name)
    {
        var queries = new ThreadLocal<Random>(() => new(Environment.CurrentManagedThreadId));
        using var client = bench.Client("");
        client.DefaultRequestHeaders.Authorization = null;
        long found = 0,
            asked = 0;
        var searched = await bench.Measure(
            name,
            async _ =>
            {
                using var answer = await client.GetAsync(
                    new Uri($"/api/v1/library?q={Uri.EscapeDataString(Generator.Query(queries.Value!))}", UriKind.Relative)
                );
                var body = await answer.Content.ReadAsByteArrayAsync();
                if (!answer.IsSuccessStatusCode)
                    return $"{(int)answer.StatusCode}";
                // Reading every answer would be half of the load.
                if (Interlocked.Increment(ref asked) % 50 == 0)
                    Interlocked.Add(ref found, JsonDocument.Parse(body).RootElement.GetProperty("total").GetInt32());
                return null;
            }
        );
        Console.WriteLine($"{found / Math.Max(1, asked / 50)} documents found by a query in the mean");
        return searched;
    }

    public static async Task Import(Bench bench)
    {
        var texts = Enumerable.Range(0, 1000).Select(n => Generator.Text(n)).ToArray();
        var limit = await RawInsert(bench, texts);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await ImportGenerated(bench, 1000);
        Result.Print(limit, new("import a document of 20 KB", 1000 / watch.Elapsed.TotalSeconds, 0, 0, 0, null));
    }

    public static async Task ImportGenerated(Bench bench, int count, int first = 0)
    {
        var token = await bench.Platform.Token("integration");
        using var client = bench.Client(token);
        foreach (var chunk in Enumerable.Range(first, count).Chunk(500))
        {
            var lines = string.Join(
                '\n',
                chunk.Select(n =>
                    JsonSerializer.Serialize(
                        new
                        {
                            documentNumber = $"测发〔{2000 + n % 25}〕{n + 1}号",
                            title = Generator.Title(n),
                            issuers = new[] { "370114-ZJ" },
                            subject = "CXJS",
                            writtenOn = $"{2000 + n % 25}-01-05",
                            revisions = new[] { new { text = Generator.Text(n), effectiveFrom = $"{2000 + n % 25}-02-01" } },
                        },
                        ServiceDefaults.JsonDefaults.Options
                    )
                )
            );
            using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
            await SendImport(client, content);
        }
    }

    /// <summary>Imports documents, and waits until all are there.</summary>
    public static async Task SendImport(HttpClient client, HttpContent content, string query = "")
    {
        using var answer = await client.PostAsync(new Uri($"/api/v1/imports{query}", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        while (true)
        {
            var operation = JsonDocument
                .Parse(await client.GetStringAsync(new Uri($"/api/v1/operations/{id}", UriKind.Relative)))
                .RootElement;
            if (operation.GetProperty("outcomes").TryGetProperty("refused", out var refused))
                throw new InvalidOperationException($"{refused} documents were refused");
            if (operation.GetProperty("state").GetString() == "done")
                return;
            await Task.Delay(100);
        }
    }

    public static async Task Storage(Bench bench)
    {
        const int Documents = 50,
            Revisions = 20;
        var token = await bench.Platform.Token("drafting-housing");
        await using var database = bench.Database();
        var before = await Size();
        await Execute(
            database,
            "create table public.raw_limit (id bigint generated always as identity primary key, document int not null, body text not null)"
        );
        var empty = await Bytes("pg_total_relation_size('public.raw_limit')");
        for (var d = 0; d < Documents; d++)
        for (var n = 1; n <= Revisions; n++)
        {
            await using var insert = database.CreateCommand("insert into public.raw_limit (document, body) values ($1, $2)");
            insert.Parameters.AddWithValue(d);
            insert.Parameters.AddWithValue(Text(d, n));
            await insert.ExecuteNonQueryAsync();
        }
        var raw = await Bytes("pg_total_relation_size('public.raw_limit')") - empty;
        await Execute(database, "drop table public.raw_limit");
        await Drafts(bench, token, Documents, Revisions);
        await Execute(database, "vacuum full documents.mt_doc_policydocument");
        var used = await Size() - before;
        var plain = (long)Documents * Revisions * Encoding.UTF8.GetByteCount(Text(0, 1));
        Console.WriteLine(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{Documents} documents with {Revisions} revisions of {Encoding.UTF8.GetByteCount(Text(0, 1))} bytes: full texts {plain / 1024} KB, the same in a plain table on disk {raw / 1024} KB, events and history on disk {used / 1024} KB: ratio {used / (double)plain:0.000} to the full texts, {used / (double)raw:0.000} to the plain table"
            )
        );

        Task<long> Size() =>
            Bytes(
                "(select sum(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'documents' and c.relkind = 'r')"
            );

        async Task<long> Bytes(string what)
        {
            await using var command = database.CreateCommand($"select ({what})::bigint");
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    public static async Task Rebuild(Bench bench)
    {
        const int Events = 100_000;
        await using var database = bench.Database();
        using var store = DocumentStore.For(options =>
        {
            options.Connection(database);
            options.DatabaseSchemaName = "documents";
            options.UseSystemTextJsonForSerialization(
                ServiceDefaults.JsonDefaults.Apply(new()),
                Weasel.Core.EnumStorage.AsString,
                Weasel.Core.Casing.CamelCase
            );
            PolicyPlatform.Documents.DocumentsStore.Configure(options);
        });
        var by = new ServiceDefaults.Writing.Actor("bench", "370114-ZJ");
        var at = DateTimeOffset.UtcNow;
        // A thousand documents with a hundred events each, small texts: what is measured is the making of rows, not the reading of texts.
        foreach (var chunk in Enumerable.Range(0, Events / 100).Chunk(50))
        {
            await using var session = store.LightweightSession();
            foreach (var n in chunk)
            {
                var id = Guid.CreateVersion7();
                List<object> events =
                [
                    new DraftCreated(
                        id,
                        $"办法{n}",
                        DocumentKind.Other,
                        ["370114-ZJ"],
                        "CXJS",
                        new(DisclosureKind.Proactive),
                        false,
                        by,
                        at
                    ),
                ];
                for (var r = 1; r <= 97; r++)
                    events.Add(
                        new RevisionRecorded(
                            r,
                            [new("b1", BlockKind.Article, null, "第一条", $"第一条 第{r}稿。")],
                            2,
                            "改",
                            Significance.Minor,
                            "h",
                            "c",
                            by,
                            at
                        )
                    );
                events.Add(
                    new DocumentPublished(
                        id,
                        97,
                        new(
                            $"办法{n}",
                            DocumentKind.Other,
                            ["370114-ZJ"],
                            "CXJS",
                            new("测发", 2026, n + 1),
                            new(2026, 1, 5),
                            $"i/{n}",
                            new(DisclosureKind.Proactive)
                        ),
                        new(2026, 1, 5),
                        new(2026, 1, 5),
                        null,
                        by,
                        at
                    )
                );
                events.Add(
                    new RelationStated(
                        Guid.CreateVersion7(),
                        PolicyPlatform.Documents.RelationKind.RelatesTo,
                        id,
                        new(2026, 1, 5),
                        null,
                        null,
                        by,
                        at
                    )
                );
                session.Events.StartStream<PolicyDocument>(id, events);
            }
            await session.SaveChangesAsync();
        }
        using var daemon = await store.BuildProjectionDaemonAsync();
        foreach (var (name, _) in DocumentsStore.Made)
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await daemon.RebuildProjectionAsync(name, TimeSpan.FromHours(1), CancellationToken.None);
            Console.WriteLine(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{name, -28}{Events / watch.Elapsed.TotalSeconds, 10:0} events per second"
                )
            );
        }
    }

    static async Task<Result> RawInsert(Bench bench, string[] texts)
    {
        await using var database = bench.Database();
        await Execute(
            database,
            "create table public.raw_limit (id bigint generated always as identity primary key, document int not null, body text not null)"
        );
        var next = 0;
        var result = await bench.Measure(
            "plain insert of the same text",
            async _ =>
            {
                var n = Interlocked.Increment(ref next);
                await using var command = database.CreateCommand("insert into public.raw_limit (document, body) values ($1, $2)");
                command.Parameters.AddWithValue(n % DocumentCount);
                command.Parameters.AddWithValue(texts[n % texts.Length]);
                await command.ExecuteNonQueryAsync();
                return null;
            }
        );
        await Execute(database, "drop table public.raw_limit");
        return result;
    }

    static async Task<Result> RawSelect(Bench bench, string name, string[] texts, int rows)
    {
        await using var database = bench.Database();
        await Execute(database, "create table public.raw_limit (id int primary key, body text not null)");
        for (var i = 0; i < texts.Length; i++)
        {
            await using var insert = database.CreateCommand("insert into public.raw_limit values ($1, $2)");
            insert.Parameters.AddWithValue(i);
            insert.Parameters.AddWithValue(texts[i]);
            await insert.ExecuteNonQueryAsync();
        }
        var next = 0;
        var result = await bench.Measure(
            name,
            async _ =>
            {
                await using var command = database.CreateCommand(
                    "select id, body from public.raw_limit where id >= $1 order by id limit $2"
                );
                command.Parameters.AddWithValue(Interlocked.Increment(ref next) % (texts.Length - rows + 1));
                command.Parameters.AddWithValue(rows);
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                    reader.GetString(1);
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
}
