using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>Changes the plan of an open evaluation. An indicator that has values stays.</summary>
/// <param name="Purpose">What is to be found out.</param>
/// <param name="Indicators">All indicators; the weights are 100 together.</param>
/// <param name="DueOn">When the conclusion is to be there, Asia/Shanghai.</param>
/// <param name="Reason">Why the plan is changed.</param>
/// <example>{"purpose": "评估供热退费办法实施两年的效果。", "indicators": [{"code": "T1", "name": "退费办结率", "method": "热线工单办结数除以受理数",
/// "target": 95, "unit": "%", "weight": 60}, {"code": "T2", "name": "群众满意度", "method": "问卷", "target": 90, "unit": "%", "weight": 40}],
/// "reason": "增加满意度指标。"}</example>
public sealed record ChangeEvaluationPlan(string? Purpose, IReadOnlyList<GivenIndicator>? Indicators, DateOnly? DueOn, string? Reason)
    : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/evaluations/{id:guid}/plan", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<EvaluationView>()
            .WithName("changeEvaluationPlan");

    static Task<IResult> Put(
        Guid id,
        ChangeEvaluationPlan command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) => writer.Step(http, id, caller, evaluation => Decide(evaluation, command, caller.Actor(), time.GetUtcNow()));

    internal static Decision Decide(Evaluation evaluation, ChangeEvaluationPlan command, Actor by, DateTimeOffset now)
    {
        var invalid = new Invalid().Text("/reason", command.Reason, Limits.LongestReason);
        var plan = GivenPlan.Read(command.Purpose, command.Indicators, command.DueOn, OfficialTime.DateIn(now), invalid);
        foreach (var measured in evaluation.Measurements.Select(m => m.Indicator).Distinct())
            invalid.If(
                plan.Indicators.All(i => i.Code != measured),
                "/indicators",
                "indicator.measured",
                $"Indicator {measured} has values, and stays; its weight can be changed."
            );
        return invalid.Problem is { } problem ? problem
            : evaluation.State is EvaluationState.Open ? Decision.Record(new EvaluationPlanChanged(plan, command.Reason!.Trim(), by, now))
            : evaluation.WrongState("planned otherwise", "while it is open");
    }
}
