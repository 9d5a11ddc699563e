using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.ServiceDefaults.OpenApi;

/// <summary>A call: its title, what it does, who may make it, and everything that it answers with.</summary>
static class Operations
{
    public static async Task Describe(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellation
    )
    {
        var endpoint = context.Description.ActionDescriptor.EndpointMetadata;
        if (endpoint.OfType<MethodInfo>().FirstOrDefault() is not { } handler)
            return;
        var slice = handler.DeclaringType!;
        while (slice.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            slice = slice.DeclaringType!;
        var reach = Reachable.From(slice.Assembly, operation.OperationId!);
        var isRead = context.Description.HttpMethod is "GET";
        // Only what is there has a version.
        reach = reach with
        {
            Retried = reach.Retried && !isRead,
            Versioned = reach.Versioned && context.Description.RelativePath!.Contains('{', StringComparison.Ordinal),
        };
        var roles = endpoint.OfType<RolesNeeded>().SelectMany(r => r.Roles).ToArray();

        operation.Description =
            $"{operation.Description ?? Words.Summary(handler, slice)}\n\n"
            + (roles.Length > 0 ? $"For {string.Join(", ", roles.Select(r => $"`{r}`"))}." : "Open to everybody; a token may show more.");
        operation.Summary = Words.Title(operation.OperationId!);
        Area(operation, slice, context.Document!);
        operation.Security = [new() { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
        if (roles.Length == 0)
            operation.Security.Insert(0, []);

        await Parameters.Describe(operation, context, cancellation);
        if (reach.Retried)
            operation.Parameters!.Add(
                Parameters.Header(
                    "Idempotency-Key",
                    "The same key with the same request gives the same answer for 24 hours, and the request is carried out once. Without a token it must be random, such as a UUID."
                )
            );
        if (reach.Versioned)
            operation.Parameters!.Add(
                Parameters.Header("If-Match", "The ETag of the last read. Refused with 412 when the resource has changed since.")
            );
        if (reach.Conditional)
            operation.Parameters!.Add(
                Parameters.Header("If-None-Match", "The ETag of the last read. Answered with 304 when nothing has changed.")
            );
        Body(operation, endpoint.OfType<RequestBody>().FirstOrDefault());
        Answers(operation, reach, isRead);
        Problems(operation, context.Document!, reach, roles.Length > 0);
        // Last, since whatever it says, nothing is refused for it.
        if (isRead && roles.Length == 0)
            operation.Parameters!.Add(
                Parameters.Header(
                    ReadHeaders.Position,
                    "What an answer to a write said in this header: the answer shows that write. Only told and needed where the public reads from replicas of the database."
                )
            );
    }

    /// <summary>The area of the domain that a call belongs to is the folder that it is in.</summary>
    static void Area(OpenApiOperation operation, Type slice, OpenApiDocument document)
    {
        var folder = slice.Namespace!.Split('.')[^1];
        var area = Words.Title(folder);
        var capability = slice.Assembly.GetType($"{slice.Namespace}.{folder}Capability");
        document.Tags ??= new HashSet<OpenApiTag>();
        if (document.Tags.All(t => t.Name != area))
            document.Tags.Add(
                new() { Name = area, Description = capability is null ? "What keeps the platform running." : Words.Summary(capability) }
            );
        operation.Tags = new HashSet<OpenApiTagReference> { new(area, document) };
    }

    /// <summary>Only JSON has members; any other body is a text or a file.</summary>
    static void Body(OpenApiOperation operation, RequestBody? own)
    {
        if (own is not null)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = own.MediaTypes.ToDictionary(t => t, _ => new OpenApiMediaType()),
            };
        foreach (var (type, content) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            if (type is not "application/json")
                content.Schema = Schemas.OfMediaType(type);
    }

    static void Answers(OpenApiOperation operation, Reachable reach, bool isRead)
    {
        foreach (var (status, answer) in operation.Responses!)
        {
            if (answer is not OpenApiResponse response)
                continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            if (reach.Conditional || reach.Versioned && status is not "204")
                response.Headers["ETag"] = Header("The version of what is shown, for If-None-Match and If-Match.");
            if (operation.Parameters!.Any(p => p.Name is "pageToken"))
                response.Headers["Link"] = Header("The addresses of the first and the next page (RFC 8288).");
            if (status is "201" or "202")
                response.Headers["Location"] = Header("Where it can be read.");
            if (reach.Retried)
                response.Headers["Idempotency-Replayed"] = Header("`true` where an earlier answer to the same key is given again.");
            if (!isRead)
                response.Headers[ReadHeaders.Position] = Header(
                    "From where on the write can be read, for the same header of a read; only where there are replicas of the database."
                );
            if (status is "200" && response.Content is not { Count: > 0 })
                response.Content = new Dictionary<string, OpenApiMediaType> { ["application/octet-stream"] = new() };
            foreach (var (type, content) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
                if (type is not "application/json")
                    content.Schema = Schemas.OfMediaType(type);
        }
        if (reach.Conditional)
            operation.Responses["304"] = new OpenApiResponse { Description = "Nothing has changed since the ETag that was sent." };
    }

    static void Problems(OpenApiOperation operation, OpenApiDocument document, Reachable reach, bool needsToken)
    {
        List<ProblemCode> codes =
        [
            .. reach.Problems.Where(Reachable.Codes.ContainsKey).Select(code => Reachable.Codes[code].Code),
            CommonProblems.Malformed,
            CommonProblems.Unauthenticated,
            CommonProblems.Unavailable,
            CommonProblems.TooMany,
        ];
        if (needsToken)
            codes.Add(CommonProblems.Forbidden);
        if (operation.RequestBody is not null)
            codes.AddRange([CommonProblems.TooLarge, CommonProblems.UnsupportedMediaType]);
        if (operation.RequestBody is not null || operation.Parameters is { Count: > 0 })
            codes.Add(CommonProblems.InvalidContent);
        foreach (var status in codes.DistinctBy(c => c.Code).GroupBy(c => c.Status).OrderBy(g => g.Key))
        {
            var response = Problem(document, string.Join("\n\n", status.Select(c => $"`{c.Code}`: {c.Title}.")));
            if (status.Key is 409 or 429 or 503)
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = Header("After how many seconds a retry makes sense, where it does."),
                };
            operation.Responses![status.Key.ToString(CultureInfo.InvariantCulture)] = response;
        }
        operation.Responses!["default"] = Problem(document, "Any other problem, such as an error of the platform itself.");
    }

    static OpenApiResponse Problem(OpenApiDocument document, string description) =>
        new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", document) },
            },
        };

    static OpenApiHeader Header(string description) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
