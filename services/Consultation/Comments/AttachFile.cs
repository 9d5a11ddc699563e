using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>Adds a file to one's own comment: the body is the file. Its bytes tell its type; what its name or the request says does not matter.</summary>
public sealed class AttachFile : IEndpoint
{
    const int LongestName = 200,
        MostFiles = 10;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/comments/{receipt}/attachments", Post)
            .Accepts<byte[]>("application/octet-stream", "*/*")
            .Produces<OwnComment>()
            .WithName("attachFileToComment");

    static async Task<IResult> Post(string receipt, string? name, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var (content, form) = await http.Request.ReadFile();
        if (form is not null)
            return form.ToResult();
        return await writer.OwnStep(
            http,
            receipt,
            (comment, consultation, session) =>
            {
                var invalid = new Invalid()
                    .Text("name", name, LongestName)
                    .If(name?.IndexOfAny(['/', '\\', '\0', '\r', '\n']) >= 0, "name", "name.malformed", "A file name has no path.")
                    .If(content.Length == 0, "", "value.missing", "The body of the request is the file.")
                    .If(comment.Files.Count >= MostFiles, "", "files.tooMany", $"A comment has at most {MostFiles} files.");
                if (invalid.Problem is { } problem)
                    return problem;
                if (FileTypes.Of(content, name!) is not { } type || !FileTypes.OfDocuments.Contains(type))
                    return CommonProblems.FileType.With(
                        $"The bytes of {name} are none of: {string.Join(", ", FileTypes.OfDocuments.Select(t => t.MediaType))}. What can carry scripts, such as SVG and HTML, is not accepted."
                    );
                var now = time.GetUtcNow();
                if (comment.TooLate(consultation, now) is { } late)
                    return late;
                // The same file again is there already.
                var hash = StoredFiles.HashOf(content);
                if (comment.Files.Any(f => f.Sha256 == hash))
                    return Decision.Record();
                session.KeepFile(content);
                var shown = comment.IsShown && consultation.Showing is ShowingOfComments.AtOnce;
                return Decision.Record(
                    new CommentFileAttached(new(name!.Trim(), type.MediaType, content.LongLength, hash, shown), SenderSteps.Sender, now)
                );
            },
            comment => new Answer(200, OwnComment.Of(comment))
        );
    }
}
