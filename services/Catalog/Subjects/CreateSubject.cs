using PolicyPlatform.Catalog.Organisations;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Subjects;

/// <summary>Puts a subject category into the Catalog.</summary>
/// <param name="Code">Its code, which stays.</param>
/// <param name="Name">Its name.</param>
/// <example>{"code": "CXJS", "name": "城乡建设"}</example>
public sealed record CreateSubject(string? Code, string? Name) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/subjects", Post).RequireAnyRole(Roles.Publisher).Produces<SubjectView>(201).WithName("createSubject");

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
