using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.Caching.Memory;
using PolicyPlatform.Documents.Revisions;
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
            .WithName("compareRevisions");

    static async Task<IResult> Get(
        Guid id,
        [Required, Description("The older revision.")] int? from,
        [Required, Description("The newer revision.")] int? to,
        [Description("Whether differences of typography alone, such as half and full width, are shown.")] bool? typography,
        bool? unchanged,
        [OneOf(typeof(ComparisonView))] string? view,
        Caller caller,
        IQuerySession session,
        RevisionTexts texts,
        HttpContext http
    )
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document))
            return Visibility.NotFound(id, document).ToResult();
        var invalid = new Invalid();
        Check("from", from);
        Check("to", to);
        var layout = invalid.OneOf<ComparisonView>("view", view) ?? ComparisonView.SideBySide;
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (http.Request.Accepted(Offered) is not { } format)
            return CommonProblems.NotAcceptable.With($"A comparison can be had as {string.Join(", ", Offered)}.").ToResult();

        var tag = $"\"c{from}-{to}-{document!.Version}-{typography}-{unchanged}-{format}-{layout}-{Form}\"";
        return await http.ConditionalAsync(
            tag,
            async () =>
            {
                if (answers.TryGetValue((id, tag), out byte[]? known))
                    return Show(http, known!, format);
                var before = (await texts.Find(session, document!, from!.Value, http.RequestAborted))!;
                var after = (await texts.Find(session, document!, to!.Value, http.RequestAborted))!;
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

        void Check(string name, int? revision)
        {
            if (revision is { } n)
                invalid.CheckRevision(caller, document!, n, name);
            else
                invalid.Add(name, "value.missing", "The number of a revision is required: ?from=1&to=2.");
        }
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
