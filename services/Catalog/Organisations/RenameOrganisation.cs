using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>Gives an organisation another name. Its code stays.</summary>
/// <param name="Name">The new name.</param>
public sealed record RenameOrganisation(string? Name) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) => api.MapPatch("/organisations/{code}", Patch).RequireAnyRole(Roles.Publisher)
        .Produces<OrganisationView>().WithTags("Catalog").WithName("renameOrganisation");

    static Task<IResult> Patch(string code, RenameOrganisation command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        Organisation? renamed = null;
        return writer.Append<Organisation>(http, code,
            (organisation, _) =>
            {
                if (organisation is null) return Task.FromResult<Decision>(FindOrganisation.NotFound(code));
                if (new Invalid().Text("/name", command.Name, CreateOrganisation.LongestName).Problem is { } problem) return Task.FromResult<Decision>(problem);
                var e = new OrganisationRenamed(command.Name!.Trim(), new(caller.Id, caller.Organisation), time.GetUtcNow());
                renamed = Organisation.Next(organisation, e);
                return Task.FromResult(Decision.Record(e));
            },
            version => new Answer(200, OrganisationView.Of(renamed! with { Version = version })));
    }
}
