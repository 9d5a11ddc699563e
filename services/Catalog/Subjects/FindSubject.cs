using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Catalog.Subjects;

/// <summary>The subject categories, by code, and one of them. Public.</summary>
public sealed class FindSubject : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/subjects", List).Produces<Page<SubjectView>>().WithName("listSubjects");
        api.MapGet("/subjects/{code}", One).Produces<SubjectView>().WithName("readSubject");
    }

    /// <summary>The subject categories, by code, in pages.</summary>
    static async Task<IResult> List(int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        IQueryable<Subject> query = session.Query<Subject>();
        if (page.After is { } after)
            query = query.Where(s => s.Id.CompareTo(after.Key) > 0);
        var rows = await query.OrderBy(s => s.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, s => new SubjectView(s.Code, s.Name), s => new Place(s.Id)));
    }

    /// <summary>A subject category by its code.</summary>
    static async Task<IResult> One(string code, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<Subject>(Subject.Key(code), http.RequestAborted) is { } subject
            ? http.Conditional(ConditionalRequests.Tag(subject.Version), () => Results.Ok(new SubjectView(subject.Code, subject.Name)))
            : CatalogProblems
                .SubjectNotFound.With($"There is no subject category {code}. GET /api/v1/subjects lists those there are.")
                .ToResult();

    sealed record Place(string Key);
}
