using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Documents.Exchange;

/// <summary>A document to be taken in: one line of an import.</summary>
/// <param name="Source">The line or the files that it came from, for the report.</param>
/// <param name="DocumentNumber">发文字号 in any bracket style; with it the document is known again. 令第157号, which does not say whose it is,
/// gets the name of the leading issuer.</param>
/// <param name="Title">标题; taken from the text when left out. Without a number, title and leading issuer are what the document is known
/// by.</param>
/// <param name="Kind">The kind of document; <c>other</c> when left out.</param>
/// <param name="Issuers">发文机关, codes or names of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code or a name of the Catalog.</param>
/// <param name="WrittenOn">成文日期.</param>
/// <param name="PublishedOn">发布日期; the first day of the earliest text when left out.</param>
/// <param name="ExpiresOn">有效期至.</param>
/// <param name="RepealedFrom">The first day on which it was no longer in force because of a repeal.</param>
/// <param name="Revisions">Its texts, each with the day from which it was in force.</param>
public sealed record ImportDocument(
    string? Source,
    string? DocumentNumber,
    string? Title,
    DocumentKind? Kind,
    IReadOnlyList<string>? Issuers,
    string? Subject,
    DateOnly? WrittenOn,
    DateOnly? PublishedOn,
    DateOnly? ExpiresOn,
    DateOnly? RepealedFrom,
    IReadOnlyList<ImportRevision>? Revisions
);

/// <summary>A text of a document to be taken in.</summary>
/// <param name="Text">The text as plain text.</param>
/// <param name="Markdown">Or as Markdown.</param>
/// <param name="Docx">Or as a Word file, in base64.</param>
/// <param name="Blocks">Or paragraph by paragraph.</param>
/// <param name="EffectiveFrom">The first day on which it was in force, Asia/Shanghai. The day on which the library came to know of it is
/// today.</param>
/// <param name="Note">What is to be said about it.</param>
/// <param name="Html">Or as HTML.</param>
public sealed record ImportRevision(
    [property: IsText] string? Text,
    [property: IsText] string? Markdown,
    byte[]? Docx,
    IReadOnlyList<GivenBlock>? Blocks,
    DateOnly? EffectiveFrom,
    string? Note,
    [property: IsText] string? Html = null
) : ITextInput;
