using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.Library;

/// <summary>政策文件库: everything public, to be searched, followed and taken along.</summary>
sealed class LibraryCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<SearchLibrary>()
            .Endpoint<LibraryFeed>()
            .Endpoint<ExportLibrary>()
            .Endpoint<ReportCompleteness>()
            .Services.AddSingleton<IndexedLibrary>()
            .AddSingleton<LibraryTopics>()
            .AddHostedService(services => services.GetRequiredService<IndexedLibrary>())
            .AddHealthChecks()
            .AddCheck<IndexedLibrary>("library", tags: ["ready", "started"]);
}
