using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>Pods of one kind, and what starts them.</summary>
/// <param name="Owner">The kind and the name of what starts them.</param>
/// <param name="Template">What they are made after.</param>
public sealed record Pods(string Owner, V1PodTemplateSpec Template)
{
    /// <summary>The name of the process.</summary>
    public string Name => Template.Metadata.Labels["app.kubernetes.io/name"];

    /// <summary>Whether they do something and end, instead of serving until they are stopped.</summary>
    public bool Ends => Owner.StartsWith("Job/", StringComparison.Ordinal) || Owner.StartsWith("CronJob/", StringComparison.Ordinal);

    /// <summary>All containers, those that run before the others included.</summary>
    public IEnumerable<V1Container> Containers => (Template.Spec.InitContainers ?? []).Concat(Template.Spec.Containers);
}

/// <summary>An overlay as the cluster would get it.</summary>
public sealed class Manifests
{
    /// <summary>The overlays that there are, and production with the component that none of them takes.</summary>
    public static readonly string[] Overlays =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Repository.Folder, "k8s", "overlays")).Select(f => Path.GetFileName(f)).Order(),
        "production with keys-from-secret",
    ];

    // Each kind that is in use: what is of another one is an error.
    static readonly Dictionary<string, Type> Kinds = new()
    {
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["batch/v1/CronJob"] = typeof(V1CronJob),
        ["batch/v1/Job"] = typeof(V1Job),
        ["networking.k8s.io/v1/Ingress"] = typeof(V1Ingress),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["v1/Service"] = typeof(V1Service),
        ["v1/ServiceAccount"] = typeof(V1ServiceAccount),
        ["barmancloud.cnpg.io/v1/ObjectStore"] = typeof(Custom<ObjectStore>),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(Custom<PodMonitor>),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(Custom<PrometheusRule>),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(Custom<ServiceMonitor>),
        ["postgresql.cnpg.io/v1/Cluster"] = typeof(Custom<DatabaseCluster>),
        ["postgresql.cnpg.io/v1/ScheduledBackup"] = typeof(Custom<ScheduledBackup>),
        ["rabbitmq.com/v1beta1/RabbitmqCluster"] = typeof(Custom<Broker>),
    };

    static readonly ConcurrentDictionary<string, Lazy<Task<Manifests>>> built = new();

    Manifests(string yaml)
    {
        Yaml = yaml;
        Assert.All(
            Regex.Split(yaml, "^---$", RegexOptions.Multiline),
            document =>
                Assert.Contains(
                    $"{Regex.Match(document, "^apiVersion: (.+)$", RegexOptions.Multiline).Groups[1].Value}/{KindOf(document)}",
                    Kinds.Keys
                )
        );
        Objects = KubernetesYaml.LoadAllFromString(yaml, Kinds, strict: true);
        Pods =
        [
            .. Of<V1Deployment>().Select(d => new Pods($"Deployment/{d.Metadata.Name}", d.Spec.Template)),
            .. Of<V1StatefulSet>().Select(s => new Pods($"StatefulSet/{s.Metadata.Name}", s.Spec.Template)),
            .. Of<V1CronJob>().Select(c => new Pods($"CronJob/{c.Metadata.Name}", c.Spec.JobTemplate.Spec.Template)),
            .. Of<V1Job>().Select(j => new Pods($"Job/{j.Metadata.Name}", j.Spec.Template)),
        ];
    }

    /// <summary>What kustomize made.</summary>
    public string Yaml { get; }

    /// <summary>All objects, each of its type.</summary>
    public IReadOnlyList<object> Objects { get; }

    /// <summary>All pods that the manifests start themselves.</summary>
    public IReadOnlyList<Pods> Pods { get; }

    /// <summary>The pods whose programs are ours.</summary>
    public IEnumerable<Pods> Ours => Pods.Where(p => p.Containers.All(c => c.Image.Contains("policyplatform/", StringComparison.Ordinal)));

    /// <summary>The objects of one type.</summary>
    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    /// <summary>An overlay, built once. Skips the test where there is no kubectl and none can be had.</summary>
    public static async Task<Manifests> Of(string overlay)
    {
        var kubectl = await Tools.Kubectl();
        Assert.SkipWhen(kubectl is null, "kubectl is not installed here, and npm could not get it.");
        return await built
            .GetOrAdd(
                overlay,
                _ =>
                    new(async () =>
                    {
                        var parts = overlay.Split(" with ");
                        var folder =
                            parts.Length == 1
                                ? $"k8s/overlays/{overlay}"
                                : Own(parts[0], $"components: [../../../k8s/components/{parts[1]}]");
                        var made = await Tools.Run(kubectl!, ["kustomize", folder]);
                        Assert.True(made.IsSuccess, made.StandardError);
                        Assert.Equal("", made.StandardError);
                        return new(made.StandardOutput);
                    })
            )
            .Value;
    }

    /// <summary>Writes an overlay of somebody's own; its folder.</summary>
    public static string Own(string overlay, string more)
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(
                Repository.Folder,
                "artifacts",
                "kubernetes",
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(more)))[..8]
            )
        );
        File.WriteAllText(Path.Combine(folder.FullName, "kustomization.yaml"), $"resources: [../../../k8s/overlays/{overlay}]\n{more}");
        return folder.FullName;
    }

    /// <summary>The variables that a container starts with, those of the settings included; the value is null where a secret has it.</summary>
    public IReadOnlyDictionary<string, string?> Environment(V1Container container)
    {
        var all = new Dictionary<string, string?>();
        foreach (var from in container.EnvFrom ?? [])
        foreach (var (name, value) in Of<V1ConfigMap>().Single(m => m.Metadata.Name == from.ConfigMapRef.Name).Data)
            all[name] = value;
        foreach (var one in container.Env ?? [])
            all[one.Name] = one.Value;
        return all;
    }

    /// <summary>What an object of ours must have and has not.</summary>
    public static IEnumerable<string> Missing(object part, string path = "")
    {
        foreach (var property in part.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0))
        {
            if (property.GetValue(part) is not { } value)
            {
                if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
                    yield return $"{path}.{property.Name}";
                continue;
            }
            foreach (var inner in value is IEnumerable<object> many ? many : [value])
                if (inner.GetType().Namespace == typeof(Manifests).Namespace)
                    foreach (var missing in Missing(inner, $"{path}.{property.Name}"))
                        yield return missing;
        }
    }

    static string KindOf(string document) => Regex.Match(document, "^kind: (.+)$", RegexOptions.Multiline).Groups[1].Value;
}
