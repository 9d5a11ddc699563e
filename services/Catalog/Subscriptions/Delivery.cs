using System.Globalization;
using System.Text.Json;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.DocumentAccess;

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

/// <summary>How one attempt to deliver went.</summary>
/// <param name="Error">Why it was not taken; null when it was.</param>
/// <param name="Gone">Whether the receiver wants to hear of nothing any more.</param>
/// <param name="NotBefore">How long the receiver wants to be left alone; null where it does not say.</param>
sealed record DeliveryAttempt(string? Error, bool Gone = false, TimeSpan? NotBefore = null)
{
    /// <summary>It was taken.</summary>
    public static readonly DeliveryAttempt Taken = new((string?)null);
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
/// <param name="Body">What is sent: a CloudEvent as JSON; the text of a confirmation, whose link is a secret.</param>
/// <param name="At">When it was put down, UTC.</param>
public sealed record Delivery(
    string Id,
    Guid SubscriptionId,
    string EventId,
    string Type,
    string Title,
    Sealed<string> Body,
    DateTimeOffset At
)
{
    /// <summary>The document that it tells of; null for none.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>The texts of it that it tells of, or is called after; null where that is not known: it is not shown while any is hidden.</summary>
    public IReadOnlyList<int>? Revisions { get; init; }

    /// <summary>Where it stands.</summary>
    public DeliveryState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it was not taken the last time; mail servers name the address.</summary>
    public Sealed<string>? Error { get; init; }

    /// <summary>When it was taken, UTC.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>
    /// Why it is not shown and not sent: the document, or the text, that it tells of is taken from the public. Null where that is not so, and for
    /// what tells just that.
    /// </summary>
    public Problem? Refusal(HiddenParts hidden) =>
        !hidden.IsEmpty && Type is not Notices.DocumentTakenDown && About is { } document && hidden.Knows(document)
            ? hidden.Refusal(document, Texts())
            : null;

    /// <summary>Whether it waits for what is to be heard of its document.</summary>
    public bool Waits(HiddenParts hidden) =>
        !hidden.IsEmpty && About is { } document && hidden.Knows(document) && hidden.IsAwaited(document, Texts());

    // What was put down before documents were noted says in its name or in its body which one it tells of; an obligation is called by it.
    Guid? About => DocumentId ?? Named(EventId.Split('/').ElementAtOrDefault(1)) ?? Said();

    Guid? Named(string? name) =>
        (Type.StartsWith("document.", StringComparison.Ordinal) || Type.StartsWith("obligation.", StringComparison.Ordinal))
        && name is { Length: >= IdLength }
        && Guid.TryParse(name[..IdLength], out var named)
            ? named
            : null;

    Guid? Said() => Said("documentId") is { ValueKind: JsonValueKind.String } said && said.TryGetGuid(out var id) ? id : null;

    // Null where that is not known: an obligation is called after whatever text its document was called after then.
    IEnumerable<int>? Texts() =>
        Revisions ?? (Said("revision") is { ValueKind: JsonValueKind.Number } said && said.TryGetInt32(out var one) ? [one] : null);

    /// <summary>The changed text that an obligation is about, as its id says: …-r2; none for another obligation.</summary>
    internal static IEnumerable<int> ChangedText(string obligation) =>
        obligation.Length > IdLength + 2
        && obligation[IdLength..].StartsWith("-r", StringComparison.Ordinal)
        && int.TryParse(obligation.AsSpan(IdLength + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var changed)
            ? [changed]
            : [];

    JsonElement? Said(string name)
    {
        if (!Body.IsReadable || Type is "confirm")
            return null;
        using var body = JsonDocument.Parse(Body.Value);
        return body.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty(name, out var said) ? said.Clone() : null;
    }

    const int IdLength = 36;

    /// <summary>The id of a delivery.</summary>
    public static string Key(Guid subscription, string eventId) => $"{subscription}/{eventId}";

    /// <summary>A message of the platform to an e-mail address.</summary>
    public static Delivery Mail(Guid subscription, string kind, string subject, string text, DateTimeOffset now) =>
        new(Key(subscription, kind), subscription, kind, kind, subject, new(text), now);
}
