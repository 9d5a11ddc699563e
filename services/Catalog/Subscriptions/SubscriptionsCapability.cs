using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>Whoever wants to hear of something, and is told.</summary>
sealed class SubscriptionsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<Subscribe>()
            .Endpoint<ManageSubscriptions>()
            .Endpoint<ChangeFilter>()
            .Endpoint<ReadAddress>()
            .Endpoint<RotateSecret>()
            .Endpoint<ReadDeliveries>()
            .Endpoint<SubscriptionFeed>()
            .Says(messages => messages.ManyAtATime<Deliver>(20))
            .Watches(
                "policyplatform.deliveries",
                "{delivery}",
                "Deliveries to subscribers that wait, or were given up",
                "state",
                """
                select 'waiting', count(*) from catalog.mt_doc_delivery where state = 'Waiting'
                union all select 'dead', count(*) from catalog.mt_doc_delivery where state = 'Dead'
                """
            )
            .Services.AddSingleton<Webhooks>()
            .AddSingleton<Mail>()
            .AddSingleton<ReceiverTurns>()
            .AddSingleton<HideDocuments>()
            .AddHostedService<ForgetOldDeliveries>();
}
