using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>The tree of organisations, by code, and one of them. Public.</summary>
public sealed class FindOrganisation : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organisations", List).Produces<Page<OrganisationView>>().WithTags("Catalog").WithName("listOrganisations");
        api.MapGet("/organisations/{code}", One).Produces<OrganisationView>().WithTags("Catalog").WithName("readOrganisation");
    }

    static async Task<IResult> List(string? parent, string? type, int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var ofType = invalid.OneOf<OrganisationType>("type", type);
        if (invalid.Problem is { } problem) return problem.ToResult();
        IQueryable<Organisation> query = session.Query<Organisation>();
        if (parent is not null) query = query.Where(o => o.Parent == parent);
        if (ofType is { } wanted) query = query.Where(o => o.Type == wanted);
        if (page.After is { } after) query = query.Where(o => o.Id.CompareTo(after.Code) > 0);
        var rows = await query.OrderBy(o => o.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, OrganisationView.Of, o => new Place(o.Id)));
    }

    static async Task<IResult> One(string code, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<Organisation>(code, http.RequestAborted) is { } organisation
            ? http.Conditional(ConditionalRequests.Tag(organisation.Version), () => Results.Ok(OrganisationView.Of(organisation)))
            : NotFound(code).ToResult();

    internal static Problem NotFound(string code) => CatalogProblems.OrganisationNotFound.With($"There is no organisation {code}. GET /api/v1/organisations lists those there are.");

    sealed record Place(string Code);
}
