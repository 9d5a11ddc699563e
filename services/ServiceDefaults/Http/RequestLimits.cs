using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.ServiceDefaults.Http;

/// <summary>How long an address and the headers of a request may be. Told in a problem, which Kestrel's own limits are not.</summary>
public static class RequestLimits
{
    /// <summary>The longest path with query, in characters.</summary>
    public const int LongestAddress = 8 * 1024;

    /// <summary>The headers together, in characters.</summary>
    public const int LargestHeaders = 32 * 1024;

    // What a gateway adds on its way to a service.
    const int AddedByGateway = 2 * 1024;

    /// <summary>Refuses what is longer.</summary>
    internal static void Guard(WebApplication app) =>
        app.Use((http, next) => Exceeded(http.Request) is { } problem ? problem.ToResult().ExecuteAsync(http) : next(http));

    /// <summary>What is longer than it may be; null where nothing is.</summary>
    public static Problem? Exceeded(HttpRequest request)
    {
        var address = request.Path.Value!.Length + (request.QueryString.Value?.Length ?? 0);
        var headers = 0;
        foreach (var (name, values) in request.Headers)
            for (var i = 0; i < values.Count; i++)
                headers += name.Length + (values[i]?.Length ?? 0);
        return address > LongestAddress
                ? CommonProblems.AddressTooLong.With(
                    $"The address has {address} characters; at most {LongestAddress} are read. Send long values in a body."
                )
            : headers > LargestHeaders + AddedByGateway
                ? CommonProblems.HeadersTooLarge.With($"The headers have {headers} characters; at most {LargestHeaders} are read.")
            : null;
    }
}
