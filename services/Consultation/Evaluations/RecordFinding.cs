using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>Records what an evaluation has found.</summary>
/// <param name="Text">The finding.</param>
/// <param name="Indicators">The codes of the indicators that it rests on; none when left out.</param>
/// <example>{"text": "退费办结率低于目标，主要因测温程序不明确。", "indicators": ["T1"]}</example>
public sealed record RecordFinding(string? Text, IReadOnlyList<string>? Indicators) : IEndpoint
{
    const int LongestFinding = 20_000,
        MostFindings = 200;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/evaluations/{id:guid}/findings", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<EvaluationView>()
            .WithName("recordFinding");

    static Task<IResult> Post(Guid id, RecordFinding command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(http, id, caller, evaluation => Decide(evaluation, command, caller.Actor(), time.GetUtcNow()));

    internal static Decision Decide(Evaluation evaluation, RecordFinding command, Actor by, DateTimeOffset now)
    {
        var known = evaluation.Plan?.Indicators ?? [];
        var named = command.Indicators ?? [];
        var invalid = new Invalid()
            .Text("/text", command.Text, LongestFinding)
            .If(named.Count > known.Count, "/indicators", "indicators.tooMany", $"The plan has {known.Count} indicators.")
            .If(
                evaluation.Findings.Count >= MostFindings,
                "/text",
                "findings.tooMany",
                $"An evaluation has at most {MostFindings} findings."
            );
        foreach (var (i, code) in named.Take(known.Count).Index())
            invalid.If(
                known.All(k => k.Code != code),
                $"/indicators/{i}",
                "indicator.unknown",
                $"The plan has no such indicator. It has: {string.Join(", ", known.Select(k => k.Code))}."
            );
        return evaluation.State is not EvaluationState.Open ? evaluation.WrongState("given findings", "while it is open")
            : invalid.Problem is { } problem ? problem
            : Decision.Record(new EvaluationFindingRecorded(command.Text!.Trim(), [.. named.Distinct()], by, now));
    }
}
