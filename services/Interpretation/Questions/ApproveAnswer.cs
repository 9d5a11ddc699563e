using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>Approves a written answer.</summary>
public sealed class ApproveAnswer : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questions/{id:guid}/approve", Post)
            .RequireAnyRole(Roles.Reviewer, Roles.Publisher)
            .Produces<QuestionView>()
            .WithName("approveAnswer");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            (question, _) =>
                Task.FromResult(
                    question.State is not QuestionState.Drafted
                        ? question.WrongState("approved", "while it is drafted")
                        : Decision.Record(new AnswerApproved(caller.Actor(), time.GetUtcNow()))
                )
        );
}
