using System.Net;
using Alba;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using PolicyPlatform.Gateway.Routing;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>The gateway leads to whoever is there.</summary>
public sealed class when_services_are_away
{
    [Theory]
    [InlineData("", 200, "healthy", null)]
    [InlineData("Consultation", 200, "degraded", "Not ready: Consultation.")]
    [InlineData("Catalog Documents Interpretation", 200, "degraded", "Not ready: Catalog, Documents, Interpretation.")]
    [InlineData(
        "Catalog Documents Interpretation Consultation",
        503,
        "unhealthy",
        "Not ready: Catalog, Documents, Interpretation, Consultation."
    )]
    public async Task it_takes_requests_as_long_as_one_is_there_and_names_those_that_are_not(
        string away,
        int status,
        string word,
        string? detail
    )
    {
        await using var gateway = await AlbaHost.For<ServiceState>(builder =>
        {
            foreach (var service in Services.All)
            foreach (var kind in new[] { "Http", "Grpc" })
                builder.UseSetting($"Services:{service.Name}:{kind}", $"http://{service.Name.ToLowerInvariant()}.test");
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            builder.ConfigureTestServices(services =>
                services.ConfigureHttpClientDefaults(client =>
                    client.ConfigurePrimaryHttpMessageHandler(() => new Answering(away.ToLowerInvariant().Split(' ')))
                )
            );
        });
        var health = await gateway.Scenario(s =>
        {
            s.Get.Url("/health/ready");
            s.StatusCodeShouldBe(status);
        });
        var check = (await health.Json())
            .GetProperty("checks")
            .EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() is "services");
        Assert.Equal((word, detail), (check.GetProperty("status").GetString(), check.GetProperty("detail").GetString()));
    }

    sealed class Answering(string[] away) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            away.Contains(request.RequestUri!.Host.Split('.')[0])
                ? throw new HttpRequestException("Connection refused")
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
