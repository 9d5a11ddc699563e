using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Traces, metrics and logs by OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Without it nothing is collected, so nothing is paid.
/// </summary>
public static class Telemetry
{
    /// <summary>Adds telemetry under the name of <paramref name="service"/>.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // Beneath every other source, so that any configuration overrides them.
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData = new Dictionary<string, string?>
                {
                    ["Logging:LogLevel:Default"] = "Information",
                    ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                    ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
                    ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
                    ["Logging:LogLevel:Yarp"] = "Warning",
                    ["Logging:LogLevel:OpenIddict"] = "Warning",
                    ["Logging:LogLevel:Wolverine"] = "Warning",
                    ["Logging:LogLevel:Marten"] = "Warning",
                    // It would log the parameters of what failed; the failure itself is logged by whoever called.
                    ["Logging:LogLevel:Marten.IDocumentStore"] = "None",
                },
            }
        );
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Logging.AddOpenTelemetry(logging => logging.IncludeScopes = true);
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "policyplatform"))
            .WithTracing(tracing =>
                tracing
                    .AddAspNetCoreInstrumentation(http =>
                        http.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                    )
                    .AddHttpClientInstrumentation()
                    .AddSource("Npgsql", "Marten", "Wolverine", "Yarp.ReverseProxy")
            )
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("Npgsql", "Marten", "Wolverine:" + service, StuckMessages.MeterOf(service))
            )
            .UseOtlpExporter();
    }
}
