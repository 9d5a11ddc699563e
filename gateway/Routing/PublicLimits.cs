using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// How often somebody without a token may leave something here: questions, subscriptions. <c>Limits:PublicWritesPerMinute</c> from one
/// address, 60 when it is not set. Reading is not limited, nor is
/// what only asks.
/// </summary>
static class PublicLimits
{
    // They are sent with POST for what they ask, and keep nothing.
    static readonly HashSet<PathString> Asking = ["/api/v1/questions/answer", "/api/v1/benefits/match"];

    /// <summary>Adds the limit.</summary>
    public static void AddPublicLimits(this WebApplicationBuilder builder)
    {
        var most = Math.Max(1, builder.Configuration.GetValue("Limits:PublicWritesPerMinute", 60));
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                IsPublicWrite(http.Request)
                    ? RateLimitPartition.GetTokenBucketLimiter(
                        Network(http.Connection.RemoteIpAddress),
                        _ =>
                            new()
                            {
                                TokenLimit = most,
                                TokensPerPeriod = 1,
                                ReplenishmentPeriod = TimeSpan.FromMinutes(1) / most,
                            }
                    )
                    : RateLimitPartition.GetNoLimiter("")
            );
            limiter.OnRejected = async (context, _) =>
                await (
                    CommonProblems.TooMany.With(
                        $"Without a token {most} requests a minute are taken from one address. Send it again later, or with a token."
                    ) with
                    {
                        RetryAfterSeconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
                            ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds))
                            : 1,
                    }
                )
                    .ToResult()
                    .ExecuteAsync(context.HttpContext);
        });
    }

    static bool IsPublicWrite(HttpRequest request) =>
        request.Headers.Authorization.Count == 0
        && HttpMethods.IsPost(request.Method)
        && request.Path.StartsWithSegments("/api")
        && !Asking.Contains(request.Path);

    // Whoever has an IPv6 address has as many as there are below its first 64 bits.
    static string Network(IPAddress? address) =>
        address switch
        {
            null => "unknown",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
            _ => address.ToString(),
        };
}
