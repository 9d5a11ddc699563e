using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Topics;

/// <summary>专题: documents and lists about one matter.</summary>
sealed class TopicsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) => service.Endpoint<SetTopic>().Endpoint<RemoveTopic>().Endpoint<ReadTopics>();
}
