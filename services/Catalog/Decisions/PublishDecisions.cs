using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Decisions;

/// <summary>Publishes the catalogue of a year. From then on changes need a reason.</summary>
public sealed class PublishDecisions : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/decision-catalogues/{year:int}/publish", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<DecisionCatalogueView>()
            .WithName("publishDecisions");

    static Task<IResult> Post(int year, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<DecisionCatalogue>(
            http,
            DecisionCatalogue.Key(year),
            (catalogue, _) =>
                Task.FromResult(
                    catalogue is null ? ReadDecisions.NotFound(year)
                    : catalogue.PublishedOn is { } day
                        ? CatalogProblems.DecisionItemState.With($"The catalogue was published on {day:yyyy-MM-dd}.")
                    : Decision.Record(new DecisionCataloguePublished(time.Today(), caller.Actor(), time.GetUtcNow()))
                ),
            recorded =>
            {
                var catalogue = recorded.After();
                return new(200, new DecisionCatalogueView(year, catalogue.PublishedOn, catalogue.Items.Count, recorded.Version));
            }
        );
}
