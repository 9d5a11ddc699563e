using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyPlatform.ServiceDefaults.OpenApi;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>
/// <c>Internal/Operations.json</c> of each service says which problems a call can answer with and which conditions it heeds. It is made of
/// the compiled code. After a change: <c>UPDATE_DOCS=1 dotnet test</c>.
/// </summary>
public sealed class when_looking_at_what_a_call_can_come_to
{
    static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly Dictionary<string, Type> Services = new()
    {
        ["Catalog"] = typeof(Catalog.CatalogProblems),
        ["Documents"] = typeof(PolicyPlatform.Documents.DocumentProblems),
        ["Consultation"] = typeof(PolicyPlatform.Consultation.ConsultationProblems),
        ["Interpretation"] = typeof(PolicyPlatform.Interpretation.InterpretationProblems),
        ["ServiceDefaults"] = typeof(ProblemCode),
    };

    static readonly CallGraph graph = new(
        Services.Values.Append(typeof(Shared.DocumentAccess.AskDocuments)).Select(t => t.Assembly.Location)
    );

    public static TheoryData<string> Names => [.. Services.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void it_stands_beside_the_service(string service)
    {
        var file = Path.Combine(Repository.Folder, "services", service, "Internal", "Operations.json");
        var text = JsonSerializer.Serialize(
            graph
                .Endpoints()
                .Where(e => e.Handler.Module.Assembly.Name.Name == $"PolicyPlatform.{service}")
                .OrderBy(e => e.Operation, StringComparer.Ordinal)
                .ToDictionary(e => e.Operation, e => Reach(e.Handler)),
            Written
        );
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, $"{text}\n");
        }
        Assert.Equal($"{text}\n", File.ReadAllText(file));
    }

    static Reachable Reach(Mono.Cecil.MethodDefinition handler)
    {
        var (methods, fields) = graph.From(handler);
        bool Calls(string type, string method) => methods.Any(m => m.DeclaringType.Name == type && m.Name == method);
        return new(
            [
                .. fields
                    .Where(f => f.FieldType.Name == nameof(ProblemCode))
                    .Select(f =>
                        Type.GetType($"{f.DeclaringType.FullName}, {f.Resolve().Module.Assembly.Name.Name}")
                            ?.GetField(f.Name, BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic)
                            ?.GetValue(null)
                    )
                    .OfType<ProblemCode>()
                    .Select(c => c.Code)
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ],
            Conditional: Calls("ConditionalRequests", "KnowsAlready"),
            Versioned: Calls("ConditionalRequests", "StaleIfMatch"),
            Retried: methods.Any(m => m.DeclaringType.Name == "IdempotencyKey")
        );
    }
}
