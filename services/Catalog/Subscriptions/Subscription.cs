using System.Text.Json.Serialization;
using Marten;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>How notices reach a subscriber.</summary>
public enum SubscriptionChannel
{
    /// <summary>A signed call to an address (CloudEvents 1.0).</summary>
    Webhook,

    /// <summary>A feed that the subscriber reads (RFC 4287).</summary>
    Atom,

    /// <summary>E-mail.</summary>
    Email,
}

/// <summary>Where a subscription stands.</summary>
public enum SubscriptionState
{
    /// <summary>The owner of the e-mail address has not confirmed it yet.</summary>
    Pending,

    /// <summary>Notices are sent.</summary>
    Active,

    /// <summary>It was ended; its address is erased.</summary>
    Ended,
}

/// <summary>What is subscribed to: everything that fits all of these.</summary>
/// <param name="Topic">What a topic gathers, its code.</param>
/// <param name="Issuer">发文机关, of drafts that are consulted on too; for benefits, obligations and tickets their body as well.</param>
/// <param name="Subject">主题分类.</param>
/// <param name="Tag">Benefits with this tag.</param>
/// <param name="Q">Words as the library is searched; of drafts that are consulted on the title alone is.</param>
/// <param name="Events">The kinds of notices; all but those of obligations and tickets when left out, which have no topic, subject or
/// text.</param>
public sealed record SubscriptionFilter(
    string? Topic = null,
    string? Issuer = null,
    string? Subject = null,
    string? Tag = null,
    string? Q = null,
    IReadOnlyList<string>? Events = null
)
{
    const int LongestTopic = 200;

    /// <summary>Notes what of it cannot be kept.</summary>
    /// <param name="oversees">Whether the subscriber may hear of obligations and tickets.</param>
    /// <param name="reading">Where topics are read.</param>
    /// <param name="invalid">Where what is wrong goes, with places below <c>/filter</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task Check(bool oversees, IQuerySession reading, Invalid invalid, CancellationToken cancellation)
    {
        invalid
            .StoredQuery("/filter", Q, Issuer, Subject, ("tag", Tag), ("topic", Topic))
            .If(
                Events?.Count > Notices.All.Length,
                "/filter/events",
                "events.tooMany",
                $"There are {Notices.All.Length} kinds of events; each is named once."
            );
        foreach (var (kind, i) in (Events ?? []).Take(Notices.All.Length).Select((e, i) => (e, i)))
            invalid
                .If(!Notices.All.Contains(kind), $"/filter/events/{i}", "value.unknown", $"One of {string.Join(", ", Notices.All)}.")
                .If(
                    Notices.Closed.Contains(kind) && !oversees,
                    $"/filter/events/{i}",
                    "event.closed",
                    "Obligations and tickets are told to those who oversee them."
                );
        if (
            Topic is { Length: <= LongestTopic } topic
            && await reading.LoadAsync<Topics.Topic>(Topics.Topic.Key(topic), cancellation) is not { IsRemoved: false }
        )
            invalid.Add("/filter/topic", "topic.unknown", $"There is no topic {topic}.");
    }
}

/// <summary>
/// Somebody subscribed. Where to is kept in a row that can be erased, never in an event. Before it was noted who sees all obligations, a
/// webhook was a business system's.
/// </summary>
public sealed record SubscriptionOpened(
    Guid SubscriptionId,
    SubscriptionChannel Channel,
    SubscriptionFilter Filter,
    bool Oversees,
    bool Pending,
    Actor By,
    DateTimeOffset At,
    bool? SeesAll = null
) : IEventOf<Subscription>;

/// <summary>The owner of the e-mail address confirmed it.</summary>
public sealed record SubscriptionConfirmed(DateTimeOffset At) : IEventOf<Subscription>;

/// <summary>
/// It was ended, by its owner or by the link in a notice, because nobody confirmed it, or because its receiver answered 410.
/// </summary>
public sealed record SubscriptionEnded(bool ByLink, DateTimeOffset At, Actor? By = null) : IEventOf<Subscription>;

/// <summary>What is subscribed to was changed, by its owner or by an operator who put it right.</summary>
public sealed record SubscriptionFilterSet(SubscriptionFilter Filter, Actor By, DateTimeOffset At) : IEventOf<Subscription>;

/// <summary>Its owner has a new secret for its webhook; the one before is valid for a while.</summary>
public sealed record SubscriptionSecretRotated(Actor By, DateTimeOffset At) : IEventOf<Subscription>;

/// <summary>Somebody with the right to personal data read where the notices go. What was read stands in no event.</summary>
public sealed record SubscriptionAddressRead(string Reason, Actor By, DateTimeOffset At) : IEventOf<Subscription>;

/// <summary>A subscription.</summary>
public sealed record Subscription : IState<Subscription>
{
    /// <summary>Whether a caller opened it; what the public opened is nobody's.</summary>
    public bool IsOf(Caller caller) => !caller.IsPublic && Owner == caller.Id;

    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Its id.</summary>
    public Guid SubscriptionId { get; init; }

