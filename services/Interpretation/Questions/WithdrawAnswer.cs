using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Takes an answer back.</summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "办法已停止执行，答复不再适用。"}</example>
public sealed record WithdrawAnswer(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/withdraw", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<QuestionView>()
            .TakesFromPublic()
            .WithName("withdrawAnswer");

    static Task<IResult> Post(Guid id, WithdrawAnswer command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (question, session) =>
            {
                if (new Invalid().Text("/reason", command.Reason, Limits.LongestReason).Problem is { } problem)
                    return problem;
                if (question.State is QuestionState.Withdrawn)
                    return question.WrongState("withdrawn", "once");
                await InterpretationTask.Done(session, TaskKind.OutdatedAnswer, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new AnswerWithdrawn(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()));
            }
        );
}
