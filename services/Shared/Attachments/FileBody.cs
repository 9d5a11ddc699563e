using Microsoft.AspNetCore.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Shared.Attachments;

/// <summary>Requests whose body is a file, of whatever content type: its bytes tell what it is.</summary>
public static class FileBody
{
    /// <summary>The bytes, or the problem of a request that sends a form that holds the file.</summary>
    public static async Task<(byte[] Content, Problem? Problem)> ReadFile(this HttpRequest request)
    {
        if (request.HasFormContentType)
            return (
                [],
                CommonProblems.UnsupportedMediaType.With(
                    "The body of the request is the file itself, not a form that holds it: curl --data-binary @file -H 'Content-Type: application/octet-stream'."
                )
            );
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return (body.ToArray(), null);
    }
}
