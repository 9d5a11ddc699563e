using System.ComponentModel;
using Marten;
using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>The tree of organisations on a day, by code, and one of them. Public.</summary>
public sealed class FindOrganisation : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/organisations", List).Produces<Page<OrganisationView>>().WithName("listOrganisations");
        api.MapGet("/organisations/{code}", One).Produces<OrganisationView>().WithName("readOrganisation");
    }

    /// <summary>
    /// The organisations that exist on a day, today when left out, by code, in pages, with the names and places that they have then.
    /// </summary>
    static async Task<IResult> List(
        [Description("Only those directly below this organisation: a code.")] string? parent,
        [Description("Only those of this type.")] [OneOf(typeof(OrganisationType))] string? type,
        [Day] string? on,
        int? pageSize,
        string? pageToken,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var ofType = invalid.OneOf<OrganisationType>("type", type);
        var day = on is null ? time.Today() : invalid.Day("on", on);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        // A district has some hundred organisations: where each stands on a day is looked up here.
        var rows = (await session.Query<Organisation>().ToListAsync(http.RequestAborted))
            .Where(o =>
                o.ExistsOn(day)
                && (parent is null || o.ParentOn(day) == parent)
                && (ofType is null || o.Type == ofType)
                && (page.After is null || string.CompareOrdinal(o.Id, page.After.Code) > 0)
            )
            .OrderBy(o => o.Id, StringComparer.Ordinal)
            .Take(page.Size + 1)
            .ToArray();
        return Results.Ok(page.Page(rows, o => OrganisationView.Of(o, day), o => new Place(o.Id)));
    }

    /// <summary>
    /// An organisation with the name and place that it has on a day, today when left out, and with all its others. One that has ended is
    /// shown as well.
    /// </summary>
    static async Task<IResult> One(string code, [Day] string? on, IQuerySession session, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid();
        var day = on is null ? time.Today() : invalid.Day("on", on);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        return await session.LoadAsync<Organisation>(code, http.RequestAborted) is { } organisation
            ? http.Conditional(
                ConditionalRequests.Tag(organisation.Version, organisation.Ahead(day)),
                () => Results.Ok(OrganisationView.Of(organisation, day))
            )
            : NotFound(code).ToResult();
    }

    internal static Problem NotFound(string code) =>
        CatalogProblems.OrganisationNotFound.With($"There is no organisation {code}. GET /api/v1/organisations lists those there are.");

    sealed record Place(string Code);
}
