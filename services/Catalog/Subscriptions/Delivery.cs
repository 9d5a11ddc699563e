using System.Text.Json;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It is being sent, or sent again.</summary>
    Waiting,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>It was tried as often as deliveries are; it is sent again when somebody asks for it.</summary>
    Dead,
}

/// <summary>
/// A notice to one subscriber: there is one for each event, so that it is delivered once. What a crash leaves in doubt is sent again with
/// the same id.
/// </summary>
/// <param name="Id">Subscription and event.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="EventId">The event.</param>
/// <param name="Type">The kind of notice.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Body">What is sent: a CloudEvent as JSON; the text of a confirmation.</param>
/// <param name="At">When it was put down, UTC.</param>
public sealed record Delivery(string Id, Guid SubscriptionId, string EventId, string Type, string Title, string Body, DateTimeOffset At)
{
    /// <summary>Where it stands.</summary>
    public DeliveryState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it was not taken the last time.</summary>
    public string? Error { get; init; }

    /// <summary>When it was taken, UTC.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>The id of a delivery.</summary>
    public static string Key(Guid subscription, string eventId) => $"{subscription}/{eventId}";

    /// <summary>A message of the platform to an e-mail address.</summary>
    public static Delivery Mail(Guid subscription, string kind, string subject, string text, DateTimeOffset now) =>
        new(Key(subscription, kind), subscription, kind, kind, subject, text, now);
}

/// <summary>The Catalog's note to itself: send a delivery.</summary>
/// <param name="Id">The delivery.</param>
public sealed record Deliver(string Id);

/// <summary>Sends deliveries, again and again with growing pauses.</summary>
[WolverineHandler]
public static class SendDeliveries
{
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
            return told;
        // All mail goes to one server.
        using var turn = turns.Begin(subscription.Channel is Channel.Webhook ? delivery.SubscriptionId : Guid.Empty, out var wait);
        if (turn is null)
        {
            told.Delay(note, wait);
            return told;
        }
        var now = time.GetUtcNow();
        var error =
            subscription.Channel is Channel.Webhook
                ? await webhooks.Call(target, delivery.EventId, delivery.Body, now, cancellation)
                : await mail.Send(
                    target.Address.Value,
                    delivery.Title,
                    Text(delivery, settings, target),
                    delivery.Id,
                    delivery.Type == "confirm" ? null : Subscribe.Link(Address(settings), target, "unsubscribe"),
                    cancellation
                );
        var pauses = settings.GetSection("Subscriptions:RetrySeconds").Get<int[]>() ?? Pauses;
        var tried = delivery with { Attempts = delivery.Attempts + 1, Error = error };
        // One that was erased while the receiver was called stays erased.
        if (error is null)
            session.Update(tried with { State = DeliveryState.Delivered, DeliveredAt = now });
        else if (tried.Attempts > pauses.Length)
            session.Update(tried with { State = DeliveryState.Dead });
        else
        {
            session.Update(tried);
            told.Delay(note, TimeSpan.FromSeconds(pauses[tried.Attempts - 1]));
        }
        return told;
    }

    // A webhook gets the event; a person a few lines of it.
    static string Text(Delivery delivery, IConfiguration settings, SubscriptionTarget target)
    {
        if (delivery.Type == "confirm")
            return delivery.Body;
        var link = JsonDocument.Parse(delivery.Body).RootElement.GetProperty("data").GetProperty("link").GetString();
        return $"{delivery.Title}\n\n{Address(settings)}{link}\n\n--\n退订：{Subscribe.Link(Address(settings), target, "unsubscribe")}\n";
    }

    // A message has no request whose address could be taken: it is set, or a local one.
    static string Address(IConfiguration settings) => (settings["PublicAddress"] ?? "http://localhost:8080").TrimEnd('/');
}

/// <summary>
/// The deliveries of a subscription, newest first, to its owner; dead ones are sent again on demand. And its feed, to whoever has the link.
/// </summary>
public sealed class ReadDeliveries : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/subscriptions/{id:guid}/deliveries", List)
            .RequireAnyRole(Roles.All)
            .Produces<Page<DeliveryView>>()
            .WithTags("Catalog")
            .WithName("listDeliveries");
        api.MapPost("/subscriptions/{id:guid}/replay", Replay)
            .RequireAnyRole(Roles.All)
            .Produces<ReplayedDeliveries>()
            .WithTags("Catalog")
            .WithName("replayDeliveries");
    }

    static async Task<IResult> List(
        Guid id,
        string? state,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        var inState = invalid.OneOf<DeliveryState>("state", state);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await ManageSubscriptions.Own(id, caller, session, http.RequestAborted) is null)
            return ManageSubscriptions.NotFound(id).ToResult();
        var query = session.Query<Delivery>().Where(d => d.SubscriptionId == id);
        if (inState is not null)
            query = query.Where(d => d.State == inState);
        if (page.After is { } after)
            query = query.Where(d => d.At < after.At || d.At == after.At && d.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(d => d.At)
            .ThenByDescending(d => d.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(
            page.Page(
                rows,
                d => new DeliveryView(d.EventId, d.Type, d.Title, d.State, d.Attempts, d.Error, d.At, d.DeliveredAt),
                d => new Place(d.At, d.Id)
            )
        );
    }

    static Task<IResult> Replay(Guid id, ReplayDeliveries? command, Caller caller, EventWriter writer, HttpContext http) =>
        writer.Append<Subscription>(
            http,
            Subscription.Key(id),
            async (subscription, session) =>
            {
                if (subscription is null || subscription.Owner != caller.Id || subscription.State is SubscriptionState.Ended)
                    return ManageSubscriptions.NotFound(id);
                var query = session.Query<Delivery>().Where(d => d.SubscriptionId == id && d.State == DeliveryState.Dead);
                if (command?.EventId is { } wanted)
                    query = query.Where(d => d.EventId == wanted);
                var dead = await query.ToListAsync(http.RequestAborted);
                foreach (var delivery in dead)
                    session.Store(delivery with { State = DeliveryState.Waiting, Attempts = 0 });
                return Decision.Record().Telling([.. dead.Select(d => new Deliver(d.Id))]);
            },
            recorded => new Answer(200, new ReplayedDeliveries(recorded.Decision.Messages.Count))
        );

    sealed record Place(DateTimeOffset At, string Id);
}

/// <summary>Which dead deliveries are sent again.</summary>
/// <param name="EventId">Of this event; all of them when left out.</param>
public sealed record ReplayDeliveries(string? EventId);

/// <summary>How many deliveries are sent again.</summary>
/// <param name="Count">How many.</param>
public sealed record ReplayedDeliveries(int Count);

/// <summary>A delivery as the API shows it.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Type">The kind of notice.</param>
/// <param name="Title">What it is about.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Error">Why it was not taken the last time.</param>
/// <param name="At">When it was put down, UTC.</param>
/// <param name="DeliveredAt">When it was taken, UTC.</param>
public sealed record DeliveryView(
    string EventId,
    string Type,
    string Title,
    DeliveryState State,
    int Attempts,
    string? Error,
    DateTimeOffset At,
    DateTimeOffset? DeliveredAt
);
