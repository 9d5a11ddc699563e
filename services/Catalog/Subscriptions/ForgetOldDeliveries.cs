using Marten;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// Deletes, once an hour, deliveries that nobody asks for any more, and ends subscriptions that nobody confirmed: an address that somebody
/// else gave is not kept.
/// </summary>
sealed class ForgetOldDeliveries(IDocumentStore store, IConfiguration settings, TimeProvider time, ILogger<ForgetOldDeliveries> logger)
    : HourlyWork(time, logger)
{
    const int EndedAtOnce = 200;

    readonly TimeProvider time = time;

    readonly TimeSpan deliveriesKept = TimeSpan.FromDays(settings.GetValue("Subscriptions:DeliveriesKeptDays", 90)),
        unconfirmedKept = TimeSpan.FromDays(settings.GetValue("Subscriptions:UnconfirmedKeptDays", 7));

    protected override async Task Do(CancellationToken stopping)
    {
        await DeleteDeliveries(stopping);
        await ForgetMailboxes(stopping);
        while (await EndUnconfirmed(stopping) == EndedAtOnce) { }
    }

    // One that waits is still tried.
    async Task DeleteDeliveries(CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var before = time.GetUtcNow() - deliveriesKept;
        session.HardDeleteWhere<Delivery>(d => d.At < before && d.State != DeliveryState.Waiting);
        await session.SaveChangesAsync(cancellation);
    }

    async Task ForgetMailboxes(CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var before = time.GetUtcNow() - AskedMailbox.Window;
        session.HardDeleteWhere<AskedMailbox>(m => m.LastAt < before);
        await session.SaveChangesAsync(cancellation);
    }

    async Task<int> EndUnconfirmed(CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var before = time.GetUtcNow() - unconfirmedKept;
        var unconfirmed = await session
            .Query<Subscription>()
            .Where(s => s.State == SubscriptionState.Pending && s.OpenedAt < before)
            .Take(EndedAtOnce)
            .ToListAsync(cancellation);
        foreach (var subscription in unconfirmed)
            ManageSubscriptions.End(session, subscription, time.GetUtcNow());
        await session.SaveChangesAsync(cancellation);
        return unconfirmed.Count;
    }
}
