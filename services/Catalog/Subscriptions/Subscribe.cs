using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// Subscribes: integrating systems by webhook, anybody by e-mail, which is confirmed by a link, or by a feed of one's own.
/// </summary>
/// <param name="Channel">How notices reach the subscriber.</param>
/// <param name="Address">The URL of a webhook, or the e-mail address; left out for a feed.</param>
/// <param name="Filter">What is subscribed to; everything when left out.</param>
/// <example>{"channel": "atom", "filter": {"issuer": "370114-ZJ", "q": "公共租赁住房",
/// "events": ["document.published", "document.changed", "document.repealed"]}}</example>
public sealed record Subscribe(SubscriptionChannel? Channel, string? Address, SubscriptionFilter? Filter) : IEndpoint
{
    const int LongestAddress = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/subscriptions", Post).Produces<SubscriptionView>(201).WithName("subscribe");

    static async Task<IResult> Post(
        Subscribe command,
        Caller caller,
        Webhooks webhooks,
        Mail mail,
        Seals seals,
        EventWriter writer,
        IQuerySession reading,
        IConfiguration settings,
        TimeProvider time,
        HttpContext http
    )
    {
        // Before anything is asked for whoever asks: names are resolved for those alone who may use them.
        if (command.Channel is SubscriptionChannel.Webhook && !caller.HasAny(Roles.Integrator, Roles.Publisher))
            return CommonProblems.Forbidden.With("Webhooks are for integrating systems: the role integrator.").ToResult();
        var filter = command.Filter ?? new();
        var oversees = caller.HasAny(Roles.Publisher, Roles.Supervisor, Roles.Integrator);
        var invalid = new Invalid()
            .If(command.Channel is null, "/channel", "value.missing", "One of webhook, atom, email.")
            .Text(
                "/address",
                command.Address,
                LongestAddress,
                required: command.Channel is SubscriptionChannel.Webhook or SubscriptionChannel.Email
            );
        await filter.Check(oversees, reading, invalid, http.RequestAborted);
        if (
            command is { Channel: SubscriptionChannel.Webhook, Address.Length: > 0 and <= LongestAddress }
            && await webhooks.Refuse(command.Address, http.RequestAborted) is { } refused
        )
            invalid.Add("/address", "address.refused", refused);
        if (command is { Channel: SubscriptionChannel.Email, Address.Length: > 0 and <= LongestAddress })
            invalid
                .If(
                    Mail.Mailbox(command.Address) is null,
                    "/address",
                    "address.malformed",
                    "This is no e-mail address. It is the address alone, without a name."
                )
                .If(!mail.IsThere, "/channel", "channel.unavailable", "No mail server is set here; subscribe by atom or webhook.");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var now = time.GetUtcNow();
        var mailbox = command.Channel is SubscriptionChannel.Email ? seals.Fingerprint(Mail.Mailbox(command.Address!)!) : null;
        var target = new SubscriptionTarget(
            Guid.CreateVersion7(),
            new(command.Address?.Trim() ?? ""),
            new(command.Channel is SubscriptionChannel.Webhook ? Webhooks.NewSecret() : ""),
            new(Receipt.New()),
            now,
            mailbox
        );
        var opened = new SubscriptionOpened(
            target.Id,
            command.Channel!.Value,
            filter,
            oversees,
            command.Channel is SubscriptionChannel.Email,
            caller.IsPublic ? new("", "") : caller.Actor(),
            now,
            SeesAll: caller.HasAny(Roles.Publisher, Roles.Supervisor)
        );
        var address = PublicAddress.Of(http.Request);
        return await writer.Start<Subscription>(
            http,
            Subscription.Key(target.Id),
            async session =>
            {
                // Nobody's mailbox is filled by others who ask for confirmations.
                if (mailbox is not null && await AskedMailbox.Ask(session, mailbox, now, http.RequestAborted) is { } tooMany)
                    return tooMany;
                session.Store(target);
                var decision = Decision.Record(opened);
                if (opened.Pending)
                {
                    var confirm = Delivery.Mail(
                        target.Id,
                        "confirm",
                        "请确认订阅",
                        $"有人（可能是您）用这个邮箱订阅了政策通知。请打开以下链接确认；不是您本人操作的，请忽略本邮件。\n\n{Link(PublicAddress.Of(settings), target, "confirm")}\n",
                        now
                    );
                    session.Store(confirm);
                    decision = decision.Telling(new Deliver(confirm.Id));
                }
                return decision;
            },
            recorded => new Answer(
                201,
                SubscriptionView.Of(recorded.After(), target) with
                {
                    Secret = target.Secret.Value.Length > 0 ? target.Secret.Value : null,
                    Feed = command.Channel is SubscriptionChannel.Atom ? Link(address, target, "feed.atom") : null,
                    Unsubscribe = command.Channel is SubscriptionChannel.Email ? null : Link(address, target, "unsubscribe"),
                },
                $"/api/v1/subscriptions/{target.Id}"
            )
        );
    }

    internal static string Link(string address, SubscriptionTarget target, string what) =>
        $"{address}/api/v1/subscriptions/{target.Id}/{what}?token={target.Token.Value}";
}
