using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PolicyPlatform.EndToEnd;

/// <summary>A browser without a screen. The one of the system, or one that Playwright fetches where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // How fast a machine is does not matter; the limit only ends a test that fails.
    const int Patience = 60_000;

    static readonly string[] OfTheSystem = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    IPlaywright playwright = null!;
    IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        var installed = OfTheSystem.FirstOrDefault(File.Exists);
        // With what it needs of the system, where that may be installed.
        string[] fetch = Environment.UserName == "root" ? ["install", "--with-deps", "chromium"] : ["install", "chromium"];
        Assert.True(
            installed is not null || Microsoft.Playwright.Program.Main(fetch) == 0,
            "There is no Chromium here, and Playwright could not fetch one. Install it: apt-get install chromium."
        );
        playwright = await Playwright.CreateAsync();
        // Root has no sandbox.
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = installed, Args = ["--no-sandbox"] });
        Assertions.SetDefaultExpectTimeout(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
    }

    /// <summary>A page of somebody who was never here before.</summary>
    public async Task<IPage> NewPage()
    {
        var context = await browser.NewContextAsync(new() { Locale = "zh-CN", Permissions = ["clipboard-read", "clipboard-write"] });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    /// <summary>Asserts that axe finds nothing wrong with a page as it is now.</summary>
    public static async Task IsAccessible(IPage page) =>
        Assert.Empty((await page.RunAxe()).Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html} ({v.Help})")));
}
