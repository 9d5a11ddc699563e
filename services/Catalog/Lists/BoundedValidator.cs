using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>
/// Asks whether an entry is as a schema has it, and gives up where that would take without end: a schema can point back to itself, or
/// branch at each step. Patterns are matched in time that grows with the text alone.
/// </summary>
sealed class BoundedValidator : JsonSchemaValidator
{
    const int Deepest = 200,
        MostSteps = 100_000;

    // The library would match them by trying every way: they are taken out of a schema, which meets many entries, and kept beside it.
    static readonly ConditionalWeakTable<JsonSchema, Regex> patterns = [];
    int depth,
        steps;

    /// <summary>A pattern that is matched without trying every way; null for what is none.</summary>
    public static Regex? Pattern(string text)
    {
        try
        {
            return new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override ICollection<ValidationError> Validate(
        JToken token,
        JsonSchema schema,
        SchemaType schemaType,
        string? propertyName,
        string propertyPath
    )
    {
        if (++steps > MostSteps || depth >= Deepest)
            throw new SchemaTooCostlyException();
        if (schema.Pattern is { } text && Pattern(text) is { } pattern)
        {
            patterns.AddOrUpdate(schema, pattern);
            schema.Pattern = null;
        }
        depth++;
        var errors = base.Validate(token, schema, schemaType, propertyName, propertyPath);
        depth--;
        if (token.Type is JTokenType.String && patterns.TryGetValue(schema, out var wanted) && !wanted.IsMatch(token.Value<string>()!))
            errors.Add(new(ValidationErrorKind.PatternMismatch, propertyName, propertyPath, token, schema));
        return errors;
    }
}

/// <summary>An entry takes more to be compared with its schema than is done for it.</summary>
sealed class SchemaTooCostlyException : Exception;
