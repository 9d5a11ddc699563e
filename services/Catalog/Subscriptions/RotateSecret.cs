using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// Gives a webhook of the caller a new secret, which is told once. For 24 hours each notice carries a signature of the
/// former secret too, so that the receiver takes the new one over without missing anything.
/// </summary>
public sealed class RotateSecret : IEndpoint
{
    static readonly TimeSpan Both = TimeSpan.FromHours(24);

    // Each is a signature in a header.
    const int MostFormer = 5;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/subscriptions/{id:guid}/secret", Post)
            .RequireAnyRole(Roles.All)
            .Produces<SubscriptionView>()
            .WithName("rotateSecret");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var secret = Webhooks.NewSecret();
        return writer.Append<Subscription>(
            http,
            Subscription.Key(id),
            async (subscription, session) =>
            {
                if (subscription is null || !subscription.IsOf(caller))
                    return ManageSubscriptions.NotFound(id);
                if (
                    subscription.Channel is not SubscriptionChannel.Webhook
                    || await session.LoadAsync<SubscriptionTarget>(id, http.RequestAborted) is not { } target
                )
                    return CatalogProblems.NoSecret.With("Only a webhook that has not ended has a secret.");
                var now = time.GetUtcNow();
                session.Store(
                    target with
                    {
                        Secret = new(secret),
                        Former = [new(target.Secret, now + Both), .. target.Former.Where(f => f.Until > now).Take(MostFormer - 1)],
                    }
                );
                return Decision.Record(new SubscriptionSecretRotated(caller.Actor(), now));
            },
            recorded => new Answer(200, SubscriptionView.Of(recorded.After(), null) with { Secret = secret })
        );
    }
}
