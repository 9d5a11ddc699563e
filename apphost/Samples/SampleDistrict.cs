using System.Net.Http.Json;
using System.Text.Json;

namespace PolicyPlatform.AppHost.Samples;

/// <summary>
/// A made-up district that is loaded through the API, as its departments would, on the first start. Idempotency keys let a load that was
/// cut off go on.
/// </summary>
sealed class SampleDistrict(HttpClient client, CancellationToken cancellation)
{
    readonly Dictionary<string, string> tokens = [];
    int request;

    /// <summary>Loads the samples on the first start.</summary>
    /// <returns>What was loaded; null when it had been loaded before.</returns>
    public static async Task<string?> Load(Uri api, string data, CancellationToken cancellation)
    {
        var done = Path.Combine(data, "samples-loaded");
        if (File.Exists(done))
            return null;
        using var client = new HttpClient { BaseAddress = api };
        var district = new SampleDistrict(client, cancellation);
        try
        {
            var measures = await SampleDocuments.Load(district);
            await SampleServices.Load(district, measures);
            await SampleConsultations.Load(district);
        }
        catch (HttpRequestException e)
        {
            throw new StartException($"The sample documents could not be loaded ({e.Message}): start again, or with --no-samples.");
        }
        await File.WriteAllTextAsync(done, "", cancellation);
        return "sample documents loaded (云泽区, a made-up district)";
    }

    public Task<JsonElement> Post(string actor, string path, object body) => Send(HttpMethod.Post, actor, path, body);

    public Task<JsonElement> Put(string actor, string path, object body) => Send(HttpMethod.Put, actor, path, body);

    /// <summary>Reads as the public.</summary>
    public Task<JsonElement> Get(string path) =>
        client.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/{path}", UriKind.Relative), cancellation);

    /// <summary>Waits until another service has heard of something by message.</summary>
    public async Task Heard(Func<Task<bool>> there)
    {
        for (var attempt = 0; !await there(); attempt++)
        {
            if (attempt == 600)
                throw new StartException(
                    "The sample documents could not be loaded (a message between services did not arrive within a minute): start with --no-samples."
                );
            await Task.Delay(100, cancellation);
        }
    }

    async Task<JsonElement> Send(HttpMethod method, string actor, string path, object body)
    {
        using var message = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = JsonContent.Create(body) };
        message.Headers.Authorization = new("Bearer", await Token(actor));
        // The steps always come in the same order, so a step keeps its key when the load is repeated.
        message.Headers.Add("Idempotency-Key", $"sample-{++request}");
        using var answer = await client.SendAsync(message, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        // On a database that already has the organisation there is nothing to do.
        if ((int)answer.StatusCode == 409 && text.Contains("catalog.code.taken", StringComparison.Ordinal))
            return default;
        if (!answer.IsSuccessStatusCode)
            throw new StartException(
                $"The sample documents could not be loaded ({path} answered {(int)answer.StatusCode}: {text}): start with --no-samples."
            );
        return JsonDocument.Parse(text).RootElement;
    }

    async Task<string> Token(string id)
    {
        if (tokens.TryGetValue(id, out var known))
            return known;
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = id,
                ["client_secret"] = "development",
            }
        );
        using var answer = await client.PostAsync("/connect/token", form, cancellation);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return tokens[id] = token.GetProperty("access_token").GetString()!;
    }
}
