using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>
/// Notes what the caller said when called back (H 27). One who is not satisfied gets another answer: the ticket goes back to its body, with
/// new 5 working days.
/// </summary>
/// <param name="Satisfied">Whether the caller is satisfied.</param>
/// <param name="Note">What is missing; required of one who is not.</param>
/// <example>{"satisfied": false, "note": "没有说明从哪个月开始计算。"}</example>
public sealed record RateTicket(bool? Satisfied, string? Note) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets/{ticketId}/rating", Post)
            .RequireAnyRole(Roles.Hotline, Roles.Integrator)
            .Produces<TicketView>()
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
                    .Text("/note", command.Note, Limits.LongestReason, required: command.Satisfied is false);
                if (invalid.Problem is { } problem)
                    return problem;
                if (ticket.State is not TicketState.Answered)
                    return ticket.WrongState("rated", "once it is answered");
                var now = time.GetUtcNow();
                var rated = new TicketRated(
                    command.Satisfied!.Value,
                    command.Note is null ? null : PersonalNumbers.Hide(command.Note),
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
