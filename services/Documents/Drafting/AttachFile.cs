using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Attachments;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>
/// Attaches a file to a draft: the body is the file, of whatever content type; its bytes tell what it is. It goes with the text from the
/// next revision on, whose words are those of the
/// newest, in the place of one of the same name.
/// </summary>
public sealed class AttachFile : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/documents/{id:guid}/files", Post)
            .RequireAnyRole(Roles.Drafter)
            .Accepts<byte[]>("application/octet-stream", "*/*")
            .Produces<RecordedText>(201)
            .WithName("attachFileToDocument");
        api.MapDelete("/documents/{id:guid}/files/{sha256}", Delete)
            .RequireAnyRole(Roles.Drafter)
            .Produces<RecordedText>(201)
            .WithName("removeFileOfDocument");
    }

    /// <summary>
    /// Attaches a file to a draft: the body is the file, and its bytes tell its type. A further revision is recorded with it and the words
    /// of the newest one; it takes the place of a file of the same name.
    /// </summary>
    static async Task<IResult> Post(
        Guid id,
        string? name,
        string? changeNote,
        Caller caller,
        RevisionTexts texts,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var (content, form) = await http.Request.ReadFile();
        if (form is not null)
            return form.ToResult();
        var file = new GivenFile(name, content, null);
        if (content.Length > 0 && !string.IsNullOrWhiteSpace(name) && file.Type is null)
            return CommonProblems.FileType.With(file.Refused).ToResult();
        var invalid = new Invalid()
            .Text("changeNote", changeNote, Limits.LongestNote, required: false)
            .If(content.Length == 0, "", "value.missing", "The body of the request is the file.");
        if (content.Length > 0)
            file.Check("", invalid);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        return await Record(
            id,
            before => [.. before.Where(f => !f.Name!.Equals(file.Name!.Trim(), StringComparison.OrdinalIgnoreCase)), file],
            changeNote ?? $"附件：{name!.Trim()}",
            caller,
            texts,
            writer,
            time,
            http
        );
    }

    /// <summary>
    /// Takes a file away from a draft: a further revision is recorded without it, with the words of the newest one. Earlier revisions keep
    /// it.
    /// </summary>
    static Task<IResult> Delete(
        Guid id,
        string sha256,
        string? changeNote,
        Caller caller,
        RevisionTexts texts,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        new Invalid().Text("changeNote", changeNote, Limits.LongestNote, required: false).Problem is { } problem
            ? Task.FromResult(problem.ToResult())
            : Record(
                id,
                before => [.. before.Where(f => f.Sha256 != sha256)],
                changeNote ?? "删除附件",
                caller,
                texts,
                writer,
                time,
                http,
                sha256
            );

    static Task<IResult> Record(
        Guid id,
        Func<IReadOnlyList<GivenFile>, IReadOnlyList<GivenFile>> sent,
        string note,
        Caller caller,
        RevisionTexts texts,
        EventWriter writer,
        TimeProvider time,
        HttpContext http,
        string? removed = null
    ) =>
        writer.RecordText(
            http,
            id,
            caller,
            texts,
            basis => ReadText.Again(basis!) with { Sent = sent },
            (document, newest, basis, text, _) =>
                Task.FromResult(
                    removed is not null && basis!.Files.All(f => f.Sent is null || f.Sha256 != removed)
                        ? DocumentProblems.FileNotFound.With(
                            "No such file goes with the newest text. GET …/revisions/current lists its files."
                        )
                        : RecordRevision.Decide(
                            document,
                            new(null, null, null, null, note, Significance.Minor),
                            text.Blocks,
                            newest!.Blocks,
                            basis!.Blocks,
                            caller,
                            time.GetUtcNow()
                        )
                ),
            (document, newest, session) => texts.Basis(session, document, newest, http.RequestAborted)
        );
}
