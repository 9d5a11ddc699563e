using Microsoft.Extensions.Configuration;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Tests.Operations;

/// <summary>A take-down waits so long twice, and is to be answered before the gateway gives up.</summary>
public sealed class how_far_behind_a_standby_may_be
{
    [Theory]
    [InlineData(null, 5)]
    [InlineData("1", 1)]
    [InlineData("40", 40)]
    [InlineData("0.5", null)]
    [InlineData("40.5", null)]
    [InlineData("300", null)]
    public void from_1_to_40_seconds(string? given, int? seconds)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Database:ReplicaLagSeconds"] = given })
            .Build();
        if (seconds is { } known)
            Assert.Equal(known, StandbyPatience.MostLag(settings).TotalSeconds);
        else
            Assert.Throws<InvalidOperationException>(() => StandbyPatience.MostLag(settings));
    }
}
