using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PolicyPlatform.Faults;

/// <summary>
/// Sends what a front end sends: with a key, again until it is acknowledged. An answer that no caller should have to understand is a finding.
/// </summary>
sealed class Sender(Func<Uri> gateway, Journal journal, Action<string> find) : IDisposable
{
    // A slow machine starts a service again late; how fast is no matter here.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            MaxConnectionsPerServer = 64,
            PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        }
    )
    {
        // Sent again while the first may still be under way, with the same key.
        Timeout = TimeSpan.FromSeconds(5),
    };

    readonly ConcurrentDictionary<string, string> tokens = new();
    long retried;

    /// <summary>In which round.</summary>
    public int Round { get; set; }

    /// <summary>How many requests were sent again, in all.</summary>
    public long Retried => Interlocked.Read(ref retried);

    /// <summary>Sends a write until it is acknowledged, and puts it down.</summary>
    /// <param name="as">A client of the embedded identity provider.</param>
    /// <param name="work">What it is.</param>
    /// <param name="path">Where.</param>
    /// <param name="body">What.</param>
    /// <param name="of">What it belongs to.</param>
    /// <param name="text">The words in it that can be read again.</param>
    /// <param name="method">POST unless something is put in the place of what is there.</param>
    /// <param name="notYet">The codes of refusals that pass, because what is asked for comes by message.</param>
    public async Task<JsonElement> Send(
        string @as,
        Work work,
        string path,
        object body,
        string? of = null,
        string? text = null,
        HttpMethod? method = null,
        params string[] notYet
    )
    {
        var (key, json) = (Guid.NewGuid().ToString(), JsonSerializer.Serialize(body, JsonSerializerOptions.Web));
        method ??= HttpMethod.Post;
        for (var began = Stopwatch.StartNew(); ; Interlocked.Increment(ref retried), await Task.Delay(200))
        {
            if (began.Elapsed > Patience)
                throw new FindingException($"{method} {path} was not taken in {Patience.TotalMinutes:0} minutes.");
            var token = await Token(@as);
            using var request = new HttpRequestMessage(method, new Uri(gateway(), $"/api/v1/{path}"))
            {
                Content = new StringContent(json, Encoding.UTF8, "application/json"),
                Headers = { Authorization = new("Bearer", token) },
            };
            if (method == HttpMethod.Post)
                request.Headers.Add("Idempotency-Key", key);
            if (await Answer(request) is not { } answer)
                continue;
            if (answer.Status is >= 200 and < 300)
            {
                var said = JsonDocument.Parse(answer.Body).RootElement;
                var inner = said.TryGetProperty("registration", out var registration) ? registration : said;
                journal.Add(
                    new(
                        Round,
                        DateTimeOffset.UtcNow,
                        work,
                        path,
                        key,
                        Journal.Hash(json),
                        text is null ? null : Journal.Hash(text),
                        of,
                        Text(inner, "id"),
                        Number(inner, "version"),
                        Number(inner, "revision") ?? Number(inner, "number"),
                        Text(said, "receipt")
                    )
                );
                return said;
            }
            var code = Code(answer.Body);
            if (answer.Status == 401)
                tokens.TryRemove(@as, out _);
            else if (answer.Status < 500)
            {
                if (!notYet.Contains(code))
                    throw new FindingException($"{method} {path} was refused: {answer.Status} {answer.Body}");
            }
            else if (answer.Status != 503 || code is "" || !answer.MayRetry)
                find($"{method} {path} was answered with {answer.Status}{(answer.MayRetry ? "" : " without Retry-After")}: {answer.Body}");
        }
    }

    /// <summary>Reads; null when there is no answer to be had now.</summary>
    public async Task<(int Status, string Body)?> Read(string? @as, string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway(), $"/api/v1/{path}"));
        if (@as is not null)
            request.Headers.Authorization = new("Bearer", await Token(@as));
        request.Headers.Accept.ParseAdd(accept);
        return await Answer(request) is { Status: < 500 } answer ? (answer.Status, answer.Body) : null;
    }

    /// <summary>Reads JSON; an undefined element when there is none.</summary>
    public async Task<JsonElement> Json(string? @as, string path) =>
        await Read(@as, path) is (200, var body) ? JsonDocument.Parse(body).RootElement : default;

    async Task<(int Status, string Body, bool MayRetry)?> Answer(HttpRequestMessage request)
    {
        try
        {
            using var answer = await client.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.RetryAfter is not null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    async Task<string> Token(string name)
    {
        for (var began = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            if (tokens.TryGetValue(name, out var known))
                return known;
            if (began.Elapsed > Patience)
                throw new FindingException($"No token for {name} was given in {Patience.TotalMinutes:0} minutes.");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway(), "/connect/token"))
            {
                Content = new FormUrlEncodedContent(
                    new Dictionary<string, string>
                    {
                        ["grant_type"] = "client_credentials",
                        ["client_id"] = name,
                        ["client_secret"] = "development",
                    }
                ),
            };
            if (await Answer(request) is { Status: 200 } answer)
                tokens[name] = JsonDocument.Parse(answer.Body).RootElement.GetProperty("access_token").GetString()!;
        }
    }

    static string Code(string body)
    {
        try
        {
            return Text(JsonDocument.Parse(body).RootElement, "code") ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetInt64() : null;

    public void Dispose() => client.Dispose();
}

/// <summary>What must not be, and after which that piece of work cannot go on.</summary>
sealed class FindingException(string message) : Exception(message);
