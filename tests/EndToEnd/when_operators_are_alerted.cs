using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>Every alert is one that Prometheus understands, and somebody finds what to do about it.</summary>
public sealed partial class when_operators_are_alerted
{
    static readonly string runbooks = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "runbooks.md"));

    [Fact]
    public async Task prometheus_accepts_the_rules()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool is not installed here: apt-get install prometheus.");
        var check = await Cli.Wrap("/usr/bin/promtool")
            .WithArguments(["check", "rules", WatchedBy.Rules])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.True(check.IsSuccess, check.StandardOutput + check.StandardError);
        var units = await Cli.Wrap("/usr/bin/promtool")
            .WithArguments(["test", "rules", Path.ChangeExtension(WatchedBy.Rules, "test.yml")])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.True(units.IsSuccess, units.StandardOutput + units.StandardError);
    }

    [Fact]
    public void each_alert_has_its_runbook_and_no_other_has()
    {
        var alerts = WatchedBy.Alerts();
        Assert.Equal(
            alerts.Select(a => a.Alert).Order(StringComparer.Ordinal),
            Runbooks().Select(r => r.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(
            alerts,
            a =>
            {
                Assert.Equal($"docs/runbooks.md#{a.Alert.ToLowerInvariant()}", a.Annotations["runbook"]);
                Assert.Contains(a.Labels["severity"], new[] { "critical", "warning", "work" });
                Assert.NotEmpty(a.Annotations["summary"]);
            }
        );
    }

    [Fact]
    public void each_runbook_says_what_it_means_where_to_look_and_what_to_do() =>
        Assert.All(Runbooks(), r => Assert.Equal(["Means", "Look", "Do"], Part().Matches(r.Text).Select(m => m.Groups[1].Value)));

    static IEnumerable<(string Name, string Text)> Runbooks() => runbooks.Split("\n### ").Skip(1).Select(r => (r.Split('\n')[0].Trim(), r));

    [GeneratedRegex(@"^\*\*(Means|Look|Do)\.\*\*", RegexOptions.Multiline)]
    private static partial Regex Part();
}
