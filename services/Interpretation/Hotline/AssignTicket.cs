using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
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
                    Unknown: await IsUnknown(catalog, command.Body, http.RequestAborted),
                    Days: await TicketDeadlines.Count(catalog, time.Today(), http.RequestAborted)
                ),
            (ticket, known, session) =>
            {
                var invalid = new Invalid()
                    .Text("/body", command.Body, AskQuestion.LongestBody)
                    .Text("/reason", command.Reason, Limits.LongestReason, required: command.NeedsReason(ticket))
                    .If(known.Unknown, "/body", "organisation.unknown", Unknown(command.Body));
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

    // Whoever takes it from a body that a person named says why, and so does whoever gives it again to the one that returned it.
    bool NeedsReason(Ticket ticket) =>
        ticket.Body is { } now ? now != Body && !ticket.IsBodyGuessed : ticket.Returned is { } returned && returned.By == Body;

    internal static async Task<bool> IsUnknown(Catalog.CatalogClient catalog, string? body, CancellationToken cancellation) =>
        body is { Length: > 0 and <= AskQuestion.LongestBody }
        && (await catalog.ResolveCodesAsync(new() { Organisations = { body } }, cancellationToken: cancellation)).Organisations.Count == 0;

    internal static Wording Unknown(string? body) => $"The Catalog has no organisation {body} today.";
}
