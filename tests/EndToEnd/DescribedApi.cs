using System.Text.Json.Nodes;
using NJsonSchema;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

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
                DescribedCall
                    .Of(document)
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

    public IEnumerable<DescribedCall> Calls() => DescribedCall.Of(document);

    /// <summary>The example of a call's body; null where it has none.</summary>
    public JsonNode? Example(DescribedCall call) => call.Example(document);

    /// <summary>The schema itself, where only its name stands.</summary>
    public JsonNode? Resolve(JsonNode? schema) => DescribedCall.Resolve(document, schema);

    /// <summary>What of an answer is not as the document says.</summary>
    public IEnumerable<string> Wrong(DescribedCall call, string json) =>
        schemas.Properties.TryGetValue(call.Name, out var schema) ? schema.ActualSchema.Validate(json).Select(e => $"{call.Name} {e}") : [];
}
