using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using Yarp.ReverseProxy.Transforms;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// How much somebody without a token may ask for from one address in a minute. What a token is sent with is not counted: one that is not
/// valid is refused before anything is done. What costs a moment's work to answer is waited for in a queue before it is refused; secrets are
/// taken as long as they are not guessed at; whatever else is read is not limited.
/// </summary>
/// <remarks>
/// A receipt or an invitation is always looked up, and a right one always answered: many people share an address, and one of them who guesses
/// keeps none of the others from what is theirs. Only what was wrong is counted, and beyond the limit told to wait instead of what it was. So
/// somebody can go on guessing as fast as the line goes, which gets nowhere: each is 128 bits of chance (<c>Receipt.New</c>). Of 10,000,000
/// receipts, at 100,000 guesses a second, the first is met after 2^128 / 10^12 seconds, some 10^19 years. Secrets of applications are chosen by
/// people and can be weak: there the address is held off whatever it sends.
/// </remarks>
sealed partial class PublicLimits
{
    /// <summary>One limit.</summary>
    /// <param name="Name">Its name in the <c>RateLimit</c> headers.</param>
    /// <param name="PerMinute">How many requests a minute are taken from an address, at once or one after the other.</param>
    /// <param name="Waiting">How many more of them wait for their turn.</param>
    /// <param name="AtOnce">How many are carried out at the same time; null for as many as come.</param>
    sealed record Limit(string Name, int PerMinute, int Waiting = 0, int? AtOnce = null);

    /// <summary>A limit, and the address that it holds for.</summary>
    readonly record struct Asked(Limit Limit, string Address);

    // More than one address can send in a minute.
    const int Unlimited = 1_000_000;

    readonly Limit writes,
        reads;
    readonly Limit guesses = new("guesses", PerMinute: 10, Waiting: 100, AtOnce: 4),
        receipts = new("receipts", PerMinute: 20),
        invitations = new("invitations", PerMinute: 20);

    readonly PartitionedRateLimiter<Asked> rates = Each(Bucket),
        turns = Each(limit => new ConcurrencyLimiter(new() { PermitLimit = limit.AtOnce ?? int.MaxValue, QueueLimit = limit.Waiting }));

    // From zero on, so that the first refusal is seen as one.
    readonly ConcurrentDictionary<string, long> refused;

    public PublicLimits(IConfiguration configuration, IMeterFactory meters)
    {
        writes = new("writes", Math.Clamp(configuration.GetValue("Limits:PublicWritesPerMinute", 60), 1, Unlimited));
        reads = new("reads", Math.Clamp(configuration.GetValue("Limits:CostlyReadsPerMinute", 300), 1, Unlimited), Waiting: 20, AtOnce: 4);
        refused = new(new[] { writes, reads, guesses, receipts, invitations }.Select(l => new KeyValuePair<string, long>(l.Name, 0)));
        meters
            .Create(Telemetry.MeterName)
            .CreateObservableCounter(
                "policyplatform.limits.refusals",
                () => refused.Select(r => new Measurement<long>(r.Value, new KeyValuePair<string, object?>("limit", r.Key))),
                "{request}",
                "Requests without a token that were refused by a limit"
            );
    }

    /// <summary>Holds every request against the limits.</summary>
    public Task Guard(HttpContext http, RequestDelegate next)
    {
        if (IsTokenRequest(http.Request))
            return GuardSecrets(http, next, By(http, guesses));
        if (TakesReceipt(http.Request))
        {
            var inner = next;
            // What was guessed wrong of the one says nothing of the other.
            var shown = http.Request.Path.Value!.Contains("/questionnaires/", StringComparison.OrdinalIgnoreCase) ? invitations : receipts;
            next = http => GuardReceipts(http, inner, By(http, shown));
        }
        return Of(http.Request) is { } limit ? Guard(http, next, By(http, limit)) : next(http);
    }

    static Asked By(HttpContext http, Limit limit) => new(limit, Network(http.Connection.RemoteIpAddress));

