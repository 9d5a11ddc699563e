using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>The gateway is ready when every service behind it is; it names those that are not.</summary>
sealed class ServicesAreReady(IHttpClientFactory clients, IConfiguration configuration) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var client = clients.CreateClient(nameof(ServicesAreReady));
        var states = await Task.WhenAll(
            Services.All.Select(async service => (service.Name, Ready: await IsReady(client, service.Name, cancellationToken)))
        );
        var away = states.Where(s => !s.Ready).Select(s => s.Name).ToArray();
        return away.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"Not ready: {string.Join(", ", away)}.");
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
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
