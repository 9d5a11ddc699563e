using System.Text.RegularExpressions;
using k8s.Models;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>Each overlay, as the cluster would get it.</summary>
public sealed partial class when_manifests_are_read
{
    const int User = 1654;

    public static TheoryData<string> Overlays => [.. Manifests.Overlays];

    [Theory, MemberData(nameof(Overlays))]
    public async Task nothing_in_them_is_unknown_or_missing(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        Assert.NotEmpty(manifests.Pods);
        Assert.All(manifests.Objects, one => Assert.Empty(Manifests.Missing(one)));
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task an_image_is_a_target_of_the_dockerfile_or_one_of_others_with_its_version(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var targets = Dockerfile.Read().Targets.Select(t => t.Name).ToArray();
        var images = manifests.Pods.SelectMany(p => p.Containers).Select(c => c.Image).Distinct().ToArray();
        var ours = images.Where(i => i.Contains("policyplatform/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(targets.Order(), ours.Select(i => Image().Match(i).Groups["name"].Value).Order());
        Assert.All(images.Concat(manifests.Of<Custom<DatabaseCluster>>().Select(d => d.Spec.ImageName)), i => Assert.Matches(Image(), i));
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task no_process_has_more_rights_than_it_needs(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        Assert.Equal("restricted", manifests.Of<V1Namespace>().Single().Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.All(
            manifests.Pods,
            pods =>
            {
                var pod = pods.Template.Spec;
                Assert.False(pod.AutomountServiceAccountToken);
                Assert.False(pod.EnableServiceLinks);
                Assert.True(pod.HostNetwork is not true && pod.HostPID is not true && pod.HostIPC is not true);
                Assert.True(pod.SecurityContext.RunAsNonRoot);
                Assert.True(pod.SecurityContext.RunAsUser > 0 && pod.SecurityContext.RunAsGroup > 0);
                Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
                Assert.DoesNotContain(pod.Volumes ?? [], v => v.HostPath is not null);
                Assert.Contains(
                    manifests.Of<V1ServiceAccount>(),
                    account => account.Metadata.Name == pod.ServiceAccountName && account.AutomountServiceAccountToken is false
                );
            }
        );
        Assert.All(
            manifests.Pods.SelectMany(p => p.Containers),
            container =>
            {
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Empty(container.SecurityContext.Capabilities.Add ?? []);
                Assert.True(container.SecurityContext.Privileged is not true);
            }
        );
        // Files of one are read by all: the keys are a folder of the same user everywhere.
        Assert.All(
            manifests.Ours,
            pods =>
            {
                var security = pods.Template.Spec.SecurityContext;
                Assert.Equal((User, User, User), (security.RunAsUser, security.RunAsGroup, security.FsGroup));
            }
        );
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task every_container_asks_for_what_it_needs_and_is_asked_how_it_is(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        Assert.All(
            manifests.Pods.SelectMany(p => p.Containers),
            container =>
            {
                Assert.Contains("cpu", container.Resources.Requests.Keys);
                Assert.Contains("memory", container.Resources.Requests.Keys);
                Assert.Contains("memory", container.Resources.Limits.Keys);
                Assert.True(container.Resources.Requests["memory"].ToInt64() <= container.Resources.Limits["memory"].ToInt64());
            }
        );
        Assert.All(
            manifests.Pods.Where(p => !p.Ends).SelectMany(p => p.Containers),
            container =>
            {
                Assert.NotNull(container.StartupProbe);
                Assert.NotNull(container.ReadinessProbe);
                Assert.NotNull(container.LivenessProbe);
            }
        );
        // A projection may be made anew for an hour.
        Assert.All(
            manifests.Ours.SelectMany(p => p.Containers).Select(c => c.StartupProbe).OfType<V1Probe>(),
            probe => Assert.True(probe.PeriodSeconds * probe.FailureThreshold > 3600)
        );
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task secrets_are_named_and_nowhere_told(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var readme = Sources.Read("k8s/README.md");
        Assert.All(
            SecretName().Matches(manifests.Yaml),
            m => Assert.Contains($"`{m.Groups["name"].Value}`", readme, StringComparison.Ordinal)
        );
        Assert.All(
            manifests.Pods.SelectMany(p => p.Containers).SelectMany(manifests.Environment),
            variable =>
            {
                if (SecretVariable().IsMatch(variable.Key))
                    Assert.Null(variable.Value);
                Assert.DoesNotMatch(SecretValue(), variable.Value ?? "");
            }
        );
        Assert.DoesNotContain("BEGIN ", manifests.Yaml, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task what_they_name_is_there(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var claims = manifests.Of<V1PersistentVolumeClaim>().Select(c => c.Metadata.Name).ToArray();
        var maps = manifests.Of<V1ConfigMap>().Select(c => c.Metadata.Name).ToArray();
        Assert.All(
            manifests.Pods,
            pods =>
            {
                var own = manifests
                    .Of<V1StatefulSet>()
                    .Where(s => pods.Owner == $"StatefulSet/{s.Metadata.Name}")
                    .SelectMany(s => s.Spec.VolumeClaimTemplates)
                    .Select(c => c.Metadata.Name);
                var volumes = pods.Template.Spec.Volumes.Select(v => v.Name).Concat(own).ToArray();
                Assert.Equal(volumes.Length, volumes.Distinct().Count());
                Assert.Equal(volumes.Order(), pods.Containers.SelectMany(c => c.VolumeMounts).Select(m => m.Name).Distinct().Order());
                Assert.All(
                    pods.Template.Spec.Volumes,
                    volume =>
                    {
                        if (volume.PersistentVolumeClaim is { } claim)
                            Assert.Contains(claim.ClaimName, claims);
                        if (volume.ConfigMap is { } map)
                            Assert.Contains(map.Name, maps);
                    }
                );
            }
        );
        Assert.All(
            manifests.Of<V1Service>(),
            service =>
            {
                var pods = Assert.Single(manifests.Pods, p => NetworkPolicies.Selects(service.Spec.Selector, p.Template.Metadata.Labels));
                Assert.All(
                    service.Spec.Ports,
                    port =>
                        Assert.Contains(
                            pods.Containers.SelectMany(c => c.Ports),
                            p => p.Name == port.TargetPort && p.ContainerPort == port.Port
                        )
                );
            }
        );
        Assert.All(
            manifests.Of<V2HorizontalPodAutoscaler>(),
            scaler =>
                Assert.Contains(manifests.Pods, p => p.Owner == $"{scaler.Spec.ScaleTargetRef.Kind}/{scaler.Spec.ScaleTargetRef.Name}")
        );
        var store = manifests.Of<Custom<ObjectStore>>().Single().Metadata.Name;
        var database = manifests.Of<Custom<DatabaseCluster>>().Single();
        Assert.Equal(store, database.Spec.Plugins.Single().Parameters["barmanObjectName"]);
        Assert.Equal(database.Metadata.Name, manifests.Of<Custom<ScheduledBackup>>().Single().Spec.Cluster.Name);
        Assert.Equal(database.Spec.Plugins.Single().Name, manifests.Of<Custom<ScheduledBackup>>().Single().Spec.PluginConfiguration.Name);
    }

    [Fact]
    public async Task in_production_nothing_depends_on_one_of_its_kind()
    {
        var manifests = await Manifests.Of("production");
        var running = manifests.Ours.Where(p => !p.Ends).ToArray();
        Assert.Equal(5, running.Length);
        Assert.All(
            running,
            pods =>
            {
                var scaler = manifests.Of<V2HorizontalPodAutoscaler>().Single(h => h.Spec.ScaleTargetRef.Name == pods.Name);
                Assert.True(scaler.Spec.MinReplicas >= 2 && scaler.Spec.MaxReplicas >= scaler.Spec.MinReplicas);
                var budget = manifests
                    .Of<V1PodDisruptionBudget>()
                    .Single(b => NetworkPolicies.Selects(b.Spec.Selector, pods.Template.Metadata.Labels));
                Assert.Equal("1", budget.Spec.MaxUnavailable);
                Assert.Equal(
                    ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
                    pods.Template.Spec.TopologySpreadConstraints.Select(c => c.TopologyKey)
                );
                Assert.All(
                    pods.Template.Spec.TopologySpreadConstraints,
                    c => Assert.True(NetworkPolicies.Selects(c.LabelSelector, pods.Template.Metadata.Labels))
                );
            }
        );
        // Several take over from each other, and read the same keys.
        Assert.All(running.SelectMany(p => p.Containers), c => Assert.False(manifests.Environment(c).ContainsKey("Messaging__SingleNode")));
        Assert.Equal(["ReadWriteMany"], manifests.Of<V1PersistentVolumeClaim>().Single().Spec.AccessModes);
        Assert.True(manifests.Of<Custom<DatabaseCluster>>().Single().Spec.Instances >= 3);
        Assert.True(manifests.Of<Custom<Broker>>().Single().Spec.Replicas >= 3);
    }

    [Fact]
    public async Task on_one_node_a_process_ends_before_the_next_one_of_its_kind_starts()
    {
        var manifests = await Manifests.Of("small");
        Assert.All(
            manifests.Of<V1Deployment>().Where(d => d.Metadata.Name is not "gateway"),
            deployment =>
            {
                Assert.Equal("Recreate", deployment.Spec.Strategy.Type);
                Assert.True(deployment.Spec.Replicas is null or 1);
                Assert.Equal("true", manifests.Environment(deployment.Spec.Template.Spec.Containers.Single())["Messaging__SingleNode"]);
            }
        );
        Assert.Empty(manifests.Of<V2HorizontalPodAutoscaler>());
    }

    [Theory, MemberData(nameof(Overlays))]
    public async Task all_processes_together_ask_for_fewer_connections_than_the_database_has(string overlay)
    {
        var manifests = await Manifests.Of(overlay);
        var wanted = 0;
        foreach (var pods in manifests.Ours)
        {
            var most =
                manifests.Of<V2HorizontalPodAutoscaler>().SingleOrDefault(h => h.Spec.ScaleTargetRef.Name == pods.Name)?.Spec.MaxReplicas
                ?? 1;
            // A rolling update starts one more of each.
            var extra = manifests.Of<V1Deployment>().Any(d => d.Metadata.Name == pods.Name && d.Spec.Strategy?.Type is "RollingUpdate")
                ? 1
                : 0;
            if (pods.Name is "audit")
                // Whatever the settings say it takes no more than four of each service.
                wanted += 4 * Gateway.Routing.Services.All.Length;
            else if (pods.Name is not "gateway")
                wanted += (most + extra) * PoolOf(manifests.Environment(pods.Containers.First())["ConnectionStrings__Database"]!);
        }
        Assert.InRange(
            wanted,
            1,
            int.Parse(manifests.Of<Custom<DatabaseCluster>>().Single().Spec.Postgresql.Parameters["max_connections"], null)
        );
    }

    [Fact]
    public async Task what_the_readme_says_of_a_restore_is_an_overlay()
    {
        var kubectl = await Tools.Kubectl();
        Assert.SkipWhen(kubectl is null, "kubectl is not installed here, and npm could not get it.");
        var recipe = Recipe().Match(Sources.Read("k8s/README.md")).Groups["yaml"].Value;
        var made = await Tools.Run(kubectl!, ["kustomize", Manifests.Own("production", recipe)]);
        Assert.True(made.IsSuccess, made.StandardError);
        Assert.Contains("targetTime", made.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("initdb", made.StandardOutput, StringComparison.Ordinal);
    }

    static int PoolOf(string connection) => new Npgsql.NpgsqlConnectionStringBuilder(connection).MaxPoolSize;

    [GeneratedRegex(@"(?:^|/)(?<name>[\w-]+):(?!latest)\d[\w.-]*(@sha256:[0-9a-f]{64})?$")]
    private static partial Regex Image();

    [GeneratedRegex(
        @"(?:secretName: |(?:secretKeyRef|accessKeyId|secretAccessKey):\n\s+key: \S+\n\s+name: |[sS]ecret:\n\s+name: )(?<name>[\w-]+)"
    )]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(?i)password|secret|token|(?:__Key$)")]
    private static partial Regex SecretVariable();

    [GeneratedRegex(@"```yaml\n(?<yaml>[^`]+)```")]
    private static partial Regex Recipe();

    [GeneratedRegex(@"(?i)password=|://[^/@\s]+:[^/@\s]+@")]
    private static partial Regex SecretValue();
}
