using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>A service behind the gateway, as it is just now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsReady">Whether it takes requests.</param>
public sealed record ServiceState(string Name, bool IsReady);

/// <summary>Asks the services how they are.</summary>
public sealed class ServiceStates(IHttpClientFactory clients, IConfiguration configuration)
{
    // One that hangs is not ready, and holds nobody up.
    static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(3);

    /// <summary>All of them, in the order in which they are known.</summary>
    public async Task<IReadOnlyList<ServiceState>> Read(CancellationToken cancellation)
    {
        using var client = clients.CreateClient(nameof(ServiceStates));
        client.Timeout = LongestAnswer;
        return await Task.WhenAll(
            Services.All.Select(async service => new ServiceState(service.Name, await IsReady(client, service.Name, cancellation)))
        );
    }

    async Task<bool> IsReady(HttpClient client, string service, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(
                new Uri(new(configuration[$"Services:{service}:Http"]!), "/health/ready"),
                cancellation
            );
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || e is TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>The gateway is ready when every service behind it is; it names those that are not.</summary>
sealed class ServicesAreReady(ServiceStates states) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = (await states.Read(cancellationToken)).Where(s => !s.IsReady).Select(s => s.Name).ToArray();
        return away.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"Not ready: {string.Join(", ", away)}.");
    }
}
