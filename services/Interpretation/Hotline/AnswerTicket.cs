using PolicyPlatform.Interpretation.Questions;
using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.DocumentAccess;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Interpretation.Hotline;

/// <summary>Answers a ticket, in own words or out of a published answer.</summary>
/// <param name="Answer">The answer; that of the question when left out.</param>
/// <param name="QuestionId">The published answer that it is taken from.</param>
/// <example>{"answer": "租房补贴按季度发放，每季度末月 25 日前到账。"}</example>
public sealed record AnswerTicket(string? Answer, Guid? QuestionId) : IEndpoint
{
    const int LongestAnswer = 20_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hotline/tickets/{ticketId}/answer", Post)
            .RequireAnyRole(Roles.Hotline, Roles.Drafter, Roles.Publisher)
            .Produces<TicketView>()
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
                if (question?.Shown is { } shown && (await session.Hidden(http.RequestAborted)).Covers(shown.DocumentId, shown.Revision))
                    question = null;
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
                        string.IsNullOrWhiteSpace(command.Answer)
                            ? question!.Shown!.Answer
                            : PersonalNumbers.Hide(command.Answer.Trim(), landlines: false),
                        command.QuestionId,
                        caller.Actor(),
                        time.GetUtcNow()
                    )
                );
            }
        );
}
