using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>Opens an evaluation that the platform proposed, with its plan.</summary>
/// <param name="Purpose">What is to be found out.</param>
/// <param name="Indicators">What is measured; the weights are 100 together.</param>
/// <param name="DueOn">When the conclusion is to be there, Asia/Shanghai; as proposed when left out.</param>
/// <example>{"purpose": "有效期届满前评估。", "indicators": [{"code": "T1", "name": "退费办结率", "method": "热线工单办结数除以受理数", "target": 95,
/// "unit": "%", "weight": 100}]}</example>
public sealed record TakeUpProposal(string? Purpose, IReadOnlyList<GivenIndicator>? Indicators, DateOnly? DueOn) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/evaluations/{id:guid}/open", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<EvaluationView>()
            .WithName("takeUpEvaluation");

    static Task<IResult> Post(Guid id, TakeUpProposal command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid();
        var plan = GivenPlan.Read(command.Purpose, command.Indicators, command.DueOn, time.Today(), invalid);
        return writer.Step(
            http,
            id,
            caller,
            evaluation =>
                invalid.Problem is { } problem ? problem
                : evaluation.State is EvaluationState.Proposed
                    ? Decision.Record(new EvaluationTakenUp(plan, caller.Actor(), time.GetUtcNow()))
                : evaluation.WrongState("opened", "while it is proposed")
        );
    }
}

/// <summary>Dismisses an evaluation that the platform proposed; it is not proposed again for the same cause.</summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "该办法正在修订，修订后另行评估。"}</example>
public sealed record DismissProposal(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/evaluations/{id:guid}/dismiss", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<EvaluationView>()
            .WithName("dismissEvaluation");

    static Task<IResult> Post(Guid id, DismissProposal command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid().Text("/reason", command.Reason, Limits.LongestReason);
        return writer.Step(
            http,
            id,
            caller,
            evaluation =>
                invalid.Problem is { } problem ? problem
                : evaluation.State is EvaluationState.Proposed
                    ? Decision.Record(new EvaluationDismissed(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                : evaluation.WrongState("dismissed", "while it is proposed")
        );
    }
}
