using Marten;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Interpretation.Plans;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>Gives a ticket to a body, or to another one; its 5 working days begin.</summary>
/// <param name="Body">Who answers, a code of the Catalog.</param>
/// <param name="Reason">Why.</param>
public sealed record AssignTicket(string? Body, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets/{ticketId}/assign", Post)
            .RequireAnyRole(Roles.Hotline, Roles.Publisher)
            .Produces<TicketView>()
            .WithTags("Interpretation")
            .WithName("assignTicket");

    static Task<IResult> Post(
        string ticketId,
        AssignTicket command,
        Caller caller,
        Catalog.CatalogClient catalog,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            ticketId,
            caller,
            time,
            async _ =>
                (
                    Unknown: command.Body is { Length: > 0 } body
                        && (await catalog.ResolveCodesAsync(new() { Organisations = { body } }, cancellationToken: http.RequestAborted))
                            .Organisations
                            .Count == 0,
                    Days: await TicketDeadlines.Count(catalog, time.Today(), http.RequestAborted)
                ),
            (ticket, known, session) =>
            {
                var invalid = new Invalid()
                    .Text("/body", command.Body, AskQuestion.LongestBody)
                    .Text(
                        "/reason",
                        command.Reason,
                        OpenPlan.LongestReason,
                        required: ticket.Body is not null && ticket.Body != command.Body
                    )
                    .If(known.Unknown, "/body", "organisation.unknown", $"The Catalog has no organisation {command.Body} today.");
                if (invalid.Problem is { } problem)
                    return problem;
                if (ticket.State is TicketState.Answered or TicketState.Closed)
                    return ticket.WrongState("assigned", "until it is answered");
                var (assigned, looks) = TicketDeadlines.Assign(
                    session,
                    known.Days,
                    ticket,
                    ticket.About,
                    command.Body!,
                    command.Reason,
                    caller.Actor(),
                    time.GetUtcNow()
                );
                return looks.Aggregate(Decision.Record(assigned), (d, look) => d.Later(look.Note, look.At));
            }
        );
}

/// <summary>Answers a ticket, in own words or out of a published answer.</summary>
/// <param name="Answer">The answer; that of the question when left out.</param>
/// <param name="QuestionId">The published answer that it is taken from.</param>
public sealed record AnswerTicket(string? Answer, Guid? QuestionId) : IEndpoint
{
    const int LongestAnswer = 20_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets/{ticketId}/answer", Post)
            .RequireAnyRole(Roles.Hotline, Roles.Drafter, Roles.Publisher)
            .Produces<TicketView>()
            .WithTags("Interpretation")
            .WithName("answerTicket");

    static Task<IResult> Post(
        string ticketId,
        AnswerTicket command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            ticketId,
            caller,
            time,
            async (ticket, session) =>
            {
                var question = command.QuestionId is { } id ? await session.LoadAsync<PolicyQuestion>(id, http.RequestAborted) : null;
                var invalid = new Invalid()
                    .If(
                        command.QuestionId is not null && question?.Shown is null,
                        "/questionId",
                        "question.unknown",
                        $"There is no published answer {command.QuestionId}."
                    )
                    .Text("/answer", command.Answer, LongestAnswer, required: command.QuestionId is null);
                if (invalid.Problem is { } problem)
                    return problem;
                if (ticket.State is TicketState.Answered or TicketState.Closed)
                    return ticket.WrongState("answered", "once, and again when the caller was not satisfied");
                await InterpretationTask.Done(session, TaskKind.Ticket, ticket.Id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(
                    new TicketAnswered(
                        command.Answer?.Trim() ?? question!.Shown!.Answer,
                        command.QuestionId,
                        caller.Actor(),
                        time.GetUtcNow()
                    )
                );
            }
        );
}

/// <summary>
/// Notes what the caller said when called back (H 27). One who is not satisfied gets another answer: the ticket goes back to its body, with
/// new 5 working days.
/// </summary>
/// <param name="Satisfied">Whether the caller is satisfied.</param>
/// <param name="Note">What is missing; required of one who is not.</param>
public sealed record RateTicket(bool? Satisfied, string? Note) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets/{ticketId}/rating", Post)
            .RequireAnyRole(Roles.Hotline, Roles.Integrator)
            .Produces<TicketView>()
            .WithTags("Interpretation")
            .WithName("rateTicket");

    static Task<IResult> Post(
        string ticketId,
        RateTicket command,
        Caller caller,
        Catalog.CatalogClient catalog,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            ticketId,
            caller,
            time,
            async _ => command.Satisfied is false ? await TicketDeadlines.Count(catalog, time.Today(), http.RequestAborted) : default,
            (ticket, days, session) =>
            {
                var invalid = new Invalid()
                    .If(command.Satisfied is null, "/satisfied", "value.missing", "true or false.")
                    .Text("/note", command.Note, OpenPlan.LongestReason, required: command.Satisfied is false);
                if (invalid.Problem is { } problem)
                    return problem;
                if (ticket.State is not TicketState.Answered)
                    return ticket.WrongState("rated", "once it is answered");
                var now = time.GetUtcNow();
                var rated = new TicketRated(
                    command.Satisfied!.Value,
                    command.Note is null ? null : PersonalData.Hide(command.Note),
                    caller.Actor(),
                    now
                );
                if (rated.Satisfied || ticket.Body is null)
                    return Decision.Record(rated);
                var (assigned, looks) = TicketDeadlines.Assign(
                    session,
                    days,
                    ticket,
                    ticket.About,
                    ticket.Body,
                    rated.Note,
                    Actor.Platform,
                    now
                );
                return looks.Aggregate(Decision.Record(rated, assigned), (d, look) => d.Later(look.Note, look.At));
            }
        );
}

/// <summary>What every step on a ticket has in common.</summary>
static class TicketSteps
{
    public static bool WorksOn(this Caller caller, Ticket ticket) =>
        caller.HasAny(Roles.Hotline, Roles.Integrator, Roles.Publisher, Roles.Supervisor)
        || caller.HasAny(Roles.Drafter) && ticket.Body == caller.Organisation;

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
                ticket is null || !caller.WorksOn(ticket) ? ReadTickets.NotFound(ticketId) : await decide(ticket, session),
            recorded => new Answer(200, TicketView.Of(recorded.After(), time.Today()))
        );

    public static Task<IResult> Step<TFacts>(
        this EventWriter writer,
        HttpContext http,
        string ticketId,
        Caller caller,
        TimeProvider time,
        Func<Ticket, Task<TFacts>> ask,
        Func<Ticket, TFacts, IDocumentSession, Decision> decide
    ) =>
        writer.Append<Ticket, TFacts?>(
            http,
            ReceiveTicket.Id(ticketId),
            async ticket => ticket is null || !caller.WorksOn(ticket) ? default : await ask(ticket),
            (ticket, facts, session) =>
                Task.FromResult(
                    ticket is null || !caller.WorksOn(ticket) ? ReadTickets.NotFound(ticketId) : decide(ticket, facts!, session)
                ),
            recorded => new Answer(200, TicketView.Of(recorded.After(), time.Today()))
        );

    public static Problem WrongState(this Ticket ticket, string step, string when) =>
        InterpretationProblems.TicketState.With($"The ticket is {JsonDefaults.Word(ticket.State)}. It can be {step} {when}.");
}
