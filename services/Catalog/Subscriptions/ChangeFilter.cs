using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// Changes what is subscribed to: the subscriber, or a publisher who puts right what does harm or finds nothing. Where the notices go
/// stays as it is.
/// </summary>
/// <param name="Filter">What is subscribed to from now on; everything when it is empty.</param>
/// <example>{"filter": {"issuer": "370114-ZJ", "q": "供热"}}</example>
public sealed record ChangeFilter(SubscriptionFilter? Filter) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/subscriptions/{id:guid}", Patch)
            .RequireAnyRole(Roles.All)
            .Produces<SubscriptionView>()
            .WithName("changeSubscription");

    static Task<IResult> Patch(Guid id, ChangeFilter command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<Subscription>(
            http,
            Subscription.Key(id),
            async (subscription, session) =>
            {
                if (
                    subscription is not { State: not SubscriptionState.Ended }
                    || !subscription.IsOf(caller) && !caller.HasAny(Roles.Publisher)
                )
                    return ManageSubscriptions.NotFound(id);
                var invalid = new Invalid().If(command.Filter is null, "/filter", "value.missing", "What is subscribed to is required.");
                if (command.Filter is { } filter)
                    await filter.Check(subscription.Oversees, session, invalid, http.RequestAborted);
                if (invalid.Problem is { } problem)
                    return problem;
                return Decision.Record(new SubscriptionFilterSet(command.Filter!, caller.Actor(), time.GetUtcNow()));
            },
            recorded => new Answer(200, SubscriptionView.Of(recorded.After(), null))
        );
}
