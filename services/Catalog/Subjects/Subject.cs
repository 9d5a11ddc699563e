using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subjects;

/// <summary>A subject category came into the Catalog.</summary>
public sealed record SubjectCreated(string Code, string Name, Actor By, DateTimeOffset At);

/// <summary>主题分类: what a document is about.</summary>
public sealed record Subject
{
    /// <summary>The stream's key: organisations have codes of their own.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>Its code.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its name: 综合政务.</summary>
    public string Name { get; init; } = "";

    /// <summary>The key of a code's stream.</summary>
    public static string Key(string code) => $"subject/{code}";
}

/// <summary>Keeps a <see cref="Subject"/> beside its stream.</summary>
sealed partial class SubjectProjection : SingleStreamProjection<Subject, string>
{
    /// <summary>Listens to the events of subject categories.</summary>
    public SubjectProjection() => IncludeType<SubjectCreated>();

    /// <inheritdoc/>
    public override Subject? Evolve(Subject? snapshot, string id, IEvent e) =>
        e.Data is SubjectCreated created
            ? new()
            {
                Id = id,
                Code = created.Code,
                Name = created.Name,
            }
            : snapshot;
}

/// <summary>A subject category as the API shows it.</summary>
public sealed record SubjectView(string Code, string Name);

/// <summary>Puts a subject category into the Catalog.</summary>
/// <param name="Code">Its code, which stays.</param>
/// <param name="Name">Its name.</param>
public sealed record CreateSubject(string? Code, string? Name) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/subjects", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<SubjectView>(201)
            .WithTags("Catalog")
            .WithName("createSubject");

    static Task<IResult> Post(CreateSubject command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        if (new Invalid().Code("/code", command.Code).Text("/name", command.Name, CreateOrganisation.LongestName).Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        var created = new SubjectCreated(command.Code!, command.Name!.Trim(), caller.Actor(), time.GetUtcNow());
        return writer.Start<Subject>(
            http,
            Subject.Key(created.Code),
            async session =>
                await session.LoadAsync<Subject>(Subject.Key(created.Code), http.RequestAborted) is { } same
                    ? CatalogProblems.CodeTaken.With($"{created.Code} is {same.Name}. Choose another code.")
                    : Decision.Record(created),
            _ => new Answer(201, new SubjectView(created.Code, created.Name), $"/api/v1/subjects/{created.Code}")
        );
    }
}

/// <summary>The subject categories, by code, and one of them. Public.</summary>
public sealed class FindSubject : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/subjects", List).Produces<Page<SubjectView>>().WithTags("Catalog").WithName("listSubjects");
        api.MapGet("/subjects/{code}", One).Produces<SubjectView>().WithTags("Catalog").WithName("readSubject");
    }

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

    static async Task<IResult> One(string code, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<Subject>(Subject.Key(code), http.RequestAborted) is { } subject
            ? http.Conditional(ConditionalRequests.Tag(subject.Version), () => Results.Ok(new SubjectView(subject.Code, subject.Name)))
            : CatalogProblems
                .SubjectNotFound.With($"There is no subject category {code}. GET /api/v1/subjects lists those there are.")
                .ToResult();

    sealed record Place(string Key);
}
