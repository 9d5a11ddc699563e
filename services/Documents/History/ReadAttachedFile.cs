using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Documents.History;

/// <summary>One file of a text, to whoever may read the text.</summary>
public sealed class ReadAttachedFile : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/revisions/{revision:int}/files/{sha256}", Get).Produces(200).WithName("readAttachedFile");

    static async Task<IResult> Get(
        Guid id,
        int revision,
        string sha256,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        RevisionTexts texts,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        if (
            !caller.SeesRevision(document!, revision) || await texts.Find(session, document!, revision, http.RequestAborted) is not { } text
        )
            return caller.NoRevision(document!, revision).ToResult();
        if (text.Files.FirstOrDefault(f => f.Sha256 == sha256) is not { } file)
            return DocumentProblems
                .FileNotFound.With($"Revision {revision} has no such file that you may see. GET …/revisions/{revision} lists its files.")
                .ToResult();
        if (file.Erased is true)
            return CommonProblems.Erased.With("The file was erased for good. Its hash stays.").ToResult();
        return await http.SendFile(session, database, sha256, file.Name, TypeOf(file));
    }

    // What was found within a text can be of any kind; only what a browser shows as a picture is said to be what it is.
    static string TypeOf(AttachedFile file) =>
        file.Sent is true || StoredFiles.IsShown(file.MediaType) ? file.MediaType : "application/octet-stream";
}
