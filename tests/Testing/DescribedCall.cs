using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PolicyPlatform.Testing;

/// <summary>A call as the API's document describes it.</summary>
/// <param name="Method">GET, POST ….</param>
/// <param name="Path">Its path, with places such as <c>{id}</c>.</param>
/// <param name="Description">All that the document says of it.</param>
public sealed record DescribedCall(string Method, string Path, JsonObject Description)
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

    /// <summary>The example of its body; null where it has none.</summary>
    /// <param name="document">The document.</param>
    public JsonNode? Example(JsonObject document) => Resolve(document, Body["application/json"]?["schema"])?["examples"]?[0];

    /// <summary>The schema itself, where only its name stands.</summary>
    public static JsonNode? Resolve(JsonObject document, JsonNode? schema) =>
        (string?)schema?["$ref"] is { } name ? document["components"]!["schemas"]![name[(name.LastIndexOf('/') + 1)..]] : schema;

    /// <summary>All calls of a document.</summary>
    public static IEnumerable<DescribedCall> Of(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        where path.Key.StartsWith("/api/v1/", StringComparison.Ordinal)
        from operation in path.Value!.AsObject()
        where operation.Key is "get" or "post" or "put" or "patch" or "delete"
        select new DescribedCall(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());
}