    async Task Guard(HttpContext http, RequestDelegate next, Asked asked)
    {
        using var rate = await rates.AcquireAsync(asked, 1, http.RequestAborted);
        if (!rate.IsAcquired)
        {
            await Refuse(
                http,
                asked,
                rate,
                $"Without a token {asked.Limit.PerMinute} such requests a minute are taken from one address. Send it again later, or with a token."
            );
            return;
        }
        using var turn = await turns.AcquireAsync(asked, 1, http.RequestAborted);
        if (!turn.IsAcquired)
        {
            await Refuse(http, asked, turn, TooManyAtOnce);
            return;
        }
        var left = Left(asked);
        http.Response.OnStarting(() => Tell(http, asked.Limit, left));
        await next(http);
    }

    // Whoever sends the right secret may ask as often as need be: the wrong ones are counted.
    async Task GuardSecrets(HttpContext http, RequestDelegate next, Asked asked)
    {
        using var turn = await turns.AcquireAsync(asked, 1, http.RequestAborted);
        if (!turn.IsAcquired)
        {
            await Refuse(http, asked, turn, TooManyAtOnce);
            return;
        }
        // Those that were sent at once and waited are counted as those before them were.
        if (Left(asked) == 0)
        {
            await Refuse(
                http,
                asked,
                $"{asked.Limit.PerMinute} wrong secrets a minute are taken from one address. Wait a minute.",
                seconds: 60
            );
            return;
        }
        await next(http);
        if (http.Response.StatusCode is 400 or 401)
            rates.AttemptAcquire(asked).Dispose();
    }

    /// <summary>A receipt or an invitation that was sent, and whether it was a wrong one too many.</summary>
    sealed class SentReceipt(Asked asked)
    {
        public Asked Asked => asked;

        public bool IsTooMany { get; set; }
    }

    async Task GuardReceipts(HttpContext http, RequestDelegate next, Asked asked)
    {
        var sent = new SentReceipt(asked);
        http.Features.Set(sent);
        await next(http);
        if (!sent.IsTooMany)
            return;
        // Of the service's answer nothing has left.
        http.Response.Clear();
        await Refuse(
            http,
            asked,
            $"{asked.Limit.PerMinute} wrong receipts a minute are taken from one address. Wait a minute.",
            seconds: 60
        );
    }

    /// <summary>
    /// Counts what a service says was wrong, which is told to nobody else. Beyond the limit its answer is held back, before anything of it has
    /// left.
    /// </summary>
    public void Count(ResponseTransformContext answer)
    {
        if (
            !answer.HttpContext.Response.Headers.Remove(WrongSecret.Header)
            || answer.HttpContext.Features.Get<SentReceipt>() is not { } sent
        )
            return;
        using var counted = rates.AttemptAcquire(sent.Asked);
        sent.IsTooMany = answer.SuppressResponseBody = !counted.IsAcquired;
    }

    static readonly Wording TooManyAtOnce =
        "Too many such requests from one address are being carried out or wait already. Send it again in a moment, or with a token.";

    long Left(Asked asked) => rates.GetStatistics(asked)?.CurrentAvailablePermits ?? asked.Limit.PerMinute;

    Task Refuse(HttpContext http, Asked asked, RateLimitLease lease, Wording why) =>
        Refuse(
            http,
            asked,
            why,
            lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1
        );

    Task Refuse(HttpContext http, Asked asked, Wording why, int seconds)
    {
        refused.AddOrUpdate(asked.Limit.Name, 1, (_, count) => count + 1);
        // Whoever is refused for want of a turn may have requests left.
        Tell(http, asked.Limit, Left(asked));
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
        : HttpMethods.IsPost(request.Method) && (request.Path.StartsWithSegments("/api") || GrpcDoor.Writes(request.Path)) ? writes
        : null;

    static bool TakesReceipt(HttpRequest request) =>
        request.Headers.Authorization.Count == 0
        && (
            HasReceipt().IsMatch(request.Path.Value ?? "")
            || request.QueryString.HasValue && request.Path.StartsWithSegments("/api") && request.Query.ContainsKey("receipt")
        );

    // What is found by a receipt or an invitation that stands in the path or in the body.
    [GeneratedRegex(
        @"^/api/v1/(comments/.+|hearings/[^/]+/applications/.+|open-days/[^/]+/registration/cancel/?|questionnaires/[^/]+/answers/?)$|^/policyplatform\.consultation\.v1\.Consultation/ReadComment/?$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex HasReceipt();

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
    static PartitionedRateLimiter<Asked> Each(Func<Limit, RateLimiter> make) =>
        PartitionedRateLimiter.Create<Asked, Asked>(asked => RateLimitPartition.Get(asked, a => make(a.Limit)));

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
