using Marten;
using Microsoft.Net.Http.Headers;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>One complete text with its blocks: as JSON, plain text, Markdown or HTML by <c>Accept</c>.</summary>
public sealed class ReadRevision : IEndpoint
{
    static readonly string[] Offered = ["application/json", "text/plain", "text/markdown", "text/html"];

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/documents/{id:guid}/revisions/{revision:int}", Numbered)
            .Produces<RevisionText>(200, "application/json", "text/plain", "text/markdown", "text/html").WithTags("History").WithName("readRevision");
        api.MapGet("/documents/{id:guid}/revisions/current", Current)
            .Produces<RevisionText>(200, "application/json", "text/plain", "text/markdown", "text/html").WithTags("History").WithName("readCurrentRevision");
    }

    static async Task<IResult> Numbered(Guid id, int revision, Caller caller, IQuerySession session, RevisionTexts texts, HttpContext http)
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        return caller.Sees(document) ? await Show(document!, revision, caller, session, texts, http) : Visibility.NotFound(id).ToResult();
    }

    static async Task<IResult> Current(Guid id, DateOnly? inForceOn, DateTimeOffset? recordedAt, Caller caller, IQuerySession session, RevisionTexts texts, TimeProvider time, HttpContext http)
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document)) return Visibility.NotFound(id).ToResult();
        if (recordedAt is { } instant)
        {
            document = await DocumentAsOf.Find(session, id, instant, http.RequestAborted);
            if (!caller.Sees(document)) return DocumentProblems.NotFound.With($"At {instant:O} the library had no document {id} that you may see.").ToResult();
            inForceOn ??= document!.IsPublished ? OfficialTime.DateIn(instant) : null;
        }
        if (inForceOn is not { } day) return await Show(document!, Visibility.CurrentRevision(document!, time.Today()), caller, session, texts, http);
        return document!.TextInForceOn(day) is { } text
            ? await Show(document, text.Revision, caller, session, texts, http)
            : DocumentProblems.RevisionNotFound.With($"No text of this document was in force on {day:yyyy-MM-dd}.").ToResult();
    }

    static async Task<IResult> Show(PolicyDocument document, int revision, Caller caller, IQuerySession session, RevisionTexts texts, HttpContext http)
    {
        if (Format(http.Request) is not { } format)
            return CommonProblems.NotAcceptable.With($"A text can be had as {string.Join(", ", Offered)}.").ToResult();
        if (!caller.SeesRevision(document, revision) || await texts.Find(session, document.Id, revision, http.RequestAborted) is not { } text)
            return DocumentProblems.RevisionNotFound.With($"There is no revision {revision} of this document that you may see. GET …/revisions lists those there are.").ToResult();
        var effective = document.PublicTexts.FirstOrDefault(t => t.Revision == revision);
        // The text never changes; when it is in force can become known later, hence the number of public texts.
        return http.Conditional($"\"r{revision}-{document.PublicTexts.Count}-{format}\"", () => format switch
        {
            "text/plain" => Results.Text(TextFormats.ToPlainText(text.Blocks), "text/plain; charset=utf-8"),
            "text/markdown" => Results.Text(TextFormats.ToMarkdown(text.Blocks), "text/markdown; charset=utf-8"),
            "text/html" => Results.Text(TextFormats.ToHtml(document.Title, text.Blocks), "text/html; charset=utf-8"),
            _ => Results.Ok(new RevisionText(document.Id, revision, effective?.Title ?? document.Title, effective?.EffectiveFrom, text.RecordedAt, text.TextHash, text.Blocks)),
        });
    }

    static string? Format(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0) return Offered[0];
        return accepted.OrderByDescending(a => a.Quality ?? 1).Select(a => Offered.FirstOrDefault(o => new MediaTypeHeaderValue(o).IsSubsetOf(a))).FirstOrDefault(o => o is not null);
    }
}

/// <summary>One complete text.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">Its number, 1 for the first.</param>
/// <param name="Title">标题 of the document.</param>
/// <param name="EffectiveFrom">The first day on which it is the text in force, Asia/Shanghai; null for a draft.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
/// <param name="TextHash">SHA-256 of the canonical text.</param>
/// <param name="Blocks">The blocks in reading order.</param>
public sealed record RevisionText(Guid DocumentId, int Revision, string Title, DateOnly? EffectiveFrom, DateTimeOffset RecordedAt, string TextHash, IReadOnlyList<Block> Blocks);
