using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;
using PolicyPlatform.ServiceDefaults.Hosting;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace PolicyPlatform.Gateway.Routing;

/// <summary>
/// Puts in place of a name that several processes are behind (<c>dns:///documents-headless:8081</c>) a destination for each of them, and asks
/// again after <see cref="ServiceAddresses.LookedUpEvery"/>.
/// </summary>
sealed class NamedDestinations : IDestinationResolver
{
    readonly ConcurrentDictionary<string, IPAddress[]> known = new();

    /// <inheritdoc/>
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<string, DestinationConfig>();
        var isAskedAgain = false;
        foreach (var (id, destination) in destinations)
        {
            if (ServiceAddresses.BehindName(new(destination.Address)) is not { } name)
            {
                found.Add(id, destination);
                continue;
            }
            isAskedAgain = true;
            var there = await Behind(name, cancellationToken);
            foreach (var address in there)
                found.Add(
                    $"{id} {address}",
                    destination with
                    {
                        Address = new UriBuilder(name) { Host = address.ToString() }.Uri.ToString(),
                        Host = name.Authority,
                    }
                );
            // Nobody is there yet: calls fail as those of a service that is away.
            if (there.Length == 0)
                found.Add(id, destination with { Address = name.ToString() });
        }
        return new(
            found,
            isAskedAgain ? new CancellationChangeToken(new CancellationTokenSource(ServiceAddresses.LookedUpEvery).Token) : null
        );
    }

    // Where nobody can say it, those who were there: whether they still are is looked at all the time.
    async Task<IPAddress[]> Behind(Uri name, CancellationToken cancellationToken)
    {
        try
        {
            return known[name.Authority] = await Dns.GetHostAddressesAsync(name.DnsSafeHost, cancellationToken);
        }
        catch (SocketException)
        {
            return known.GetValueOrDefault(name.Authority, []);
        }
    }
}
