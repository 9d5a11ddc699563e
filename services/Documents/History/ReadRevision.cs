using Marten;
using PolicyPlatform.Documents.Relations;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>One complete text with its blocks: as JSON, plain text, Markdown, HTML, Word or Akoma Ntoso by <c>Accept</c>.</summary>
public sealed class ReadRevision : IEndpoint
{
    static readonly string[] Offered =
    [
        "application/json",
        "text/plain",
        "text/markdown",
        "text/html",
        OfficialDocx.MediaType,
        AkomaNtoso.MediaType,
    ];

    // Counts up when the same text is shown otherwise than before.
    const int Form = 3;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/documents/{id:guid}/revisions/{revision:int}", Numbered)
            .Produces<RevisionText>(200, Offered[0], Offered[1..])
            .WithName("readRevision");
        api.MapGet("/documents/{id:guid}/revisions/current", Current)
            .Produces<RevisionText>(200, Offered[0], Offered[1..])
            .WithName("readCurrentRevision");
    }

    /// <summary>
    /// One complete text by its number, with its blocks: as JSON, plain text, Markdown, HTML, Word or Akoma Ntoso by <c>Accept</c>. The
    /// public reads published texts only, those who work on the document its drafts too.
    /// </summary>
    static async Task<IResult> Numbered(
        Guid id,
        int revision,
        bool? annotate,
        Caller caller,
        IQuerySession session,
        RevisionTexts texts,
        FoundRelations relations,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        return caller.Sees(document)
            ? await Show(document!, revision, caller, session, texts, relations, annotate ?? false, http)
            : Visibility.NotFound(id, document).ToResult();
    }

    /// <summary>
    /// The text in force today, before its first day the coming one, of what has ended the last one, of a draft the newest; in the formats
    /// that a numbered one has. With <c>inForceOn</c> the one of that day, none before the first and after the end (404 says which), with
    /// <c>recordedAt</c> as the library knew it at that instant.
    /// </summary>
    static async Task<IResult> Current(
        Guid id,
        DateOnly? inForceOn,
        DateTimeOffset? recordedAt,
        bool? annotate,
        Caller caller,
        IQuerySession session,
        RevisionTexts texts,
        FoundRelations relations,
        TimeProvider time,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        if (recordedAt is { } instant)
        {
            document = await DocumentAsOf.Find(session, document!, instant, http.RequestAborted);
            if (!caller.Sees(document))
                return DocumentProblems.NotFound.With($"At {instant:O} the library had no document {id} that you may see.").ToResult();
        }
        var today = recordedAt is { } then ? OfficialTime.DateIn(then) : time.Today();
        if (inForceOn is not { } day)
            return await Show(
                document!,
                Visibility.CurrentRevision(document!, today),
                caller,
                session,
                texts,
                relations,
                annotate ?? false,
                http
            );
        if (document!.TextInForceOn(day) is not { } text)
            return DocumentProblems.RevisionNotFound.With($"No text of this document was in force on {day:yyyy-MM-dd}.").ToResult();
        return document.HasEndedBy(day)
            ? DocumentProblems
                .RevisionNotFound.With(
                    $"Nothing of this document is in force on {day:yyyy-MM-dd}: it is {JsonDefaults.Word(document.ValidityOn(day)!.Value)}. Its last text is revision {text.Revision}, GET …/revisions/{text.Revision}."
                )
                .ToResult()
            : await Show(document, text.Revision, caller, session, texts, relations, annotate ?? false, http);
    }

    static async Task<IResult> Show(
        PolicyDocument document,
        int revision,
        Caller caller,
        IQuerySession session,
        RevisionTexts texts,
        FoundRelations relations,
        bool annotate,
        HttpContext http
    )
    {
        if (http.Request.Accepted(Offered) is not { } format)
            return CommonProblems.NotAcceptable.With($"A text can be had as {string.Join(", ", Offered)}.").ToResult();
        if (!caller.SeesRevision(document, revision) || await texts.Find(session, document, revision, http.RequestAborted) is not { } text)
            return caller.NoRevision(document, revision).ToResult();
        var effective = document.PublicTexts.FirstOrDefault(t => t.Revision == revision);
        var title = effective?.Title ?? document.Title;
        if (format is "text/html")
        {
            // Its links follow what the library holds, which no version of this document tells.
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Text(
                TextFormats.ToHtml(
                    title,
                    text.Blocks,
                    await relations.Links(document, text, http.RequestAborted),
                    AttachedFiles.Links(document.Id, text),
                    text.Formulas
                ),
                "text/html; charset=utf-8"
            );
        }
        // The text never changes; its title, its days and what is said of it follow the document.
        return await http.ConditionalAsync(
            $"\"r{revision}-{document.Version}-{format}-{annotate}-{Form}\"",
            async () =>
                format switch
                {
                    "text/plain" => Results.Text(TextFormats.ToPlainText(text.Blocks), "text/plain; charset=utf-8"),
                    "text/markdown" => Results.Text(TextFormats.ToMarkdown(text.Blocks), "text/markdown; charset=utf-8"),
                    OfficialDocx.MediaType => Results.Bytes(OfficialDocx.Write(text.Blocks), OfficialDocx.MediaType, $"{title}.docx"),
                    AkomaNtoso.MediaType => Results.Text(
                        AkomaNtoso
                            .Write(
                                new(
                                    document.Id,
                                    title,
                                    document.Number?.ToString(),
                                    document.Issuers[0],
                                    revision,
                                    document.WrittenOn,
                                    effective?.EffectiveFrom,
                                    text.RecordedAt
                                ),
                                text.Blocks
                            )
                            .ToString(),
                        "application/akn+xml; charset=utf-8"
                    ),
                    _ => Results.Ok(
                        new RevisionText(
                            document.Id,
                            revision,
                            title,
                            effective?.EffectiveFrom,
                            effective?.Corrects,
                            text.RecordedAt,
                            text.TextHash,
                            text.CanonicalForm,
                            text.Blocks,
                            Finding.Of(text.Findings, text.Blocks),
                            AttachedFiles.Links(document.Id, text),
                            [.. text.Formulas.Select(f => new FormulaInText(text.Blocks[f.Place].Id, f.Text, f.MathMl))],
                            annotate ? await Annotation.Of(session, texts, document, text, caller, http.RequestAborted) : null
                        )
                    ),
                }
        );
    }
}

