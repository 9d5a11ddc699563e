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
}
