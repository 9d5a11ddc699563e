using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace PolicyPlatform.EndToEnd;

/// <summary>A call as the API's document describes it.</summary>
/// <param name="Method">GET, POST ….</param>
/// <param name="Path">Its path, with places such as <c>{id}</c>.</param>
/// <param name="Description">All that the document says of it.</param>
sealed record DescribedCall(string Method, string Path, JsonObject Description)
{
    public string Name => (string)Description["operationId"]!;

    /// <summary>The roles that it is for; none where it is for everybody.</summary>
    public string[] Roles =>
        [
            .. Regex
                .Matches(((string)Description["description"]!).Split("\n\n")[^1], "`([A-Za-z]+)`")
                .Where(_ => ((string)Description["description"]!).Split("\n\n")[^1].StartsWith("For ", StringComparison.Ordinal))
                .Select(m => m.Groups[1].Value),
        ];

    public IEnumerable<JsonNode> Query => (Description["parameters"]?.AsArray() ?? []).Where(p => (string)p!["in"]! is "query")!;

    /// <summary>The media types of its body.</summary>
    public JsonObject Body => Description["requestBody"]?["content"]?.AsObject() ?? [];
}

/// <summary>The API's document, to make calls by and to hold answers against.</summary>
sealed class DescribedApi
{
    readonly JsonObject document;
    readonly JsonSchema schemas;

    DescribedApi(JsonObject document, JsonSchema schemas) => (this.document, this.schemas) = (document, schemas);

    public static async Task<DescribedApi> Read(HttpClient api)
    {
        var document = JsonNode.Parse(await api.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!.AsObject();
        // All schemas in one: what is answered may have nothing that the document does not name.
        var all = new JsonObject
        {
            ["definitions"] = document["components"]!["schemas"]!.DeepClone(),
            ["properties"] = new JsonObject(
                Calls(document)
                    .Select(c => (c.Name, Schema: c.Description["responses"]?["200"]?["content"]?["application/json"]?["schema"]))
                    .Where(c => c.Schema is not null)
                    .Select(c => KeyValuePair.Create(c.Name, (JsonNode?)c.Schema!.DeepClone()))
            ),
        };
        Close(all["definitions"]!);
        var text = all.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        return new(document, await JsonSchema.FromJsonAsync(text, TestContext.Current.CancellationToken));
    }

    static void Close(JsonNode definitions)
    {
        foreach (var (name, schema) in definitions.AsObject())
            if (name is not "Problem" && schema!["properties"] is not null)
                schema["additionalProperties"] = false;
    }

    public IEnumerable<DescribedCall> Calls() => Calls(document);

    /// <summary>The calls that a service describes.</summary>
    public static IEnumerable<DescribedCall> CallsOf(JsonObject description) => Calls(description);

    static IEnumerable<DescribedCall> Calls(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        where path.Key.StartsWith("/api/v1/", StringComparison.Ordinal)
        from operation in path.Value!.AsObject()
        where operation.Key is "get" or "post" or "put" or "patch" or "delete"
        select new DescribedCall(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    /// <summary>The example of a call's body; null where it has none.</summary>
    public JsonNode? Example(DescribedCall call) => Resolve(call.Body["application/json"]?["schema"])?["examples"]?[0];

    /// <summary>The schema itself, where only its name stands.</summary>
    public JsonNode? Resolve(JsonNode? schema) =>
        (string?)schema?["$ref"] is { } name ? document["components"]!["schemas"]![name[(name.LastIndexOf('/') + 1)..]] : schema;

    /// <summary>What of an answer is not as the document says.</summary>
    public IEnumerable<string> Wrong(DescribedCall call, string json) =>
        schemas.Properties.TryGetValue(call.Name, out var schema) ? schema.ActualSchema.Validate(json).Select(e => $"{call.Name} {e}") : [];
}
