using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.Shared.DocumentAccess;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>The Catalog's note to itself: send a delivery.</summary>
/// <param name="Id">The delivery.</param>
public sealed record Deliver(string Id);

/// <summary>Sends deliveries, again and again with growing pauses.</summary>
[WolverineHandler]
public static class SendDeliveries
{
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // Until it is heard whether the document is taken from the public for good.
    static readonly TimeSpan Undecided = TimeSpan.FromMinutes(1);

    static readonly int[] Pauses = [5, 30, 120, 600, 3600, 6 * 3600];

    /// <summary>Sends one that waits.</summary>
    public static async Task<OutgoingMessages> Handle(
        Deliver note,
        IDocumentSession session,
        Webhooks webhooks,
        Mail mail,
        ReceiverTurns turns,
        IConfiguration settings,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        if (await session.LoadAsync<Delivery>(note.Id, cancellation) is not { State: DeliveryState.Waiting } delivery)
            return told;
        if (
            await session.LoadAsync<Subscription>(Subscription.Key(delivery.SubscriptionId), cancellation)
                is not { State: not SubscriptionState.Ended } subscription
            || await session.LoadAsync<SubscriptionTarget>(delivery.SubscriptionId, cancellation) is not { } target
        )
        {
            // It ended while this one was made: what was sent was erased, and so is this.
            session.HardDelete(delivery);
            return told;
        }
        var hidden = await session.Hidden(cancellation);
        if (delivery.Refusal(hidden) is not null)
        {
            if (delivery.Waits(hidden))
            {
                told.Delay(note, Undecided);
                return told;
            }
            // That it is public again is another notice.
            session.HardDelete(delivery);
            return told;
        }
        // All mail goes to one server.
        using var turn = turns.Begin(
            subscription.Channel is SubscriptionChannel.Webhook ? delivery.SubscriptionId : Guid.Empty,
            out var wait
        );
        if (turn is null)
        {
            told.Delay(note, wait);
            return told;
        }
        var now = time.GetUtcNow();
        DeliveryAttempt attempt;
        try
        {
            attempt =
                subscription.Channel is SubscriptionChannel.Webhook
                    ? await webhooks.Call(target, delivery.EventId, delivery.Body.Value, now, cancellation)
                    : new DeliveryAttempt(
                        await mail.Send(
                            target.Address.Value,
                            delivery.Title,
                            Text(delivery, settings, target),
                            delivery.Id,
                            delivery.Type == "confirm" ? null : Subscribe.Link(PublicAddress.Of(settings), target, "unsubscribe"),
                            cancellation
                        )
                    );
        }
        catch (UnreadableException)
        {
            // As if its receiver were away: once the key is put back it is sent.
            attempt = new("It is sealed with a key that is missing.");
        }
        // Whoever was halted while it called finds that another process went on with it.
        await session.TakeTurn(delivery.SubscriptionId, cancellation);
        if (
            await session.LoadAsync<Delivery>(delivery.Id, cancellation) is not { State: DeliveryState.Waiting } still
            || still.Attempts != delivery.Attempts
        )
            return told;
        if (attempt.Gone)
        {
            ManageSubscriptions.End(session, subscription, now);
            return told;
        }
        var pauses = settings.GetSection("Subscriptions:RetrySeconds").Get<int[]>() ?? Pauses;
        var tried = delivery with { Attempts = delivery.Attempts + 1, Error = attempt.Error is null ? null : new(attempt.Error) };
        // One that was erased while the receiver was called stays erased.
        if (attempt.Error is null)
            session.Update(tried with { State = DeliveryState.Delivered, DeliveredAt = now });
        else if (tried.Attempts > pauses.Length)
            session.Update(tried with { State = DeliveryState.Dead });
        else
        {
            session.Update(tried);
            told.Delay(note, Later(TimeSpan.FromSeconds(pauses[tried.Attempts - 1]), attempt.NotBefore));
        }
        return told;
    }

    // Who asks to be left alone is, for a day at most.
    static TimeSpan Later(TimeSpan pause, TimeSpan? asked) =>
        asked is not { } wanted || wanted <= pause ? pause
        : wanted < LongestWait ? wanted
        : LongestWait;

    // A webhook gets the event; a person a few lines of it.
    static string Text(Delivery delivery, IConfiguration settings, SubscriptionTarget target)
    {
        if (delivery.Type == "confirm")
            return delivery.Body.Value;
        var link = JsonDocument.Parse(delivery.Body.Value).RootElement.GetProperty("data").GetProperty("link").GetString();
        return $"{delivery.Title}\n\n{PublicAddress.Of(settings)}{link}\n\n--\n退订：{Subscribe.Link(PublicAddress.Of(settings), target, "unsubscribe")}\n";
    }
}
