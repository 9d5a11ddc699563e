using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Puts an organisation into the tree.</summary>
/// <param name="Code">Its code, which stays.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is.</param>
/// <param name="Parent">The code of the organisation above it; null at the top.</param>
/// <param name="ValidFrom">The first day on which it exists, Asia/Shanghai; today when left out.</param>
/// <example>{"code": "370114-DSJ", "name": "云泽区大数据局", "type": "department", "parent": "370114", "validFrom": "2026-03-01"}</example>
public sealed record CreateOrganisation(string? Code, string? Name, OrganisationType? Type, string? Parent, DateOnly? ValidFrom) : IEndpoint
{
    internal const int LongestName = 200;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organisations", Post).RequireAnyRole(Roles.Publisher).Produces<OrganisationView>(201).WithName("createOrganisation");

    static Task<IResult> Post(CreateOrganisation command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid()
            .Code("/code", command.Code)
            .Text("/name", command.Name, LongestName)
            .If(command.Type is null, "/type", "value.missing", "One of district, department, subdistrict and town.");
        if (invalid.Problem is { } problem)
            return Task.FromResult(problem.ToResult());
        var created = new OrganisationCreated(
            command.Code!,
            command.Name!.Trim(),
            command.Type!.Value,
            command.Parent,
            command.ValidFrom ?? time.Today(),
            caller.Actor(),
            time.GetUtcNow()
        );
        return writer.Start<Organisation>(
            http,
            command.Code!,
            async session =>
                await session.LoadAsync<Organisation>(created.Code, http.RequestAborted) is { } same
                    ? CatalogProblems.CodeTaken.With(
                        $"{created.Code} is {same.NameOn(created.ValidFrom)}. Choose another code, or rename the organisation."
                    )
                : (await OrganisationTree.Read(session, http.RequestAborted)).Obstacle(created.Code, created.Parent, created.ValidFrom)
                    is { } obstacle
                    ? obstacle
                : Decision.Record(created),
            recorded => new Answer(201, OrganisationView.Of(recorded.After(), time.Today()), $"/api/v1/organisations/{created.Code}")
        );
    }
}
