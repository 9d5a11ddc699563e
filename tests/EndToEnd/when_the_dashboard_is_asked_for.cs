using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PolicyPlatform.Testing;

namespace PolicyPlatform.EndToEnd;

/// <summary><c>--dashboard</c> shows what everything does in a browser.</summary>
public sealed partial class when_the_dashboard_is_asked_for(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task it_shows_traces_metrics_and_logs_of_everything_and_ends_with_the_platform()
    {
        var data = RunningPlatform.NewFolder();
        await using (var platform = await RunningPlatform.Start(data, null, "--no-samples", "--dashboard"))
        {
            Assert.SkipWhen(
                platform.HasExited && platform.Output.Contains("cannot be had from NuGet", StringComparison.Ordinal),
                platform.Output
            );
            Assert.False(platform.HasExited, platform.Output);
            var address = "";
            await Calls.Eventually<bool>(() =>
                Task.FromResult<bool?>((address = Address().Match(platform.Output).Groups[1].Value).Length > 0 ? true : null)
            );
            Assert.StartsWith("http://127.0.0.1:", address, StringComparison.Ordinal);
            await platform.Populate();

            var page = await chromium.NewPage();
            await Shows(page, $"{address}traces", "gateway: POST");
            foreach (var service in new[] { "gateway", "catalog", "documents", "interpretation", "consultation" })
            {
                await page.GotoAsync($"{address}structuredlogs/resource/{service}");
                await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = service }).First).ToBeVisibleAsync();
                await Shows(page, $"{address}metrics/resource/{service}", "Microsoft.AspNetCore.Hosting");
            }

            await platform.KillAppHost();
            using var client = new HttpClient();
            await Calls.Eventually<bool>(async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri(address), TestContext.Current.CancellationToken);
                    return null;
                }
                catch (HttpRequestException)
                {
                    return true;
                }
            });
        }
        Directory.Delete(data, recursive: true);
    }

    static async Task Shows(IPage page, string address, string text)
    {
        await page.GotoAsync(address);
        await Assertions.Expect(page.GetByText(text).First).ToBeVisibleAsync();
    }

    [GeneratedRegex(@"Traces +(http://\S+)")]
    private static partial Regex Address();
}
