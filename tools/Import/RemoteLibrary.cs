using System.Net.Http.Json;
using System.Text.Json;

namespace PolicyPlatform.Tools.Import;

/// <summary>The platform refused something; the message says what and why.</summary>
sealed class RefusedException(string message) : Exception(message);

/// <summary>The platform as the tool talks to it.</summary>
sealed class RemoteLibrary : IDisposable
{
    // A service that is started again, or a database that recovers, is away for no longer.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly HttpClient client;
    readonly Func<CancellationToken, Task> signIn;

    RemoteLibrary(Uri api, string clientId, string secret)
    {
        client = new() { BaseAddress = api, Timeout = TimeSpan.FromMinutes(5) };
        signIn = cancellation => SignIn(clientId, secret, cancellation);
    }

    public static async Task<RemoteLibrary> SignIn(Uri api, string clientId, string secret, CancellationToken cancellation)
    {
        var library = new RemoteLibrary(api, clientId, secret);
        await library.signIn(cancellation);
        return library;
    }

    async Task SignIn(string clientId, string secret, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = clientId,
                ["client_secret"] = secret,
            }
        );
        using var answer = await client.PostAsync(new Uri("/connect/token", UriKind.Relative), form, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new RefusedException(
                $"{client.BaseAddress} does not sign {clientId} in ({(int)answer.StatusCode}): check --client and --secret."
            );
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("access_token").GetString()
        );
    }

    /// <summary>Sends a package, waits until it is worked off, and tells what became of each document.</summary>
    public async Task<IReadOnlyList<ReportLine>> Import(
        byte[] zip,
        string? issuer,
        string? subject,
        string? kind,
        Action<double> progress,
        CancellationToken cancellation
    )
    {
        var query = string.Join(
            '&',
            new[] { ("issuer", issuer), ("subject", subject), ("kind", kind) }
                .Where(p => p.Item2 is not null)
                .Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}")
        );
        // Sent again because no answer came, it is the same request; another run is another one.
        var key = Guid.NewGuid().ToString();
        var operation = await Send(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/imports?{query}")
                {
                    Content = new ByteArrayContent(zip) { Headers = { ContentType = new("application/zip") } },
                };
                request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            cancellation
        );
        var id = operation.GetProperty("id").GetString();
        while (operation.GetProperty("state").GetString() != "done")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation);
            operation = await Get($"/api/v1/operations/{id}", cancellation);
            progress(operation.GetProperty("done").GetInt32() / (double)Math.Max(1, operation.GetProperty("total").GetInt32()));
        }
        var lines = new List<ReportLine>();
        for (string? token = ""; token is not null; )
        {
            var page = await Get($"/api/v1/imports/{id}/report?pageSize=200&pageToken={token}", cancellation);
            lines.AddRange(page.GetProperty("items").EnumerateArray().Select(ReportLine.Of));
            token = page.GetProperty("nextPageToken").GetString();
        }
        return lines;
    }

    Task<JsonElement> Get(string path, CancellationToken cancellation) => Send(() => new(HttpMethod.Get, path), cancellation);

    async Task<JsonElement> Send(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        var began = DateTime.UtcNow;
        var isSignedIn = false;
        while (true)
        {
            try
            {
                using var request = make();
                using var answer = await client.SendAsync(request, cancellation);
                var text = await answer.Content.ReadAsStringAsync(cancellation);
                if (answer.IsSuccessStatusCode)
                    return JsonDocument.Parse(text).RootElement;
                // A token lasts for an hour, an import may last longer.
                if ((int)answer.StatusCode == 401 && !isSignedIn)
                {
                    await signIn(cancellation);
                    isSignedIn = true;
                    continue;
                }
                if ((int)answer.StatusCode is not (503 or 429) || DateTime.UtcNow - began > Patience)
                    throw new RefusedException($"{request.RequestUri}: {(int)answer.StatusCode} {text}");
            }
            catch (HttpRequestException) when (DateTime.UtcNow - began < Patience)
            {
                // The platform is away for a moment; it goes on where it was.
            }
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    public void Dispose() => client.Dispose();
}

/// <summary>What became of a document.</summary>
sealed record ReportLine(string Source, string Outcome, string? DocumentId, int Recorded, string Problem)
{
    public static ReportLine Of(JsonElement line) =>
        new(
            line.GetProperty("source").GetString()!,
            line.GetProperty("outcome").GetString()!,
            line.GetProperty("documentId").GetString(),
            line.GetProperty("recorded").GetInt32(),
            string.Join(
                "; ",
                line.GetProperty("errors")
                    .EnumerateArray()
                    .Select(e => $"{e.GetProperty("pointer").GetString()} {e.GetProperty("detail").GetString()}".Trim())
            )
        );

    /// <summary>The lines as a table; what a spreadsheet would take for a formula is quoted.</summary>
    public static string Csv(IEnumerable<ReportLine> lines) =>
        string.Concat(
            lines
                .Select(l =>
                    string.Join(
                        ',',
                        new[]
                        {
                            l.Source,
                            l.Outcome,
                            l.DocumentId ?? "",
                            l.Recorded.ToString(System.Globalization.CultureInfo.InvariantCulture),
                            l.Problem,
                        }.Select(Quoted)
                    ) + "\r\n"
                )
                .Prepend("source,outcome,documentId,recorded,problem\r\n")
        );

    static string Quoted(string value) =>
        $"\"{(value.Length > 0 && "=+-@".Contains(value[0], StringComparison.Ordinal) ? "'" : "")}{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
