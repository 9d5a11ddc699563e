using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// Every call with whatever comes: wrong types, nulls in lists, unknown members, foreign page tokens, odd characters, other charsets. The
/// same requests each time; another seed with <c>FUZZ_SEED</c>, more of them with <c>FUZZ_REQUESTS</c>.
/// </summary>
public sealed class when_anything_is_sent(SampledPlatform sampled) : IClassFixture<SampledPlatform>
{
    static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "20260101", null);
    static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("FUZZ_REQUESTS") ?? "2000", null);

    static readonly string[] OddTexts =
    [
        "",
        " ",
        "\u0000",
        "%",
        "%25",
        "..",
        "../../etc/passwd",
        "'; drop table mt_events; --",
        "{}",
        "null",
        "-1",
        "0",
        "9223372036854775808",
        "1e400",
        "NaN",
        "0001-01-01",
        "2026-02-30",
        "2026-13-01T00:00:00Z",
        "𝒽𝑒𝒶𝓉",
        "\u202e供热",
        "\ufeff供热",
        "\ud800",
        "供热\r\n供热",
        "\"unclosed",
        "((((",
        "*",
        new string('长', 1500),
        "eyJJbiI6IngiLCJBdCI6e319",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ];

    // They speak to whoever writes the service, not to whoever calls it.
    static readonly string[] WordsOfTheFramework = ["parameter \\\"", "parameter \\u0022", "Did you mean", "System.", "Microsoft."];

    [Fact]
    public async Task nothing_is_an_error_of_the_platform_and_every_refusal_is_a_problem()
    {
        var api = await DescribedApi.Read(sampled.Platform.Api);
        var caller = await ByTheDocument.As(sampled.Platform);
        var random = new Random(Seed);
        var calls = api.Calls().ToArray();
        List<string> wrong = [];
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            var call = calls[i % calls.Length];
            using var request = await Any(call, api, caller, random);
            var sent =
                $"{i}: {request.Method} {request.RequestUri} {(request.Content is { } content ? Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)) : "")}";
            sent = sent.Length > 2000 ? sent[..2000] : sent;
            HttpResponseMessage answer;
            try
            {
                // What goes on for long, as events do, need not be heard to its end.
                answer = await sampled.Platform.Api.SendAsync(
                    request,
                    HttpCompletionOption.ResponseHeadersRead,
                    TestContext.Current.CancellationToken
                );
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                wrong.Add($"{sent}: {e.Message} {e.InnerException?.Message}");
                continue;
            }
            using (answer)
            {
                var status = (int)answer.StatusCode;
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
                if (status < 400)
                    continue;
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                if (status >= 500)
                    wrong.Add($"{sent}: {status} {text}\n{Log()}");
                else if (
                    answer.Content.Headers.ContentType?.MediaType != "application/problem+json"
                    || !text.Contains("\"code\":", StringComparison.Ordinal)
                )
                    wrong.Add($"{sent}: {status} without a problem: {text}");
                else if (WordsOfTheFramework.FirstOrDefault(w => text.Contains(w, StringComparison.Ordinal)) is { } words)
                    wrong.Add($"{sent}: {status} says \"{words}\": {text}");
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Requests} requests of seed {Seed}, {wrong.Count} findings; {string.Join(", ", statuses.Select(s => $"{s.Key}: {s.Value}"))}"
        );
        Assert.Empty(wrong);
    }

    string Log() =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(Path.Combine(sampled.Platform.Data, "logs"))
                .SelectMany(f => File.ReadLines(f).Where(l => l.Contains("Exception", StringComparison.Ordinal)).TakeLast(3))
        );

    static async Task<HttpRequestMessage> Any(DescribedCall call, DescribedApi api, ByTheDocument caller, Random random)
    {
        var path = await caller.Fill(call.Path);
        if (call.Path.Contains('{', StringComparison.Ordinal) && random.Next(4) == 0)
            // An address with a zero byte the server of the framework refuses by itself.
            path = await caller.Fill(
                call.Path,
                Escaped(OddTexts[random.Next(OddTexts.Length)].Replace("\0", "%2500", StringComparison.Ordinal))
            );
        var query = call
            .Query.Where(p => (bool?)p["required"] is true || random.Next(3) == 0)
            .Select(p => $"{p["name"]}={Escaped(Value(api.Resolve(p["schema"])!, random))}")
            .ToList();
        if (random.Next(8) == 0)
            query.Add($"unknown={Escaped(OddTexts[random.Next(OddTexts.Length)])}");
        var request = new HttpRequestMessage(new(call.Method), $"{path}{(query.Count > 0 ? "?" : "")}{string.Join('&', query)}");
        if (random.Next(6) > 0)
            request.Headers.Authorization = new("Bearer", caller.Token(random.Next(4) > 0 ? call : null, random));
        if (random.Next(10) == 0)
            request.Headers.TryAddWithoutValidation("If-Match", Header(OddTexts[random.Next(OddTexts.Length)]));
        if (random.Next(10) == 0)
            request.Headers.TryAddWithoutValidation("If-None-Match", "\"1\", W/\"2\", *");
        if (random.Next(10) == 0)
            request.Headers.TryAddWithoutValidation("Accept", random.Next(2) == 0 ? "application/pdf" : ";;;");
        if (call.Method is not ("GET" or "DELETE") && random.Next(12) > 0)
            request.Content = Body(call, api, random);
        return request;
    }

    static ByteArrayContent Body(DescribedCall call, DescribedApi api, Random random)
    {
        var schema = api.Resolve(call.Body["application/json"]?["schema"]);
        var json = schema is null
            ? OddTexts[random.Next(OddTexts.Length)]
            : (
                random.Next(3) == 0 && api.Example(call) is { } example
                    ? Mutated(example.DeepClone(), random)
                    : Made(schema, api, random, 0)
            )?.ToJsonString() ?? "null";
        if (random.Next(12) == 0)
            json = json[..random.Next(json.Length + 1)];
        if (random.Next(30) == 0)
            json = random.Next(2) == 0 ? "null" : "";
        var (encoding, charset) = random.Next(10) switch
        {
            0 => (Encoding.Unicode, "utf-16"),
            1 => (Encoding.Latin1, "iso-8859-1"),
            2 => (Encoding.UTF8, "gb18030"),
            3 => (Encoding.UTF8, "no-such-charset"),
            _ => (Encoding.UTF8, "utf-8"),
        };
        var types = call.Body.Select(b => b.Key).Append("application/json").Append("text/plain").Append("application/xml").ToArray();
        var content = new ByteArrayContent(encoding.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue(random.Next(6) > 0 ? types[0] : types[random.Next(types.Length)])
        {
            CharSet = charset,
        };
        return content;
    }

    /// <summary>A value that the schema allows, more or less.</summary>
    static JsonNode? Made(JsonNode schema, DescribedApi api, Random random, int depth)
    {
        schema = api.Resolve(schema)!;
        if (random.Next(12) == 0 || depth > 6)
            return Odd(random);
        if (schema["oneOf"]?.AsArray() is { } either)
            return Made(either[random.Next(either.Count)]!, api, random, depth);
        var types = schema["type"] is JsonArray several
            ? [.. several.Select(t => (string)t!)]
            : new[] { (string?)schema["type"] ?? "string" };
        switch (types[random.Next(types.Length)])
        {
            case "object":
                var made = new JsonObject();
                foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
                    if (random.Next(2) == 0)
                        made[name] = Made(member!, api, random, depth + 1);
                if (random.Next(8) == 0)
                    made["unknown"] = Odd(random);
                return made;
            case "array":
                return new JsonArray([
                    .. Enumerable
                        .Range(0, random.Next(4))
                        .Select(_ => schema["items"] is { } item ? Made(item, api, random, depth + 1) : Odd(random)),
                ]);
            case "null":
                return null;
            case "boolean":
                return random.Next(2) == 0;
            case "integer" or "number":
                return random.Next(-1, 30);
            default:
                return Value(schema, random);
        }
    }

    static string Value(JsonNode schema, Random random)
    {
        if (random.Next(3) == 0)
            return OddTexts[random.Next(OddTexts.Length)];
        if (schema["enum"]?.AsArray() is { } words)
            return (string)words[random.Next(words.Count)]!;
        return ((string?)schema["format"] ?? (schema["type"]?.ToString())) switch
        {
            "date" => $"20{random.Next(10, 40)}-0{random.Next(1, 10)}-1{random.Next(10)}",
            "date-time" => $"20{random.Next(10, 40)}-0{random.Next(1, 10)}-1{random.Next(10)}T08:00:00Z",
            "uuid" => Guid.NewGuid().ToString(),
            "int32" or "int64" or "integer" => $"{random.Next(-1, 30)}",
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "byte" => "5L6b54Ot",
            _ => random.Next(2) == 0 ? "370114-ZJ" : "供热 价格",
        };
    }

    static JsonNode? Odd(Random random) =>
        random.Next(8) switch
        {
            0 => null,
            1 => true,
            2 => -1.5e300,
            3 => new JsonArray(null, null),
            4 => new JsonObject { [OddTexts[random.Next(OddTexts.Length)]] = null },
            5 => new JsonArray(new JsonArray(new JsonArray())),
            6 => long.MaxValue,
            _ => OddTexts[random.Next(OddTexts.Length)],
        };

    /// <summary>An example with one thing changed.</summary>
    static JsonNode Mutated(JsonNode example, Random random)
    {
        if (example is not JsonObject { Count: > 0 } whole)
            return example;
        var name = whole.ElementAt(random.Next(whole.Count)).Key;
        if (random.Next(3) == 0)
            whole.Remove(name);
        else if (whole[name] is JsonObject { Count: > 0 } inner && random.Next(2) == 0)
            Mutated(inner, random);
        else if (whole[name] is JsonArray list && random.Next(2) == 0)
            list.Add(Odd(random));
        else
            whole[name] = Odd(random);
        return whole;
    }

    static string Escaped(string text) => Uri.EscapeDataString(text.Replace("\ud800", "", StringComparison.Ordinal));

    /// <summary>What a header can carry of it.</summary>
    static string Header(string text) => string.Concat(text.Where(c => c is >= ' ' and <= '~'));
}
