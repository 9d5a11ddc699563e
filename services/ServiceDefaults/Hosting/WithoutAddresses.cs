using System.Diagnostics;
using OpenTelemetry;

namespace PolicyPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Takes out of spans what can name somebody: receipts and names stand in paths, where a subscriber listens in addresses. What was asked for is
/// told by the route.
/// </summary>
sealed class WithoutAddresses : BaseProcessor<Activity>
{
    static readonly string[] Taken =
    [
        "url.path",
        "url.full",
        "url.query",
        "user_agent.original",
        "server.address",
        "http.url",
        "http.target",
        "http.user_agent",
        "net.peer.name",
        "exception.message",
        "dns.question.name",
        "network.peer.address",
        "client.address",
    ];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in Taken)
            data.SetTag(tag, null);
        // What failed says why in the log of the process, which names nobody.
        if (data.Status is ActivityStatusCode.Error && data.StatusDescription is not null)
            data.SetStatus(ActivityStatusCode.Error);
    }
}
