using Scalar.AspNetCore;

namespace PolicyPlatform.Gateway.ApiDocument;

/// <summary>The page that shows every call. All of it comes from here: it works where nothing else can be reached, and tells nobody.</summary>
static class DocsPage
{
    const string Address = "/docs";

    public static void MapDocsPage(this WebApplication app) =>
        app.MapScalarApiReference(
            Address,
            page =>
                page.WithTitle("PolicyPlatform")
                    .WithNonce()
                    .DisableDefaultFonts()
                    .DisableTelemetry()
                    .DisableAgent()
                    .DisableMcp()
                    .HideClientButton()
                    .HideDeveloperTools()
        );

    /// <summary>The page alone may run scripts, and those that come with it.</summary>
    public static void UseDocsPage(this WebApplication app) =>
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments(Address),
            branch =>
                branch.Use(
                    (http, next) =>
                    {
                        http.Response.OnStarting(() =>
                        {
                            http.Response.Headers.ContentSecurityPolicy =
                                "default-src 'none'; "
                                + $"script-src 'self' 'nonce-{http.Items[ScalarOptions.NonceHttpContextItemKey]}'; "
                                + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
                                + "worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
                            return Task.CompletedTask;
                        });
                        return next(http);
                    }
                )
        );
}
