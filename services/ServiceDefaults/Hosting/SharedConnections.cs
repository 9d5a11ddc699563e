using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// The connections between gateway and services, which many calls share. What is on its way of a call that nobody reads stays below its share of
/// the connection, so that slow readers and slow writers hold up nobody else.
/// </summary>
public static class SharedConnections
{
    const int MostCalls = 100,
        OfOneCall = 512 * 1024,
        OfAll = 64 * 1024 * 1024;

    /// <summary>
    /// The side that asks. What it takes of all calls is <see cref="OfAll"/>; that of one call does not grow, which its process has to be told by
    /// <c>System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing</c>.
    /// </summary>
    public static void Bound(SocketsHttpHandler handler)
    {
        handler.InitialHttp2StreamWindowSize = OfOneCall;
        handler.EnableMultipleHttp2Connections = true;
    }

    /// <summary>The side that answers.</summary>
    internal static void Bound(KestrelServerLimits limits)
    {
        limits.Http2.MaxStreamsPerConnection = MostCalls;
        limits.Http2.InitialStreamWindowSize = OfOneCall;
        limits.Http2.InitialConnectionWindowSize = OfAll;
    }

    /// <summary>
    /// Who is answered before all of his body is here is heard to its end. Otherwise the call is reset, and where the gateway is just reading from its
    /// caller then, that one's connection ends with it, and the answer is lost.
    /// </summary>
    internal static void HearOut(IApplicationBuilder app) =>
        app.Use(
            async (http, next) =>
            {
                // Within the call another reader may be put in its place.
                var body = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true ? http.Request.BodyReader : null;
                await next(http);
                if (body is not null && HttpProtocol.IsHttp2(http.Request.Protocol))
                    await HearOut(http, body);
            }
        );

    static async Task HearOut(HttpContext http, PipeReader body)
    {
        try
        {
            if (body.TryRead(out var there))
            {
                body.AdvanceTo(there.Buffer.End);
                if (there.IsCompleted)
                    return;
            }
            // The answer does not wait for it.
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            while (true)
            {
                var more = await body.ReadAsync(http.RequestAborted);
                body.AdvanceTo(more.Buffer.End);
                if (more.IsCompleted || more.IsCanceled)
                    return;
            }
        }
        // It is too large, its reader was closed, or nobody is there any more: then there is nothing to hear.
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException) { }
    }
}
