using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.OutputCaching;
using PolicyPlatform.ServiceDefaults.Hosting;
using Yarp.ReverseProxy.Transforms.Builder;

namespace PolicyPlatform.Gateway.Keeping;

/// <summary>
/// Keeps what the public reads, for a moment: <c>Keeping:Enabled=false</c> has every read asked for, <c>Keeping:MegaBytes</c> says how much is kept.
/// </summary>
static class KeepingPublicReads
{
    // As much is held for each read that is on its way, too.
    const int LargestAnswer = 256 * 1024;

    static bool IsOn(IConfiguration settings) => settings.GetValue("Keeping:Enabled", true);

    /// <summary>Adds it.</summary>
    public static void AddKeeping(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ITransformProvider, ToldChanges>();
        if (!IsOn(builder.Configuration))
            return;
        var largest = Math.Clamp(builder.Configuration.GetValue("Keeping:MegaBytes", 64), 1, 64 * 1024) * 1024L * 1024;
        builder
            .Services.AddSingleton<Generations>()
            .AddSingleton<KnownChanges>()
            .AddSingleton(services => new KeptAnswers(largest, services.GetRequiredService<Generations>()))
            .AddSingleton<IOutputCacheStore>(services => services.GetRequiredService<KeptAnswers>())
            .AddSingleton<Keeper>()
            .AddOutputCache(caching => caching.MaximumBodySize = LargestAnswer)
            .AddOptions<OutputCacheOptions>()
            .Configure<Keeper>((caching, keeper) => caching.AddBasePolicy(keeper));
    }

    /// <summary>Answers what is kept, before anything else is done for it.</summary>
    public static void UseKeeping(this WebApplication app)
    {
        if (!IsOn(app.Configuration))
            return;
        var keeper = app.Services.GetRequiredService<Keeper>();
        var answers = app.Services.GetRequiredService<KeptAnswers>();
        app.Services.GetRequiredService<IMeterFactory>()
            .Create(Telemetry.MeterName)
            .CreateObservableGauge("policyplatform.cache.size", () => answers.Bytes, "By", "What the gateway keeps of public answers");
        app.Use(keeper.Hear);
        app.UseWhen(
            KeptReads.Includes,
            branch =>
            {
                branch.Use(keeper.Serve);
                branch.UseOutputCache();
                branch.Use(keeper.Fetch);
            }
        );
    }
}
