using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// How much somebody without a token may ask for from one address in a minute. What a token is sent with is not counted: one that is not
/// valid is refused before anything is done. What costs a moment's work to answer is waited for in a queue before it is refused; whatever
/// else is read is not limited.
/// </summary>
sealed partial class PublicLimits
{
    /// <summary>One limit.</summary>
    /// <param name="Name">Its name in the <c>RateLimit</c> headers.</param>
    /// <param name="PerMinute">How many requests a minute are taken from an address, at once or one after the other.</param>
    /// <param name="Waiting">How many more of them wait for their turn.</param>
    /// <param name="AtOnce">How many are carried out at the same time; null for as many as come.</param>
    sealed record Limit(string Name, int PerMinute, int Waiting = 0, int? AtOnce = null);

    const int GuessesPerMinute = 10;

    readonly Limit writes,
        reads,
        guesses = new("guesses", GuessesPerMinute);
    readonly PartitionedRateLimiter<HttpContext> rates,
        turns,
        failures;

    public PublicLimits(IConfiguration configuration)
    {
        writes = new("writes", Math.Max(1, configuration.GetValue("Limits:PublicWritesPerMinute", 60)));
        reads = new("reads", Math.Max(1, configuration.GetValue("Limits:CostlyReadsPerMinute", 300)), Waiting: 20, AtOnce: 4);
        rates = Each(http => Of(http.Request), Bucket);
        turns = Each(
            http => IsTokenRequest(http.Request) ? new("tokens", GuessesPerMinute, Waiting: 100, AtOnce: 4) : Of(http.Request),
            limit =>
                limit.AtOnce is { } most
                    ? new ConcurrencyLimiter(new() { PermitLimit = most, QueueLimit = limit.Waiting })
                    : new ConcurrencyLimiter(new() { PermitLimit = int.MaxValue })
        );
        failures = Each(http => IsTokenRequest(http.Request) ? guesses : null, Bucket);
    }

    /// <summary>Holds every request against the limits.</summary>
    public async Task Guard(HttpContext http, RequestDelegate next)
    {
        if (IsTokenRequest(http.Request) && failures.GetStatistics(http) is { CurrentAvailablePermits: 0 })
        {
            await Refuse(http, guesses, $"{GuessesPerMinute} wrong secrets a minute are taken from one address. Wait a minute.", 60);
            return;
        }
        var limit = Of(http.Request);
        using var rate = await rates.AcquireAsync(http, 1, http.RequestAborted);
        using var turn = rate.IsAcquired ? await turns.AcquireAsync(http, 1, http.RequestAborted) : rate;
        if (!turn.IsAcquired)
        {
            await Refuse(
                http,
                limit ?? guesses,
                rate.IsAcquired
                    ? "Too many such requests from one address are being carried out or wait already. Send it again in a moment, or with a token."
                    : $"Without a token {limit?.PerMinute ?? GuessesPerMinute} such requests a minute are taken from one address. Send it again later, or with a token.",
                turn.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1
            );
            return;
        }
        if (limit is not null && rates.GetStatistics(http)?.CurrentAvailablePermits is { } left)
            http.Response.OnStarting(() => Tell(http, limit, left));
        await next(http);
        if (IsTokenRequest(http.Request) && http.Response.StatusCode is 400 or 401)
            failures.AttemptAcquire(http).Dispose();
    }

    Task Refuse(HttpContext http, Limit limit, string why, int seconds)
    {
        // Whoever is refused for want of a turn may have requests left.
        Tell(http, limit, limit == guesses ? 0 : rates.GetStatistics(http)?.CurrentAvailablePermits ?? 0);
        return (CommonProblems.TooMany.With(why) with { RetryAfterSeconds = seconds }).ToResult().ExecuteAsync(http);
    }

    /// <summary>The fields of draft-ietf-httpapi-ratelimit-headers: what is allowed, what of it is left, and in how many seconds all of it is again.</summary>
    static Task Tell(HttpContext http, Limit limit, long left)
    {
        http.Response.Headers["RateLimit-Policy"] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{limit.Name}\";q={limit.PerMinute};w=60"
        );
        http.Response.Headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{limit.Name}\";r={left};t={Math.Ceiling((limit.PerMinute - left) * 60.0 / limit.PerMinute)}"
        );
        return Task.CompletedTask;
    }

    /// <summary>The limit that a request falls under; null for none.</summary>
    Limit? Of(HttpRequest request) =>
        request.Headers.Authorization.Count > 0 ? null
        : IsCostly().IsMatch(request.Path.Value ?? "") ? reads
        : HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments("/api") ? writes
        : null;

    static bool IsTokenRequest(HttpRequest request) =>
        request.Path.Value!.TrimEnd('/').Equals("/connect/token", StringComparison.OrdinalIgnoreCase);

    // Comparisons, histories of a block, proofs, whole tables, answers that are looked for, and over gRPC whatever looks through texts.
    [GeneratedRegex(
        @"^/api/v1/(documents/[^/]+/(comparison|integrity|blocks/[^/]+/history|revisions/[^/]+/proof)|library/(export\.csv|catalog\.jsonld)|lists/[^/]+/comparison|disclosure-catalogues/[^/]+/export\.[a-z]+|questions/answer|benefits/match)/?$|^/policyplatform\.[a-z.0-9]+\.[A-Za-z]+/(MatchLibrary|FindClauses|ListChangedBlocks|GetTopic)/?$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex IsCostly();

    static TokenBucketRateLimiter Bucket(Limit limit) =>
        new(
            new()
            {
                TokenLimit = limit.PerMinute,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1) / limit.PerMinute,
                QueueLimit = limit.Waiting,
                // One clock for all addresses, instead of one for each.
                AutoReplenishment = false,
            }
        );

    /// <summary>A limiter for each limit and address.</summary>
    static PartitionedRateLimiter<HttpContext> Each(Func<HttpContext, Limit?> limitOf, Func<Limit, RateLimiter> make) =>
        PartitionedRateLimiter.Create<HttpContext, (string Name, string Address)>(http =>
            limitOf(http) is { } limit
                ? RateLimitPartition.Get((limit.Name, Network(http.Connection.RemoteIpAddress)), _ => make(limit))
                : RateLimitPartition.GetNoLimiter(("", ""))
        );

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
