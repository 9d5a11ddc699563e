using System.Text.Json;
using System.Text.RegularExpressions;
using k8s.Models;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>Prometheus and Grafana get what stands in <c>deploy</c>, as their operators want it.</summary>
public sealed partial class when_operators_watch_a_cluster
{
    const string Alerts = "k8s/components/monitoring/alerts.yaml";

    /// <summary>A component takes no file that lies outside of it, and the rules of Prometheus are no resource; hence the same again.</summary>
    [Fact]
    public void the_alerts_are_those_of_the_rules()
    {
        var rules = Sources.Read("deploy/prometheus/alerts.yml");
        var made = $"""
            # Written from deploy/prometheus/alerts.yml by tests/Kubernetes.Tests: UPDATE_DOCS=1.
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: policyplatform
            spec:
            {Lines().Replace(rules[rules.IndexOf("groups:", StringComparison.Ordinal)..], "  ")}
            """;
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is "1")
            File.WriteAllText(Path.Combine(Repository.Folder, Alerts), made);
        Assert.Equal(made, Sources.Read(Alerts));
    }

    [Fact]
    public async Task production_has_every_alert_and_the_dashboard()
    {
        var manifests = await Manifests.Of("production");
        var alerts = manifests.Of<Custom<PrometheusRule>>().Single().Spec.Groups.SelectMany(g => g.Rules).Select(r => r.Alert).ToArray();
        Assert.Equal(AlertName().Matches(Sources.Read("deploy/prometheus/alerts.yml")).Select(m => m.Groups["name"].Value), alerts);
        Assert.Contains("JobFailed", alerts);

        // Grafana's sidecar takes every file of a ConfigMap with this label.
        var dashboard = manifests.Of<V1ConfigMap>().Single(m => m.Metadata.Labels?.ContainsKey("grafana_dashboard") is true);
        Assert.Equal("1", dashboard.Metadata.Labels["grafana_dashboard"]);
        var (name, text) = Assert.Single(dashboard.Data);
        Assert.EndsWith(".json", name, StringComparison.Ordinal);
        Assert.Equal(Sources.Read($"deploy/grafana/{name}"), text);
        using var json = JsonDocument.Parse(text);
        Assert.NotEmpty(json.RootElement.GetProperty("uid").GetString()!);
        // Nobody is asked which Prometheus, as where it is imported by hand.
        Assert.False(json.RootElement.TryGetProperty("__inputs", out _));
    }

    [Fact]
    public async Task a_job_that_is_watched_is_one_that_there_is()
    {
        var manifests = await Manifests.Of("production");
        var failed = manifests
            .Of<Custom<PrometheusRule>>()
            .Single()
            .Spec.Groups.SelectMany(g => g.Rules)
            .Single(r => r.Alert is "JobFailed");
        Assert.All(
            manifests.Of<V1CronJob>(),
            job => Assert.Contains($"namespace=\"{job.Metadata.NamespaceProperty}\"", failed.Expr, StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"^(?=.)", RegexOptions.Multiline)]
    private static partial Regex Lines();

    [GeneratedRegex(@"^ +- alert: (?<name>\w+)$", RegexOptions.Multiline)]
    private static partial Regex AlertName();
}
