using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PolicyPlatform.ServiceDefaults.Operations;

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
        // Without scopes, in which the path of a request stands.
        builder.Logging.AddOpenTelemetry();
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource
                    .AddService(
                        service,
                        serviceNamespace: "policyplatform",
                        serviceVersion: Release.Version,
                        autoGenerateServiceInstanceId: false,
                        serviceInstanceId: string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}")
                    )
                    // What the environment says of the process (OTEL_RESOURCE_ATTRIBUTES) goes before what it says of itself.
                    .AddEnvironmentVariableDetector()
            )
            .WithTracing(tracing =>
                tracing
                    .SetSampler(new ParentBasedSampler(new BeginningsOfWork(SamplerOf(builder.Configuration))))
                    .AddAspNetCoreInstrumentation(http => http.Filter = context => !IsPoll(context.Request.Path))
                    .AddHttpClientInstrumentation()
                    .AddSource(Source.Name, "Grpc.Net.Client", "Npgsql", "Wolverine", "Yarp.ReverseProxy")
                    .AddProcessor(new WithoutAddresses())
            )
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddView(instrument =>
                        instrument.Meter.Name is "System.Net.Http" or "System.Net.NameResolution"
                            ? new MetricStreamConfiguration { TagKeys = ["http.request.method", "http.response.status_code", "error.type"] }
                            : null
                    )
                    .AddMeter(MeterName, "Npgsql", "Marten", "Wolverine:" + service)
            )
            .UseOtlpExporter();
    }

    /// <summary>The name of the meter of what the platform itself measures.</summary>
    public const string MeterName = "PolicyPlatform";

    /// <summary>What counts as it happens is made by this; what is asked for belongs to its host (<see cref="WatchedNumber"/>).</summary>
    public static Meter Measures { get; } = new(MeterName);

    /// <summary>Where the platform begins work by itself, it says so here; what it does then is traced.</summary>
    internal static ActivitySource Source { get; } = new("PolicyPlatform", Release.Version);

    /// <summary>Begins a trace of work that nobody asked for, such as that of the hour.</summary>
    internal static Activity? BeginWork(string name) =>
        Source.StartActivity(ActivityKind.Internal, parentContext: default, [new(BeginningsOfWork.Mark, true)], name: name);

    /// <summary>Goes on with work that is done for several traces at once: within the first, and linked to the others.</summary>
    internal static Activity? BeginTogether(string name, IEnumerable<ActivityContext> traces)
    {
        if (!Source.HasListeners())
            return null;
        var known = traces.Where(t => t != default).ToArray();
        return known.Length == 0
            ? null
            : Source.StartActivity(ActivityKind.Internal, known[0], links: known.Skip(1).Select(t => new ActivityLink(t)), name: name);
    }

    static bool IsPoll(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal)
        || path.StartsWithSegments("/grpc.health.v1.Health", StringComparison.Ordinal);

    // As the SDK reads these when no sampler is given to it.
    static Sampler SamplerOf(ConfigurationManager configuration) =>
        configuration["OTEL_TRACES_SAMPLER"] switch
        {
            "always_off" or "parentbased_always_off" => new AlwaysOffSampler(),
            "traceidratio" or "parentbased_traceidratio" => new TraceIdRatioBasedSampler(
                configuration.GetValue("OTEL_TRACES_SAMPLER_ARG", 1.0)
            ),
            _ => new AlwaysOnSampler(),
        };

    /// <summary>
    /// A trace begins with a request, with a message, or with work that the platform begins by itself. A statement or a call that belongs to
    /// none of these is a poll (of queues, of what changed, of whether others are ready) and is not traced: they were two of five spans.
    /// </summary>
    sealed class BeginningsOfWork(Sampler sampler) : Sampler
    {
        internal const string Mark = "policyplatform.work";

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            samplingParameters.Kind is ActivityKind.Server or ActivityKind.Consumer or ActivityKind.Producer
            || samplingParameters.Tags?.Any(t => t.Key == Mark) is true
                ? sampler.ShouldSample(samplingParameters)
                : new(SamplingDecision.Drop);
    }
}
