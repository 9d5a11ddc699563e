using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents.Tests.Operations;

public sealed class when_a_key_is_made_for_the_first_time
{
    [Fact]
    public async Task all_who_start_at_once_have_the_same()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"policyplatform-key-{Guid.NewGuid():N}");
        var made = 0;
        try
        {
            for (var n = 0; n < 20; n++)
            {
                var file = Path.Combine(folder, $"key{n}");
                var keys = await Task.WhenAll(
                    Enumerable
                        .Range(0, 8)
                        .Select(_ =>
                            Task.Run(() =>
                                SecretFile.ReadOrCreate(
                                    file,
                                    () =>
                                    {
                                        Interlocked.Increment(ref made);
                                        return Guid.NewGuid().ToString();
                                    }
                                )
                            )
                        )
                );
                Assert.Single(keys.Distinct());
                Assert.Equal(keys[0], await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            }
            Assert.Equal(20, made);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
