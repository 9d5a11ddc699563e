using Marten;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Interpretation.KnownDocuments;
using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>
/// Notes what the caller said when called back (H 27). One who is not satisfied gets another answer: the ticket goes back to its body, with
/// new 5 working days; one that was answered without a body to whoever answers for what it is about.
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
        IQuerySession reading,
        IConfiguration settings,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            ticketId,
            caller,
            time,
            async ticket =>
                command.Satisfied is false
                    ? (
                        Days: await TicketDeadlines.Count(catalog, time.Today(), http.RequestAborted),
                        Body: ticket.Body ?? await WhoAnswers(ticket, reading, settings, http.RequestAborted)
                    )
                    : default,
            (ticket, next, session) =>
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
                if (rated.Satisfied || next.Body is null)
                    return Decision.Record(rated);
                var (assigned, looks) = TicketDeadlines.Assign(
                    session,
                    next.Days,
                    ticket,
                    ticket.About,
                    next.Body,
                    rated.Note,
                    Actor.Platform,
                    now
                );
                return looks.Aggregate(Decision.Record(rated, assigned), (d, look) => d.Later(look.Note, look.At));
            }
        );

    // Who answered for the published answer that was given, or else for the document; or who answers the rest.
    static async Task<string?> WhoAnswers(Ticket ticket, IQuerySession reading, IConfiguration settings, CancellationToken cancellation)
    {
        if (
            ticket.QuestionId is { } question
            && await reading.LoadAsync<PolicyQuestion>(question, cancellation) is { Shown.Body: { } body }
        )
            return body;
        return
            ticket.About is { } about
            && await reading.LoadAsync<KnownDocument>(about.DocumentId, cancellation) is { Issuers: [var leading, ..] }
            ? leading
            : TicketDeadlines.BodyOfTheRest(settings);
    }
}
