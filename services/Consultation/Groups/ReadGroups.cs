using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Groups;

/// <summary>The groups of a consultation. Everybody reads those that have their feedback, from the end of the consultation on.</summary>
public sealed class ReadGroups : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations/{id:guid}/groups", List).Produces<Page<GroupView>>().WithName("listGroups");
        api.MapGet("/consultations/{id:guid}/groups/{group:guid}", One).Produces<GroupView>().WithName("readGroup");
    }

    /// <summary>
    /// The groups of a consultation in the order in which they were made, paged; by block. Everybody reads those that have their feedback; those
    /// who carry the consultation out read all.
    /// </summary>
    static async Task<IResult> List(
        Guid id,
        string? block,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, of: id.ToString());
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is not { } consultation)
            return ConsultationSteps.NotFound(id).ToResult();
        var query = session.Query<CommentGroup>().Where(g => g.ConsultationId == id);
        if (!caller.SeesInside(consultation))
            query = query.Where(g => g.Feedback != null);
        if (block is not null)
            query = query.Where(g => g.Blocks.Contains(block));
        if (page.After is { } after)
            query = query.Where(g => g.MadeAt > after.At || g.MadeAt == after.At && g.Id.CompareTo(after.Id) > 0);
        var rows = await query.OrderBy(g => g.MadeAt).ThenBy(g => g.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        var counts = await CommentTally.Read(database, id, http.RequestAborted);
        return Results.Ok(
            page.Page(rows, g => GroupView.Of(g, (int)counts.GetValueOrDefault($"group/{g.Id:N}")), g => new Place(g.MadeAt, g.Id))
        );
    }

    /// <summary>One group, as the caller may read it.</summary>
    static async Task<IResult> One(Guid id, Guid group, Caller caller, IQuerySession session, ReadDatabase database, HttpContext http)
    {
        if (
            await session.LoadAsync<CommentGroup>(group, http.RequestAborted) is not { } found
            || found.ConsultationId != id
            || await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is not { } consultation
            || found.Feedback is null && !caller.SeesInside(consultation)
        )
            return NotFound(group).ToResult();
        var count = (await CommentTally.Read(database, id, http.RequestAborted)).GetValueOrDefault($"group/{group:N}");
        return http.Conditional(ConditionalRequests.Tag(found.Version, $"{count}"), () => Results.Ok(GroupView.Of(found, (int)count)));
    }

    internal static Problem NotFound(Guid id) => ConsultationProblems.GroupNotFound.With($"There is no group {id} that you may see.");

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>A group as the API shows it.</summary>
/// <param name="Id">The group.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Title">What the comments say, in a few words.</param>
/// <param name="Description">The same at length.</param>
/// <param name="Blocks">The blocks that they are about.</param>
/// <param name="Comments">How many comments are in it; null where that was not counted.</param>
/// <param name="Feedback">What became of it.</param>
/// <param name="ChangedAt">When something last happened to it, UTC.</param>
public sealed record GroupView(
    Guid Id,
    long Version,
    Guid ConsultationId,
    string Title,
    string? Description,
    IReadOnlyList<string> Blocks,
    int? Comments,
    Feedback? Feedback,
    DateTimeOffset ChangedAt
)
{
    internal static GroupView Of(CommentGroup g, int? comments) =>
        new(g.Id, g.Version, g.ConsultationId, g.Title, g.Description, g.Blocks, comments, g.Feedback, g.ChangedAt);
}
