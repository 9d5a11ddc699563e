using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;

namespace PolicyPlatform.ServiceDefaults.OpenApi;

/// <summary>The schemas of what is sent and answered: exact about what may be left out, what may be null, and which words there are.</summary>
static class Schemas
{
    /// <summary>What is not this platform's JSON: a text, JSON of another standard, or the bytes of a file.</summary>
    public static OpenApiSchema OfMediaType(string type) =>
        type.EndsWith("+json", StringComparison.Ordinal) ? FreeJson("JSON of another standard.")
        : type.StartsWith("text/", StringComparison.Ordinal)
        || type.EndsWith("xml", StringComparison.Ordinal)
        || type is "application/x-ndjson" or "application/x-pem-file"
            ? new() { Type = JsonSchemaType.String, Description = "A text in UTF-8." }
        : new()
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description = "The bytes of a file.",
        };

    /// <summary>JSON whose form is not this platform's to say.</summary>
    public static OpenApiSchema FreeJson(string description) => new() { Description = description };

    /// <summary>Makes the document's schemas exact, and adds those that no type stands behind.</summary>
    public static void MakeExact(OpenApiDocument document, IReadOnlyDictionary<string, Type> types)
    {
        document.Components!.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas["Problem"] = Problem();
        HashSet<string> sent = [],
            answered = [];
        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations?.Values.ToArray() ?? []))
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
                Reach(content.Schema, document, sent);
            foreach (
                var content in (operation.Responses ?? []).Values.SelectMany(r =>
                    (r.Content ?? new Dictionary<string, OpenApiMediaType>()).Values
                )
            )
                Reach(content.Schema, document, answered);
        }
        foreach (var (name, schema) in document.Components.Schemas)
            if (schema is OpenApiSchema known)
            {
                MakeExact(known, isSent: sent.Contains(name), isAnswered: answered.Contains(name));
                if (types.GetValueOrDefault(name) is not { } type)
                    continue;
                // What is left out instead of null is not always there.
                foreach (var left in type.GetProperties().Where(p => p.IsDefined(typeof(JsonIgnoreAttribute))))
                    known.Required?.Remove(JsonNamingPolicy.CamelCase.ConvertName(left.Name));
                // The comments of an enum do not reach the document where the first that is seen of it may be null, nor do those of members
                // called Item, which the compiler takes for indexers.
                if (known.Enum is { Count: > 0 })
                    known.Description = Words.OfEnum(type);
                foreach (var (member, of) in known.Properties ?? new Dictionary<string, IOpenApiSchema>())
                    of.Description ??= Words.Member(type, member);
            }
    }

    /// <summary>Notes every schema that can be a part of this one.</summary>
    static void Reach(IOpenApiSchema? schema, OpenApiDocument document, HashSet<string> sent)
    {
        switch (schema)
        {
            case OpenApiSchemaReference { Reference.Id: { } id }:
                if (sent.Add(id))
                    Reach(document.Components!.Schemas!.TryGetValue(id, out var known) ? known : null, document, sent);
                break;
            case OpenApiSchema own:
                foreach (
                    var part in (own.Properties?.Values ?? [])
                        .Concat(own.OneOf ?? [])
                        .Concat(own.AnyOf ?? [])
                        .Append(own.Items)
                        .Append(own.AdditionalProperties)
                )
                    Reach(part, document, sent);
                break;
        }
    }

    static void MakeExact(OpenApiSchema schema, bool isSent, bool isAnswered)
    {
        schema.Description = Words.OneLine(schema.Description);
        if (schema.Enum is { Count: > 0 } words)
        {
            // Whether null is allowed too, the place says that the word stands in.
            schema.Enum = [.. words.Where(w => w is not null && w.GetValueKind() is not JsonValueKind.Null)];
            schema.Type = JsonSchemaType.String;
        }
        if (schema.Properties is not { Count: > 0 } members)
            return;
        foreach (var member in members.Values)
        {
            member.Description = Words.OneLine(member.Description);
            // Of a member that may be null the comment is at the one of its two schemas that is no null.
            if (member is OpenApiSchema { OneOf: { Count: 2 } either } && either.FirstOrDefault(s => s.Description is not null) is { } said)
                (member.Description, said.Description) = (Words.OneLine(said.Description), null);
        }
        // What is sent may leave out what may be null or has a value of its own; what is answered names everything but what is left out
        // on purpose, which has no place among the constructor's required ones.
        if (!isSent)
            return;
        // What no call knows is refused.
        if (!isAnswered)
            schema.AdditionalPropertiesAllowed = false;
        schema.Required = new HashSet<string>(
            (schema.Required ?? new HashSet<string>()).Where(name => members.TryGetValue(name, out var m) && !MayBeNull(m))
        );
    }

    static bool MayBeNull(IOpenApiSchema schema) =>
        schema is not OpenApiSchemaReference
        && (
            schema.Type is { } type && type.HasFlag(JsonSchemaType.Null)
            || schema.OneOf?.Any(s => s is OpenApiSchema { Type: JsonSchemaType.Null }) is true
            || schema is OpenApiSchema { Type: null, OneOf: null or { Count: 0 }, AnyOf: null or { Count: 0 } }
        );

    /// <summary>A problem details document, RFC 9457.</summary>
    static OpenApiSchema Problem()
    {
        static OpenApiSchema Of(JsonSchemaType type, string description, string? format = null) =>
            new()
            {
                Type = type,
                Description = description,
                Format = format,
            };
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = "Why a request was not carried out (RFC 9457). Some kinds have further members, which their description names.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
            AdditionalProperties = FreeJson("A further member of this kind of problem."),
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Of(JsonSchemaType.String, "The address of this kind of problem.", "uri"),
                ["title"] = Of(JsonSchemaType.String, "The kind of problem for people: the same for every occurrence."),
                ["status"] = Of(JsonSchemaType.Integer, "The HTTP status.", "int32"),
                ["detail"] = Of(JsonSchemaType.String, "What is wrong with this very request, and what to do."),
                ["instance"] = Of(JsonSchemaType.String, "The path that was asked."),
                ["code"] = Of(JsonSchemaType.String, "The kind of problem for programs: stable, `document.state.wrong`."),
                ["traceId"] = Of(JsonSchemaType.String, "The trace that the request belongs to."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Description = "Everything that is wrong with the input.",
                    Items = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Description = "One thing that is wrong with the input.",
                        Required = new HashSet<string> { "pointer", "code", "detail" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["pointer"] = Of(
                                JsonSchemaType.String,
                                "Where: a JSON pointer into the body, or the name of a parameter or header."
                            ),
                            ["code"] = Of(JsonSchemaType.String, "A stable code."),
                            ["detail"] = Of(JsonSchemaType.String, "What is wrong and what would be right."),
                        },
                    },
                },
            },
        };
    }
}
