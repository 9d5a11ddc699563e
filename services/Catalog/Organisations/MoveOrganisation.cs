using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Puts an organisation elsewhere in the tree from a day on.</summary>
/// <param name="Parent">The organisation above it from then on; null for the top.</param>
/// <param name="EffectiveFrom">The first day, Asia/Shanghai; today when left out.</param>
/// <example>{"parent": "370114", "effectiveFrom": "2026-03-01"}</example>
public sealed record MoveOrganisation(string? Parent, DateOnly? EffectiveFrom) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organisations/{code}/move", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithName("moveOrganisation");

    static Task<IResult> Post(
        string code,
        MoveOrganisation command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Change(
            http,
            code,
            command.EffectiveFrom,
            time,
            new(),
            async (organisation, from, session) =>
                (await OrganisationTree.Read(session, http.RequestAborted)).Obstacle(organisation.Id, command.Parent, from) is { } problem
                    ? problem
                    : Decision.Record(new OrganisationMoved(command.Parent, from, caller.Actor(), time.GetUtcNow()))
        );
}