/// <summary>One complete text.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Revision">Its number, 1 for the first.</param>
/// <param name="Title">标题 of the document.</param>
/// <param name="EffectiveFrom">The first day on which it is the text in force, Asia/Shanghai; null for a draft.</param>
/// <param name="Corrects">For a correction (勘误), the revision that it stands for.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
/// <param name="TextHash">SHA-256 of the canonical text.</param>
/// <param name="CanonicalForm">The rule by which the text was brought into canonical form, which its hash is made of; 2 knows the cells of
/// tables.</param>
/// <param name="Blocks">The blocks in reading order.</param>
/// <param name="Findings">What the text did not say for sure, and what was assumed.</param>
/// <param name="Files">The files that it holds, and those that go with it.</param>
/// <param name="Formulas">The formulas that it holds, as the text has them and as MathML.</param>
/// <param name="Annotations">For <c>annotate=true</c>, since when each article is as it is.</param>
public sealed record RevisionText(
    Guid DocumentId,
    int Revision,
    string Title,
    DateOnly? EffectiveFrom,
    int? Corrects,
    DateTimeOffset RecordedAt,
    string TextHash,
    int CanonicalForm,
    IReadOnlyList<Block> Blocks,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<FileLink> Files,
    IReadOnlyList<FormulaInText> Formulas,
    IReadOnlyList<Annotation>? Annotations
);

/// <summary>A formula of a text.</summary>
/// <param name="BlockId">The block that it stands in.</param>
/// <param name="Text">As the block has it, in one line.</param>
/// <param name="MathMl">The same as MathML 3.</param>
public sealed record FormulaInText(string BlockId, string Text, string MathMl);
