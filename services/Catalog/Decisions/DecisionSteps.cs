using Marten;
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
        Func<DecisionCatalogue?, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<DecisionCatalogue>(
            http,
            DecisionCatalogue.Key(year),
            decide,
            recorded => new Answer(
                status,
                DecisionItemView.Of(recorded.After().Find(code)!),
                status == 201 ? $"/api/v1/decision-catalogues/{year}/items/{code}" : null
            )
        );
}
