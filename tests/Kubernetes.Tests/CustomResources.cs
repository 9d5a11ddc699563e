using k8s.Models;

// What of the operators' resources the manifests use: whatever else stands in them is an error. Each was compared with the operator's
// own schema: CloudNativePG 1.30, its Barman Cloud plugin 0.14, the RabbitMQ cluster operator 2.22, the Prometheus operator 0.93.
namespace PolicyPlatform.Kubernetes.Tests;

/// <summary>An object that an operator keeps.</summary>
public sealed class Custom<TSpec>
{
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public required V1ObjectMeta Metadata { get; init; }
    public required TSpec Spec { get; init; }
}

/// <summary>Names another object.</summary>
public sealed class Named
{
    public required string Name { get; init; }
}

/// <summary>CloudNativePG's cluster of PostgreSQL.</summary>
public sealed class DatabaseCluster
{
    public required int Instances { get; init; }
    public required string ImageName { get; init; }
    public bool EnableSuperuserAccess { get; init; }
    public string? PrimaryUpdateStrategy { get; init; }
    public required DatabaseBootstrap Bootstrap { get; init; }
    public required DatabaseManaged Managed { get; init; }
    public required DatabaseServer Postgresql { get; init; }
    public required DatabaseStorage Storage { get; init; }
    public required DatabaseStorage WalStorage { get; init; }
    public required V1ResourceRequirements Resources { get; init; }
    public required IList<DatabasePlugin> Plugins { get; init; }
    public DatabaseAffinity? Affinity { get; init; }
    public IList<V1TopologySpreadConstraint>? TopologySpreadConstraints { get; init; }
}

public sealed class DatabaseBootstrap
{
    public required DatabaseInit Initdb { get; init; }
}

public sealed class DatabaseInit
{
    public required string Database { get; init; }
    public required string Owner { get; init; }
    public required Named Secret { get; init; }
    public required string Encoding { get; init; }
    public required string LocaleCollate { get; init; }
    public required string LocaleCType { get; init; }
    public required bool DataChecksums { get; init; }
}

public sealed class DatabaseManaged
{
    public required IList<DatabaseRole> Roles { get; init; }
}

public sealed class DatabaseRole
{
    public required string Name { get; init; }
    public required string Ensure { get; init; }
    public required bool Login { get; init; }
    public IList<string>? InRoles { get; init; }
    public required Named PasswordSecret { get; init; }
}

public sealed class DatabaseServer
{
    public required IDictionary<string, string> Parameters { get; init; }
    public DatabaseSynchronous? Synchronous { get; init; }
}

public sealed class DatabaseSynchronous
{
    public required string Method { get; init; }
    public required int Number { get; init; }
    public required string DataDurability { get; init; }
}

public sealed class DatabaseStorage
{
    public required string Size { get; init; }
}

public sealed class DatabasePlugin
{
    public required string Name { get; init; }
    public required bool IsWALArchiver { get; init; }
    public required IDictionary<string, string> Parameters { get; init; }
}

public sealed class DatabaseAffinity
{
    public required bool EnablePodAntiAffinity { get; init; }
    public required string PodAntiAffinityType { get; init; }
    public required string TopologyKey { get; init; }
}

/// <summary>Where the Barman Cloud plugin puts backups.</summary>
public sealed class ObjectStore
{
    public required string RetentionPolicy { get; init; }
    public required ObjectStoreConfiguration Configuration { get; init; }
    public required ObjectStoreSidecar InstanceSidecarConfiguration { get; init; }
}

public sealed class ObjectStoreConfiguration
{
    public required string DestinationPath { get; init; }
    public required string EndpointURL { get; init; }
    public required ObjectStoreCredentials S3Credentials { get; init; }
    public required ObjectStoreData Wal { get; init; }
    public required ObjectStoreData Data { get; init; }
}

public sealed class ObjectStoreCredentials
{
    public required V1SecretKeySelector AccessKeyId { get; init; }
    public required V1SecretKeySelector SecretAccessKey { get; init; }
}

public sealed class ObjectStoreData
{
    public required string Compression { get; init; }
    public int? MaxParallel { get; init; }
}

public sealed class ObjectStoreSidecar
{
    public required V1ResourceRequirements Resources { get; init; }
}

/// <summary>When CloudNativePG makes a backup.</summary>
public sealed class ScheduledBackup
{
    public required string Schedule { get; init; }
    public required bool Immediate { get; init; }
    public required string BackupOwnerReference { get; init; }
    public required string Method { get; init; }
    public required Named PluginConfiguration { get; init; }
    public required Named Cluster { get; init; }
}

/// <summary>The RabbitMQ cluster operator's broker.</summary>
public sealed class Broker
{
    public required int Replicas { get; init; }
    public required V1ResourceRequirements Resources { get; init; }
    public required BrokerStorage Persistence { get; init; }
    public required BrokerConfiguration Rabbitmq { get; init; }
    public required V1Affinity Affinity { get; init; }
    public required BrokerOverride Override { get; init; }
}

public sealed class BrokerStorage
{
    public required string Storage { get; init; }
}

public sealed class BrokerConfiguration
{
    public required string AdditionalConfig { get; init; }
}

public sealed class BrokerOverride
{
    public required BrokerStatefulSet StatefulSet { get; init; }
}

public sealed class BrokerStatefulSet
{
    public required BrokerStatefulSetSpec Spec { get; init; }
}

public sealed class BrokerStatefulSetSpec
{
    public required V1PodTemplateSpec Template { get; init; }
}

/// <summary>What Prometheus reads at a service.</summary>
public sealed class ServiceMonitor
{
    public required V1LabelSelector Selector { get; init; }
    public required IList<MonitorEndpoint> Endpoints { get; init; }
}

/// <summary>What Prometheus reads at pods.</summary>
public sealed class PodMonitor
{
    public required V1LabelSelector Selector { get; init; }
    public required IList<MonitorEndpoint> PodMetricsEndpoints { get; init; }
}

public sealed class MonitorEndpoint
{
    public required string Port { get; init; }
    public required string Interval { get; init; }
    public bool? HonorLabels { get; init; }
}

/// <summary>The alerts that Prometheus looks after.</summary>
public sealed class PrometheusRule
{
    public required IList<AlertGroup> Groups { get; init; }
}

public sealed class AlertGroup
{
    public required string Name { get; init; }
    public required IList<AlertRule> Rules { get; init; }
}

public sealed class AlertRule
{
    public required string Alert { get; init; }
    public required string Expr { get; init; }
    public string? For { get; init; }
    public required IDictionary<string, string> Labels { get; init; }
    public required IDictionary<string, string> Annotations { get; init; }
}
