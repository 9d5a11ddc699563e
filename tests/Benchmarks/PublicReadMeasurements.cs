using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyPlatform.AppHost.Processes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace PolicyPlatform.Benchmarks;

/// <summary>
/// What the public reads, without a token and warm, beside the least that a read through a gateway can cost: a Kestrel that says hello behind a YARP
/// with the gateway's settings, each a process of its own.
/// </summary>
static class PublicReadMeasurements
{
    const int DocumentCount = 200;

    /// <summary>The commands that the limit is run by.</summary>
    public const string Hello = "bare-hello",
        Proxy = "bare-proxy";

    public static async Task PublicRead(Bench bench)
    {
        await Publish(bench);
        var documents = (await bench.Platform.Get(null, $"library?pageSize={DocumentCount}"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(d => d.GetProperty("id").GetString()!)
            .ToArray();
        var limit = await BareHello(bench);
        Result.Print(
            limit,
            await bench.Get(null, "the text in force", n => $"documents/{documents[n % documents.Length]}/revisions/current"),
            await bench.Get(null, "one text", _ => $"documents/{documents[0]}/revisions/current"),
            await bench.Get(null, "a document", n => $"documents/{documents[n % documents.Length]}"),
            await bench.Get(null, "one document", _ => $"documents/{documents[0]}"),
            await bench.Get(null, "the library", _ => "library")
        );
    }

    // The texts that `read` reads, public.
    static async Task Publish(Bench bench)
    {
        using var client = bench.Client(await bench.Platform.Token("integration"));
        var lines = string.Join(
            '\n',
            Enumerable
                .Range(0, DocumentCount)
                .Select(n =>
                    JsonSerializer.Serialize(
                        new
                        {
                            documentNumber = $"测发〔2025〕{n + 1}号",
                            title = $"测试办法{n}",
                            issuers = new[] { "370114-ZJ" },
                            subject = "CXJS",
                            writtenOn = "2025-01-05",
                            revisions = new[] { new { text = Measurements.Text(n, 1), effectiveFrom = "2025-02-01" } },
                        },
                        ServiceDefaults.JsonDefaults.Options
                    )
                )
        );
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        await Measurements.SendImport(client, content);
    }

    static async Task<Result> BareHello(Bench bench)
    {
        var (hello, proxy) = (FreePort.Next(), FreePort.Next());
        using var said = Run(Hello, hello);
        using var led = Run(Proxy, proxy, hello);
        try
        {
            var address = new Uri(Local(proxy));
            using var client = new HttpClient { BaseAddress = address };
            for (var tries = 0; ; tries++)
                try
                {
                    (await client.GetAsync(new Uri("/api/v1/hello", UriKind.Relative))).EnsureSuccessStatusCode();
                    break;
                }
                catch (HttpRequestException) when (tries < 100)
                {
                    await Task.Delay(200);
                }
            return await bench.Get(null, "bare hello behind bare YARP", _ => "hello", address);
        }
        finally
        {
            said.Kill();
            led.Kill();
        }
    }

    static Process Run(string command, params int[] ports) =>
        Process.Start(
            "dotnet",
            [typeof(PublicReadMeasurements).Assembly.Location, command, .. ports.Select(p => p.ToString(CultureInfo.InvariantCulture))]
        );

    static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");

    /// <summary>Says hello.</summary>
    public static Task SayHello(int port)
    {
        var app = Bare(port, _ => { });
        app.Run(http => http.Response.WriteAsync("hello"));
        return app.RunAsync();
    }

    /// <summary>Leads to whoever says hello.</summary>
    public static Task LeadTo(int port, int hello)
    {
        var app = Bare(
            port,
            services =>
                services
                    .AddReverseProxy()
                    .LoadFromMemory(
                        [
                            new()
                            {
                                RouteId = "hello",
                                ClusterId = "hello",
                                Match = new() { Path = "/api/v1/{**rest}" },
                            },
                        ],
                        [
                            new()
                            {
                                ClusterId = "hello",
                                HttpRequest = new() { ActivityTimeout = TimeSpan.FromSeconds(100) },
                                LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
                                Destinations = new Dictionary<string, DestinationConfig> { ["hello"] = new() { Address = Local(hello) } },
                            },
                        ]
                    )
        );
        app.MapReverseProxy();
        return app.RunAsync();
    }

    static WebApplication Bare(int port, Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Local(port)).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        add(builder.Services);
        return builder.Build();
    }
}
