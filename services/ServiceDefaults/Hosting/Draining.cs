using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// A process ends in order: first it says that it is not ready, and answers all the same for as long as those who lead requests to it need to
/// notice; then it takes none, and finishes those that it has.
/// </summary>
sealed class Draining(IHostApplicationLifetime lifetime, IConfiguration configuration, IHostEnvironment environment)
    : IHostedLifecycleService,
        IHealthCheck
{
    /// <summary>How long it answers after it was told to end. None while developing: nobody leads requests there.</summary>
    static TimeSpan Drain(IConfiguration configuration, IHostEnvironment environment) =>
        TimeSpan.FromSeconds(configuration.GetValue("Shutdown:DrainSeconds", environment.IsDevelopment() ? 0 : 5));

    /// <summary>How long after that requests and messages under way may take.</summary>
    static TimeSpan Requests(IConfiguration configuration, IHostEnvironment environment) =>
        TimeSpan.FromSeconds(configuration.GetValue("Shutdown:RequestSeconds", environment.IsDevelopment() ? 5 : 20));

    /// <summary>The longest that the end takes.</summary>
    public static TimeSpan Longest(IConfiguration configuration, IHostEnvironment environment) =>
        Drain(configuration, environment) + Requests(configuration, environment);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            lifetime.ApplicationStopping.IsCancellationRequested
                ? HealthCheckResult.Unhealthy("It is ending: what is under way is finished.")
                : HealthCheckResult.Healthy()
        );

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(Drain(configuration, environment), cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

static class DrainingHost
{
    public static void AddDraining(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = Draining.Longest(builder.Configuration, builder.Environment)
        );
        builder.Services.AddHostedService<Draining>();
        builder.Services.AddHealthChecks().AddCheck<Draining>("running", tags: ["ready"]);
    }
}
