using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary>The made-up district as the apphost loads it: whole, right, and its services agree.</summary>
public sealed class when_the_samples_are_audited
{
    [Fact]
    public async Task nothing_disagrees()
    {
        var data = RunningPlatform.NewFolder();
        await using (var platform = await RunningPlatform.Start(data))
        {
            Assert.False(platform.HasExited, platform.Output);
            await OfficeWork.NothingWaits(platform);
            var (code, output) = await Tool.Run("Audit", "--database", platform.Database, "--keys", platform.KeyFolder);
            Assert.Equal("Clean: catalog, documents, interpretation, consultation; 0 mended.\n", output);
            Assert.Equal(0, code);
        }
        Directory.Delete(data, recursive: true);
    }
}
