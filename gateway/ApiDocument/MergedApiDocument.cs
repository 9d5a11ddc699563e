using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyPlatform.Gateway.Routing;

namespace PolicyPlatform.Gateway.ApiDocument;

/// <summary>
/// One OpenAPI document for everything, merged from what the services say of themselves. A service that is away is described as it last
/// described itself.
/// </summary>
sealed class MergedApiDocument(IHttpClientFactory clients, IConfiguration configuration, ILogger<MergedApiDocument> logger)
{
    static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly ConcurrentDictionary<string, string> lastKnown = new();

    /// <summary>The document as JSON.</summary>
    public async Task<string> Make(string origin, CancellationToken cancellation)
    {
        JsonObject paths = [],
            schemas = [],
            security = [];
        foreach (var service in Services.All)
        {
            if (await Describe(service.Name, cancellation) is not { } text)
                continue;
            var document = Renamed(text, service.Name, schemas);
            Move(document["paths"], paths);
            Move(document["components"]?["schemas"], schemas);
            Move(document["components"]?["securitySchemes"], security);
        }
        paths["/connect/token"] = TokenEndpoint();
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "PolicyPlatform",
                ["version"] = "v1",
                ["description"] =
                    "The whole life of policy documents: drafting, consultation, review and signing, publication, interpretation, amendment, repeal, and the complete history of all of it. "
                    + "Dates are days in Asia/Shanghai, instants RFC 3339 in UTC. Errors are problem details (RFC 9457) with a stable `code`.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = origin }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = security },
        }.ToJsonString(Written);
    }

    async Task<string?> Describe(string service, CancellationToken cancellation)
    {
        try
        {
            using var client = clients.CreateClient(nameof(MergedApiDocument));
            var text = await client.GetStringAsync(
                new Uri(new(configuration[$"Services:{service}:Http"]!), "/openapi/v1.json"),
                cancellation
            );
            return lastKnown[service] = text;
        }
        catch (HttpRequestException e)
        {
            logger.LogWarning("{Service} does not describe itself just now: {Reason}", service, e.Message);
            return lastKnown.GetValueOrDefault(service);
        }
    }

    /// <summary>Gives schemas of this service whose name another one has taken for something else a name of their own.</summary>
    static JsonNode Renamed(string text, string service, JsonObject taken)
    {
        var document = JsonNode.Parse(text)!;
        foreach (var (name, schema) in document["components"]?["schemas"]?.AsObject().ToArray() ?? [])
        {
            if (taken[name] is not { } other || JsonNode.DeepEquals(other, schema))
                continue;
            text = text.Replace($"#/components/schemas/{name}\"", $"#/components/schemas/{service}{name}\"", StringComparison.Ordinal)
                .Replace($"\"{name}\": {{", $"\"{service}{name}\": {{", StringComparison.Ordinal);
        }
        return JsonNode.Parse(text)!;
    }

    static void Move(JsonNode? from, JsonObject to)
    {
        foreach (var (name, node) in from?.AsObject().ToArray() ?? [])
            to[name] = node?.DeepClone();
    }

    static JsonObject TokenEndpoint() =>
        JsonNode
            .Parse(
                """
                { "post": {
                    "tags": ["Identity"], "operationId": "getToken", "summary": "A bearer token by client credentials (the embedded provider, for development).",
                    "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object", "required": ["grant_type", "client_id", "client_secret"],
                      "properties": { "grant_type": { "type": "string", "const": "client_credentials" }, "client_id": { "type": "string" }, "client_secret": { "type": "string" } } } } } },
                    "responses": { "200": { "description": "The token." }, "401": { "description": "An unknown client or a wrong secret." } } } }
                """
            )!
            .AsObject();
}
