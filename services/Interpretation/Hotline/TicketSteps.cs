using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>What every step on a ticket has in common.</summary>
static class TicketSteps
{
    public static bool WorksOn(this Caller caller, Ticket ticket) => caller.SeesTicketsOf(ticket.Body);

    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        string ticketId,
        Caller caller,
        TimeProvider time,
        Func<Ticket, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<Ticket>(
            http,
            ReceiveTicket.Id(ticketId),
            async (ticket, session) =>
                ticket is null || !caller.WorksOn(ticket)
                    ? ReadTickets.NotFound(ticketId)
                    : (await decide(ticket, session)).Knowing(await TicketAnswers.Of([ticket], session, http.RequestAborted)),
            recorded => new Answer(200, TicketView.For(caller, recorded.After(), time.Today(), recorded.Known<TicketAnswers>()!))
        );

    public static Task<IResult> Step<TFacts>(
        this EventWriter writer,
        HttpContext http,
        string ticketId,
        Caller caller,
        TimeProvider time,
        Func<Ticket, Task<TFacts>> ask,
        Func<Ticket, TFacts, IDocumentSession, Decision> decide
    ) => writer.Step(http, ticketId, caller, time, ask, (ticket, facts, session) => Task.FromResult(decide(ticket, facts, session)));

    public static Task<IResult> Step<TFacts>(
        this EventWriter writer,
        HttpContext http,
        string ticketId,
        Caller caller,
        TimeProvider time,
        Func<Ticket, Task<TFacts>> ask,
        Func<Ticket, TFacts, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<Ticket, TFacts?>(
            http,
            ReceiveTicket.Id(ticketId),
            async ticket => ticket is null || !caller.WorksOn(ticket) ? default : await ask(ticket),
            async (ticket, facts, session) =>
                ticket is null || !caller.WorksOn(ticket)
                    ? ReadTickets.NotFound(ticketId)
                    : (await decide(ticket, facts!, session)).Knowing(await TicketAnswers.Of([ticket], session, http.RequestAborted)),
            recorded => new Answer(200, TicketView.For(caller, recorded.After(), time.Today(), recorded.Known<TicketAnswers>()!))
        );

    public static Problem WrongState(this Ticket ticket, Wording step, Wording when) =>
        InterpretationProblems.TicketState.With($"The ticket is {JsonDefaults.Word(ticket.State)}. It can be {step} {when}.");
}
