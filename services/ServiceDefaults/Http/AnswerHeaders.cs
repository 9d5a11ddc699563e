using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>
/// What every answer says of itself: that a browser takes it for what it is, shows nothing of it within other pages and tells nobody where it
/// was read, and who may keep it.
/// </summary>
public static class AnswerHeaders
{
    // Answers to these show what belongs to whoever has the secret.
    internal static readonly string[] Secrets = ["token", "receipt"];

    static readonly HeaderPolicyCollection Headers = Common(),
        HeadersAndContent = Common()
            .AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddStyleSrc().UnsafeInline();
                csp.AddImgSrc().Self().Data();
                csp.AddFormAction().Self();
                csp.AddBaseUri().None();
                csp.AddFrameAncestors().None();
            });

    internal static void Add(IServiceCollection services) =>
        services
            .AddSecurityHeaderPolicies()
            .SetDefaultPolicy(HeadersAndContent)
            // Who knows better what a page needs has said so.
            .SetPolicySelector(context =>
                context.HttpContext.Response.Headers.ContentSecurityPolicy.Count > 0 ? Headers : HeadersAndContent
            );

    internal static void Use(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.Use(
            (http, next) =>
            {
                http.Response.OnStarting(() =>
                {
                    SayWhoMayKeep(http);
                    return Task.CompletedTask;
                });
                return next(http);
            }
        );
    }

    static void SayWhoMayKeep(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (http.Response.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) is true)
            return;
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var isOnesOwn = http.Request.Headers.ContainsKey(HeaderNames.Authorization);
        if (!isRead || http.Response.StatusCode >= StatusCodes.Status400BadRequest || Secrets.Any(http.Request.Query.ContainsKey))
            headers.CacheControl = "no-store";
        else if (isOnesOwn && headers.CacheControl.Count == 0)
            headers.CacheControl = headers.ETag.Count > 0 ? "private, no-cache" : "private, no-store";
        if (isRead && !headers.Vary.Any(v => v?.Contains(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase) is true))
            headers.Append(HeaderNames.Vary, HeaderNames.Authorization);
    }

    // A year; only over HTTPS, and not for the name of one's own machine.
    static HeaderPolicyCollection Common() =>
        new HeaderPolicyCollection()
            .AddContentTypeOptionsNoSniff()
            .AddFrameOptionsDeny()
            .AddReferrerPolicyNoReferrer()
            .AddStrictTransportSecurityMaxAgeIncludeSubDomains(maxAgeInSeconds: 365 * 24 * 60 * 60);
}
