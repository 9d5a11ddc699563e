using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>A few rounds of what tests/Faults does at length: docs/faults.md.</summary>
public sealed class when_everything_goes_wrong
{
    [Fact]
    public async Task nothing_that_was_acknowledged_is_lost()
    {
        var (exitCode, output) = await Tool.Run(
            "Faults",
            "--kinds",
            "kill-service,kill-backends,end-connections,kill-gateway",
            "--rounds",
            "4"
        );
        Assert.True(exitCode == 0, output);
    }
}
