using Microsoft.Extensions.Diagnostics.HealthChecks;
using PolicyPlatform.ServiceDefaults.Operations;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>A service behind the gateway, as it is just now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsReady">Whether it takes requests.</param>
public sealed record ServiceState(string Name, bool IsReady);

/// <summary>Asks the services how they are.</summary>
public sealed class ServiceStates(ServiceCalls calls)
{
    /// <summary>All of them, in the order in which they are known.</summary>
    public async Task<IReadOnlyList<ServiceState>> Read(CancellationToken cancellation) =>
        await Task.WhenAll(
            Services.All.Select(async service =>
            {
                using var answer = await calls.Get(service, "/health/ready", cancellation, ServiceCalls.Moment);
                return new ServiceState(service.Name, answer is { IsSuccessStatusCode: true });
            })
        );
}

/// <summary>The gateway is ready when it can lead to one service at least; it names those that are away.</summary>
sealed class ServicesAreReady(ServiceStates states) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var all = await states.Read(cancellationToken);
        var away = all.Where(s => !s.IsReady).Select(s => s.Name).ToArray();
        var detail = $"Not ready: {string.Join(", ", away)}.";
        return away.Length == 0 ? HealthCheckResult.Healthy()
            : away.Length < all.Count ? HealthCheckResult.Degraded(detail)
            : HealthCheckResult.Unhealthy(detail);
    }
}

static class WatchedStates
{
    /// <summary>Watches whether the services are ready.</summary>
    public static void WatchServices(this WebApplicationBuilder builder) =>
        builder.Services.Watch(
            new(
                "policyplatform.services.ready",
                "{service}",
                "Whether a service takes requests: 1, or 0",
                "service",
                async (services, cancellation) =>
                    [
                        .. (await services.GetRequiredService<ServiceStates>().Read(cancellation)).Select(s => new CountedKind(
                            s.Name.ToLowerInvariant(),
                            s.IsReady ? 1 : 0
                        )),
                    ]
            )
        );
}
