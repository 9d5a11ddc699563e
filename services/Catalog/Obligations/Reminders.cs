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

/// <summary>Tells those whose obligations come due or are overdue, once for each deadline, and counts again when the calendar changes.</summary>
[WolverineHandler]
public static class Reminders
{
    // A note can come early when a clock was put back; it is looked at again, with no hurry: it is about a day.
    static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    /// <summary>The notes for the deadlines of an obligation: some days before each, and the day after.</summary>
    internal static IEnumerable<(LookAtObligation Note, DateTimeOffset At)> Of(string id, IReadOnlyList<ChannelDeadline> deadlines) =>
        deadlines.Select(d => d.DueOn).Distinct().SelectMany(due => new[] { due.AddDays(-ReadObligations.SoonDays), due.AddDays(1) }).Distinct().Select(day => (new LookAtObligation(id, day), OfficialTime.StartOf(day)));

    /// <summary>The decision with the notes for what it opened.</summary>
    internal static Decision Reminding(this Decision decision, ObligationOpened opened) => Of(opened.ObligationId, opened.Deadlines).Aggregate(decision, (d, note) => d.Later(note.Note, note.At));

    /// <summary>Looks at an obligation on its day.</summary>
    public static async Task<OutgoingMessages> Handle(LookAtObligation note, IDocumentSession session, TimeProvider time, CancellationToken cancellation)
    {
        var told = new OutgoingMessages();
        if (time.Today() is var today && today < note.Day)
        {
            told.Delay(note, Again);
            return told;
        }
        var stream = await session.Events.FetchForWriting<Obligation>(Obligation.Key(note.ObligationId), cancellation);
        if (stream.Aggregate is not { NextDueOn: { } due } obligation) return told;
        var overdue = due < today;
        // The calendar may have moved the deadline since the note was written: then there is another note for it.
        if (!overdue && due.AddDays(-ReadObligations.SoonDays) > today || obligation.Reminded is { } last && last.DueOn == due && (last.Overdue || !overdue)) return told;
        stream.AppendOne(new ObligationReminded(overdue, due, Actor.Platform, time.GetUtcNow()));
        told.Add(overdue ? new ObligationOverdue(note.ObligationId, obligation.Title, obligation.Bodies, due, obligation.DocumentId) : new ObligationDueSoon(note.ObligationId, obligation.Title, obligation.Bodies, due, obligation.DocumentId));
        return told;
    }

    /// <summary>Counts the open deadlines again.</summary>
    public static async Task<OutgoingMessages> Handle(CalendarChanged message, IDocumentSession session, TimeProvider time, CancellationToken cancellation)
    {
        var told = new OutgoingMessages();
        var calendar = await CalendarYear.Known(session, cancellation);
        foreach (var obligation in await session.Query<Obligation>().Where(o => o.NextDueOn != null).ToListAsync(cancellation))
        {
            var deadlines = ChannelDeadline.Of([.. obligation.Deadlines.Select(d => (d.Channel, d.Rule))], obligation.FormedOn, calendar);
            if (deadlines.SequenceEqual(obligation.Deadlines)) continue;
            session.Events.Append(obligation.Id, obligation.Version + 1, new DeadlinesRecounted(message.Year, deadlines, Actor.Platform, time.GetUtcNow()));
            foreach (var (note, at) in Of(obligation.Id["obligation/".Length..], deadlines)) told.Schedule(note, at);
        }
        return told;
    }
}
