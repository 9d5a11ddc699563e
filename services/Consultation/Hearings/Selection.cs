using System.Globalization;
using Marten;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Who takes part, by the rule that was announced. Whoever has withdrawn is skipped, and the next one moves up.</summary>
static class Selection
{
    /// <summary>
    /// Whether nothing is left to anybody: applications are closed, and seats are given in the order of receipt, or there is one for
    /// everybody.
    /// </summary>
    public static bool IsDue(PublicHearing hearing, int applications, DateTimeOffset now) =>
        hearing is { SelectedAt: null, CancelledAt: null, Draws: [] }
        && hearing.Terms.ApplicationsUntil <= now
        && (hearing.Terms.Method is not SelectionMethod.Draw || applications <= hearing.Terms.Seats);

    /// <summary>By the order of receipt.</summary>
    /// <param name="hearing">The hearing.</param>
    /// <param name="applications">Those that are not withdrawn, in the order of receipt.</param>
    /// <param name="at">When.</param>
    public static HearingParticipantsSelected ByOrder(PublicHearing hearing, IReadOnlyList<HearingSeat> applications, DateTimeOffset at)
    {
        var terms = hearing.Terms;
        var groups =
            terms.Method is SelectionMethod.ByGroup
                ? terms.Quotas.Select(q => (q.Seats, Of: applications.Where(a => a.Kind == q.Kind).ToArray())).ToArray()
                : [(terms.Seats, Of: [.. applications])];
        return Of(
            [.. groups.SelectMany(g => g.Of.Take(g.Seats))],
            [.. groups.SelectMany(g => g.Of.Skip(g.Seats).Take(terms.Alternates)).OrderBy(a => a.Number)],
            applications,
            at
        );
    }

    /// <summary>By a draw: those drawn in their order, as many as there were places.</summary>
    /// <param name="announcement">What was published before.</param>
    /// <param name="outcome">What it came to.</param>
    /// <param name="applications">Those that are not withdrawn.</param>
    /// <param name="at">When.</param>
    public static HearingParticipantsSelected ByDraw(
        DrawAnnouncement announcement,
        DrawOutcome outcome,
        IReadOnlyList<HearingSeat> applications,
        DateTimeOffset at
    )
    {
        var left = applications.ToDictionary(a => a.Number);
        HearingSeat[] inOrder =
        [
            .. outcome
                .Drawn.Concat(outcome.Alternates)
                .Select(n => left.GetValueOrDefault(NumberOf(announcement.Pool[n - 1])))
                .OfType<HearingSeat>(),
        ];
        return Of([.. inOrder.Take(announcement.Places)], [.. inOrder.Skip(announcement.Places)], applications, at);
    }

    /// <summary>The pool of a draw: applications are publicly known by their numbers, and by nothing else.</summary>
    public static IReadOnlyList<PoolEntry> Pool(IReadOnlyList<HearingSeat> applications) =>
        [.. applications.Select((a, i) => new PoolEntry(i + 1, a.Number.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>The applications of a hearing that are not withdrawn, in the order of receipt.</summary>
    public static async Task<IReadOnlyList<HearingSeat>> Applications(
        this IQuerySession session,
        Guid hearing,
        CancellationToken cancellation
    ) =>
        [
            .. (
                await session
                    .Query<HearingApplication>()
                    .Where(a => a.HearingId == hearing && a.WithdrawnAt == null)
                    .OrderBy(a => a.Number)
                    .Select(a => new { a.Number, a.Kind })
                    .ToListAsync(cancellation)
            ).Select(a => new HearingSeat(a.Number, a.Kind)),
        ];

    static long NumberOf(PoolEntry entry) => long.Parse(entry.Label, CultureInfo.InvariantCulture);

    static HearingParticipantsSelected Of(
        IReadOnlyList<HearingSeat> seated,
        IReadOnlyList<HearingSeat> alternates,
        IReadOnlyList<HearingSeat> applications,
        DateTimeOffset at
    ) =>
        new(
            seated,
            alternates,
            [
                .. applications
                    .GroupBy(a => a.Kind)
                    .OrderBy(g => g.Key)
                    .Select(g => new HearingCount(
                        g.Key,
                        g.Count(),
                        seated.Count(s => s.Kind == g.Key),
                        alternates.Count(s => s.Kind == g.Key)
                    )),
            ],
            Actor.Platform,
            at
        );
}
