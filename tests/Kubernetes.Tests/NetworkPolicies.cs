using System.Globalization;
using System.Net;
using k8s.Models;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>Somebody who calls or is called: a pod in a namespace, or an address outside.</summary>
/// <param name="Name">What a test calls it.</param>
/// <param name="Space">The labels of its namespace; null for an address.</param>
/// <param name="Labels">Its own labels.</param>
/// <param name="Address">Its address, where it is no pod.</param>
sealed record Party(string Name, IDictionary<string, string>? Space, IDictionary<string, string> Labels, IPAddress? Address = null);

/// <summary>Which calls the policies of an overlay let through, by the rules of Kubernetes.</summary>
sealed class NetworkPolicies(IReadOnlyCollection<V1NetworkPolicy> policies, string space)
{
    /// <summary>Whether one may open a connection to the other: who calls may send it, and who is called may take it.</summary>
    public bool Allows(Party from, Party to, int port, string protocol = "TCP") =>
        Leaves(from, to, port, protocol) && Arrives(from, to, port, protocol);

    bool Leaves(Party from, Party to, int port, string protocol) =>
        Guarding(from, "Egress") is not { Length: > 0 } guards
        || guards.SelectMany(g => g.Spec.Egress ?? []).Any(rule => Names(rule.To, to) && Opens(rule.Ports, port, protocol));

    bool Arrives(Party from, Party to, int port, string protocol) =>
        Guarding(to, "Ingress") is not { Length: > 0 } guards
        || guards.SelectMany(g => g.Spec.Ingress ?? []).Any(rule => Names(rule.FromProperty, from) && Opens(rule.Ports, port, protocol));

    // Policies are about pods of their own namespace.
    V1NetworkPolicy[] Guarding(Party party, string direction) =>
        IsHere(party) ? [.. policies.Where(p => p.Spec.PolicyTypes.Contains(direction) && Selects(p.Spec.PodSelector, party.Labels))] : [];

    bool IsHere(Party party) => party.Space?.TryGetValue("kubernetes.io/metadata.name", out var name) is true && name == space;

    bool Names(IList<V1NetworkPolicyPeer>? peers, Party party) => peers is not { Count: > 0 } || peers.Any(peer => Names(peer, party));

    bool Names(V1NetworkPolicyPeer peer, Party party)
    {
        if (peer.IpBlock is { } block)
            return party.Address is { } address
                && IPNetwork.Parse(block.Cidr).Contains(address)
                && block.Except?.Any(e => IPNetwork.Parse(e).Contains(address)) is not true;
        if (party.Space is null)
            return false;
        return (peer.NamespaceSelector is { } namespaces ? Selects(namespaces, party.Space) : IsHere(party))
            && (peer.PodSelector is not { } pods || Selects(pods, party.Labels));
    }

    static bool Opens(IList<V1NetworkPolicyPort>? ports, int port, string protocol) =>
        ports is not { Count: > 0 }
        || ports.Any(p =>
            (p.Protocol ?? "TCP") == protocol
            && port >= int.Parse(p.Port, CultureInfo.InvariantCulture)
            && port <= (p.EndPort ?? int.Parse(p.Port, CultureInfo.InvariantCulture))
        );

    /// <summary>Whether a selector means who has these labels; an empty one means everybody.</summary>
    public static bool Selects(V1LabelSelector selector, IDictionary<string, string> labels) =>
        Selects(selector.MatchLabels ?? new Dictionary<string, string>(), labels)
        && (selector.MatchExpressions ?? []).All(e =>
            e.OperatorProperty switch
            {
                "In" => labels.TryGetValue(e.Key, out var value) && e.Values.Contains(value),
                "NotIn" => !labels.TryGetValue(e.Key, out var value) || !e.Values.Contains(value),
                "Exists" => labels.ContainsKey(e.Key),
                "DoesNotExist" => !labels.ContainsKey(e.Key),
                _ => throw new InvalidOperationException($"{e.OperatorProperty} is no operator."),
            }
        );

    /// <summary>Whether all of these labels are among those.</summary>
    public static bool Selects(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.All(one => labels.TryGetValue(one.Key, out var value) && value == one.Value);
}
