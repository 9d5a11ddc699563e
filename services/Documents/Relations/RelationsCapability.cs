using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Documents.Relations;

/// <summary>What documents have to do with each other.</summary>
sealed class RelationsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service.Endpoint<StateRelation>().Endpoint<ReadRelations>().Services.AddSingleton<FoundRelations>();
}
