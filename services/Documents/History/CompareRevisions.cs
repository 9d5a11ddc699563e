using Marten;
using PolicyPlatform.Documents.Drafting;
using PolicyPlatform.Documents.Text;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Documents.History;

/// <summary>Compares two revisions of a document block by block.</summary>
public sealed class CompareRevisions : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/documents/{id:guid}/comparison", Get)
        .Produces<Comparison>().WithTags("History").WithName("compareRevisions");

    static async Task<IResult> Get(Guid id, int? from, int? to, bool? typography, bool? unchanged, Caller caller, IQuerySession session, RevisionTexts texts, HttpContext http)
    {
        var document = await session.LoadAsync<PolicyDocument>(id, http.RequestAborted);
        if (!caller.Sees(document)) return Visibility.NotFound(id).ToResult();
        var invalid = new Invalid();
        Check("from", from);
        Check("to", to);
        if (invalid.Problem is { } problem) return problem.ToResult();

        return await http.ConditionalAsync($"\"c{from}-{to}-{typography}-{unchanged}\"", async () =>
        {
            var before = (await texts.Find(session, id, from!.Value, http.RequestAborted))!.Blocks;
            var after = (await texts.Find(session, id, to!.Value, http.RequestAborted))!.Blocks;
            var changes = TextComparison.Compare(before, after, typography ?? false);
            return Results.Ok(new Comparison(from.Value, to.Value, TextComparison.Count(changes), TextComparison.Articles(before, after, changes),
                unchanged is false ? [.. changes.Where(c => c.Change is not ChangeKind.Unchanged)] : changes));
        });

        void Check(string name, int? revision) => invalid
            .If(revision is null, name, "value.missing", "The number of a revision is required: ?from=1&to=2.")
            .If(revision is { } n && !caller.SeesRevision(document!, n), name, "revision.unknown", $"There is no revision {revision} that you may see. GET …/revisions lists those there are.");
    }
}

/// <summary>What changed between two revisions.</summary>
/// <param name="From">The earlier revision.</param>
/// <param name="To">The later revision.</param>
/// <param name="Counts">How many blocks there are of each change.</param>
/// <param name="Articles">The articles, or clauses of a notice, that are not what they were.</param>
/// <param name="Blocks">Every block with what became of it, in the order of the later text; without the unchanged ones for <c>unchanged=false</c>.</param>
public sealed record Comparison(int From, int To, IReadOnlyDictionary<ChangeKind, int> Counts, IReadOnlyList<ArticleChange> Articles, IReadOnlyList<BlockChange> Blocks);
