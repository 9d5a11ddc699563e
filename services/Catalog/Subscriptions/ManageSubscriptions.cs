using System.ComponentModel;
using System.Net;
using System.Security.Cryptography;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>The subscriptions of the caller, and the ends of them: by the owner, or by whoever has the link of a notice.</summary>
public sealed class ManageSubscriptions : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/subscriptions", List).RequireAnyRole(Roles.All).Produces<Page<SubscriptionView>>().WithName("listSubscriptions");
        api.MapGet("/subscriptions/{id:guid}", One).RequireAnyRole(Roles.All).Produces<SubscriptionView>().WithName("readSubscription");
        api.MapDelete("/subscriptions/{id:guid}", Delete)
            .RequireAnyRole(Roles.All)
            .Produces<SubscriptionView>()
            .WithName("endSubscription");
        api.MapGet(
                "/subscriptions/{id:guid}/confirm",
                (Guid id, string? token, IQuerySession session, HttpContext http) => Ask(id, token, "确认订阅", "confirm", session, http)
            )
            .Produces<string>(200, "text/html")
            .WithDescription(
                "A page with a button that confirms a subscription by e-mail, for whoever has the link of the mail. "
                    + "Reading it changes nothing."
            )
            .WithName("askToConfirm");
        api.MapPost(
                "/subscriptions/{id:guid}/confirm",
                (Guid id, string? token, EventWriter writer, TimeProvider time, HttpContext http) =>
                    ByLink(
                        id,
                        token,
                        writer,
                        http,
                        s => s.State is SubscriptionState.Pending ? new SubscriptionConfirmed(time.GetUtcNow()) : null
                    )
            )
            .Produces<SubscriptionView>()
            .WithDescription(
                "Confirms a subscription by e-mail with the token of its link: notices are sent from then on. "
                    + "One that is confirmed stays so."
            )
            .WithName("confirmSubscription");
        api.MapGet(
                "/subscriptions/{id:guid}/unsubscribe",
                (Guid id, string? token, IQuerySession session, HttpContext http) => Ask(id, token, "退订", "unsubscribe", session, http)
            )
            .Produces<string>(200, "text/html")
            .WithDescription("A page with a button that ends a subscription, for whoever has its link. Reading it changes nothing.")
            .WithName("askToUnsubscribe");
        api.MapPost(
                "/subscriptions/{id:guid}/unsubscribe",
                (Guid id, string? token, EventWriter writer, TimeProvider time, HttpContext http) =>
                    ByLink(
                        id,
                        token,
                        writer,
                        http,
                        s => s.State is SubscriptionState.Ended ? null : new SubscriptionEnded(true, time.GetUtcNow())
                    )
            )
            .Produces<SubscriptionView>()
            .WithDescription("Ends a subscription with the token of its link, and erases its address and what was sent.")
            .WithName("unsubscribe");
    }

    /// <summary>
    /// The subscriptions of the caller that have not ended, oldest first, in pages. With <c>all</c>, those who publish or supervise see
    /// everybody's, the addresses of others left out.
    /// </summary>
    static async Task<IResult> List(
        [Description("Whether the subscriptions of everybody are listed, for publisher and supervisor.")] bool? all,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (all is true && !caller.HasAny(Roles.Supervisor, Roles.Publisher))
            return CommonProblems.Forbidden.With("The subscriptions of all are listed for publisher and supervisor.").ToResult();
        var query = session.Query<Subscription>().Where(s => s.State != SubscriptionState.Ended);
        if (all is not true)
            query = query.Where(s => s.Owner == caller.Id);
        if (page.After is { } after)
            query = query.Where(s => s.Id.CompareTo(after.Id) > 0);
        var rows = await query.OrderBy(s => s.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        var targets = (
            await session.LoadManyAsync<SubscriptionTarget>(
                http.RequestAborted,
                [.. rows.Where(r => r.IsOf(caller)).Select(r => r.SubscriptionId)]
            )
        ).ToDictionary(t => t.Id);
        return Results.Ok(page.Page(rows, s => SubscriptionView.Of(s, targets.GetValueOrDefault(s.SubscriptionId)), s => new Place(s.Id)));
    }

    /// <summary>A subscription, to its owner with its address; those who publish or supervise see it without.</summary>
    static async Task<IResult> One(Guid id, Caller caller, IQuerySession session, HttpContext http)
    {
        if (await Own(id, caller, session, http.RequestAborted) is not { } subscription)
            return NotFound(id).ToResult();
        // Where notices go is the owner's; who oversees sees that they go.
        var isOwner = subscription.IsOf(caller);
        var target = isOwner ? await session.LoadAsync<SubscriptionTarget>(id, http.RequestAborted) : null;
        return http.Conditional(
            ConditionalRequests.Tag(subscription.Version, isOwner),
            () => Results.Ok(SubscriptionView.Of(subscription, target))
        );
    }

    /// <summary>
    /// Ends a subscription of the caller, and erases its address and what was sent; those who publish end any. One that has ended stays so.
    /// </summary>
    static Task<IResult> Delete(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        Change(
            id,
            writer,
            http,
            // Who publishes ends what does harm, whoever opened it.
            (s, _) => Task.FromResult(s.IsOf(caller) || caller.HasAny(Roles.Publisher)),
            s => s.State is SubscriptionState.Ended ? null : new SubscriptionEnded(false, time.GetUtcNow(), caller.Actor())
        );

    static Task<IResult> ByLink(Guid id, string? token, EventWriter writer, HttpContext http, Func<Subscription, object?> decide) =>
        Change(
            id,
            writer,
            http,
            async (_, session) => Fits(await session.LoadAsync<SubscriptionTarget>(id, http.RequestAborted), token),
            decide
        );

    static Task<IResult> Change(
        Guid id,
        EventWriter writer,
        HttpContext http,
        Func<Subscription, IQuerySession, Task<bool>> may,
        Func<Subscription, object?> decide
    ) =>
        writer.Append<Subscription>(
            http,
            Subscription.Key(id),
            async (subscription, session) =>
            {
                if (subscription is null || !await may(subscription, session))
                    return NotFound(id);
                if (decide(subscription) is not { } happened)
                    return Decision.Record();
                if (happened is SubscriptionEnded)
                    Erase(session, id);
                return Decision.Record(happened);
            },
            recorded => new Answer(200, SubscriptionView.Of(recorded.After(), null))
        );

    /// <summary>
    /// Ends a subscription without anybody's asking. Somebody who changes it at this moment comes first: it is looked at again.
    /// </summary>
    internal static void End(IDocumentSession session, Subscription subscription, DateTimeOffset now)
    {
        session.Events.Append(subscription.Id, subscription.Version + 1, new SubscriptionEnded(false, now));
        Erase(session, subscription.SubscriptionId);
    }

    /// <summary>Erases where notices went, and what was sent.</summary>
    static void Erase(IDocumentSession session, Guid id)
    {
        session.HardDelete<SubscriptionTarget>(id);
        session.HardDeleteWhere<Delivery>(d => d.SubscriptionId == id);
    }

    // A page with a button: those who look at links before people do neither confirm nor end anything.
    static async Task<IResult> Ask(Guid id, string? token, string what, string action, IQuerySession session, HttpContext http)
    {
        if (!Fits(await session.LoadAsync<SubscriptionTarget>(id, http.RequestAborted), token))
            return NotFound(id).ToResult();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'";
        return Results.Content(
            $"<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><title>{what}</title><form method=\"post\" action=\"{action}?token={WebUtility.HtmlEncode(token)}\"><p>政策通知</p><button>{what}</button></form></html>",
            "text/html; charset=utf-8"
        );
    }

    internal static async Task<Subscription?> Own(Guid id, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        await session.LoadAsync<Subscription>(Subscription.Key(id), cancellation) is { } subscription
        && (subscription.IsOf(caller) || caller.HasAny(Roles.Supervisor, Roles.Publisher))
            ? subscription
            : null;

    internal static bool Fits(SubscriptionTarget? target, string? token) =>
        target is not null
        && token is not null
        && CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(target.Token.Value),
            System.Text.Encoding.UTF8.GetBytes(token)
        );

    internal static Problem NotFound(Guid id) =>
        CatalogProblems.SubscriptionNotFound.With($"You have no subscription {id}, or it has ended.");

    sealed record Place(string Id);
}
