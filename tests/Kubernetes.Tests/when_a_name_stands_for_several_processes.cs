using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyPlatform.AppHost.Processes;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.Testing;
using CatalogClient = PolicyPlatform.Contracts.Catalog.V1.Catalog.CatalogClient;
using DocumentsClient = PolicyPlatform.Contracts.Documents.V1.Documents.DocumentsClient;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>Calls to a name reach every process that is behind it; here the addresses of localhost, one or two.</summary>
public sealed class when_a_name_stands_for_several_processes : IAsyncLifetime
{
    readonly int port = FreePort.Next();
    readonly ConcurrentDictionary<IPAddress, int> calls = new();
    readonly List<WebApplication> processes = [];

    IPAddress[] addresses = [];

    string Name => $"dns:///localhost:{Text(port)}";

    public async ValueTask InitializeAsync()
    {
        addresses = await Dns.GetHostAddressesAsync("localhost", TestContext.Current.CancellationToken);
        foreach (var address in addresses)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http2));
            var process = builder.Build();
            process.Run(context => Answer(context, address));
            await process.StartAsync();
            processes.Add(process);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    [Fact]
    public async Task each_call_of_a_service_goes_to_the_next_one()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Services:Documents:Grpc"] = Name;
        builder.AddGrpcClientOf<DocumentsClient>("Documents");
        await using var services = builder.Services.BuildServiceProvider();
        var client = services.GetRequiredService<DocumentsClient>();
        // Who is connected last gets calls from then on.
        await Calls.Eventually(async () =>
        {
            await Arrives(client);
            return calls.Count == addresses.Length ? true : (bool?)null;
        });
        calls.Clear();
        for (var n = 0; n < 10 * addresses.Length; n++)
            await Arrives(client);
        Assert.All(addresses, a => Assert.Equal(10, calls[a]));
    }

    [Fact]
    public async Task each_call_to_the_gateway_goes_to_whoever_has_less_to_do()
    {
        var (http, grpc) = (FreePort.Next(), FreePort.Next());
        var start = new ProcessStartInfo("dotnet", [Tool.Program("Gateway")]);
        foreach (var service in Gateway.Routing.Services.All)
        {
            start.Environment[$"Services__{service.Name}__Http"] = "http://127.0.0.1:9";
            start.Environment[$"Services__{service.Name}__Grpc"] = Name;
        }
        // A name that nobody is behind yet keeps nobody from starting.
        start.Environment["Services__Catalog__Grpc"] = "dns:///nobody.invalid:8081";
        start.Environment["Kestrel__Endpoints__Http__Url"] = $"http://127.0.0.1:{Text(http)}";
        start.Environment["Kestrel__Endpoints__Grpc__Url"] = $"http://127.0.0.1:{Text(grpc)}";
        start.Environment["Kestrel__Endpoints__Grpc__Protocols"] = "Http2";
        await using var gateway = new RunningProgram(start);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Text(grpc)}");
        var client = new DocumentsClient(channel);
        await Calls.Eventually(async () =>
        {
            Assert.False(gateway.HasEnded, gateway.Said);
            // Until the gateway listens nobody answers.
            Assert.Contains(await Call(client), new[] { StatusCode.Unavailable, StatusCode.NotFound });
            return calls.Count == addresses.Length ? true : (bool?)null;
        });
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new CatalogClient(channel).GetTopicAsync(new(), cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }

    [Theory]
    [InlineData("Grpc", "dns:///documents-headless:8081", true)]
    [InlineData("Grpc", "http://127.0.0.1:1,http://127.0.0.1:2", true)]
    [InlineData("Grpc", "dns:///documents-headless", false)]
    [InlineData("Grpc", "dns://documents-headless:8081", false)]
    [InlineData("Grpc", "dns:///documents-headless:8081,http://127.0.0.1:1", false)]
    [InlineData("Http", "dns:///documents-headless:8080", false)]
    [InlineData("Grpc", "tcp://documents:8081", false)]
    public void what_is_no_address_is_told_by_the_name_of_its_setting(string kind, string given, bool isOne)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new($"Services:Documents:{kind}", given)]).Build();
        if (isOne)
            Assert.Equal(given.Split(',').Length, ServiceAddresses.Of(settings, "Documents", kind).Length);
        else
            Assert.StartsWith(
                $"Services:Documents:{kind} has ",
                Assert.Throws<InvalidOperationException>(() => ServiceAddresses.Of(settings, "Documents", kind)).Message,
                StringComparison.Ordinal
            );
    }

    async Task Answer(HttpContext context, IPAddress address)
    {
        // The gateway asks whether it is ready.
        if (context.Request.Path == "/health/ready")
            return;
        calls.AddOrUpdate(address, 1, (_, before) => before + 1);
        context.Response.ContentType = "application/grpc";
        var trailers = context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        await context.Response.StartAsync();
        trailers["grpc-status"] = Text((int)StatusCode.NotFound);
    }

    static async Task Arrives(DocumentsClient client) => Assert.Equal(StatusCode.NotFound, await Call(client));

    static async Task<StatusCode> Call(DocumentsClient client) =>
        (
            await Assert.ThrowsAsync<RpcException>(async () =>
                await client.GetDocumentAsync(new(), cancellationToken: TestContext.Current.CancellationToken)
            )
        ).StatusCode;

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
