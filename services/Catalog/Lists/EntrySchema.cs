using System.Text.Json;
using System.Text.RegularExpressions;
using NJsonSchema;
using NJsonSchema.Validation;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>The form that the entries of a list have, as JSON Schema.</summary>
static class EntrySchema
{
    const int LongestSchema = 100_000,
        MostErrors = 20;

    /// <summary>What a schema itself may say.</summary>
    static readonly Lazy<Task<JsonSchema>> Form = new(ReadForm);

    /// <summary>
    /// Reads a schema; what is wrong with it is noted. A schema that points elsewhere is refused: nothing is fetched for it.
    /// </summary>
    public static async Task<JsonSchema?> Read(string pointer, JsonElement schema, Invalid invalid, CancellationToken cancellation)
    {
        var text = schema.ValueKind is JsonValueKind.Object ? schema.GetRawText() : "";
        invalid
            .If(text.Length == 0, pointer, "schema.missing", "The JSON Schema of an entry is an object.")
            .If(text.Length > LongestSchema, pointer, "value.tooLong", $"A schema has at most {LongestSchema} characters.");
        if (text.Length is 0 or > LongestSchema)
            return null;
        if (PointsElsewhere(schema))
        {
            invalid.Add(pointer, "schema.foreign", "A $ref begins with #: everything that the schema needs stands in it.");
            return null;
        }
        try
        {
            // The library takes what it does not understand for nothing said, and breaks on a bad pattern only when an entry meets it.
            var wrong = Errors(await Form.Value, text)
                .Select(e => $"{At(e)} is wrong ({e.Kind})")
                .Concat(BadPatterns(schema).Select(p => $"{p} is no regular expression, or one that looks around or back"))
                .ToArray();
            if (wrong.Length > 0)
            {
                invalid.Add(pointer, "schema.malformed", $"This is no JSON Schema: {string.Join("; ", wrong)}.");
                return null;
            }
            var read = await Kept(schema, cancellation);
            // One that points back to itself is noticed with the first entry that it meets.
            _ = Errors(read, "{}").Count();
            return read;
        }
        catch (SchemaTooCostlyException)
        {
            invalid.Add(pointer, "schema.malformed", "This schema points back to itself without end.");
            return null;
        }
        catch (Exception e)
            when (e
                    is InvalidOperationException
                        or Newtonsoft.Json.JsonException
                        or ArgumentException
                        or NotSupportedException
                        or FormatException
                        or InvalidCastException
                        or ArithmeticException
            )
        {
            invalid.Add(pointer, "schema.malformed", "This is no JSON Schema.");
            return null;
        }
    }

    /// <summary>A schema that has been read before.</summary>
    public static Task<JsonSchema> Kept(JsonElement schema, CancellationToken cancellation) =>
        JsonSchema.FromJsonAsync(schema.GetRawText(), cancellation);

    /// <summary>Notes where an entry is not as the schema has it.</summary>
    public static void Check(this JsonSchema schema, string pointer, JsonElement content, Invalid invalid)
    {
        if (content.ValueKind is JsonValueKind.Undefined)
        {
            invalid.Add(pointer, "value.missing", "What the entry says is required.");
            return;
        }
        try
        {
            foreach (var error in Errors(schema, content.GetRawText()))
                invalid.Add($"{pointer}{At(error)}", "entry.schema", $"The schema of the list refuses this: {error.Kind}.");
        }
        // The library notices some that point back to themselves by itself.
        catch (Exception e)
            when (e
                    is SchemaTooCostlyException
                        or RegexMatchTimeoutException
                        or InvalidOperationException
                        or InvalidCastException
                        or ArithmeticException
            )
        {
            invalid.Add(pointer, "schema.tooCostly", "The schema of the list takes too long to compare with this. Make it simpler.");
        }
    }

    static IEnumerable<ValidationError> Errors(JsonSchema schema, string json) =>
        new BoundedValidator().Validate(json, schema).SelectMany(Leaves).Take(MostErrors);

    static string? At(ValidationError error) => error.Path?.TrimStart('#').Replace('.', '/');

    static async Task<JsonSchema> ReadForm()
    {
        await using var file = typeof(EntrySchema).Assembly.GetManifestResourceStream("schema.json")!;
        return await JsonSchema.FromJsonAsync(file);
    }

    static IEnumerable<ValidationError> Leaves(ValidationError error) =>
        error is ChildSchemaValidationError { Errors: var below } && below.Values.Any(v => v.Count > 0)
            ? below.Values.SelectMany(v => v).SelectMany(Leaves)
            : [error];

    static IEnumerable<string> BadPatterns(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(p =>
                    p is { Name: "pattern", Value.ValueKind: JsonValueKind.String } && !IsPattern(p.Value.GetString()!)
                        ? [p.Value.GetString()!]
                    : p is { Name: "patternProperties", Value.ValueKind: JsonValueKind.Object }
                        ? p.Value.EnumerateObject().Select(inner => inner.Name).Where(name => !IsPattern(name)).Concat(BadPatterns(p.Value))
                    : BadPatterns(p.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(BadPatterns),
            _ => [],
        };

    static bool IsPattern(string text) => BoundedValidator.Pattern(text) is not null;

    static bool PointsElsewhere(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .Any(p =>
                    p.Name is "$ref" or "$dynamicRef" && p.Value.ValueKind is JsonValueKind.String && !p.Value.GetString()!.StartsWith('#')
                    || PointsElsewhere(p.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().Any(PointsElsewhere),
            _ => false,
        };
}
