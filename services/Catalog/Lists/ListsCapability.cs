using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Lists;

/// <summary>清单: lists of services, powers and fees.</summary>
sealed class ListsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) => service.Endpoint<DefineList>().Endpoint<ChangeEntries>().Endpoint<ReadLists>();
}
