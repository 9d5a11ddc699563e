using Marten;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Deadlines;
using Wolverine;
using Wolverine.Attributes;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>Interpretation's note to itself for a day on which a ticket may have to be reminded of, or escalated.</summary>
/// <param name="Id">The ticket.</param>
/// <param name="Day">The day, Asia/Shanghai.</param>
public sealed record LookAtTicket(Guid Id, DateOnly Day);

/// <summary>Interpretation's note to itself: count the last days of tickets again.</summary>
/// <param name="After">The last ticket that was counted; null for none yet.</param>
public sealed record RecountTickets(Guid? After);

/// <summary>
/// The last days of tickets: counts them, reminds of them, escalates what has passed them, and counts again when the calendar changes.
/// </summary>
[WolverineHandler]
public static class TicketDeadlines
{
    // H 24; reminded of when one of them is left.
    const int WorkingDays = 5,
        RemindAfter = WorkingDays - 1;

    static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    // However many wait, a transaction counts a few: others write to them meanwhile.
    const int CountedAtOnce = 200;

    /// <summary>
    /// Gives a ticket to a body: its working days begin, its task is opened, and there are notes for the days on which it is looked at.
    /// </summary>
    internal static (TicketAssigned Assigned, IEnumerable<(LookAtTicket Note, DateTimeOffset At)> Looks) Assign(
        IDocumentSession session,
        Deadline counted,
        Ticket ticket,
        TicketSubject? about,
        string body,
        string? reason,
        Actor by,
        DateTimeOffset now
    )
    {
        session.Store(
            new InterpretationTask(
                InterpretationTask.For(TaskKind.Ticket, ticket.Id),
                TaskKind.Ticket,
                ticket.Id,
                about?.DocumentId,
                [body],
                ticket.Question,
                $"/api/v1/hotline/tickets/{Uri.EscapeDataString(ticket.TicketId)}",
                now,
                counted.DueOn
            )
        );
        return (new(body, counted.DueOn, counted.Explanation, reason, by, now, counted.RemindOn), Looks(ticket.Id, counted));
    }

    /// <summary>Who answers what no document says anything of: it waits for nobody otherwise (<c>Hotline:Body</c>).</summary>
    internal static string? BodyOfTheRest(IConfiguration settings) => settings["Hotline:Body"].OrNone();

    /// <summary>Asks the Catalog for the days of a ticket that is given to a body on a day.</summary>
    internal static Task<Deadline> Count(Catalog.CatalogClient catalog, DateOnly from, CancellationToken cancellation) =>
        Deadline.Count(catalog, from, WorkingDays, RemindAfter, cancellation);

    static IEnumerable<(LookAtTicket Note, DateTimeOffset At)> Looks(Guid id, Deadline deadline) =>
        deadline.Looks.Select(look => (new LookAtTicket(id, look.Day), look.At));

    /// <summary>Reminds the body, or escalates; each once for a last day.</summary>
    public static async Task<OutgoingMessages> Handle(
        LookAtTicket note,
        IDocumentSession session,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var today = time.Today();
        if (today < note.Day)
        {
            // A clock was put back.
            told.Delay(note, Again);
            return told;
        }
        var stream = await session.Events.FetchForWriting<Ticket>(note.Id, cancellation);
        if (stream.Aggregate is not { State: TicketState.Assigned, DueOn: { } due, Body: { } body } ticket)
            return told;
        if (due < today && ticket.EscalatedAt is null)
        {
            stream.AppendOne(new TicketEscalated(due, Actor.Platform, time.GetUtcNow()));
            told.Add(new TicketOverdueMessage(ticket.TicketId, body, due));
        }
        else if (ticket.RemindOn <= today && due >= today && ticket.RemindedOf != due)
        {
            stream.AppendOne(new TicketReminded(due, Actor.Platform, time.GetUtcNow()));
            told.Add(new TicketDueSoonMessage(ticket.TicketId, body, due));
        }
        return told;
    }

    /// <summary>Counts the last days of what waits for an answer again. What is escalated stays so.</summary>
    public static RecountTickets Handle(CalendarSetMessage message) => new(null);

    /// <summary>Counts those of the next few tickets again, and goes on with those behind them.</summary>
    public static async Task<OutgoingMessages> Handle(
        RecountTickets note,
        IDocumentSession session,
        Catalog.CatalogClient catalog,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var told = new OutgoingMessages();
        var query = session.Query<Ticket>().Where(t => t.State == TicketState.Assigned);
        if (note.After is { } after)
            query = query.Where(t => t.Id.CompareTo(after) > 0);
        var next = await query.OrderBy(t => t.Id).Take(CountedAtOnce).ToListAsync(cancellation);
        if (next.Count == CountedAtOnce)
            told.Add(new RecountTickets(next[^1].Id));
        foreach (var began in next.GroupBy(t => t.AssignedOn))
        {
            var counted = await Count(catalog, began.Key, cancellation);
            var (dueOn, remindOn, explanation) = counted;
            var moved = began
                .Where(t => t.EscalatedAt is null && (t.DueOn, t.RemindOn, t.Explanation) != (dueOn, remindOn, explanation))
                .ToArray();
            foreach (
                var task in await session.LoadManyAsync<InterpretationTask>(
                    cancellation,
                    [.. moved.Select(t => InterpretationTask.For(TaskKind.Ticket, t.Id))]
                )
            )
                session.Store(task with { DueOn = dueOn });
            foreach (var ticket in moved)
            {
                session.Events.Append(
                    ticket.Id,
                    ticket.Version + 1,
                    new TicketDeadlineRecounted(dueOn, remindOn, explanation, Actor.Platform, time.GetUtcNow())
                );
                foreach (var (look, at) in Looks(ticket.Id, counted))
                    told.Schedule(look, at);
            }
        }
        return told;
    }
}
