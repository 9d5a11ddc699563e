using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;

namespace PolicyPlatform.ServiceDefaults.Identity;

/// <summary>
/// Tokens that were found valid a moment ago. Checking a signature costs as much as a read, and integrating systems send one token with
/// thousands of calls. Within a minute a token is checked again, so that one whose key is no longer trusted is refused soon.
/// </summary>
sealed class KnownTokens(TimeProvider time) : IDisposable
{
    const int Most = 10_000;

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>Who sent the request, when its token is known and has not expired; null otherwise.</summary>
    public ClaimsPrincipal? Find(HttpRequest request) =>
        Token(request) is { } token
        && known.TryGetValue<(ClaimsPrincipal Principal, DateTimeOffset Until)>(token, out var found)
        && time.GetUtcNow() < found.Until
            ? found.Principal
            : null;

    /// <summary>Keeps who sent the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="principal">Who sent it.</param>
    /// <param name="expires">When its token expires, UTC.</param>
    public void Keep(HttpRequest request, ClaimsPrincipal principal, DateTime expires)
    {
        var now = time.GetUtcNow();
        var until = now + Longest;
        if (new DateTimeOffset(DateTime.SpecifyKind(expires, DateTimeKind.Utc)) is var end && end < until)
            until = end;
        if (until > now && Token(request) is { } token)
            known.Set(token, (principal, until), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = until - now });
    }

    /// <inheritdoc/>
    public void Dispose() => known.Dispose();

    static string? Token(HttpRequest request) => request.Headers.Authorization is [{ Length: > 0 } one] ? one : null;
}
