using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using Wolverine.Runtime;

namespace PolicyPlatform.ServiceDefaults.Operations;

/// <summary>How the services are.</summary>
/// <param name="Services">Each service that answered.</param>
/// <param name="Unanswered">The services that could not be asked.</param>
public sealed record PlatformStatus(IReadOnlyList<ServiceStatus> Services, IReadOnlyList<string> Unanswered);

/// <summary>How a service is; of several processes, how the one is that was asked.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Version">The version that runs, with the commit that it was built from where that is known.</param>
/// <param name="StartedAt">Since when it runs, UTC.</param>
/// <param name="IsReady">Whether it takes requests.</param>
/// <param name="Checks">What keeps it from being ready, or wants to be looked at; nothing while all is well.</param>
/// <param name="Numbers">What waits and what is late, as counted now. What cannot be counted just now is missing.</param>
public sealed record ServiceStatus(
    string Service,
    string Version,
    DateTimeOffset StartedAt,
    bool IsReady,
    IReadOnlyList<StatusCheck> Checks,
    IReadOnlyList<StatusNumber> Numbers
);

/// <summary>Something that is not as it should be.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">degraded: it works, and somebody must look at it; unhealthy: it does not.</param>
/// <param name="Detail">What is wrong; null where that is not known.</param>
public sealed record StatusCheck(string Name, string Status, string? Detail);

/// <summary>A number of a service's status.</summary>
/// <param name="Name">Its name, which it has as a metric, too.</param>
/// <param name="Kind">Which kind was counted; null for one number alone.</param>
/// <param name="Value">How many, or how much in its unit.</param>
/// <param name="Unit">Its unit in UCUM; what is counted in braces.</param>
/// <param name="What">What is counted.</param>
public sealed record StatusNumber(string Name, string? Kind, double Value, string Unit, Wording What);

/// <summary>How the services are: versions, what waits, what is late, what could not be handled.</summary>
public sealed class ReadStatus : IEndpoint
{
    /// <summary>Where it is read.</summary>
    public const string Path = "/operations/status";

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet(Path, Read).RequireAnyRole(Roles.Supervisor).Produces<PlatformStatus>().WithName("readStatus");

    /// <summary>
    /// How each service is: its version, whether it is ready, which messages wait and for how long, what could not be handled, which deadlines
    /// are near or have passed. The same numbers are metrics. A service that cannot be asked is named.
    /// </summary>
    static async Task<IResult> Read(IWolverineRuntime messaging, HealthCheckService health, WatchedNumbers numbers, HttpContext http)
    {
        var report = await health.CheckHealthAsync(check => check.Tags.Contains("ready"), http.RequestAborted);
        using var process = Process.GetCurrentProcess();
        return Results.Ok(
            new PlatformStatus(
                [
                    new(
                        messaging.Options.ServiceName!,
                        Release.Version,
                        process.StartTime.ToUniversalTime(),
                        report.Status is not HealthStatus.Unhealthy,
                        [
                            .. report
                                .Entries.Where(e => e.Value.Status is not HealthStatus.Healthy)
                                .Select(e => new StatusCheck(e.Key, JsonDefaults.Word(e.Value.Status), e.Value.Description)),
                        ],
                        [
                            .. (await numbers.Count(http.RequestAborted)).SelectMany(n =>
                                n.Kinds.Select(k => new StatusNumber(n.Number.Name, k.Kind, k.Value, n.Number.Unit, n.Number.What))
                            ),
                        ]
                    ),
                ],
                []
            )
        );
    }
}
