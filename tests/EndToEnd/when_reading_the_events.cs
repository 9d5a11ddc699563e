using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using PolicyPlatform.Catalog.Subscriptions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.OpenApi;
using PolicyPlatform.Testing;
using Wolverine.Attributes;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// docs/asyncapi.json and docs/events.md say who tells whom what, and what webhooks bring. They are made from the code. After a change:
/// <c>UPDATE_DOCS=1 dotnet test</c>.
/// </summary>
public sealed class when_reading_the_events(ClientTools tools) : IClassFixture<ClientTools>
{
    static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly Type[] Services =
    [
        typeof(Catalog.CatalogProblems),
        typeof(PolicyPlatform.Documents.DocumentProblems),
        typeof(PolicyPlatform.Consultation.ConsultationProblems),
        typeof(PolicyPlatform.Interpretation.InterpretationProblems),
    ];

    /// <summary>A message between services.</summary>
    sealed record SentMessage(Type Type, string From, string[] To)
    {
        public string Name => Type.GetCustomAttribute<MessageIdentityAttribute>()!.GetName()!;
        public string Short => Name[(Name.LastIndexOf('.') + 1)..];
        public string Summary => Words.Summary(Type)!;
    }

    static SentMessage[] Messages()
    {
        using var graph = new CallGraph(Services.Select(s => s.Assembly.Location));
        return
        [
            .. graph
                .Sent()
                .Select(s => new SentMessage(
                    typeof(Contracts.IAboutDocument).Assembly.GetType(s.Message)!,
                    s.From.Split('.')[^1].ToLowerInvariant(),
                    s.To
                ))
                .OrderBy(t => t.From, StringComparer.Ordinal)
                .ThenBy(t => t.Name, StringComparer.Ordinal),
        ];
    }

