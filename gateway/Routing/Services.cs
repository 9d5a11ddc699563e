using System.Net;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Operations;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>A service behind the gateway and the part of the API that is its own.</summary>
/// <param name="Name">As in <c>Services:{Name}:Http</c> and <c>Services:{Name}:Grpc</c>, its addresses.</param>
/// <param name="Paths">The paths below /api/v1 that it answers.</param>
/// <param name="GrpcPackage">The package of its gRPC contract.</param>
public sealed record Service(string Name, string[] Paths, string GrpcPackage);

/// <summary>Who answers what. An integrating system sees one API and never learns of this.</summary>
public static class Services
{
    /// <summary>All services.</summary>
    public static readonly Service[] All =
    [
        new(
            "Catalog",
            [
                "organisations",
                "subjects",
                "calendar",
                "disclosure-catalogues",
                "obligations",
                "obligation-calendars",
                "decision-catalogues",
                "lists",
                "topics",
                "subscriptions",
            ],
            "policyplatform.catalog.v1"
        ),
        new("Documents", ["documents", "library", "imports", "operations", "integrity", "cleanups"], "policyplatform.documents.v1"),
        new(
            "Interpretation",
            [
                "interpretations",
                "interpretation-plans",
                "interpretation-tasks",
                "questions",
                "hotline",
                "benefits",
                "documents/{id}/interpretations",
            ],
            "policyplatform.interpretation.v1"
        ),
        new(
            "Consultation",
            ["consultations", "comments", "hearings", "questionnaires", "evaluations", "open-days", "documents/{id}/consultations"],
            "policyplatform.consultation.v1"
        ),
    ];

    /// <summary>Whether this is asked with POST and writes nothing: with more than fits into an address.</summary>
    public static bool ReadsByPost(PathString path) => path.Value is "/api/v1/questions/answer" or "/api/v1/benefits/match";

    /// <summary>Adds YARP with a route for each part of the API.</summary>
    public static void AddRouting(this WebApplicationBuilder builder)
    {
        var proxy = builder.Services.AddReverseProxy();
        builder.Services.AddSingleton<IDestinationResolver, NamedDestinations>();
        List<RouteConfig> routes = [];
        List<ClusterConfig> clusters = [];
        foreach (var service in All)
        {
            clusters.Add(Cluster(service.Name, ServiceAddresses.Of(builder.Configuration, service.Name, "Grpc")));
            // What each service has of the same kind is told apart by the service's name.
            foreach (var path in service.Paths.Append($"{DeadLetters.Path[1..]}/{service.Name.ToLowerInvariant()}"))
                routes.Add(Route(path, service.Name, $"/api/v1/{path}/{{**rest}}"));
            routes.Add(Route($"{service.Name} gRPC", service.Name, $"/{service.GrpcPackage}.{service.Name}/{{**method}}"));
        }
        // X-Forwarded-* and traceparent are set by YARP itself.
        proxy
            .LoadFromMemory(routes, clusters)
            .ConfigureHttpClient((_, handler) => SharedConnections.Bound(handler))
            .AddTransforms(transforms =>
            {
                var limits = transforms.Services.GetRequiredService<PublicLimits>();
                transforms.AddResponseTransform(answer =>
                {
                    limits.Count(answer);
                    return ValueTask.CompletedTask;
                });
            });
    }

    static RouteConfig Route(string id, string cluster, string path) =>
        new()
        {
            RouteId = id,
            ClusterId = cluster,
            Match = new() { Path = path },
        };

    // All calls go over the few connections of HTTP/2 that gRPC has: many share a packet then, and one costs a third less time of the gateway.
    static ClusterConfig Cluster(string id, Uri[] addresses) =>
        new()
        {
            ClusterId = id,
            HttpRequest = new() { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            // Of several those are asked that are ready; where there is one alone, it says itself what it cannot do.
            HealthCheck = addresses is [var only] && ServiceAddresses.BehindName(only) is null ? null : Watched,
            Destinations = addresses
                .Select((address, n) => ($"{id} {n + 1}", address))
                .ToDictionary(d => d.Item1, d => new DestinationConfig { Address = d.address.ToString() }),
        };

    static readonly HealthCheckConfig Watched = new()
    {
        Active = new()
        {
            Enabled = true,
            Path = "/health/ready",
            Interval = TimeSpan.FromSeconds(1),
            Timeout = TimeSpan.FromSeconds(3),
            Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
        },
        Passive = new()
        {
            Enabled = true,
            Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
            ReactivationPeriod = TimeSpan.FromSeconds(2),
        },
    };
}
