using Marten;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>When it was last told that tickets pile up about a document: only those that came after that are counted again.</summary>
/// <param name="Id">The document.</param>
/// <param name="ToldAt">When, UTC.</param>
public sealed record PiledUpTickets(Guid Id, DateTimeOffset ToldAt)
{
    static readonly TimeSpan Window = TimeSpan.FromDays(90);

    // More of them say nothing more.
    const int MostNamed = 200;

    /// <summary>What is told when so many tickets have come about a public document within 90 days; null while it is fewer.</summary>
    internal static async Task<TicketsPiledUpMessage?> After(
        IDocumentSession session,
        Ticket ticket,
        Guid document,
        int threshold,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var since = now - Window;
        if (await session.LoadAsync<PiledUpTickets>(document, cancellation) is { } before && before.ToldAt > since)
            since = before.ToldAt;
        // The ticket itself may not be placed there yet.
        var others = session.Query<Ticket>().Where(t => t.About!.DocumentId == document && t.ReceivedAt > since && t.Id != ticket.Id);
        var count = await others.CountAsync(cancellation) + 1;
        if (count < threshold || await session.LoadAsync<KnownDocument>(document, cancellation) is null)
            return null;
        var newest = await others
            .OrderByDescending(t => t.ReceivedAt)
            .Take(MostNamed - 1)
            .Select(t => t.TicketId)
            .ToListAsync(cancellation);
        session.Store(new PiledUpTickets(document, now));
        return new(document, [ticket.TicketId, .. newest], count, OfficialTime.DateIn(since), now);
    }
}
