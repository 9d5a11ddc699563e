using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Gives an organisation another name from a day on. Its code stays.</summary>
/// <param name="Name">The new name.</param>
/// <param name="EffectiveFrom">The first day, Asia/Shanghai; today when left out.</param>
/// <example>{"name": "云泽区住房和城乡建设局", "effectiveFrom": "2026-03-01"}</example>
public sealed record RenameOrganisation(string? Name, DateOnly? EffectiveFrom) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/organisations/{code}", Patch)
            .RequireAnyRole(Roles.Publisher)
            .Produces<OrganisationView>()
            .WithName("renameOrganisation");

    static Task<IResult> Patch(
        string code,
        RenameOrganisation command,
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
            new Invalid().Text("/name", command.Name, CreateOrganisation.LongestName),
            (_, from, _) =>
                Task.FromResult(Decision.Record(new OrganisationRenamed(command.Name!.Trim(), caller.Actor(), time.GetUtcNow(), from)))
        );
}
