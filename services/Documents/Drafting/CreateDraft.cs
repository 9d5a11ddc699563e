using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Drafting;

/// <summary>Begins a document with its first text.</summary>
/// <param name="Title">标题; taken from the text when left out.</param>
/// <param name="Kind">The kind of document; <c>other</c> when left out.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first; the caller's organisation when left out.</param>
/// <param name="Subject">主题分类, a code of the Catalog; required by publication.</param>
/// <param name="Disclosure">公开属性; required by publication.</param>
/// <param name="MajorDecision">Whether it is a major administrative decision, which needs a collective decision (M 30).</param>
/// <param name="DisclosureItem">The item of the disclosure catalogue that it is filed under, <c>district/04-01</c>.</param>
/// <param name="Text">The text as plain text.</param>
/// <param name="Markdown">Or as Markdown.</param>
/// <param name="Docx">Or as a Word file, in base64.</param>
/// <param name="Blocks">Or paragraph by paragraph.</param>
/// <param name="ChangeNote">What this text is, for the history.</param>
/// <param name="Files">The files that go with it: forms, tables, PDFs, pictures.</param>
/// <param name="Html">Or as HTML.</param>
/// <example>{"title": "云泽区冬季供热保障办法", "kind": "normative", "issuers": ["370114-ZJ"], "subject": "CXJS",
/// "disclosure": {"attribute": "proactive"}, "majorDecision": false,
/// "text": "云泽区冬季供热保障办法\n第一条 为保障居民冬季用热，制定本办法。\n第二条 本办法自2026年3月1日起施行，有效期五年。", "changeNote": "起草"}</example>
public sealed record CreateDraft(
    string? Title,
    DocumentKind? Kind,
    IReadOnlyList<string>? Issuers,
    string? Subject,
    Disclosure? Disclosure,
    bool? MajorDecision,
    string? DisclosureItem,
    [property: IsText] string? Text,
    [property: IsText] string? Markdown,
    byte[]? Docx,
    IReadOnlyList<GivenBlock>? Blocks,
    string? ChangeNote,
    IReadOnlyList<GivenFile>? Files = null,
    [property: IsText] string? Html = null
) : IEndpoint, ITextInput
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents", Post).RequireAnyRole(Roles.Drafter).Produces<RecordedText>(201).WithName("createDraft");

    static async Task<IResult> Post(
        CreateDraft command,
        Caller caller,
        CatalogCodes catalog,
        RevisionTexts texts,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var (text, tooLong) = command.Read(invalid);
        if (tooLong is not null)
            return tooLong.ToResult();
        command = command with { Title = command.Title ?? text?.Title, Issuers = command.Issuers ?? [caller.Organisation] };
        await catalog.Check(
            command.Title,
            command.Issuers,
            command.Subject,
            command.Disclosure,
            command.DisclosureItem,
            invalid,
            http.RequestAborted
        );
        invalid.Text("/changeNote", command.ChangeNote, Limits.LongestNote, required: false);
        if (invalid.Problem is { } problem)
            return problem.ToResult();

        var id = Guid.CreateVersion7();
        return await writer.Start<PolicyDocument>(
            http,
            id,
            session =>
                Task.FromResult(
                    Decide(command, text!.Blocks, caller, id, time.GetUtcNow())
                        .Attaching(text, [], session)
                        .WithFindings(id, erasures: 0, text, texts, [])
                ),
            recorded => new Answer(201, RecordedText.Of(id, recorded), $"/api/v1/documents/{id}")
        );
    }

    /// <summary>A drafter begins documents that the own organisation issues, alone or with others.</summary>
    internal static Decision Decide(CreateDraft command, IReadOnlyList<CutBlock> blocks, Caller caller, Guid id, DateTimeOffset now)
    {
        if (caller.DraftsForOthers(command.Issuers!) is { } foreign)
            return foreign;
        var by = caller.Actor();
        var created = new DraftCreated(
            id,
            command.Title!.Trim(),
            command.Kind ?? DocumentKind.Other,
            command.Issuers!,
            command.Subject,
            command.Disclosure,
            command.MajorDecision ?? false,
            by,
            now,
            command.DisclosureItem
        );
        var recorded = Recording.Next(
            PolicyDocument.Next(null, created)!,
            [],
            blocks,
            command.ChangeNote ?? "",
            Significance.Major,
            by,
            now
        );
        return Decision.Record(created, recorded);
    }
}
