using Microsoft.Net.Http.Headers;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// Which pages of other origins may read here (CORS): what the public reads, from anywhere, as <c>Cors:Origins:0</c> … says otherwise.
/// Writing is closed to them unless
/// <c>Cors:WriteOrigins:0</c> … names them.
/// </summary>
static class CrossOrigin
{
    const string Reading = "reading",
        Writing = "writing";

    // What a page may see of an answer beside its body.
    static readonly string[] Exposed =
    [
        HeaderNames.ETag,
        HeaderNames.Location,
        HeaderNames.Link,
        HeaderNames.RetryAfter,
        HeaderNames.ContentDisposition,
        HeaderNames.ContentLanguage,
        "Idempotency-Replayed",
        ReadHeaders.Position,
        "RateLimit",
        "RateLimit-Policy",
        "Grpc-Status",
        "Grpc-Message",
        "Grpc-Status-Details-Bin",
    ];

    /// <summary>Adds the policies.</summary>
    public static void AddCrossOrigin(this WebApplicationBuilder builder)
    {
        var readers = builder.Configuration.GetSection("Cors:Origins").Get<string[]>() ?? ["*"];
        var writers = builder.Configuration.GetSection("Cors:WriteOrigins").Get<string[]>() ?? [];
        builder.Services.AddCors(cors =>
        {
            cors.AddPolicy(
                Reading,
                policy => policy.WithOrigins(readers).WithMethods("GET", "HEAD", "POST").AllowAnyHeader().WithExposedHeaders(Exposed)
            );
            cors.AddPolicy(Writing, policy => policy.WithOrigins(writers).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Exposed));
        });
    }

    /// <summary>Answers other origins.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        // Most callers are no pages: they name no origin.
        app.UseWhen(http => IsOfOther(http.Request) && Reads(http.Request), branch => branch.UseCors(Reading));
        app.UseWhen(http => IsOfOther(http.Request) && !Reads(http.Request), branch => branch.UseCors(Writing));
    }

    static bool IsOfOther(HttpRequest request) => request.Headers.Origin.Count > 0;

    // Over gRPC all is sent with POST.
    static bool Reads(HttpRequest request) =>
        Services.ReadsByPost(request.Path)
        || request.Path.StartsWithSegments("/grpc.health.v1.Health")
        || request.Path.Value!.StartsWith("/policyplatform.", StringComparison.Ordinal) && !GrpcDoor.Writes(request.Path)
        || (HttpMethods.IsOptions(request.Method) ? request.Headers.AccessControlRequestMethod.ToString() : request.Method)
            is "GET"
                or "HEAD";
}
