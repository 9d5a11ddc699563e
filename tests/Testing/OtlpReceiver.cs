using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyPlatform.Testing.Otlp;

namespace PolicyPlatform.Testing;

/// <summary>A span as it came.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Source">What made it.</param>
/// <param name="Trace">The trace that it is part of.</param>
/// <param name="Id">It.</param>
/// <param name="Parent">The span that it is part of; empty for the first of a trace.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">internal, server, client, producer or consumer.</param>
/// <param name="Attributes">What is told of it.</param>
public sealed record ReceivedSpan(
    string Service,
    string Source,
    string Trace,
    string Id,
    string Parent,
    string Name,
    string Kind,
    IReadOnlyDictionary<string, string> Attributes
);

/// <summary>A metric as it came.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Meter">What made it.</param>
/// <param name="Metric">It, with its values.</param>
public sealed record ReceivedMetric(string Service, string Meter, Metric Metric);

/// <summary>Takes traces and metrics by OTLP over HTTP on a port of this machine.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication app;

    OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>The spans that came.</summary>
    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>The metrics that came, each as often as it did.</summary>
    public ConcurrentQueue<ReceivedMetric> Metrics { get; } = new();

    /// <summary>All that came, logs too, as the bytes that it came as.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    /// <summary>What the processes say of themselves, each under the name of its service.</summary>
    public ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Processes { get; } = new();

    /// <summary>Settings of the environment with which processes tell it everything, and soon.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = app
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/v1/traces", http => receiver.Take(http, body => receiver.Hear(Traces.Parser.ParseFrom(body))));
        receiver.app.MapPost("/v1/metrics", http => receiver.Take(http, body => receiver.Hear(Otlp.Metrics.Parser.ParseFrom(body))));
        receiver.app.MapPost("/v1/logs", http => receiver.Take(http, _ => { }));
        await receiver.app.StartAsync();
        return receiver;
    }

    async Task Take(HttpContext http, Action<byte[]> hear)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Bodies.Enqueue(body.ToArray());
        hear(body.ToArray());
        http.Response.ContentType = "application/x-protobuf";
    }

    void Hear(Traces traces)
    {
        foreach (var of in traces.ResourceSpans)
        foreach (var scope in of.ScopeSpans)
        foreach (var span in scope.Spans)
            Spans.Enqueue(
                new(
                    Known(of.Resource),
                    scope.Scope.Name,
                    Hex(span.TraceId),
                    Hex(span.SpanId),
                    Hex(span.ParentSpanId),
                    span.Name,
                    span.Kind switch
                    {
                        2 => "server",
                        3 => "client",
                        4 => "producer",
                        5 => "consumer",
                        _ => "internal",
                    },
                    Read(span.Attributes)
                )
            );
    }

    void Hear(Otlp.Metrics metrics)
    {
        foreach (var of in metrics.ResourceMetrics)
        foreach (var scope in of.ScopeMetrics)
        foreach (var metric in scope.Metrics)
            Metrics.Enqueue(new(Known(of.Resource), scope.Scope.Name, metric));
    }

    string Known(Resource resource)
    {
        var said = Read(resource.Attributes);
        return (Processes[said["service.name"]] = said)["service.name"];
    }

    static Dictionary<string, string> Read(IEnumerable<KeyValue> attributes) =>
        attributes.DistinctBy(a => a.Key).ToDictionary(a => a.Key, a => a.Value.StringValue);

    static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
