using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>Gives a ticket to a body, or to another one; its 5 working days begin.</summary>
/// <param name="Body">Who answers, a code of the Catalog.</param>
/// <param name="Reason">Why.</param>
/// <example>{"body": "370114-ZJ", "reason": "租房补贴由区住房和城乡建设局负责。"}</example>
public sealed record AssignTicket(string? Body, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets/{ticketId}/assign", Post)
            .RequireAnyRole(Roles.Hotline, Roles.Publisher)
            .Produces<TicketView>()
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
                    .Text("/reason", command.Reason, Limits.LongestReason, required: ticket.Body is not null && ticket.Body != command.Body)
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
                    command.Reason is { } reason ? PersonalNumbers.Hide(reason) : null,
                    caller.Actor(),
                    time.GetUtcNow()
                );
                return looks.Aggregate(Decision.Record(assigned), (d, look) => d.Later(look.Note, look.At));
            }
        );
}
