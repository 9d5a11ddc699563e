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
sealed class MergedApiDocument(ServiceCalls calls, TimeProvider time, ILogger<MergedApiDocument> logger) : IDisposable
{
    static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Whoever asks again and again does not make the services describe themselves each time.
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    const string Problems = ServiceDefaults.OpenApi.ApiDocument.ProblemsExtension;

    readonly ConcurrentDictionary<string, string> lastKnown = new();
    readonly SemaphoreSlim making = new(1);
    (DateTimeOffset At, JsonObject? Document) made;

    /// <summary>The document as JSON.</summary>
    /// <param name="origin">The address of the API, as the caller reached it.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<string> Make(string origin, CancellationToken cancellation) =>
        Read(
            document =>
            {
                document["info"]!["contact"]!["url"] = origin;
                document["servers"] = new JsonArray(
                    new JsonObject { ["url"] = origin, ["description"] = "Where this document came from." }
                );
                return document.ToJsonString(Written);
            },
            cancellation
        );

    /// <summary>Reads something out of the document, which is nobody else's meanwhile.</summary>
    public async Task<T> Read<T>(Func<JsonObject, T> read, CancellationToken cancellation)
    {
        await making.WaitAsync(cancellation);
        try
        {
            if (made.Document is null || time.GetUtcNow() - made.At > Fresh)
            {
                var document = await Merge(cancellation);
                made = (time.GetUtcNow(), document);
            }
            return read(made.Document!);
        }
        finally
        {
            making.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => making.Dispose();

    async Task<JsonObject> Merge(CancellationToken cancellation)
    {
        var own = JsonNode.Parse(OfGateway)!;
        JsonObject paths = [],
            schemas = [],
            security = [],
            problems = [];
        JsonArray tags = [],
            groups = [];
        var described = await Task.WhenAll(Services.All.Select(async s => (Service: s, Text: await Describe(s, cancellation))));
        foreach (var (service, text) in described)
        {
            if (text is null)
                continue;
            var document = JsonNode.Parse(text)!;
            Move(document["paths"], paths);
            Move(document["components"]?["schemas"], schemas);
            Move(document["components"]?["securitySchemes"], security);
            Move(document[Problems], problems);
            Gather(document["tags"], service.Name);
        }
        Move(own["paths"], paths);
        Gather(own["tags"], "Access");
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = own["info"]!.DeepClone(),
            ["tags"] = tags,
            ["x-tagGroups"] = groups,
            [Problems] = problems,
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = security },
        };

        // An area that two services know, such as operations, stands with the first.
        void Gather(JsonNode? more, string group)
        {
            JsonNode[] fresh = [.. (more?.AsArray() ?? []).Where(t => tags.All(k => !JsonNode.DeepEquals(k!["name"], t!["name"])))!];
            foreach (var tag in fresh)
                tags.Add(tag.DeepClone());
            if (fresh.Length > 0)
                groups.Add(new JsonObject { ["name"] = group, ["tags"] = new JsonArray([.. fresh.Select(t => t["name"]!.DeepClone())]) });
        }
    }

    async Task<string?> Describe(Service service, CancellationToken cancellation)
    {
        // The first time takes a service longer, and without it the document would lack all its calls.
        using var answer = await calls.Get(
            service,
            "/openapi/v1.json",
            cancellation,
            lastKnown.ContainsKey(service.Name) ? ServiceCalls.Moment : First
        );
        if (answer is { IsSuccessStatusCode: true })
            return lastKnown[service.Name] = await answer.Content.ReadAsStringAsync(cancellation);
        logger.LogWarning(
            "{Service} does not describe itself just now: {Reason}",
            service.Name,
            answer is null ? "no answer" : $"{(int)answer.StatusCode}"
        );
        return lastKnown.GetValueOrDefault(service.Name);
    }

    static void Move(JsonNode? from, JsonObject to)
    {
        foreach (var (name, node) in from?.AsObject().ToArray() ?? [])
            to[name] = node?.DeepClone();
    }

    const string OfGateway = """
        {
          "info": {
            "title": "PolicyPlatform", "version": "v1", "license": { "name": "MIT", "identifier": "MIT" },
            "contact": { "name": "The operators of this platform" },
            "description": "The whole life of policy documents: drafting, consultation, review and signing, publication, interpretation, amendment, repeal, and the complete history of all of it. Dates are days in Asia/Shanghai, instants RFC 3339 in UTC. Errors are problem details (RFC 9457) with a stable `code`. Sentences for people are English, or Chinese where `Accept-Language` prefers it."
          },
          "tags": [{ "name": "Identity", "description": "Tokens of the embedded identity provider, for development and tests." }],
          "paths": { "/connect/token": { "post": {
            "tags": ["Identity"], "operationId": "getToken", "summary": "Get token",
            "description": "A bearer token by client credentials (OAuth 2.0, RFC 6749, 4.4), from the embedded provider.",
            "security": [{}],
            "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
              "type": "object", "description": "Who asks.", "required": ["grant_type", "client_id", "client_secret"],
              "properties": {
                "grant_type": { "type": "string", "enum": ["client_credentials"], "description": "How the token is asked for." },
                "client_id": { "type": "string", "description": "The client." },
                "client_secret": { "type": "string", "description": "Its secret." } } } } } },
            "responses": {
              "200": { "description": "The token.", "content": { "application/json": { "schema": {
                "type": "object", "description": "A token.", "required": ["access_token", "token_type", "expires_in"],
                "properties": {
                  "access_token": { "type": "string", "description": "The token, for `Authorization: Bearer`." },
                  "token_type": { "type": "string", "description": "`Bearer`." },
                  "expires_in": { "type": "integer", "format": "int32", "description": "For how many seconds it is valid." } } } } } },
              "400": { "description": "The request is not one for a token.", "content": { "application/json": { "schema": { "type": "object", "description": "RFC 6749, 5.2.", "properties": {
                  "error": { "type": "string", "description": "The code of RFC 6749." }, "error_description": { "type": "string", "description": "What is wrong." } } } } } },
              "401": { "description": "An unknown client or a wrong secret.", "content": { "application/json": { "schema": { "type": "object", "description": "RFC 6749, 5.2.", "properties": {
                  "error": { "type": "string", "description": "The code of RFC 6749." }, "error_description": { "type": "string", "description": "What is wrong." } } } } } },
              "429": { "description": "Too many requests.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } } } } }
        }
        """;
}
