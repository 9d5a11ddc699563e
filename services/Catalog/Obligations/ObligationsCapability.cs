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
            .Endpoint<KeepCalendars>()
            .Watches(
                "policyplatform.obligations",
                "{obligation}",
                "Open obligations to publish whose last day is within three days, or has passed",
                "state",
                """
                select 'due_soon', count(*) from catalog.mt_doc_obligation where next_due_on between @today and @today + 3
                union all select 'overdue', count(*) from catalog.mt_doc_obligation where next_due_on < @today
                """
            );
}
