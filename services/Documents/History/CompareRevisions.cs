using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>Compares two revisions of a document block by block, as JSON or as a page to read.</summary>
public sealed class CompareRevisions : IEndpoint
{
    // Counts up when the same texts are compared otherwise than before.
    const int Form = 3;

    internal static readonly string[] Offered = ["application/json", "text/html"];

    // Two revisions never differ otherwise than before, and what was amended last is asked for by many. 32 MB.
    static readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = 32 * 1024 * 1024 });

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/comparison", Get)
            .Produces<Comparison>(200, "application/json", "text/html")
            .WithTags("History")
            .WithName("compareRevisions");

    static async Task<IResult> Get(
        Guid id,
        int? from,
        int? to,
        bool? typography,
        bool? unchanged,
        string? view,
        Caller caller,
        IQuerySession session,
        RevisionTexts texts,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id).ToResult();
        var invalid = new Invalid();
        Check("from", from);
        Check("to", to);
        var layout = invalid.OneOf<ComparisonView>("view", view) ?? ComparisonView.SideBySide;
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (http.Request.Accepted(Offered) is not { } format)
            return CommonProblems.NotAcceptable.With($"A comparison can be had as {string.Join(" or ", Offered)}.").ToResult();

        var tag = $"\"c{from}-{to}-{document!.Version}-{typography}-{unchanged}-{format}-{layout}-{Form}\"";
        return await http.ConditionalAsync(
            tag,
            async () =>
            {
                if (answers.TryGetValue((id, tag), out byte[]? known))
                    return Show(http, known!, format);
                var before = (await texts.Find(session, id, from!.Value, http.RequestAborted))!;
                var after = (await texts.Find(session, id, to!.Value, http.RequestAborted))!;
                var answer = Written(
                    document!,
                    Comparison.Between(from, before.Blocks, to, after.Blocks, typography ?? false, http.RequestAborted) with
                    {
                        Files = FileChange.Between(before.Files, after.Files),
                    },
                    Name(document!, before),
                    Name(document!, after),
                    unchanged ?? true,
                    format,
                    layout
                );
                return Show(http, answers.Set((id, tag), answer, new MemoryCacheEntryOptions { Size = answer.Length }), format);
            }
        );

        void Check(string name, int? revision) =>
            invalid
                .If(revision is null, name, "value.missing", "The number of a revision is required: ?from=1&to=2.")
                .If(
                    revision is { } n && !caller.SeesRevision(document!, n),
                    name,
                    "revision.unknown",
                    $"There is no revision {revision} that you may see. GET …/revisions lists those there are."
                );
    }

    /// <summary>第2次文本（2026-05-28起施行）, of a draft with the day of its recording.</summary>
    internal static string Name(PolicyDocument document, CompleteText text) =>
        document.PublicTexts.FirstOrDefault(t => t.Revision == text.Revision) is { } known
            ? $"第{text.Revision}次文本（{known.EffectiveFrom:yyyy-MM-dd}起施行）"
            : $"第{text.Revision}次文本（{ServiceDefaults.OfficialTime.DateIn(text.RecordedAt):yyyy-MM-dd}记录）";

    internal static byte[] Written(
        PolicyDocument document,
        Comparison comparison,
        string from,
        string to,
        bool unchanged,
        string format,
        ComparisonView layout
    )
    {
        if (!unchanged)
            comparison = comparison with { Blocks = [.. comparison.Blocks.Where(c => c.Change is not ChangeKind.Unchanged)] };
        return format is "application/json"
            ? JsonSerializer.SerializeToUtf8Bytes(comparison, JsonDefaults.Options)
            : Encoding.UTF8.GetBytes(ComparisonPage.Write(document.Title, comparison, from, to, layout));
    }

    internal static IResult Show(HttpContext http, byte[] written, string format)
    {
        if (format is "text/html")
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return Results.Bytes(written, $"{format}; charset=utf-8");
    }
}

/// <summary>Says what would change if a text were recorded, without recording it.</summary>
/// <param name="Text">The text as plain text.</param>
/// <param name="Markdown">Or as Markdown.</param>
/// <param name="Docx">Or as a Word file, in base64.</param>
/// <param name="Blocks">Or paragraph by paragraph.</param>
/// <param name="From">The revision that it is compared with; the newest that the caller sees when left out.</param>
/// <param name="Typography">Whether full-width for half-width signs and white space count as changes.</param>
/// <param name="Html">Or as HTML.</param>
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
            .WithTags("History")
            .WithName("compareText");

    static async Task<IResult> Post(
        Guid id,
        CompareText query,
        bool? unchanged,
        string? view,
        Caller caller,
        IQuerySession session,
        RevisionTexts texts,
        TimeProvider time,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id).ToResult();
        var invalid = new Invalid();
        var (given, tooLong) = query.Read(invalid);
        var from =
            query.From
            ?? (
                caller.SeesInside(document!)
                    ? document!.Revision
                    : Visibility.CurrentRevision(document!, ServiceDefaults.OfficialTime.Today(time))
            );
        invalid.If(
            !caller.SeesRevision(document!, from),
            "/from",
            "revision.unknown",
            $"There is no revision {from} that you may see. GET …/revisions lists those there are."
        );
        var layout = invalid.OneOf<ComparisonView>("view", view) ?? ComparisonView.SideBySide;
        if ((tooLong ?? invalid.Problem) is { } problem)
            return problem.ToResult();
        var before = (await texts.Find(session, id, from, http.RequestAborted))!;
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

/// <summary>What changed between two texts.</summary>
/// <param name="From">The earlier revision.</param>
/// <param name="To">The later revision; null for a text that is not recorded.</param>
/// <param name="Counts">How many blocks there are of each change.</param>
/// <param name="Articles">The articles, or clauses of a notice, that are not what they were.</param>
/// <param name="Blocks">Every block with what became of it, in the order of the later text; without the unchanged ones for
/// <c>unchanged=false</c>.</param>
public sealed record Comparison(
    int? From,
    int? To,
    IReadOnlyDictionary<ChangeKind, int> Counts,
    IReadOnlyList<ArticleChange> Articles,
    IReadOnlyList<BlockChange> Blocks
)
{
    /// <summary>The files that came, went or were replaced.</summary>
    public IReadOnlyList<FileChange> Files { get; init; } = [];

    internal static Comparison Between(
        int? from,
        IReadOnlyList<Block> before,
        int? to,
        IReadOnlyList<Block> after,
        bool typography,
        CancellationToken cancellation
    )
    {
        var changes = TextComparison.Compare(before, after, typography, cancellation);
        return new(from, to, TextComparison.Count(changes), TextComparison.Articles(before, after, changes), changes);
    }
}

/// <summary>What became of a file that goes with a text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Change">Added, removed, or modified: another file of the same name.</param>
public sealed record FileChange(string Name, ChangeKind Change)
{
    internal static IReadOnlyList<FileChange> Between(IReadOnlyList<AttachedFile> before, IReadOnlyList<AttachedFile> after)
    {
        var was = Sent(before);
        var now = Sent(after);
        return
        [
            .. now.Where(f => !was.TryGetValue(f.Key, out var hash) || hash != f.Value)
                .Select(f => new FileChange(f.Key, was.ContainsKey(f.Key) ? ChangeKind.Modified : ChangeKind.Added)),
            .. was.Where(f => !now.ContainsKey(f.Key)).Select(f => new FileChange(f.Key, ChangeKind.Removed)),
        ];

        static Dictionary<string, string> Sent(IReadOnlyList<AttachedFile> files) =>
            files.Where(f => f.Sent is true).ToDictionary(f => f.Name, f => f.Sha256);
    }
}
