using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Net.Http.Headers;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// Compresses answers (br, gzip). A compressed answer is another representation and has a tag of its own, <c>"5-br"</c> beside <c>"5"</c>
/// (RFC 9110, 8.8.3.3); services know their
/// own tags alone, so what a caller sends back is theirs again.
/// </summary>
static class Compression
{
    static readonly string[] Suffixes = ["-br\"", "-gzip\""];

    /// <summary>Adds the encodings.</summary>
    public static void AddCompression(this WebApplicationBuilder builder)
    {
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes =
            [
                .. ResponseCompressionDefaults.MimeTypes,
                "application/problem+json",
                "application/ld+json",
                "application/atom+xml",
                "application/akn+xml",
                "text/markdown",
                "text/csv",
            ];
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }

    /// <summary>Compresses for those who take it.</summary>
    public static void UseCompression(this WebApplication app) =>
        app.UseWhen(http => http.Request.Headers.AcceptEncoding.Count > 0, branch => branch.UseResponseCompression());

    /// <summary>Keeps the tags apart: before whatever compresses, or answers with what was compressed.</summary>
    public static void UseTagsOfEncodings(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                if (http.Request.Headers.AcceptEncoding.Count == 0 && !HasOwnTag(http.Request))
                    return next(http);
                var known = http.Request.Headers.IfNoneMatch.ToString();
                foreach (var name in new[] { HeaderNames.IfNoneMatch, HeaderNames.IfMatch })
                    if (http.Request.Headers.TryGetValue(name, out var tags))
                        http.Request.Headers[name] = WithoutEncoding(tags.ToString());
                http.Response.OnStarting(() =>
                {
                    if (http.Response.Headers.ETag.ToString() is not { Length: > 2 } tag)
                        return Task.CompletedTask;
                    var encoding = http.Response.Headers.ContentEncoding.ToString();
                    if (encoding.Length > 0)
                        http.Response.Headers.ETag = $"{tag[..^1]}-{encoding}\"";
                    // Whoever has the compressed one already is told that one.
                    else if (
                        http.Response.StatusCode == StatusCodes.Status304NotModified
                        && Suffixes.Select(s => tag[..^1] + s).FirstOrDefault(t => known.Contains(t, StringComparison.Ordinal)) is { } own
                    )
                        http.Response.Headers.ETag = own;
                    return Task.CompletedTask;
                });
                return next(http);
            }
        );

    /// <summary>The tags as services know them.</summary>
    public static string WithoutEncoding(string tags) =>
        Suffixes.Aggregate(tags, (all, suffix) => all.Replace(suffix, "\"", StringComparison.Ordinal));

    static bool HasOwnTag(HttpRequest request) =>
        Suffixes.Any(s =>
            request.Headers.IfNoneMatch.ToString().Contains(s, StringComparison.Ordinal)
            || request.Headers.IfMatch.ToString().Contains(s, StringComparison.Ordinal)
        );
}
