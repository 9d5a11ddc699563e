using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>What the API's own document says of every call: the bearer token, the conditional headers, the problems.</summary>
static class ApiDocument
{
    public static void Describe(OpenApiOptions options)
    {
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
                };
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(
            (operation, context, _) =>
            {
                var method = context.Description.HttpMethod;
                operation.Parameters ??= [];
                if (method is "POST")
                    operation.Parameters.Add(
                        Header(
                            "Idempotency-Key",
                            "The same key with the same request gives the same answer for 24 hours, and the request is carried out once. Without a token it must be random, such as a UUID."
                        )
                    );
                if (method is "POST" or "PATCH" or "PUT")
                    operation.Parameters.Add(
                        Header("If-Match", "The ETag of the last read. Refused with 412 when the resource has changed since.")
                    );
                if (method is "GET")
                    operation.Parameters.Add(
                        Header("If-None-Match", "The ETag of the last read. Answered with 304 when nothing has changed.")
                    );
                operation.Responses ??= [];
                operation.Responses.TryAdd(
                    "default",
                    new OpenApiResponse
                    {
                        Description = "A problem (RFC 9457) with a stable `code`, and `errors` that name everything wrong with the input.",
                        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() },
                    }
                );
                if (
                    context.Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Any()
                    || context
                        .Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.AuthorizationPolicy>()
                        .Any()
                )
                    operation.Security = [new() { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
                return Task.CompletedTask;
            }
        );
    }

    static OpenApiParameter Header(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
