using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Interpretation.Materials;

/// <summary>
/// A file of a material, to whoever may see it. Images are shown in the browser; everything else is downloaded, and no script can run in
/// any of it.
/// </summary>
public sealed class ReadAttachment : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/interpretations/{id:guid}/attachments/{sha256}", Get).Produces(200).WithName("readAttachment");

    static async Task<IResult> Get(
        Guid id,
        string sha256,
        Caller caller,
        Marten.IQuerySession session,
        PublicMaterials materials,
        ReadDatabase database,
        HttpContext http
    )
    {
        var (material, missing) = await ReadMaterials.Visible(id, caller, session, materials, http.RequestAborted);
        if (material is null)
            return missing.ToResult();
        var files = caller.WorksFor(material.Issuers) ? material.Files : material.Files.Take(material.SignedFiles);
        if (files.FirstOrDefault(f => f.Sha256 == sha256) is not { } file)
            return InterpretationProblems
                .FileNotFound.With("The material has no such file that you may see. GET …/interpretations/{id} lists its files.")
                .ToResult();
        return await http.SendFile(session, database, sha256, file.Name, file.MediaType);
    }
}
