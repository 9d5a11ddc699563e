using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>What tells whether a policy does what it is for, as it is given.</summary>
/// <param name="Code">What it is called by within the evaluation.</param>
/// <param name="Name">What it is.</param>
/// <param name="Method">How it is measured.</param>
/// <param name="Target">What was aimed at.</param>
/// <param name="Unit">The unit of target and values.</param>
/// <param name="Weight">How much it counts; the weights of an evaluation are 100 together.</param>
public sealed record GivenIndicator(string? Code, string? Name, string? Method, decimal? Target, string? Unit, decimal? Weight);

/// <summary>Reads a plan.</summary>
static class GivenPlan
{
    const int MostIndicators = 50,
        AllWeights = 100;

    // Nobody counts further, and what a decimal holds beyond would be lost elsewhere.
    internal const decimal Largest = 1_000_000_000_000m;

    // Nobody plans further ahead.
    const int MostYearsAhead = 5;

    /// <summary>The plan; what is wrong with it is noted.</summary>
    public static EvaluationPlan Read(
        string? purpose,
        IReadOnlyList<GivenIndicator>? indicators,
        DateOnly? dueOn,
        DateOnly today,
        Invalid invalid
    )
    {
        invalid
            .Text("/purpose", purpose, Limits.LongestText)
            .If(indicators is not { Count: > 0 }, "/indicators", "value.missing", "At least one indicator is required.")
            .If(indicators?.Count > MostIndicators, "/indicators", "indicators.tooMany", $"At most {MostIndicators} indicators.")
            .If(dueOn < today, "/dueOn", "date.inPast", "Today or later.")
            .If(dueOn > today.AddYears(MostYearsAhead), "/dueOn", "date.tooFar", $"At most {MostYearsAhead} years ahead.");
        var given = (indicators ?? []).Take(MostIndicators).ToArray();
        for (var i = 0; i < given.Length; i++)
        {
            var at = $"/indicators/{i}";
            var indicator = given[i];
            invalid
                .Text($"{at}/code", indicator.Code, Limits.LongestCode)
                .If(
                    given.Take(i).Any(g => g.Code?.Trim() == indicator.Code?.Trim() && indicator.Code.OrNone() is not null),
                    $"{at}/code",
                    "indicator.code.repeated",
                    $"Another indicator is called {indicator.Code}."
                )
                .Text($"{at}/name", indicator.Name, Limits.LongestTitle)
                .Text($"{at}/method", indicator.Method, Limits.LongestReason)
                .If(indicator.Target is null, $"{at}/target", "value.missing", "What is aimed at is required: a number.")
                .If(indicator.Target is < -Largest or > Largest, $"{at}/target", "value.outOfRange", $"At most {Largest:0} to either side.")
                .Text($"{at}/unit", indicator.Unit, Limits.LongestCode)
                .If(
                    indicator.Weight is not (> 0 and <= AllWeights),
                    $"{at}/weight",
                    "value.outOfRange",
                    $"More than 0, and at most {AllWeights}."
                );
        }
        var weights = given.Sum(g => g.Weight is > 0 and <= AllWeights ? g.Weight.Value : 0);
        invalid.If(
            given.Length > 0 && weights != AllWeights,
            "/indicators",
            "indicators.weights",
            $"The weights are {AllWeights} together; these are {weights}."
        );
        return new(
            purpose?.Trim() ?? "",
            [
                .. given.Select(g => new EvaluationIndicator(
                    g.Code?.Trim() ?? "",
                    g.Name?.Trim() ?? "",
                    g.Method?.Trim() ?? "",
                    g.Target ?? 0,
                    g.Unit?.Trim() ?? "",
                    g.Weight ?? 0
                )),
            ],
            dueOn
        );
    }
}
