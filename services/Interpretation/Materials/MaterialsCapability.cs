using PolicyPlatform.Contracts.Interpretation.V1;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>解读材料.</summary>
sealed class MaterialsCapability : ICapability
{
    /// <inheritdoc/>
    public static void AddTo(Service service) =>
        service
            .Endpoint<DraftMaterial>()
            .Endpoint<ReviseMaterial>()
            .Endpoint<AttachFile>()
            .Endpoint<SignMaterial>()
            .Endpoint<UpholdMaterial>()
            .Endpoint<ReadMaterials>()
            .Endpoint<ReadAttachment>()
            .Sends<MaterialPublishedMessage>("catalog")
            .Services.AddSingleton<PublicMaterials>();
}
