using Marten;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>What steps on obligations have in common.</summary>
static class ObligationSteps
{
    /// <summary>Notes a body that is no organisation of today.</summary>
    public static async Task Exists(
        this Invalid invalid,
        string body,
        IQuerySession session,
        DateOnly today,
        CancellationToken cancellation
    ) =>
        invalid.If(
            (await session.LoadAsync<Organisation>(body, cancellation))?.ExistsOn(today) is not true,
            "/body",
            "organisation.unknown",
            $"There is no organisation {body} today."
        );

    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        string id,
        Caller caller,
        TimeProvider time,
        Func<Obligation, CatalogNames, Decision> decide
    ) =>
        writer.Append<Obligation>(
            http,
            Obligation.Key(id),
            async (obligation, session) =>
            {
                if (obligation is null || !caller.AnswersFor(obligation))
                    return ReadObligations.NotFound(id);
                var names = await ObligationView.Names(session, [obligation], time.Today(), http.RequestAborted);
                return decide(obligation, names).Knowing(names);
            },
            recorded => new Answer(200, ObligationView.Of(recorded.After(), time.Today(), recorded.Known<CatalogNames>()!))
        );
}
