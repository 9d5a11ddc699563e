using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Says that an outdated answer still holds for the changed text.</summary>
/// <param name="Note">Why it holds.</param>
/// <example>{"note": "本次修改只调整了受理地点，答复不受影响。"}</example>
public sealed record UpholdAnswer(string? Note) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/uphold", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<QuestionView>()
            .WithName("upholdAnswer");

    static Task<IResult> Post(Guid id, UpholdAnswer command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (question, session) =>
            {
                if (new Invalid().Text("/note", command.Note, Limits.LongestReason).Problem is { } problem)
                    return problem;
                if (question.Outdated is not { } outdated)
                    return InterpretationProblems.QuestionState.With("The answer is not outdated.");
                await InterpretationTask.Done(session, TaskKind.OutdatedAnswer, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new AnswerUpheld(outdated.ToRevision, command.Note!, caller.Actor(), time.GetUtcNow()));
            }
        );
}
