using System.Text;
using System.Text.Json;
using Npgsql;
using PolicyPlatform.Documents.Text;

namespace PolicyPlatform.Benchmarks;

/// <summary>The measurements, each with its raw limit.</summary>
static class Measurements
{
    const int DocumentCount = 200;
    const int PayloadBytes = 18_000;

    static readonly string[] Words = ["供热企业", "应当", "按照规定", "及时", "公开", "用户", "不得", "擅自", "设施", "检修", "主管部门", "依法", "监督管理", "街道办事处", "镇人民政府", "服务", "标准", "室温", "热费", "退还"];

    /// <summary>A regulation of 18 KB in which one article is new each time.</summary>
    static string Text(int document, int revision)
    {
        var random = new Random(document);
        var text = new StringBuilder("测试区供热保障办法\n");
        for (var (article, bytes) = (1, 0); bytes < PayloadBytes; article++)
        {
            var line = $"第{ChineseNumerals.Write(article)}条 {string.Concat(Enumerable.Range(0, 25).Select(_ => Words[random.Next(Words.Length)]))}{(article == ChangedArticle ? Changed(revision) : "")}。\n";
            bytes += Encoding.UTF8.GetByteCount(line);
            text.Append(line);
        }
        return text.ToString();
    }

    const int ChangedArticle = 30;

    static string Changed(int revision) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"，自第{revision:D8}次修改起施行");

    static async Task<Guid[]> Drafts(Bench bench, string token, int count, int revisions)
    {
        using var client = bench.Client(token);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(async document =>
        {
            var created = await bench.Platform.Post(token, "documents", new { title = $"测试办法{document}", text = Text(document, 1) });
            var id = created.GetProperty("id").GetGuid();
            for (var n = 2; n <= revisions; n++) await bench.Platform.Post(token, $"documents/{id}/revisions", new { text = Text(document, n), changeNote = $"第{n}稿" });
            return id;
        }));
    }

    public static async Task Revisions(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, DocumentCount, 1);
        // Made before the clock runs, but for the number in the changed article: the load is the platform's work, not the generator's.
        var texts = Enumerable.Range(0, DocumentCount).Select(document => Text(document, 0)).ToArray();
        var bodies = texts.Select(t => JsonSerializer.SerializeToUtf8Bytes(new { text = t, changeNote = "修改一条" }, ServiceDefaults.JsonDefaults.Options)).ToArray();
        var numberAt = bodies.Select(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Changed(0))) + Encoding.UTF8.GetByteCount("，自第")).ToArray();
        var limit = await RawInsert(bench, texts);
        using var client = bench.Client(token);
        var next = 0;
        var recorded = await bench.Measure("record a revision", async _ =>
        {
            var n = Interlocked.Increment(ref next);
            var document = n % DocumentCount;
            var body = bodies[document].AsSpan().ToArray();
            System.Buffers.Text.Utf8Formatter.TryFormat(n, body.AsSpan(numberAt[document]), out _, new('D', 8));
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var answer = await client.PostAsync(new Uri($"/api/v1/documents/{documents[document]}/revisions", UriKind.Relative), content);
            return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        });
        Bench.Print(limit, recorded);
    }

    public static async Task Read(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, DocumentCount, 1);
        var limit = await RawSelect(bench, "select of the same text", [.. Enumerable.Range(0, DocumentCount).Select(d => Text(d, 1))], rows: 1);
        Bench.Print(limit, await Gets(bench, token, "read the current text", n => $"documents/{documents[n % DocumentCount]}/revisions/current"),
            await Gets(bench, token, "read a document without its text", n => $"documents/{documents[n % DocumentCount]}"));
    }

    public static async Task History(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var few = (await Drafts(bench, token, 1, 20))[0];
        var many = (await Drafts(bench, token, 1, 2000))[0];
        var limit = await RawSelect(bench, "select of 20 short rows", [.. Enumerable.Range(0, 2000).Select(n => $"第{n}稿")], rows: 20);
        Bench.Print(limit, await Gets(bench, token, "history of 20 revisions", _ => $"documents/{few}/history"), await Gets(bench, token, "history of 2,000 revisions", _ => $"documents/{many}/history"));
    }

    public static async Task Comparison(Bench bench)
    {
        var token = await bench.Platform.Token("drafting-housing");
        var documents = await Drafts(bench, token, 20, 3);
        var limit = await RawSelect(bench, "select of both texts", [.. Enumerable.Range(0, DocumentCount).Select(d => Text(d, 1))], rows: 2);
        Bench.Print(limit, await Gets(bench, token, "compare two revisions", n => $"documents/{documents[n % documents.Length]}/comparison?from=1&to=3"),
            await Gets(bench, token, "the same, changed blocks only", n => $"documents/{documents[n % documents.Length]}/comparison?from=1&to=3&unchanged=false"));
    }

    static async Task<Result> Gets(Bench bench, string token, string name, Func<int, string> path)
    {
        using var client = bench.Client(token);
        var next = 0;
        return await bench.Measure(name, async _ =>
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/{path(Interlocked.Increment(ref next))}", UriKind.Relative));
            await answer.Content.ReadAsByteArrayAsync();
            return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode}";
        });
    }

    static async Task<Result> RawInsert(Bench bench, string[] texts)
    {
        await using var database = bench.Database();
        await Execute(database, "create table public.raw_limit (id bigint generated always as identity primary key, document int not null, body text not null)");
        var next = 0;
        var result = await bench.Measure("plain insert of the same text", async _ =>
        {
            var n = Interlocked.Increment(ref next);
            await using var command = database.CreateCommand("insert into public.raw_limit (document, body) values ($1, $2)");
            command.Parameters.AddWithValue(n % DocumentCount);
            command.Parameters.AddWithValue(texts[n % texts.Length]);
            await command.ExecuteNonQueryAsync();
            return null;
        });
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
        var result = await bench.Measure(name, async _ =>
        {
            await using var command = database.CreateCommand("select id, body from public.raw_limit where id >= $1 order by id limit $2");
            command.Parameters.AddWithValue(Interlocked.Increment(ref next) % (texts.Length - rows + 1));
            command.Parameters.AddWithValue(rows);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) reader.GetString(1);
            return null;
        });
        await Execute(database, "drop table public.raw_limit");
        return result;
    }

    static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
