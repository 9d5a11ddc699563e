using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.OpenApi;

/// <summary>
/// What a call can come to, read out of its compiled code by a test and kept beside it in <c>Internal/Operations.json</c>: after a change
/// <c>UPDATE_DOCS=1 dotnet test</c>.
/// </summary>
/// <param name="Problems">The codes of the problems that it can answer with.</param>
/// <param name="Conditional">Whether what it reads has an ETag.</param>
/// <param name="Versioned">Whether it heeds If-Match.</param>
/// <param name="Retried">Whether it heeds Idempotency-Key.</param>
public sealed record Reachable(IReadOnlyList<string> Problems, bool Conditional, bool Versioned, bool Retried)
{
    static readonly Reachable Nothing = new([], false, false, false);

    static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, Reachable>> kept = new();

    /// <summary>What this operation of a service can come to.</summary>
    internal static Reachable From(Assembly service, string operation) =>
        kept.GetOrAdd(service, Read).GetValueOrDefault(operation, Nothing);

    static IReadOnlyDictionary<string, Reachable> Read(Assembly service)
    {
        var name = service.GetManifestResourceNames().FirstOrDefault(n => n.EndsWith("Internal.Operations.json", StringComparison.Ordinal));
        if (name is null)
            return new Dictionary<string, Reachable>();
        using var stream = service.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<Dictionary<string, Reachable>>(stream, JsonDefaults.Options)!;
    }

    /// <summary>Every kind of problem that the loaded services know, by its code.</summary>
    internal static IReadOnlyDictionary<string, (ProblemCode Code, string? Meaning)> Codes => codes.Value;

    static readonly Lazy<IReadOnlyDictionary<string, (ProblemCode Code, string? Meaning)>> codes = new(() =>
        AppDomain
            .CurrentDomain.GetAssemblies()
            .Where(a => a.GetName().Name!.StartsWith("PolicyPlatform.", StringComparison.Ordinal))
            .SelectMany(a => a.GetExportedTypes())
            .Where(t => t.Name.EndsWith("Problems", StringComparison.Ordinal))
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(f => f.FieldType == typeof(ProblemCode))
            .Select(f => (Code: (ProblemCode)f.GetValue(null)!, Meaning: Words.Summary(f)))
            .ToDictionary(c => c.Code.Code)
    );
}
