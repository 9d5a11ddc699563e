using Microsoft.AspNetCore.Http;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>The address under which callers know the API, for links that leave it: in feeds and catalogues.</summary>
public static class PublicAddress
{
    /// <summary>The address that the gateway was called by, as it passes it on.</summary>
    public static string Of(HttpRequest request)
    {
        var scheme = request.Headers["X-Forwarded-Proto"].FirstOrDefault() ?? request.Scheme;
        var host = request.Headers["X-Forwarded-Host"].FirstOrDefault() ?? request.Host.Value;
        return $"{scheme}://{host}";
    }
}
