using Microsoft.Net.Http.Headers;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>
/// Records a further complete text of a draft. As <c>application/json</c>, or as <c>text/plain</c> in UTF-8 or GB18030,
/// <c>text/markdown</c>, <c>text/html</c> or a Word file with the other fields in
/// the query.
/// </summary>
/// <param name="Text">The text as plain text.</param>
/// <param name="Markdown">Or as Markdown.</param>
/// <param name="Docx">Or as a Word file, in base64.</param>
/// <param name="Blocks">Or paragraph by paragraph.</param>
/// <param name="ChangeNote">What was changed and why.</param>
/// <param name="Significance">What the author calls the change; <c>major</c> when left out.</param>
/// <param name="Files">The files that go with it: forms, tables, PDFs, pictures. Those of the text before when left out, none when
/// empty.</param>
/// <param name="Html">Or as HTML.</param>
/// <example>{"text": "云泽区冬季供热保障办法\n第一条 为保障居民冬季用热，制定本办法。\n第二条 供热期室内温度不低于18℃。\n第三条 本办法自2026年3月1日起施行，有效期五年。", "changeNote": "按征求意见情况增加室温标准。",
/// "significance": "major"}</example>
public sealed record RecordRevision(
    [property: IsText] string? Text,
    [property: IsText] string? Markdown,
    byte[]? Docx,
    IReadOnlyList<GivenBlock>? Blocks,
    string? ChangeNote,
    Significance? Significance,
    IReadOnlyList<GivenFile>? Files = null,
    [property: IsText] string? Html = null
) : IEndpoint, ITextInput
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/revisions", Post)
            .RequireAnyRole(Roles.Drafter)
            .Accepts<RecordRevision>("application/json", "text/plain", "text/markdown", "text/html", OfficialDocx.MediaType)
            .Produces<RecordedText>(201)
            .WithMetadata(new QueryParameters("changeNote", "significance"))
            .WithName("recordRevision");

    static async Task<IResult> Post(
        Guid id,
        RecordRevision command,
        Caller caller,
        RevisionTexts texts,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("/changeNote", command.ChangeNote, Limits.LongestNote, required: false);
        var (text, tooLong) = command.Read(invalid);
        if ((tooLong ?? invalid.Problem) is { } problem)
            return problem.ToResult();

        return await writer.RecordText(
            http,
            id,
            caller,
            texts,
            _ => text!,
            (document, newest, before, _, _) =>
                Task.FromResult(
                    Decide(document, command, text!.Blocks, newest?.Blocks ?? [], before?.Blocks ?? [], caller, time.GetUtcNow())
                ),
            (document, newest, session) => texts.Basis(session, document, newest, http.RequestAborted)
        );
    }

    /// <summary>
    /// A text can be revised until it is signed; after publication what is recorded is prepared for an amendment or a correction.
    /// </summary>
    internal static Decision Decide(
        PolicyDocument document,
        RecordRevision command,
        IReadOnlyList<CutBlock> blocks,
        IReadOnlyList<Block> previous,
        IReadOnlyList<Block> basis,
        Caller caller,
        DateTimeOffset now
    )
    {
        if (!document.Issuers.Contains(caller.Organisation))
            return Visibility.NotFound(document.Id, document);
        if (!document.IsBeingDrafted && !document.IsPublished)
            return DocumentProblems.TextFrozen.With(
                $"The document is {document.State.ToString().ToLowerInvariant()}, and its text can no longer change."
            );
        var recorded = Recording.Next(
            document,
            previous,
            blocks,
            command.ChangeNote ?? "",
            command.Significance ?? Documents.Significance.Major,
            caller.Actor(),
            now,
            basis
        );
        // A text in drafting is known to its drafters alone (D 16); others hear of it once it is in consultation or review.
        return document.State is DocumentState.Drafting or DocumentState.Published
            ? Decision.Record(recorded)
            : Decision.Record(recorded).Telling(recorded.Message(document.Id, document.Version + 1));
    }

    /// <summary>Reads the text as JSON, or as the body itself.</summary>
    public static async ValueTask<RecordRevision?> BindAsync(HttpContext context)
    {
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed : null;
        if (type?.MediaType.Value?.ToLowerInvariant() is "text/plain" or "text/markdown" or "text/html" or OfficialDocx.MediaType)
        {
            using var memory = new MemoryStream();
            await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
            var bytes = memory.ToArray();
            var query = context.Request.Query;
            var invalid = new Invalid();
            var significance = invalid.OneOf<Significance>("significance", query["significance"].FirstOrDefault());
            if (invalid.Problem is { } problem)
                throw new BadHttpRequestException(problem.Detail.Told);
            var command = new RecordRevision(null, null, null, null, query["changeNote"].FirstOrDefault(), significance);
            if (type.MediaType.Equals(OfficialDocx.MediaType, StringComparison.OrdinalIgnoreCase))
                return command with { Docx = bytes };
            var encoding =
                TextEncodings.Named(type.Charset.Value)
                ?? throw new BadHttpRequestException(
                    $"The charset {type.Charset} is not read. Texts come as UTF-8, or as GB18030 (GBK, GB2312).",
                    415
                );
            var text = encoding.GetString(bytes);
            return type.MediaType.Value.ToLowerInvariant() switch
            {
                "text/plain" => command with { Text = text },
                "text/html" => command with { Html = text },
                _ => command with { Markdown = text },
            };
        }
        if (!context.Request.HasJsonContentType())
            throw new BadHttpRequestException("", 415);
        return await context.Request.ReadFromJsonAsync<RecordRevision>(JsonDefaults.Options, context.RequestAborted)
            // As the framework says it of a body that it reads itself.
            ?? throw new BadHttpRequestException("Required parameter \"RecordRevision command\" was not provided from body.");
    }
}
