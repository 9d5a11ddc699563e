using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;

namespace PolicyPlatform.Catalog.Subscriptions;

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
            .WithName("listDeliveries");
        api.MapPost("/subscriptions/{id:guid}/replay", Replay)
            .RequireAnyRole(Roles.All)
            .Produces<ReplayedDeliveries>()
            .WithName("replayDeliveries");
    }

    /// <summary>The deliveries of a subscription, newest first, in pages: to its owner, and to those who publish or supervise.</summary>
    static async Task<IResult> List(
        Guid id,
        [OneOf(typeof(DeliveryState))] string? state,
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
        var hidden = await session.Hidden(http.RequestAborted);
        return Results.Ok(
            page.Page(
                rows,
                d => new DeliveryView(
                    d.EventId,
                    d.Type,
                    d.Refusal(hidden)?.Detail.ToString() ?? d.Title,
                    d.State,
                    d.Attempts,
                    d.Error?.IfReadable,
                    d.At,
                    d.DeliveredAt,
                    d is { Error.IsReadable: false } or { Body.IsReadable: false } ? true : null
                ),
                d => new Place(d.At, d.Id)
            )
        );
    }

    /// <summary>
    /// Sends dead deliveries of a subscription of the caller again, all of them or that of one event, and says how many they are.
    /// </summary>
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
/// <example>{"eventId": "document.published/01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f/7"}</example>
public sealed record ReplayDeliveries(string? EventId);

/// <summary>How many deliveries are sent again.</summary>
/// <param name="Count">How many.</param>
public sealed record ReplayedDeliveries(int Count);

/// <summary>A delivery as the API shows it.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Type">The kind of notice.</param>
/// <param name="Title">What it is about; the explanation, where its document is taken from the public.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Error">Why it was not taken the last time.</param>
/// <param name="At">When it was put down, UTC.</param>
/// <param name="DeliveredAt">When it was taken, UTC.</param>
/// <param name="IsUnreadable">True where what it says, or why it was not taken, is sealed with a key that is missing.</param>
public sealed record DeliveryView(
    string EventId,
    string Type,
    string Title,
    DeliveryState State,
    int Attempts,
    string? Error,
    DateTimeOffset At,
    DateTimeOffset? DeliveredAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsUnreadable = null
);
