using System.Text.Json;
using NJsonSchema;
using NJsonSchema.Validation;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>The form that the entries of a list have, as JSON Schema.</summary>
static class EntrySchema
{
    const int LongestSchema = 100_000, MostErrors = 20;

    /// <summary>Reads a schema; what is wrong with it is noted. A schema that points elsewhere is refused: nothing is fetched for it.</summary>
    public static async Task<JsonSchema?> Read(string pointer, JsonElement schema, Invalid invalid, CancellationToken cancellation)
    {
        var text = schema.ValueKind is JsonValueKind.Object ? schema.GetRawText() : "";
        invalid.If(text.Length == 0, pointer, "schema.missing", "The JSON Schema of an entry is an object.").If(text.Length > LongestSchema, pointer, "value.tooLong", $"A schema has at most {LongestSchema} characters.");
        if (text.Length is 0 or > LongestSchema) return null;
        if (PointsElsewhere(schema))
        {
            invalid.Add(pointer, "schema.foreign", "A $ref begins with #: everything that the schema needs stands in it.");
            return null;
        }
        try
        {
            return await JsonSchema.FromJsonAsync(text, cancellation);
        }
        catch (Exception e) when (e is InvalidOperationException or Newtonsoft.Json.JsonException or ArgumentException or NotSupportedException or FormatException)
        {
            invalid.Add(pointer, "schema.malformed", "This is no JSON Schema.");
            return null;
        }
    }

    /// <summary>Notes where an entry is not as the schema has it.</summary>
    public static void Check(this JsonSchema schema, string pointer, JsonElement content, Invalid invalid)
    {
        if (content.ValueKind is JsonValueKind.Undefined)
        {
            invalid.Add(pointer, "value.missing", "What the entry says is required.");
            return;
        }
        foreach (var error in schema.Validate(content.GetRawText()).SelectMany(Leaves).Take(MostErrors))
            invalid.Add($"{pointer}{error.Path?.TrimStart('#').Replace('.', '/')}", "entry.schema", $"The schema of the list refuses this: {error.Kind}.");
    }

    static IEnumerable<ValidationError> Leaves(ValidationError error) => error is ChildSchemaValidationError { Errors: var below } && below.Values.Any(v => v.Count > 0) ? below.Values.SelectMany(v => v).SelectMany(Leaves) : [error];

    static bool PointsElsewhere(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(p => p.Name is "$ref" or "$dynamicRef" && p.Value.ValueKind is JsonValueKind.String && !p.Value.GetString()!.StartsWith('#') || PointsElsewhere(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(PointsElsewhere),
        _ => false,
    };
}
