using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Calendar;

/// <summary>Which days are working days.</summary>
sealed class CalendarCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service.Endpoint<ReadCalendar>().Endpoint<SetCalendar>().Sends<CalendarSetMessage>("interpretation");
}
