using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>What every step on an obligation has in common.</summary>
static class ObligationSteps
{
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        string id,
        Caller caller,
        TimeProvider time,
        Func<Obligation, Decision> decide
    ) =>
        writer.Append<Obligation>(
            http,
            Obligation.Key(id),
            (obligation, _) =>
                Task.FromResult(obligation is null || !caller.AnswersFor(obligation) ? ReadObligations.NotFound(id) : decide(obligation)),
            recorded => new Answer(200, ObligationView.Of(recorded.After(), time.Today()))
        );
}
