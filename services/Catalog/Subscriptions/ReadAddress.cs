using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>Reads where the notices of somebody's subscription go, for a reason that is recorded with who read it and when.</summary>
/// <param name="Reason">Why it is needed.</param>
/// <example>{"reason": "该邮箱投诉收到大量通知，需联系本人核实。"}</example>
public sealed record ReadAddress(string? Reason) : IEndpoint
{
    const int LongestReason = 500;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/subscriptions/{id:guid}/address-readings", Post)
            .RequireAnyRole(Roles.PersonalData)
            .Produces<ReadSubscriptionAddress>()
            .WithName("readSubscriptionAddress");
        api.MapGet("/subscriptions/{id:guid}/address-readings", Get)
            .RequireAnyRole(Roles.All)
            .Produces<IReadOnlyList<AddressReading>>()
            .WithName("listAddressReadings");
    }

    static Task<IResult> Post(Guid id, ReadAddress command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        if (new Invalid().Text("/reason", command.Reason, LongestReason).Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        SubscriptionTarget? target = null;
        return writer.Append<Subscription>(
            http,
            Subscription.Key(id),
            async (subscription, session) =>
            {
                target = await session.LoadAsync<SubscriptionTarget>(id, http.RequestAborted);
                return subscription is null || target is null
                    ? ManageSubscriptions.NotFound(id)
                    : Decision.Record(new SubscriptionAddressRead(command.Reason!, caller.Actor(), time.GetUtcNow()));
            },
            recorded => new Answer(200, new ReadSubscriptionAddress(id, target!.Address.Value, recorded.Version))
        );
    }

    /// <summary>Who read where the notices of a subscription go, oldest first; for its subscriber and for those who oversee.</summary>
    static async Task<IResult> Get(Guid id, Caller caller, IQuerySession session, HttpContext http) =>
        await ManageSubscriptions.Own(id, caller, session, http.RequestAborted) is { } subscription
            ? Results.Ok(subscription.Readings)
            : ManageSubscriptions.NotFound(id).ToResult();
}

/// <summary>Where the notices of a subscription go.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="Address">The e-mail address or the URL; empty for a feed.</param>
/// <param name="Version">The version of the subscription's history that records this reading.</param>
public sealed record ReadSubscriptionAddress(Guid Id, string Address, long Version);

/// <summary>One reading of personal data.</summary>
/// <param name="By">Who read it: the <c>sub</c> of the token.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record AddressReading(string By, string Reason, DateTimeOffset At);
