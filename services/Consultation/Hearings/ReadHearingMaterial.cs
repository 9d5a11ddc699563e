using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// A file for the participants of a hearing, to everybody once the materials are sent. Pictures are shown in the browser; everything else is
/// downloaded, and no script can run in any of it.
/// </summary>
public sealed class ReadHearingMaterial : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/hearings/{id:guid}/materials/{sha256}", Get).Produces(200).WithName("readHearingMaterial");

    static async Task<IResult> Get(Guid id, string sha256, Caller caller, IQuerySession session, ReadDatabase database, HttpContext http)
    {
        if (await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing)
            return HearingSteps.NotFound(id).ToResult();
        var material =
            hearing.MaterialsSentAt is not null || caller.SeesInside(hearing.Bodies)
                ? hearing.Materials.FirstOrDefault(m => m.Sha256 == sha256)
                : null;
        return material is null
            ? ConsultationProblems
                .HearingNotShown.With("The hearing has no such file that you may see. GET …/hearings/{id} lists its files.")
                .ToResult()
            : await http.SendFile(session, database, sha256, material.Name, material.MediaType);
    }
}
