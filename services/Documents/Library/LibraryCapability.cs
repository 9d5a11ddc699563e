using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Operations;

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
            .Watches(
                new(
                    "policyplatform.index.age",
                    "s",
                    "For how long the index of the library has not been brought up to date",
                    null,
                    (services, _) =>
                        Task.FromResult<IReadOnlyList<CountedKind>>([
                            new(null, services.GetRequiredService<IndexedLibrary>().Age.TotalSeconds),
                        ])
                )
            )
            .Services.AddSingleton<IndexedLibrary>()
            .AddSingleton<LibraryTopics>()
            .AddHostedService(services => services.GetRequiredService<IndexedLibrary>())
            .AddHealthChecks()
            .AddCheck<IndexedLibrary>("library", tags: ["ready", "started"]);
}
