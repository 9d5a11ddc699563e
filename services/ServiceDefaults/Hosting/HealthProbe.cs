using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// The question of a container engine, asked by the program itself: an image without a shell has nobody else to ask. With the argument
/// <c>health</c> it asks the process that serves on this machine with the same settings whether it lives, and ends with 0 or 1.
/// </summary>
static class HealthProbe
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Ends the process where it was started to ask.</summary>
    public static void EndIfAsked(IConfiguration configuration)
    {
        if (Environment.GetCommandLineArgs() is [_, "health"])
            Environment.Exit(Lives(configuration) ? 0 : 1);
    }

    static bool Lives(IConfiguration configuration)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = client.Send(new(HttpMethod.Get, AddressIn(configuration)));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine(e.Message);
            return false;
        }
    }

    /// <summary>Where the process that has these settings is asked: at its endpoint that speaks HTTP/1.1 in the clear.</summary>
    /// <exception cref="InvalidOperationException">No setting names one.</exception>
    internal static Uri AddressIn(IConfiguration configuration)
    {
        var endpoint =
            configuration
                .GetSection("Kestrel:Endpoints")
                .GetChildren()
                .FirstOrDefault(e =>
                    e["Protocols"] is not "Http2" && e["Url"]?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) is true
                )
            ?? throw new InvalidOperationException("Kestrel:Endpoints names no endpoint that speaks HTTP/1.1 in the clear.");
        var bound = BindingAddress.Parse(endpoint["Url"]!);
        var host = bound.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : bound.Host;
        return new UriBuilder(bound.Scheme, host, bound.Port, "/health/live").Uri;
    }
}
