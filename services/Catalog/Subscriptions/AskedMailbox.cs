using JasperFx;
using Marten;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Subscriptions;

/// <summary>
/// How often an e-mail address was subscribed of late. It outlives the subscriptions, so that ending them makes no room for more, and says
/// not which address it is; two who ask at once stand in each other's way.
/// </summary>
public sealed class AskedMailbox : IRevisioned
{
    /// <summary>How often an address is asked to confirm within the window.</summary>
    public const int Most = 5;

    /// <summary>The window.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>The fingerprint of the address.</summary>
    public string Id { get; set; } = "";

    /// <summary>When it was subscribed, oldest first, UTC.</summary>
    public IReadOnlyList<DateTimeOffset> Asked { get; set; } = [];

    /// <summary>The last of these, UTC.</summary>
    public DateTimeOffset LastAt { get; set; }

    /// <inheritdoc/>
    public int Version { get; set; }

    /// <summary>Notes that an address is subscribed once more; the problem where that is too often.</summary>
    internal static async Task<Problem?> Ask(IDocumentSession session, string mailbox, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = await session.LoadAsync<AskedMailbox>(mailbox, cancellation) ?? new() { Id = mailbox };
        DateTimeOffset[] recent = [.. known.Asked.Where(at => at > now - Window)];
        if (recent.Length >= Most)
            return CatalogProblems.TooManySubscriptions.With("This address was subscribed several times within an hour.") with
            {
                RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling((recent[0] + Window - now).TotalSeconds)),
            };
        (known.Asked, known.LastAt) = ([.. recent, now], now);
        session.UpdateRevision(known, known.Version + 1);
        return null;
    }
}
