using Marten;
using PolicyPlatform.Documents.Revisions;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>Says what would change if a text were recorded, without recording it.</summary>
/// <param name="Text">The text as plain text.</param>
/// <param name="Markdown">Or as Markdown.</param>
/// <param name="Docx">Or as a Word file, in base64.</param>
/// <param name="Blocks">Or paragraph by paragraph.</param>
/// <param name="From">The revision that it is compared with; the newest that the caller sees when left out.</param>
/// <param name="Typography">Whether full-width for half-width signs and white space count as changes.</param>
/// <param name="Html">Or as HTML.</param>
/// <example>{"markdown": "# 云泽区冬季供热保障办法\n\n第一条 为保障居民和单位冬季用热，制定本办法。\n\n第二条 本办法自2026年3月1日起施行。", "from": 1, "typography": false}</example>
public sealed record CompareText(
    [property: IsText] string? Text,
    [property: IsText] string? Markdown,
    byte[]? Docx,
    IReadOnlyList<GivenBlock>? Blocks,
    int? From,
    bool? Typography,
    [property: IsText] string? Html = null
) : IEndpoint, ITextInput
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/comparison", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Reviewer, Roles.Signer, Roles.Publisher, Roles.Supervisor, Roles.Integrator)
            .Produces<Comparison>(200, "application/json", "text/html")
            .WithName("compareText");

    static async Task<IResult> Post(
        Guid id,
        CompareText query,
        bool? unchanged,
        [OneOf(typeof(ComparisonView))] string? view,
        Caller caller,
        IQuerySession session,
        RevisionTexts texts,
        TimeProvider time,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        var invalid = new Invalid();
        var (given, tooLong) = query.Read(invalid);
        var from =
            query.From
            ?? (
                caller.SeesInside(document!)
                    ? document!.Revision
                    : Visibility.CurrentRevision(document!, ServiceDefaults.OfficialTime.Today(time))
            );
        invalid.CheckRevision(caller, document!, from, "/from");
        var layout = invalid.OneOf<ComparisonView>("view", view) ?? ComparisonView.SideBySide;
        if ((tooLong ?? invalid.Problem) is { } problem)
            return problem.ToResult();
        var before = (await texts.Find(session, document!, from, http.RequestAborted))!;
        var (after, _) = BlockIdentity.Carry(before.Blocks, given!.Blocks, document!.NextBlock);
        http.Response.Headers.CacheControl = "no-store";
        var format = http.Request.Accepted(CompareRevisions.Offered) ?? CompareRevisions.Offered[0];
        return CompareRevisions.Show(
            http,
            CompareRevisions.Written(
                document,
                Comparison.Between(from, before.Blocks, null, after, query.Typography ?? false, http.RequestAborted),
                CompareRevisions.Name(document, before),
                "未记录的文本",
                unchanged ?? true,
                format,
                layout
            ),
            format
        );
    }
}
