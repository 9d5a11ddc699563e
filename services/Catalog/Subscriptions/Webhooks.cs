using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using PolicyPlatform.ServiceDefaults.Language;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// Calls webhooks, signed as Standard Webhooks has it. An address within the platform's own network is never called, whether it is written
/// so, a name leads there or another server
/// sends there: names are resolved and checked at the moment of connecting, and no redirect is followed.
/// </summary>
public sealed class Webhooks : IDisposable
{
    const int LongestAnswer = 64 * 1024;

    // What is not the public internet: this host, private and shared networks, link-local with the metadata services of clouds, multicast,
    // documentation and translation ranges (RFC 6890).
    static readonly IPNetwork[] Internal =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            // The public internet of version 6 is 2000::/3, without what is set apart in it.
            "::/3",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "4000::/2",
            "8000::/1",
        }.Select(IPNetwork.Parse),
    ];

    readonly IPNetwork[] allowed;
    readonly HttpClient client;

    /// <summary>
    /// Reads <c>Webhooks:AllowedNetworks</c>: networks of the platform that may be called after all, such as that of a business system; and
    /// <c>Webhooks:TimeoutSeconds</c>.
    /// </summary>
    public Webhooks(IConfiguration settings)
    {
        allowed = [.. (settings.GetSection("Webhooks:AllowedNetworks").Get<string[]>() ?? []).Select(IPNetwork.Parse)];
        client = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
                ConnectCallback = Connect,
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(settings.GetValue("Webhooks:TimeoutSeconds", 10)),
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>Why an address cannot be called; null when it can.</summary>
    public async Task<Wording?> Refuse(string address, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0)
            return "A webhook is an address that begins with https:// and has no user in it.";
        try
        {
            var found = await Dns.GetHostAddressesAsync(uri.IdnHost, cancellation);
            if (found.Length == 0 || found.Any(a => !MayCall(a)))
                return $"{uri.Host} leads into an internal network.";
            return uri.Scheme == "https" || found.All(a => allowed.Any(n => n.Contains(Plain(a))))
                ? null
                : (Wording)"A webhook begins with https://.";
        }
        // 0.0.0.0 and :: are addresses of nobody, and not even looked up.
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return $"There is no host {uri.Host}.";
        }
    }

    /// <summary>Calls, and says how it went: it was taken with any 2xx.</summary>
    internal async Task<DeliveryAttempt> Call(
        SubscriptionTarget target,
        string eventId,
        string body,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (await Refuse(target.Address.Value, cancellation) is { } refused)
            return new(refused.ToString());
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Address.Value)
        {
            Content = new StringContent(body, Encoding.UTF8),
        };
        request.Content.Headers.ContentType = new("application/cloudevents+json") { CharSet = "utf-8" };
        var timestamp = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", eventId);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Signatures(target, eventId, timestamp, body, now));
        request.Headers.UserAgent.ParseAdd("PolicyPlatform-Webhooks/1");
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.IsSuccessStatusCode)
                return DeliveryAttempt.Taken;
            return new(
                (int)answer.StatusCode is >= 300 and < 400
                    ? $"The address answered with a redirect ({(int)answer.StatusCode}), which is not followed."
                    : $"The address answered {(int)answer.StatusCode}.",
                Gone: answer.StatusCode is HttpStatusCode.Gone,
                NotBefore: answer.Headers.RetryAfter switch
                {
                    { Delta: { } pause } => pause,
                    { Date: { } date } => date - now,
                    _ => null,
                }
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new($"The address did not answer within {client.Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException e)
        {
            return new(
                e.InnerException is InternalAddressException inner
                    ? inner.Message
                    : $"The address could not be reached: {e.HttpRequestError}."
            );
        }
    }

    // Whoever has not taken over the new secret yet finds a signature that fits.
    static string Signatures(SubscriptionTarget target, string id, string timestamp, string body, DateTimeOffset now) =>
        string.Join(
            ' ',
            target
                .Former.Where(f => now < f.Until)
                .Select(f => f.Secret)
                .Prepend(target.Secret)
                .Select(s => Sign(s.Value, id, timestamp, body))
        );

    /// <summary>The signature: HMAC-SHA256 over id, timestamp and body, as <c>v1,base64</c>.</summary>
    public static string Sign(string secret, string id, string timestamp, string body) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")))}";

    /// <summary>A new key.</summary>
    public static string NewSecret() => $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        if (found.Length == 0 || found.Any(a => !MayCall(a)))
            throw new InternalAddressException($"{context.DnsEndPoint.Host} leads into an internal network.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    bool MayCall(IPAddress address) =>
        Plain(address) is var plain && (allowed.Any(n => n.Contains(plain)) || !Internal.Any(n => n.Contains(plain)));

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    sealed class InternalAddressException(string message) : IOException(message);
}
