using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>
/// The address under which callers know the API, for links that leave it: the setting <c>PublicAddress</c>. Where it is not set, a caller
/// reads the address that was called, and what others read has a local one: nobody sends links of their own choice to others.
/// </summary>
public static class PublicAddress
{
    /// <summary>For what others read, such as a mail.</summary>
    public static string Of(IConfiguration settings) => Set(settings) ?? "http://localhost:8080";

    /// <summary>For what the caller reads: as set, else the address that the gateway was called by, as it passes it on.</summary>
    public static string Of(HttpRequest request)
    {
        if (Set(request.HttpContext.RequestServices.GetRequiredService<IConfiguration>()) is { } address)
            return address;
        var scheme = request.Headers["X-Forwarded-Proto"].FirstOrDefault() ?? request.Scheme;
        var host = request.Headers["X-Forwarded-Host"].FirstOrDefault() ?? request.Host.Value;
        return $"{scheme}://{host}";
    }

    static string? Set(IConfiguration settings) => settings["PublicAddress"]?.TrimEnd('/');
}
