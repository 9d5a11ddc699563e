using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>What must be published by when, and whether it was.</summary>
sealed class ObligationsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<OpenObligation>()
            .Endpoint<MeetObligation>()
            .Endpoint<WaiveObligation>()
            .Endpoint<ReadObligations>()
            .Endpoint<KeepCalendars>();
}
