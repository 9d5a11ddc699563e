using System.Net;
using k8s.Models;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>Policies let through what the code calls, and nothing else.</summary>
public sealed class when_processes_call_each_other
{
    // Every port that anything listens at.
    static readonly int[] Ports =
    [
        53,
        443,
        1024,
        4317,
        4369,
        5432,
        5672,
        6443,
        8000,
        8080,
        8081,
        8889,
        9187,
        13133,
        15672,
        15692,
        25672,
        35672,
    ];

    public static TheoryData<string> Overlays => [.. Manifests.Overlays];

    [Theory, MemberData(nameof(Overlays))]
    public async Task who_is_called_within_the_cluster_is_who_the_code_calls(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var inside = Inside(manifests);
        var calls = new NetworkPolicies([.. manifests.Of<V1NetworkPolicy>()], "policyplatform");
        var allowed =
            from one in inside.Concat(Neighbours)
            from other in inside.Concat(Neighbours)
            where inside.Contains(one) || inside.Contains(other)
            from port in Ports
            where calls.Allows(one, other, port)
            select $"{one.Name} → {other.Name}:{port}";
        Assert.Equal(Expected(manifests, [.. inside.Select(p => p.Name)]).Distinct().Order(), allowed.Order());
        Assert.All(inside, one => Assert.True(calls.Allows(one, Neighbours.Single(n => n.Name is "dns"), 53, "UDP")));
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task who_calls_out_is_who_must(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var calls = new NetworkPolicies([.. manifests.Of<V1NetworkPolicy>()], "policyplatform");
        var internet = new Party("internet", null, new Dictionary<string, string>(), IPAddress.Parse("203.0.113.7"));
        string[] services = [.. Sources.Asks.Keys.Select(s => s.ToLowerInvariant())];
        // The provider of identities; webhooks and mail at whatever port.
        Assert.Equal(
            services.Append("database").Concat(manifests.Of<Custom<Broker>>().Select(b => b.Metadata.Name)).Order(),
            Inside(manifests).Where(p => calls.Allows(p, internet, 443)).Select(p => p.Name).Order()
        );
        Assert.Equal(["catalog"], Inside(manifests).Where(p => calls.Allows(p, internet, 8443)).Select(p => p.Name));
        string[] within =
        [
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
        ];
        foreach (var address in within.Select(IPAddress.Parse))
            Assert.DoesNotContain(
                Inside(manifests),
                p =>
                    p.Name is not "database" and not "messages"
                    && Ports.Any(port => calls.Allows(p, new("internal", null, new Dictionary<string, string>(), address), port))
            );
        foreach (var party in Inside(manifests))
            Assert.DoesNotContain(Ports, port => calls.Allows(internet, party, port));
    }

    [Fact]
    public void the_code_names_whom_it_asks()
    {
        Assert.Equal(Gateway.Routing.Services.All.Select(s => s.Name).Order(), Sources.Asks.Keys.Order());
        Assert.Contains("Catalog", Sources.Asks["Documents"]);
        Assert.DoesNotContain("Consultation", Sources.Asks["Catalog"]);
    }

    // What is in the code: the gateway's routes, the clients that services register, the transport that is set; beside it what operators need.
    static IEnumerable<string> Expected(Manifests manifests, string[] inside)
    {
        foreach (var service in Gateway.Routing.Services.All)
        {
            var name = service.Name.ToLowerInvariant();
            yield return $"gateway → {name}:8080";
            yield return $"gateway → {name}:8081";
            foreach (var other in Sources.Asks[service.Name])
                yield return $"{name} → {other.ToLowerInvariant()}:8081";
            yield return $"{name} → database:5432";
            if (manifests.Environment(manifests.Ours.Single(p => p.Name == name).Containers.Single()).ContainsKey("Messaging__RabbitMq"))
                yield return $"{name} → messages:5672";
        }
        yield return "migrate → database:5432";
        yield return "audit → database:5432";
        foreach (var port in new[] { 8080, 8081 })
            yield return $"ingress → gateway:{port}";
        foreach (var port in new[] { 5432, 8000 })
        {
            yield return $"database → database:{port}";
            yield return $"operator → database:{port}";
        }
        // The API of Kubernetes and the store of backups have addresses that no manifest knows; nobody here takes calls at these ports.
        foreach (var keeper in inside.Where(p => p is "database" or "messages"))
        foreach (var neighbour in Neighbours)
        foreach (var port in new[] { 443, 6443 })
            yield return $"{keeper} → {neighbour.Name}:{port}";
        foreach (var party in inside)
            yield return $"{party} → dns:53";
        if (inside.Contains("messages"))
            foreach (var port in new[] { 4369, 25672, 35672 })
                yield return $"messages → messages:{port}";
        if (!inside.Contains("collector"))
            yield break;
        foreach (var process in manifests.Ours.Where(p => p.Name is not "audit"))
            yield return $"{process.Name} → collector:4317";
        yield return "prometheus → collector:8889";
        yield return "prometheus → messages:15692";
        yield return "prometheus → database:9187";
    }

    static Party[] Inside(Manifests manifests) =>
        [
            .. manifests.Pods.Select(p => Here(p.Name, p.Template.Metadata.Labels)),
            // As their operators label them.
            .. manifests
                .Of<Custom<DatabaseCluster>>()
                .Select(d => Here(d.Metadata.Name, new Dictionary<string, string> { ["cnpg.io/cluster"] = d.Metadata.Name })),
            .. manifests
                .Of<Custom<Broker>>()
                .Select(b =>
                    Here(
                        b.Metadata.Name,
                        new Dictionary<string, string>
                        {
                            ["app.kubernetes.io/name"] = b.Metadata.Name,
                            ["app.kubernetes.io/component"] = "rabbitmq",
                            ["app.kubernetes.io/part-of"] = "rabbitmq",
                        }
                    )
                ),
            Here("stranger", new Dictionary<string, string>()),
        ];

    static Party Here(string name, IDictionary<string, string> labels) => new(name, Space("policyplatform"), labels);

    static readonly Party[] Neighbours =
    [
        new("dns", Space("kube-system"), new Dictionary<string, string> { ["k8s-app"] = "kube-dns" }),
        new("ingress", Space("anywhere", ("policyplatform/ingress", "true")), new Dictionary<string, string>()),
        new("prometheus", Space("somewhere", ("policyplatform/monitoring", "true")), new Dictionary<string, string>()),
        new("operator", Space("cnpg-system"), new Dictionary<string, string> { ["app.kubernetes.io/name"] = "cloudnative-pg" }),
        new("other", Space("default"), new Dictionary<string, string> { ["app.kubernetes.io/name"] = "gateway" }),
    ];

    static Dictionary<string, string> Space(string name, params (string Key, string Value)[] labels)
    {
        var all = labels.ToDictionary(l => l.Key, l => l.Value);
        all["kubernetes.io/metadata.name"] = name;
        return all;
    }
}
