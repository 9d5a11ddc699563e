using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>
/// Gives a ticket back to the hotline (退单): the body is not the one that answers for it. The hotline gives it to another one, or, with a
/// reason, to the same once more.
/// </summary>
/// <param name="Reason">Why.</param>
/// <param name="Body">Who would answer for it, if known, a code of the Catalog.</param>
/// <example>{"reason": "学区划分由区教育和体育局负责。", "body": "370114-JY"}</example>
public sealed record ReturnTicket(string? Reason, string? Body) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets/{ticketId}/return", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<TicketView>()
            .WithName("returnTicket");

    static Task<IResult> Post(
        string ticketId,
        ReturnTicket command,
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
            _ => AssignTicket.IsUnknown(catalog, command.Body, http.RequestAborted),
            async (ticket, isUnknown, session) =>
            {
                var invalid = new Invalid()
                    .Text("/reason", command.Reason, Limits.LongestReason)
                    .Text("/body", command.Body, AskQuestion.LongestBody, required: false)
                    .If(isUnknown, "/body", "organisation.unknown", AssignTicket.Unknown(command.Body));
                if (invalid.Problem is { } problem)
                    return problem;
                if (ticket is not { State: TicketState.Assigned, Body: { } body })
                    return ticket.WrongState("returned", "while a body has it");
                var now = time.GetUtcNow();
                await InterpretationTask.Done(session, TaskKind.Ticket, ticket.Id, now, http.RequestAborted);
                return Decision.Record(
                    new TicketReturned(body, PersonalNumbers.Hide(command.Reason!), command.Body.OrNone(), caller.Actor(), now)
                );
            }
        );
}