    [Fact]
    public async Task they_are_described_for_machines_as_asyncapi_has_it()
    {
        _ = tools;
        var file = Kept("asyncapi.json", $"{Document(Messages()).ToJsonString(Written)}\n");
        Assert.Contains(
            $"{Messages().DistinctBy(m => m.Name).Count() + 1} messages",
            await ClientTools.Run("node", ["asyncapi.mjs", file]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void they_are_listed_for_people()
    {
        var page = new StringBuilder(
            "# Events\n\nWhat the services tell each other, and what subscribers are told. Made from the code; for machines as [AsyncAPI](asyncapi.json).\nA message can come twice or late; each names the version that it speaks of, and a receiver ignores what it knows already.\n"
        );
        foreach (var service in Messages().GroupBy(m => m.From))
        {
            page.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"\n## From {Words.Title(service.Key)}\n\n| message | to | what happened | members |\n| --- | --- | --- | --- |\n"
            );
            foreach (var message in service)
                page.Append(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"| `{message.Short}` | {string.Join(", ", message.To.Select(Words.Title))} | {message.Summary.Replace('\n', ' ')} | {string.Join(", ", Members(message.Type).Select(m => $"`{m}`"))} |\n"
                );
        }
        page.Append(
            "\n## To subscribers\n\nAs CloudEvents, `policyplatform.` before the kind; when and to whom stands in the [guide to the API](api-guide.md#kinds-of-notices).\n\n"
        );
        foreach (var kind in Notices.All)
            page.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"- `{kind}`{(Notices.Closed.Contains(kind) ? ": to those who oversee" : "")}\n"
            );
        Kept("events.md", page.ToString());
    }

    static IEnumerable<string> Members(Type type) =>
        type.GetConstructors()[0].GetParameters().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name!));

    /// <summary>The file of the documentation, which says this.</summary>
    static string Kept(string name, string text)
    {
        var file = Path.Combine(Repository.Folder, "docs", name);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is "1")
            File.WriteAllText(file, text);
        Assert.Equal(text, File.ReadAllText(file));
        return file;
    }

    static JsonObject Document(SentMessage[] told)
    {
        JsonObject channels = [],
            operations = [],
            messages = [];
        foreach (var message in told.DistinctBy(m => m.Name))
            messages[message.Short] = new JsonObject
            {
                ["name"] = message.Name,
                ["title"] = Words.Title(message.Short),
                ["summary"] = message.Summary,
                ["contentType"] = "application/json",
                ["payload"] = Schema(message.Type),
            };
        foreach (var service in told.SelectMany(m => m.To).Distinct().Order(StringComparer.Ordinal))
            channels[service] = new JsonObject
            {
                ["address"] = service,
                ["description"] = $"The queue of {Words.Title(service)}, in PostgreSQL or RabbitMQ.",
                ["messages"] = new JsonObject(
                    told.Where(m => m.To.Contains(service))
                        .DistinctBy(m => m.Name)
                        .Select(m => KeyValuePair.Create(m.Short, (JsonNode?)Ref($"#/components/messages/{m.Short}")))
                ),
            };
        foreach (var pair in told.SelectMany(m => m.To.Select(to => (m.From, To: to, Message: m))).GroupBy(p => (p.From, p.To)))
            operations[$"{pair.Key.From}Tells{Words.Title(pair.Key.To)}"] = new JsonObject
            {
                ["action"] = "send",
                ["channel"] = Ref($"#/channels/{pair.Key.To}"),
                ["summary"] = $"{Words.Title(pair.Key.From)} tells {Words.Title(pair.Key.To)}.",
                ["messages"] = new JsonArray([.. pair.Select(p => Ref($"#/channels/{pair.Key.To}/messages/{p.Message.Short}"))]),
            };

        messages["Notice"] = Notice();
        channels["webhook"] = new JsonObject
        {
            ["address"] = null,
            ["description"] = "The address that a subscriber gave. Signed as Standard Webhooks has it.",
            ["messages"] = new JsonObject { ["Notice"] = Ref("#/components/messages/Notice") },
        };
        operations["notify"] = new JsonObject
        {
            ["action"] = "send",
            ["channel"] = Ref("#/channels/webhook"),
            ["summary"] = "A subscriber is told.",
            ["messages"] = new JsonArray(Ref("#/channels/webhook/messages/Notice")),
        };
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "PolicyPlatform",
                ["version"] = "1.0.0",
                ["description"] = "What the services tell each other, and what subscribers are told by webhook.",
                ["license"] = new JsonObject { ["name"] = "MIT" },
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new JsonObject { ["messages"] = messages },
        };
    }

    static JsonObject Ref(string to) => new() { ["$ref"] = to };

    static JsonObject Notice() =>
        new()
        {
            ["name"] = "policyplatform.*",
            ["title"] = "Notice",
            ["summary"] = "A CloudEvent 1.0: something that the subscriber asked to be told of.",
            ["contentType"] = "application/cloudevents+json",
            ["headers"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["webhook-id"] = Text("The same for the same fact, however often it is sent."),
                    ["webhook-timestamp"] = Text("When this attempt was made, in seconds since 1970."),
                    ["webhook-signature"] = Text(
                        "`v1,` and the HMAC-SHA256 in base64, of the secret; one more for each secret that was replaced within a day."
                    ),
                },
            },
            ["payload"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("specversion", "id", "type", "source", "subject", "time", "data"),
                ["properties"] = new JsonObject
                {
                    ["specversion"] = new JsonObject { ["const"] = "1.0" },
                    ["id"] = Text("The same for the same fact."),
                    ["type"] = new JsonObject
                    {
                        ["enum"] = new JsonArray([.. Notices.All.Select(k => JsonValue.Create($"policyplatform.{k}"))]),
                    },
                    ["source"] = Text("urn:policyplatform:catalog"),
                    ["subject"] = Text("What it is about, as a path below the API's address."),
                    ["time"] = Text("When it was put down, UTC."),
                    ["datacontenttype"] = Text("application/json"),
                    ["data"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["description"] = "The title, the link, the document's elements where it is about one, and the facts of the kind.",
                        ["required"] = new JsonArray("title", "link"),
                        ["properties"] = new JsonObject
                        {
                            ["title"] = Text("What it is about, for people."),
                            ["link"] = Text("The same as subject."),
                            ["documentId"] = Text("The document, a UUID."),
                            ["documentTitle"] = Text("标题."),
                            ["documentNumber"] = Text("发文字号."),
                        },
                    },
                },
            },
        };

    static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    static JsonObject Schema(Type type)
    {
        var schema = JsonDefaults.Options.GetJsonSchemaAsNode(type).AsObject();
        schema["type"] = "object";
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
            if (member is JsonObject known && Words.Member(type, name) is { } meaning)
                known["description"] = meaning;
        return schema;
    }
}
