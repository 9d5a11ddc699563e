using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.History;

/// <summary>What a document is, was, and how it came to be so.</summary>
sealed class HistoryCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<ReadDocument>()
            .Endpoint<ListRevisions>()
            .Endpoint<ReadRevision>()
            .Endpoint<ReadAttachedFile>()
            .Endpoint<ReadBlockHistory>()
            .Endpoint<CompareRevisions>()
            .Endpoint<CompareText>()
            .Endpoint<ReadHistory>()
            .Endpoint<ReadDocumentPage>();
}
