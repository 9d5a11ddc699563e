using System.Text.Json;
using PolicyPlatform.Testing;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace PolicyPlatform.EndToEnd;

/// <summary>What operators watch the platform by: the alert rules and the dashboard that come with it.</summary>
static class WatchedBy
{
    /// <summary>The file of the alert rules.</summary>
    public static readonly string Rules = Path.Combine(Repository.Folder, "deploy", "prometheus", "alerts.yml");

    static readonly string dashboard = Path.Combine(Repository.Folder, "deploy", "grafana", "policyplatform.json");

    sealed class RuleFile
    {
        public List<RuleGroup> Groups { get; set; } = [];
    }

    sealed class RuleGroup
    {
        public List<AlertRule> Rules { get; set; } = [];
    }

    /// <summary>An alert rule.</summary>
    public sealed class AlertRule
    {
        public string Alert { get; set; } = "";

        public string Expr { get; set; } = "";

        public Dictionary<string, string> Labels { get; set; } = [];

        public Dictionary<string, string> Annotations { get; set; } = [];
    }

    /// <summary>The alert rules.</summary>
    public static IReadOnlyList<AlertRule> Alerts() =>
        [
            .. new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .IgnoreUnmatchedProperties()
                .Build()
                .Deserialize<RuleFile>(File.ReadAllText(Rules))
                .Groups.SelectMany(g => g.Rules),
        ];

    /// <summary>The queries of the dashboard, each with the title of its panel.</summary>
    public static IReadOnlyList<(string Panel, string Query)> Panels()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(dashboard));
        return
        [
            .. from panel in json.RootElement.GetProperty("panels").EnumerateArray()
            where panel.TryGetProperty("targets", out _)
            from target in panel.GetProperty("targets").EnumerateArray()
            select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!),
        ];
    }
}
