using Microsoft.AspNetCore.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Writing;

/// <summary>The answer to a write that was carried out, now or before.</summary>
sealed record WrittenAnswer(int Status, string Body, string? Location, string Tag, bool Replayed) : IResult, IStatusCodeHttpResult
{
    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <summary>The answer that a key got before; the problem of a key that came with another request.</summary>
    public static IResult Again(HttpContext http, IdempotencyKey key, IdempotentAnswer given) =>
        given.Fingerprint == key.Fingerprint
            ? given.Body.IsReadable
                ? new WrittenAnswer(given.Status, given.Body.Value, given.Location, given.ETag, Replayed: true)
                : Unreadable(given).ToResult()
            : CommonProblems
                .IdempotencyKeyReused.With(
                    $"This {IdempotencyKey.Header} came before with another request to {http.Request.Path} or elsewhere. Use a new key for a new request."
                )
                .ToResult();

    static Problem Unreadable(IdempotentAnswer given) =>
        CommonProblems.AnswerUnreadable.With(
            "The request with this key was carried out before. What it was answered is sealed with a key that is not there: read what it made, and do not send it with another key."
        ) with
        {
            Extensions = new Dictionary<string, object?> { ["answered"] = given.Status, ["location"] = given.Location },
        };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.ETag = Tag;
        if (Location is not null)
            response.Headers.Location = Location;
        if (Replayed)
            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync(Body, httpContext.RequestAborted);
    }
}
