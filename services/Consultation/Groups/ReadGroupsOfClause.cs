using System.ComponentModel;
using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Groups;

/// <summary>From a clause back to those who changed it. Public.</summary>
public sealed class ReadGroupsOfClause : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/documents/{id:guid}/consultations/groups", List)
            .Produces<Page<GroupOfClause>>()
            .WithName("listGroupsThatChangedDocument");

    /// <summary>
    /// The groups of comments that were adopted, at least in part, and whose feedback names the revision that answers them: of all
    /// consultations about the document that are completed, in the order in which they were made, paged; by block. A block keeps its id from
    /// revision to revision, so it is that of the published text.
    /// </summary>
    static async Task<IResult> List(
        Guid id,
        [Description("A block: those alone that changed it.")] string? block,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, of: $"{id} {block}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var shown = await session.Query<PublicConsultation>().Shown(session, caller, http.RequestAborted);
        var completed = (await shown.Where(c => c.DocumentId == id && c.CompletedAt != null).ToListAsync(http.RequestAborted)).ToDictionary(
            c => c.Id
        );
        Guid[] ids = [.. completed.Keys];
        var query = session
            .Query<CommentGroup>()
            .Where(g =>
                g.ConsultationId.IsOneOf(ids)
                && g.Feedback != null
                && g.Feedback.Revision != null
                && g.Feedback.Outcome != FeedbackOutcome.NotAdopted
            );
        // Feedback that names no block is about those that the group is about.
        if (block is not null)
            query = query.Where(g => g.Feedback!.Block == block || g.Feedback.Block == null && g.Blocks.Contains(block));
        if (page.After is { } after)
            query = query.Where(g => g.MadeAt > after.At || g.MadeAt == after.At && g.Id.CompareTo(after.Id) > 0);
        var rows = await query.OrderBy(g => g.MadeAt).ThenBy(g => g.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        var counts = new Dictionary<Guid, IReadOnlyDictionary<string, long>>();
        foreach (var consultation in rows.Select(g => g.ConsultationId).Distinct())
            counts[consultation] = await CommentTally.Read(database, consultation, http.RequestAborted);
        return Results.Ok(
            page.Page(
                rows,
                g => GroupOfClause.Of(g, completed[g.ConsultationId], (int)counts[g.ConsultationId].GetValueOrDefault($"group/{g.Id:N}")),
                g => new Place(g.MadeAt, g.Id)
            )
        );
    }

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>A group of comments that changed clauses of a document.</summary>
/// <param name="Id">The group.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="ConsultationTitle">标题 of what was consulted on.</param>
/// <param name="Title">What the comments say, in a few words.</param>
/// <param name="Description">The same at length.</param>
/// <param name="Blocks">The blocks that were changed.</param>
/// <param name="Comments">How many comments are in it.</param>
/// <param name="Feedback">What became of it, and in which revision.</param>
/// <param name="Link">Where it is.</param>
public sealed record GroupOfClause(
    Guid Id,
    Guid ConsultationId,
    string ConsultationTitle,
    string Title,
    string? Description,
    IReadOnlyList<string> Blocks,
    int Comments,
    Feedback Feedback,
    string Link
)
{
    internal static GroupOfClause Of(CommentGroup g, PublicConsultation c, int comments) =>
        new(
            g.Id,
            c.Id,
            c.Title,
            g.Title,
            g.Description,
            g.Feedback!.Block is { } block ? [block] : g.Blocks,
            comments,
            g.Feedback,
            $"/api/v1/consultations/{c.Id}/groups/{g.Id}"
        );
}
