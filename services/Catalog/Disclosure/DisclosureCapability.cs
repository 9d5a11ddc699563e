using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Disclosure;

/// <summary>主动公开基本目录: what must be published.</summary>
sealed class DisclosureCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<SetItem>()
            .Endpoint<RetireItem>()
            .Endpoint<FindItems>()
            .Endpoint<ImportItems>()
            .Endpoint<ExportItems>()
            .Endpoint<ReadChannels>();
}
