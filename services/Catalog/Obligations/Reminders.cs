using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>The Catalog's note to itself for a day on which an obligation may be soon due or overdue.</summary>
/// <param name="ObligationId">The obligation.</param>
/// <param name="Day">The day, Asia/Shanghai.</param>
public sealed record LookAtObligation(string ObligationId, DateOnly Day);

/// <summary>The Catalog's note to itself: count open deadlines again.</summary>
/// <param name="Year">The year whose calendar changed.</param>
/// <param name="After">The last obligation that was counted; null for none yet.</param>
public sealed record RecountDeadlines(int Year, string? After);

/// <summary>
/// Tells those whose obligations come due or are overdue, once for each deadline, and counts again when the calendar changes.
/// </summary>
[WolverineHandler]
public static class Reminders
{
    // A note can come early when a clock was put back; it is looked at again, with no hurry: it is about a day.
    static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    // However many are open, a transaction counts a few: others write to them meanwhile.
    const int CountedAtOnce = 200;

    /// <summary>The notes for the deadlines of an obligation: for the day from which on each is due soon, and the day after it.</summary>
    internal static IEnumerable<(LookAtObligation Note, DateTimeOffset At)> Of(
        string id,
        IReadOnlyList<ChannelDeadline> deadlines,
        WorkingCalendar calendar
    ) =>
        deadlines
            .Select(d => d.DueOn)
            .Distinct()
            .SelectMany(due => new[] { SoonFrom(due, calendar), due.AddDays(1) })
            .Distinct()
            .Select(day => (new LookAtObligation(id, day), OfficialTime.StartOf(day)));

    static DateOnly SoonFrom(DateOnly due, WorkingCalendar calendar) => calendar.DaysBefore(due, ReadObligations.SoonDays);

    /// <summary>What the bodies of an obligation have not been told yet and are to be told today, each last day by itself.</summary>
    public static IEnumerable<ObligationReminded> DueOn(
        DateOnly today,
        Obligation obligation,
        WorkingCalendar calendar,
        DateTimeOffset now
    ) =>
        from due in obligation.Open().Select(d => d.DueOn).Distinct()
        let overdue = due < today
        where overdue || SoonFrom(due, calendar) <= today
        where !obligation.Reminders.Any(r => r.DueOn == due && (r.Overdue || !overdue))
        select new ObligationReminded(overdue, due, Actor.Platform, now);

    /// <summary>Looks at an obligation on its day.</summary>
    public static async Task<OutgoingMessages> Handle(
        LookAtObligation note,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        if (time.Today() is var today && today < note.Day)
        {
            told.Delay(note, Again);
            return told;
        }
        var stream = await session.Events.FetchForWriting<Obligation>(Obligation.Key(note.ObligationId), cancellation);
        if (stream.Aggregate is not { } obligation)
            return told;
        foreach (var reminded in DueOn(today, obligation, await CalendarYear.Known(session, cancellation), time.GetUtcNow()))
        {
            stream.AppendOne(reminded);
            string[] channels = [.. obligation.Open().Where(d => d.DueOn == reminded.DueOn).Select(d => d.Channel)];
            told.Add(
                reminded.Overdue
                    ? new ObligationOverdueMessage(
                        note.ObligationId,
                        obligation.Title,
                        obligation.Bodies,
                        reminded.DueOn,
                        obligation.DocumentId,
                        channels,
                        obligation.IsPublic,
                        obligation.Revision
                    )
                    : new ObligationDueSoonMessage(
                        note.ObligationId,
                        obligation.Title,
                        obligation.Bodies,
                        reminded.DueOn,
                        obligation.DocumentId,
                        channels,
                        obligation.IsPublic,
                        obligation.Revision
                    )
            );
        }
        return told;
    }

    /// <summary>Counts the open deadlines again.</summary>
    public static RecountDeadlines Handle(CalendarChanged message) => new(message.Year, null);

    /// <summary>Counts the next few again, and goes on with those behind them.</summary>
    public static async Task<OutgoingMessages> Handle(
        RecountDeadlines note,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var calendar = await CalendarYear.Known(session, cancellation);
        var query = session.Query<Obligation>().Where(o => o.NextDueOn != null);
        if (note.After is { } after)
            query = query.Where(o => o.Id.CompareTo(after) > 0);
        var next = await query.OrderBy(o => o.Id).Take(CountedAtOnce).ToListAsync(cancellation);
        if (next.Count == CountedAtOnce)
            told.Add(note with { After = next[^1].Id });
        foreach (var obligation in next)
        {
            var deadlines = ChannelDeadline.Of([.. obligation.Deadlines.Select(d => (d.Channel, d.Rule))], obligation.FormedOn, calendar);
            if (deadlines.SequenceEqual(obligation.Deadlines))
                continue;
            session.Events.Append(
                obligation.Id,
                obligation.Version + 1,
                new DeadlinesRecounted(note.Year, deadlines, Actor.Platform, time.GetUtcNow())
            );
            foreach (var (look, at) in Of(obligation.Id["obligation/".Length..], deadlines, calendar))
                told.Schedule(look, at);
        }
        return told;
    }
}
