using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.ServiceDefaults.OpenApi;

/// <summary>
/// A service's OpenAPI document, exact enough that clients are generated from it. What it says comes from the code: the comments on types,
/// members and handlers, the folder that a call is in, and what the call can reach (<see cref="Reachable"/>).
/// </summary>
public static class ApiDocument
{
    /// <summary>Where a document names every problem with its status, its title and what it means.</summary>
    public const string ProblemsExtension = "x-problems";

    /// <summary>
    /// Describes the service. To be given to <c>AddOpenApi</c> in the service's own project: comments of other projects do not reach it.
    /// </summary>
    public static void Describe(OpenApiOptions options)
    {
        var named = new ConcurrentDictionary<string, Type>();
        options.CreateSchemaReferenceId = info =>
        {
            // Free JSON has no form that a name could stand for, and a sentence is text.
            var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
            var name = type == typeof(JsonElement) || type == typeof(Wording) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(info);
            return name is null || named.GetOrAdd(name, type) == type
                ? name
                : throw new InvalidOperationException(
                    $"{type} and {named[name]} have one name in the API, and clients could not tell them apart. Rename one of them."
                );
        };
        options.AddSchemaTransformer(
            (schema, context, _) =>
            {
                if (context.JsonTypeInfo.Type == typeof(Wording))
                    schema.Type = JsonSchemaType.String;
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(Operations.Describe);
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Components ??= new();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                    Description = "A token of the identity provider with `sub`, `name`, `org` and `role`.",
                };
                // The class that a call is in is no area.
                document.Tags = document.Tags?.Where(t => t.Description is not null).ToHashSet();
                document.Extensions ??= new Dictionary<string, IOpenApiExtension>();
                document.Extensions[ProblemsExtension] = new JsonNodeExtension(
                    new JsonObject(
                        Reachable.Codes.Values.Select(c =>
                            KeyValuePair.Create(
                                c.Code.Code,
                                (JsonNode?)
                                    new JsonObject
                                    {
                                        ["status"] = c.Code.Status,
                                        ["title"] = c.Code.Title.ToString(),
                                        ["meaning"] = c.Meaning,
                                    }
                            )
                        )
                    )
                );
                Schemas.MakeExact(document, named);
                return Task.CompletedTask;
            }
        );
    }
}