    /// <summary>How notices reach the subscriber.</summary>
    public SubscriptionChannel Channel { get; init; }

    /// <summary>What is subscribed to.</summary>
    public SubscriptionFilter Filter { get; init; } = new();

    /// <summary>Whether the subscriber may hear of obligations and tickets.</summary>
    public bool Oversees { get; init; }

    /// <summary>Whether the subscriber sees the obligations of documents that are not public.</summary>
    public bool SeesAll { get; init; }

    /// <summary>Who subscribed; empty for the public.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Where it stands.</summary>
    public SubscriptionState State { get; init; }

    /// <summary>When it was opened, UTC.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Who read where its notices go, oldest first.</summary>
    public IReadOnlyList<AddressReading> Readings { get; init; } = [];

    /// <summary>The key of a subscription's stream.</summary>
    public static string Key(Guid id) => $"subscription/{id}";

    /// <summary>The state after one more event.</summary>
    public static Subscription? Next(Subscription? subscription, IEventOf<Subscription> happened) =>
        (subscription, happened) switch
        {
            (null, SubscriptionOpened e) => new()
            {
                Id = Key(e.SubscriptionId),
                SubscriptionId = e.SubscriptionId,
                Channel = e.Channel,
                Filter = e.Filter,
                Oversees = e.Oversees,
                SeesAll = e.SeesAll ?? e.Oversees && e.Channel is not SubscriptionChannel.Webhook,
                Owner = e.By.Id,
                State = e.Pending ? SubscriptionState.Pending : SubscriptionState.Active,
                OpenedAt = e.At,
            },
            ({ State: SubscriptionState.Pending } s, SubscriptionConfirmed) => s with { State = SubscriptionState.Active },
            ({ } s, SubscriptionFilterSet e) => s with { Filter = e.Filter },
            ({ } s, SubscriptionSecretRotated) => s,
            ({ } s, SubscriptionAddressRead e) => s with { Readings = [.. s.Readings, new(e.By.Id, e.Reason, e.At)] },
            ({ } s, SubscriptionEnded) => s with { State = SubscriptionState.Ended },
            _ => subscription,
        };
}

/// <summary>Where the notices of a subscription go. Erased when it ends.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="Address">The URL of a webhook, an e-mail address; empty for a feed.</param>
/// <param name="Secret">The key that webhooks are signed with; empty otherwise.</param>
/// <param name="Token">What the links of the subscription carry: who has it may read the feed, confirm and unsubscribe.</param>
/// <param name="At">When it was opened, UTC.</param>
/// <param name="Fingerprint">Tells the subscriptions of one e-mail address, without saying which it is; null for a webhook or feed.</param>
public sealed record SubscriptionTarget(
    Guid Id,
    Sealed<string> Address,
    Sealed<string> Secret,
    Sealed<string> Token,
    DateTimeOffset At,
    string? Fingerprint = null
)
{
    /// <summary>The keys before this one that may still be valid, newest first.</summary>
    public IReadOnlyList<FormerSecret> Former { get; init; } = [];
}

/// <summary>A key that was replaced.</summary>
/// <param name="Secret">The key.</param>
/// <param name="Until">Until when notices are signed with it too, UTC.</param>
public sealed record FormerSecret(Sealed<string> Secret, DateTimeOffset Until);

/// <summary>A subscription as the API shows it.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="Channel">How notices reach the subscriber.</param>
/// <param name="Filter">What is subscribed to.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Address">Where the notices go; to its owner alone.</param>
/// <param name="Secret">The key that webhooks are signed with (Standard Webhooks); told once, when it is opened.</param>
/// <param name="Feed">Where the feed is read; told once.</param>
/// <param name="Unsubscribe">Ends it, for whoever has the link; told once. The owner of an e-mail address gets it with each mail.</param>
/// <param name="OpenedAt">When it was opened, UTC.</param>
/// <param name="Version">The version of its history.</param>
/// <param name="IsUnreadable">True where its address is sealed with a key that is missing: nothing is sent to it until that is put back.</param>
public sealed record SubscriptionView(
    Guid Id,
    SubscriptionChannel Channel,
    SubscriptionFilter Filter,
    SubscriptionState State,
    string? Address,
    string? Secret,
    string? Feed,
    string? Unsubscribe,
    DateTimeOffset OpenedAt,
    long Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsUnreadable = null
)
{
    internal static SubscriptionView Of(Subscription s, SubscriptionTarget? target) =>
        new(
            s.SubscriptionId,
            s.Channel,
            s.Filter,
            s.State,
            target?.Address.IfReadable is { Length: > 0 } address ? address : null,
            null,
            null,
            null,
            s.OpenedAt,
            s.Version,
            target is { Address.IsReadable: false } ? true : null
        );
}
