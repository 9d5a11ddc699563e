using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>
/// Takes in a question of the hotline. The same ticket id again answers with what is there. Nothing of the caller is taken: there is no
/// place for it, and numbers of telephones and
/// identity cards in the question are left out (H 32).
/// </summary>
/// <param name="TicketId">The hotline's own id.</param>
/// <param name="Question">What was asked.</param>
/// <param name="DocumentId">The document that it is about, if known.</param>
/// <param name="Blocks">The blocks that it is about, if known.</param>
/// <param name="Body">Who is to answer, if known.</param>
/// <param name="ReceivedAt">When the hotline received it; now when left out.</param>
/// <example>{"ticketId": "YZ-20260301-0018", "question": "租房补贴每月什么时候发放？", "documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f",
/// "blocks": ["b12"], "body": "370114-ZJ", "receivedAt": "2026-03-01T01:30:00Z"}</example>
public sealed record ReceiveTicket(
    string? TicketId,
    string? Question,
    Guid? DocumentId,
    IReadOnlyList<string>? Blocks,
    string? Body,
    DateTimeOffset? ReceivedAt
) : IEndpoint
{
    const int LongestId = 100,
        MostBlocks = 20;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets", Post)
            .RequireAnyRole(Roles.Hotline, Roles.Integrator)
            .Produces<ReceivedTicket>(201)
            .WithName("receiveTicket");

    static async Task<IResult> Post(
        ReceiveTicket command,
        Caller caller,
        AnswerIndex index,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var now = time.GetUtcNow();
        var invalid = new Invalid()
            .Text("/ticketId", command.TicketId, LongestId)
            .Text("/question", command.Question, AskQuestion.Longest)
            .Text("/body", command.Body, AskQuestion.LongestBody, required: false)
            .If(
                command.Blocks is { Count: > 0 } && command.DocumentId is null,
                "/documentId",
                "value.missing",
                "The document of the blocks is required."
            )
            .If(command.Blocks?.Count > MostBlocks, "/blocks", "blocks.tooMany", $"At most {MostBlocks} blocks.")
            .If(command.ReceivedAt > now.AddMinutes(5), "/receivedAt", "date.inFuture", "A ticket was received in the past.");
        invalid.If(
            command.TicketId?.IndexOfAny(['/', '\\', '%', '?', '#']) >= 0,
            "/ticketId",
            "ticket.id.malformed",
            "A ticket id has none of / \\ % ? #."
        );
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var id = Id(command.TicketId!);
        var question = PersonalNumbers.Hide(command.Question!.Trim());
        // What the operator can say at once; the ticket itself is looked at after it is kept.
        var (answers, _) = await index.Find(question, time.Today(), 3, http.RequestAborted);
        return await writer.Append<Ticket>(
            http,
            id,
            async (ticket, session) =>
            {
                var shown = ticket is null ? TicketAnswers.None : await TicketAnswers.Of([ticket], session, http.RequestAborted);
                if (ticket is not null)
                    return ticket.Question == question
                        ? Decision.Record().Knowing(shown)
                        : InterpretationProblems.TicketTaken.With(
                            $"Ticket {ticket.TicketId} asks: {ticket.Question}. Send another question under another id."
                        );
                var received = new TicketReceived(
                    id,
                    command.TicketId!,
                    question,
                    command.DocumentId is { } document ? new(document, command.Blocks ?? [], false) : null,
                    command.Body.OrNone(),
                    (command.ReceivedAt ?? now).ToUniversalTime(),
                    caller.Actor(),
                    now
                );
                return Decision.Record(received).Telling(new TriageTicket(id)).Knowing(shown);
            },
            recorded => new Answer(
                recorded.Before is null ? 201 : 200,
                new ReceivedTicket(
                    TicketView.For(caller, recorded.After(), time.Today(), recorded.Known<TicketAnswers>()!),
                    [
                        .. answers.Select(a => new SuggestedAnswer(
                            a.Item.Id,
                            a.Item.Shown!.Question,
                            a.Item.Shown.Answer,
                            Math.Round(a.Coverage, 3)
                        )),
                    ]
                ),
                $"/api/v1/hotline/tickets/{Uri.EscapeDataString(command.TicketId!)}"
            )
        );
    }

    /// <summary>The stream of a ticket.</summary>
    internal static Guid Id(string ticketId) => NamedId.Of($"ticket/{ticketId}");
}

/// <summary>A ticket that is kept.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Suggested">Published answers that the operator can give at once, the best first.</param>
public sealed record ReceivedTicket(TicketView Ticket, IReadOnlyList<SuggestedAnswer> Suggested);

/// <summary>A published answer.</summary>
/// <param name="QuestionId">The question.</param>
/// <param name="Question">The question in general words.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Coverage">The share of what was asked that it speaks of, 0 to 1.</param>
public sealed record SuggestedAnswer(Guid QuestionId, string Question, string Answer, double Coverage);
