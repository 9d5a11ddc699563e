using System.Net;
using System.Text;
using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Documents.Tests.Exchange;

/// <summary>Imports as an integrating system makes them.</summary>
static class Imports
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Imports NDJSON, waits until it is done, and reads the report.</summary>
    public static Task<JsonElement[]> Import(this IAlbaHost documents, string lines) =>
        documents.Import(Encoding.UTF8.GetBytes(lines), "application/x-ndjson");

    /// <summary>Imports, waits until it is done, and reads the report.</summary>
    public static async Task<JsonElement[]> Import(this IAlbaHost documents, byte[] body, string type, string query = "")
    {
        var started = await documents.SendImport(body, type, query, HttpStatusCode.Accepted);
        var id = started.GetProperty("id").GetGuid();
        await Calls.Eventually(async () =>
            await documents.Get(Tokens.Integration, $"operations/{id}") is var o && o.GetProperty("state").GetString() == "done"
                ? o
                : (JsonElement?)null
        );
        return [.. (await documents.Get(Tokens.Integration, $"imports/{id}/report?pageSize=200")).GetProperty("items").EnumerateArray()];
    }

    /// <summary>Sends an import, and reads the answer.</summary>
    public static async Task<JsonElement> SendImport(
        this IAlbaHost documents,
        byte[] body,
        string type,
        string query,
        HttpStatusCode expected
    )
    {
        using var client = documents.Server.CreateClient();
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new(type) } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/imports{query}")
        {
            Content = content,
            Headers = { Authorization = new("Bearer", Tokens.Integration) },
        };
        using var answer = await client.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
