using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Catalog.Organisations;

/// <summary>机构: who issues, answers and is answerable.</summary>
sealed class OrganisationsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<CreateOrganisation>()
            .Endpoint<RenameOrganisation>()
            .Endpoint<MoveOrganisation>()
            .Endpoint<MergeOrganisation>()
            .Endpoint<DissolveOrganisation>()
            .Endpoint<FindOrganisation>();
}
