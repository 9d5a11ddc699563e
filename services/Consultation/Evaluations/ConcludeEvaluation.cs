using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>
/// Concludes an evaluation: keep, amend or repeal, with the reason. It becomes public, stands in the document's history from then on, and
/// what is to be done waits for its issuers among the clean-ups.
/// </summary>
/// <param name="Conclusion">keep, amend or repeal.</param>
/// <param name="Reason">Why; published.</param>
/// <example>{"conclusion": "amend", "reason": "测温程序不明确，应当修改第二条。"}</example>
public sealed record ConcludeEvaluation(EvaluationConclusion? Conclusion, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/evaluations/{id:guid}/conclude", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<EvaluationView>()
            .WithName("concludeEvaluation");

    static Task<IResult> Post(
        Guid id,
        ConcludeEvaluation command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) => writer.Step(http, id, caller, evaluation => Decide(evaluation, command, caller.Actor(), time.GetUtcNow()));

    /// <summary>A conclusion rests on what was measured, all of it, and on what was found.</summary>
    internal static Decision Decide(Evaluation evaluation, ConcludeEvaluation command, Actor by, DateTimeOffset now)
    {
        if (evaluation.State is not EvaluationState.Open)
            return evaluation.WrongState("concluded", "while it is open");
        var invalid = new Invalid()
            .If(command.Conclusion is null, "/conclusion", "value.missing", "One of keep, amend, repeal.")
            .Text("/reason", command.Reason, Limits.LongestReason)
            .If(evaluation.Findings.Count == 0, "", "finding.missing", "Nothing was found yet. Record a finding first: POST …/findings.");
        foreach (var indicator in evaluation.Plan!.Indicators)
            invalid.If(
                evaluation.Latest(indicator.Code) is null,
                "",
                "indicator.notMeasured",
                $"Indicator {indicator.Code} has no value yet. Measure it (POST …/measurements) or take it out of the plan (PUT …/plan)."
            );
        return invalid.Problem is { } problem
            ? problem
            : Decision
                .Record(new EvaluationConcluded(command.Conclusion!.Value, command.Reason!.Trim(), by, now))
                .Telling(
                    new EvaluationConcludedMessage(
                        evaluation.Id,
                        evaluation.DocumentId,
                        evaluation.Version + 1,
                        JsonDefaults.Word(command.Conclusion.Value),
                        command.Reason.Trim(),
                        OfficialTime.DateIn(now),
                        by.Id
                    )
                );
    }
}
