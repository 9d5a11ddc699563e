using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyPlatform.EndToEnd;

[Collection(SampledPlatform.Shared)]
public sealed class when_reading_the_api_document(SampledPlatform sampled) : IAsyncLifetime
{
    static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    JsonObject document = null!;

    public async ValueTask InitializeAsync() =>
        document = JsonNode
            .Parse(await sampled.Platform.Api.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!
            .AsObject();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    IEnumerable<JsonObject> Operations() =>
        document["paths"]!
            .AsObject()
            .SelectMany(p => p.Value!.AsObject().Where(o => Methods.Contains(o.Key)).Select(o => o.Value!.AsObject()));

    JsonObject Schemas() => document["components"]!["schemas"]!.AsObject();

    static bool Says(JsonNode? node) => !string.IsNullOrWhiteSpace((string?)node?["description"]);

    [Fact]
    public void every_call_parameter_schema_and_member_is_described()
    {
        List<string> silent = [];
        foreach (var operation in Operations())
        {
            var name = (string)operation["operationId"]!;
            if (string.IsNullOrWhiteSpace((string?)operation["summary"]) || !Says(operation))
                silent.Add(name);
            silent.AddRange((operation["parameters"]?.AsArray() ?? []).Where(p => !Says(p)).Select(p => $"{name} {p!["name"]}"));
            silent.AddRange(operation["responses"]!.AsObject().Where(r => !Says(r.Value)).Select(r => $"{name} {r.Key}"));
        }
        foreach (var (name, schema) in Schemas())
        {
            if (!Says(schema))
                silent.Add(name);
            silent.AddRange((schema!["properties"]?.AsObject() ?? []).Where(p => !Says(p.Value)).Select(p => $"{name}.{p.Key}"));
        }
        Assert.Empty(silent);
    }

    [Fact]
    public void every_call_stands_once_under_one_area_with_its_problems()
    {
        var areas = document["tags"]!.AsArray().Select(t => (string)t!["name"]!).ToArray();
        Assert.Equal(areas.Length, areas.Distinct().Count());
        Assert.All(document["tags"]!.AsArray(), tag => Assert.True(Says(tag), $"{tag}"));
        Assert.Equal(Operations().Count(), Operations().Select(o => (string)o["operationId"]!).Distinct().Count());
        var paths = document["paths"]!
            .AsObject()
            .Select(p => System.Text.RegularExpressions.Regex.Replace(p.Key, @"\{[^}]*\}", "{}"))
            .ToArray();
        Assert.Equal(paths.Length, paths.Distinct().Count());
        Assert.All(
            Operations().Where(o => (string)o["operationId"]! is not "getToken"),
            operation =>
            {
                Assert.Contains((string)Assert.Single(operation["tags"]!.AsArray())!, areas);
                var responses = operation["responses"]!.AsObject();
                foreach (var status in new[] { "400", "401", "503", "default" })
                    Assert.Equal(
                        "#/components/schemas/Problem",
                        (string?)responses[status]?["content"]?["application/problem+json"]?["schema"]?["$ref"]
                    );
            }
        );
        // Each code stands with the calls that can answer with it.
        Assert.Contains("`document.gate.open`", Response("publish", "409"));
        Assert.Contains("`document.number.taken`", Response("issue", "409"));
        Assert.Contains("`precondition.version.stale`", Response("changeElements", "412"));
    }

    string Response(string operation, string status) =>
        (string?)Operations().Single(o => (string)o["operationId"]! == operation)["responses"]![status]?["description"] ?? "";

    [Fact]
    public void what_may_be_left_out_is_not_required_and_enums_have_their_words()
    {
        var draft = document["components"]!["schemas"]!["CreateDraft"]!;
        Assert.Null(draft["required"]);
        Assert.False((bool)draft["additionalProperties"]!);
        var subscribe = document["components"]!["schemas"]!["Subscribe"]!["properties"]!["channel"]!;
        Assert.Contains("SubscriptionChannel", subscribe.ToJsonString());
        Assert.All(
            Schemas().Where(s => s.Value!["enum"] is not null),
            schema =>
            {
                Assert.Equal("string", (string?)schema.Value!["type"]);
                Assert.All(schema.Value["enum"]!.AsArray(), word => Assert.Equal(JsonValueKind.String, word!.GetValueKind()));
            }
        );
        var parameters = Operations().SelectMany(o => o["parameters"]?.AsArray() ?? []).ToArray();
        Assert.All(
            parameters.Where(p => (string)p!["in"]! is "query"),
            p => Assert.True(char.IsAsciiLetterLower(((string)p!["name"]!)[0]), (string)p["name"]!)
        );
        var state = Operations().Single(o => (string)o["operationId"]! is "listDocuments")["parameters"]!
            .AsArray()
            .Single(p => (string)p!["name"]! is "state");
        Assert.Equal("#/components/schemas/DocumentState", (string?)state!["schema"]!["$ref"]);
    }

    [Fact]
    public async Task services_do_not_mean_different_things_by_one_name()
    {
        Dictionary<string, JsonNode> known = [];
        foreach (var service in new[] { "Catalog", "Documents", "Interpretation", "Consultation" })
        {
            var own = await sampled.Platform.Describe(service);
            foreach (var (name, schema) in own["components"]!["schemas"]!.AsObject())
                if (!known.TryAdd(name, schema!))
                    Assert.True(
                        JsonNode.DeepEquals(known[name], schema),
                        $"{service} means something else by {name}.\n{known[name]}\n{schema}"
                    );
        }
    }
}
