using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>Records a measured value. Nothing is overwritten: a value that was wrong is followed by the right one.</summary>
/// <param name="Indicator">The code of an indicator of the plan.</param>
/// <param name="Value">The value, in the unit of the indicator.</param>
/// <param name="From">The first day of the period that it was measured over, Asia/Shanghai.</param>
/// <param name="To">The last day of the period.</param>
/// <param name="Source">Where it is taken from.</param>
/// <example>{"indicator": "T1", "value": 92.5, "from": "2025-11-01", "to": "2026-03-31", "source": "区12345热线月报"}</example>
public sealed record MeasureIndicator(string? Indicator, decimal? Value, DateOnly? From, DateOnly? To, string? Source) : IEndpoint
{
    const int MostMeasurements = 2000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/evaluations/{id:guid}/measurements", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<EvaluationView>()
            .WithName("measureIndicator");

    static Task<IResult> Post(Guid id, MeasureIndicator command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(http, id, caller, evaluation => Decide(evaluation, command, caller.Actor(), time.GetUtcNow()));

    internal static Decision Decide(Evaluation evaluation, MeasureIndicator command, Actor by, DateTimeOffset now)
    {
        var code = command.Indicator?.Trim();
        var known = evaluation.Plan?.Indicators ?? [];
        var invalid = new Invalid()
            .Text("/indicator", command.Indicator, Limits.LongestCode)
            .If(
                code is { Length: > 0 and <= Limits.LongestCode } && known.All(i => i.Code != code),
                "/indicator",
                "indicator.unknown",
                $"The plan has no indicator {code}. It has: {string.Join(", ", known.Select(i => i.Code))}."
            )
            .If(command.Value is null, "/value", "value.missing", "The value is required: a number.")
            .If(
                command.Value is < -GivenPlan.Largest or > GivenPlan.Largest,
                "/value",
                "value.outOfRange",
                $"At most {GivenPlan.Largest:0} to either side."
            )
            .If(command.From is null, "/from", "value.missing", "The first day of the period is required.")
            .If(command.To is null, "/to", "value.missing", "The last day of the period is required.")
            .If(command.To < command.From, "/to", "value.outOfRange", "Not before the first day.")
            .If(command.To > OfficialTime.DateIn(now), "/to", "date.inFuture", "What was measured lies in the past.")
            .Text("/source", command.Source, Limits.LongestReason)
            .If(
                evaluation.Measurements.Count >= MostMeasurements,
                "/value",
                "measurements.tooMany",
                $"An evaluation has at most {MostMeasurements} values."
            );
        return evaluation.State is not EvaluationState.Open ? evaluation.WrongState("measured for", "while it is open")
            : invalid.Problem is { } problem ? problem
            : Decision.Record(
                new EvaluationValueMeasured(
                    code!,
                    command.Value!.Value,
                    command.From!.Value,
                    command.To!.Value,
                    command.Source!.Trim(),
                    by,
                    now
                )
            );
    }
}
