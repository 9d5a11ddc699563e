using System.Security.Cryptography;
using System.Text;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>The <c>Idempotency-Key</c> of a request, with a fingerprint of everything that the request asks for.</summary>
/// <param name="Id">The key within its caller: two callers never share one, and of callers without a token a random key tells one from the other.</param>
/// <param name="Fingerprint">SHA-256 over method, path, query, content type and body.</param>
sealed record IdempotencyKey(string Id, string Fingerprint)
{
    internal const string Header = "Idempotency-Key",
        ReplayedHeader = "Idempotency-Replayed";
    const int Longest = 255;

    // A UUID has 122 random bits, as many characters of base64 more; "subscribe-1" has none.
    const int ShortestOfSomebody = 22,
        FewestCharacters = 8;

    /// <summary>Reads the key of a write before its body is bound, and leaves it for the writer as a feature.</summary>
    internal static void Read(IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                // A call over gRPC comes here once more, as the request that it is.
                if (
                    !HttpMethods.IsGet(context.Request.Method)
                    && !HttpMethods.IsHead(context.Request.Method)
                    && context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null
                    && context.Request.Headers.TryGetValue(Header, out var values)
                )
                {
                    var key = values.ToString();
                    if (key.Length is 0 or > Longest)
                    {
                        await CommonProblems
                            .Malformed.With($"{Header} must have 1 to {Longest} characters.")
                            .ToResult()
                            .ExecuteAsync(context);
                        return;
                    }
                    if (context.User.Identity?.IsAuthenticated is not true && CanBeGuessed(key))
                    {
                        await CommonProblems
                            .IdempotencyKeyGuessable.With(
                                $"Without a token the {Header} is all that tells you from others, and its answer may be yours alone: send a random UUID."
                            )
                            .ToResult()
                            .ExecuteAsync(context);
                        return;
                    }
                    context.Request.EnableBuffering();
                    context.Features.Set(await From(context, key));
                    context.Request.Body.Position = 0;
                }
                await next(context);
            }
        );

    static bool CanBeGuessed(string key) => key.Length < ShortestOfSomebody || key.Distinct().Count() < FewestCharacters;

    static async Task<IdempotencyKey> From(HttpContext context, string key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var request = context.Request;
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}\n{request.QueryString}\n{request.ContentType}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            hash.AppendData(buffer, 0, read);
        var caller = context.User.FindFirst("sub")?.Value;
        return new(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{key}"))),
            Convert.ToHexStringLower(hash.GetHashAndReset())
        );
    }
}

/// <summary>
/// The answer that an idempotency key got, stored in the same transaction as what it answers for; sealed, as it may hold what concerns the
/// caller alone.
/// </summary>
sealed record IdempotentAnswer(
    string Id,
    string Fingerprint,
    int Status,
    Sealed<string> Body,
    string? Location,
    string ETag,
    DateTimeOffset At
)
{
    /// <summary>How long the same key gives the same answer.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromHours(24);
}
