using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>What the changes have in common.</summary>
static class DecisionSteps
{
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        int year,
        string code,
        int status,
        TimeProvider time,
        Func<DecisionCatalogue?, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<DecisionCatalogue>(
            http,
            DecisionCatalogue.Key(year),
            async (catalogue, session) =>
            {
                var decision = await decide(catalogue, session);
                if (decision.Problem is not null)
                    return decision;
                var after = decision.Events.OfType<IEventOf<DecisionCatalogue>>().Aggregate(catalogue, DecisionCatalogue.Next);
                return decision.Knowing(
                    await CatalogNames.Read(
                        session,
                        after?.Find(code) is { } kept ? [kept.Item.Body] : [],
                        time.Today(),
                        http.RequestAborted
                    )
                );
            },
            recorded => new Answer(
                status,
                DecisionItemView.Of(recorded.After().Find(code)!, recorded.Known<CatalogNames>()!),
                status == 201 ? $"/api/v1/decision-catalogues/{year}/items/{code}" : null
            )
        );
}
