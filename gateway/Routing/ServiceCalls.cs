using System.Globalization;
using System.Net;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>How the gateway itself asks a service something.</summary>
public sealed class ServiceCalls(IHttpClientFactory clients, IConfiguration configuration)
{
    /// <summary>How long what is asked on the way to another answer is waited for: one service that hangs holds nobody up.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    /// <summary>The answer, whatever it is; null where the service cannot be asked just now.</summary>
    /// <param name="service">The service.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="patience">How long is waited for it; as long as is usual when left out.</param>
    /// <param name="authorization">The token that it is asked with; none when left out.</param>
    public async Task<HttpResponseMessage?> Get(
        Service service,
        string path,
        CancellationToken cancellation,
        TimeSpan? patience = null,
        string? authorization = null
    )
    {
        HttpResponseMessage? last = null;
        // Of several processes the first that answers; what the others say of themselves does not matter then.
        foreach (var address in ServiceAddresses.Of(configuration, service.Name, "Http"))
        {
            last?.Dispose();
            last = await Get(new Uri(address, path), patience, authorization, cancellation);
            if (last is { StatusCode: < HttpStatusCode.InternalServerError })
                break;
        }
        return last;
    }

    async Task<HttpResponseMessage?> Get(Uri address, TimeSpan? patience, string? authorization, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (!string.IsNullOrEmpty(authorization))
        {
            // What somebody asks for is told in their language.
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            request.Headers.TryAddWithoutValidation("Accept-Language", CultureInfo.CurrentUICulture.Name);
        }
        using var client = clients.CreateClient(nameof(ServiceCalls));
        if (patience is { } limit)
            client.Timeout = limit;
        try
        {
            return await client.SendAsync(request, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && (e is HttpRequestException || Faults.IsTemporary(e)))
        {
            return null;
        }
    }
}
