using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>
/// How many comments one device sends to one consultation: <c>Consultation:CommentsPerDevice</c> in ten minutes, 10. Whoever sends more is told
/// when to go on. Known to this process alone, and nothing of it is kept; how many come from one address is limited at the gateway.
/// </summary>
sealed class RecentDevices(IConfiguration configuration) : IDisposable
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(device =>
        RateLimitPartition.GetSlidingWindowLimiter(
            device,
            _ =>
                new()
                {
                    PermitLimit = configuration.GetValue("Consultation:CommentsPerDevice", 10),
                    Window = Window,
                    SegmentsPerWindow = 10,
                }
        )
    );

    /// <summary>Null where a device may send one more.</summary>
    public Problem? Refuses(Guid consultation, string? token)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        using var lease = limiter.AttemptAcquire(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{consultation}/{token}")))
        );
        return lease.IsAcquired
            ? null
            : CommonProblems.TooMany.With(
                $"This device has sent {configuration.GetValue("Consultation:CommentsPerDevice", 10)} comments within ten minutes. Send the next one later; all that were taken have their receipts."
            ) with
            {
                RetryAfterSeconds = (int)Window.TotalSeconds / 10,
            };
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();
}
