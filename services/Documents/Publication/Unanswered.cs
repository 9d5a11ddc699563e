using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>A service that was asked about a gate and is away; among what was heard, and never recorded.</summary>
/// <param name="Service">The service.</param>
/// <param name="Gate">The code of the gate.</param>
sealed record Unanswered(string Service, string Gate);

/// <summary>What comes of a decision that others were asked for.</summary>
static class AskedGates
{
    /// <summary>
    /// The decision with what was heard recorded first. Where nothing is open but gates of which a service that is away may know that they are
    /// closed, nobody is told that something is missing: the request is to come again.
    /// </summary>
    public static Decision Having(this Decision decision, IReadOnlyList<object> heard)
    {
        var unanswered = heard.OfType<Unanswered>().ToArray();
        if (
            decision.Problem is { } problem
            && problem.Kind == DocumentProblems.GateOpen
            && problem.Extensions["gates"] is IReadOnlyList<Gate> gates
            && gates.All(g => unanswered.Any(u => u.Gate == g.Code))
        )
            return CommonProblems.Unavailable.With(
                $"{string.Join(", ", unanswered.Select(u => u.Service))} does not answer just now, so it is not known whether this can be done. Nothing was recorded; send the request again with the same Idempotency-Key."
            ) with
            {
                RetryAfterSeconds = 2,
            };
        return decision.After(Said(heard));
    }

    /// <summary>What was heard of those who answered.</summary>
    public static IReadOnlyList<object> Said(IReadOnlyList<object> heard) => [.. heard.Where(h => h is not Unanswered)];
}
