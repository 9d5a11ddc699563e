using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>HEAD answers wherever GET does, with the same headers and without the body (RFC 9110, 9.3.2).</summary>
static class HeadRequests
{
    /// <summary>Answers HEAD as GET.</summary>
    public static void Answer(WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                if (!HttpMethods.IsHead(http.Request.Method))
                {
                    await next(http);
                    return;
                }
                var body = http.Response.Body;
                http.Request.Method = HttpMethods.Get;
                http.Response.Body = Stream.Null;
                try
                {
                    await next(http);
                }
                finally
                {
                    http.Request.Method = HttpMethods.Head;
                    http.Response.Body = body;
                }
            }
        );
}
