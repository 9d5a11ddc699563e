using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>The draws of a hearing, void ones too, and the record with which anybody draws again. Public.</summary>
public sealed class ReadDraws : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/hearings/{id:guid}/draws", List).Produces<Page<DrawOfHearing>>().WithName("listHearingDraws");
        api.MapGet("/hearings/{id:guid}/draws/{number:int}", One).Produces<HearingDrawView>().WithName("readHearingDraw");
        api.MapGet("/hearings/{id:guid}/draw", Last).Produces<DrawRecord>().WithName("readHearingDrawRecord");
    }

    /// <summary>The draws of a hearing, void ones too, oldest first, paged, each with the hashes of what was published before it.</summary>
    static async Task<IResult> List(Guid id, int? pageSize, string? pageToken, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing)
            return HearingSteps.NotFound(id).ToResult();
        var rows = hearing.Draws.Where(d => d.Number > (page.After?.Number ?? 0)).Take(page.Size + 1).ToArray();
        return Results.Ok(page.Page(rows, d => d, d => new Place(d.Number)));
    }

    /// <summary>
    /// One draw: what was published before, and once its sources spoke what they said and what it came to. As it is, it is also the file that
    /// <c>Verify draw</c> checks.
    /// </summary>
    static async Task<IResult> One(Guid id, int number, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing ? HearingSteps.NotFound(id).ToResult()
        : hearing.Draws.FirstOrDefault(d => d.Number == number) is not { } of ? NotFound(number).ToResult()
        : await Shown(of, session, http, draw => HearingDrawView.Of(id, draw));

    /// <summary>
    /// The record of the draw that was held last, with which anybody draws again: the file that <c>Verify draw</c> checks. The record of a
    /// void draw says why it is void.
    /// </summary>
    static async Task<IResult> Last(Guid id, IQuerySession session, HttpContext http) =>
        await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing ? HearingSteps.NotFound(id).ToResult()
        : hearing.Draws.LastOrDefault(d => d.HeldAt is not null) is not { } of
            ? ConsultationProblems
                .DrawNotFound.With("Nothing was drawn for this hearing yet. GET …/draws lists what is announced.")
                .ToResult()
        : await Shown(of, session, http, draw => new DrawRecord(draw.Announcement, draw.Values, draw.Outcome!));

    static async Task<IResult> Shown(DrawOfHearing of, IQuerySession session, HttpContext http, Func<HearingDraw, object> shown)
    {
        var draw = (await session.LoadAsync<HearingDraw>(of.Id, http.RequestAborted))!;
        return http.Conditional(ConditionalRequests.Tag(draw.Version, $"{draw.Number}"), () => Results.Ok(shown(draw)));
    }

    internal static Problem NotFound(int number) =>
        ConsultationProblems.DrawNotFound.With($"The hearing has no draw {number}. GET …/draws lists those that it has.");

    sealed record Place(int Number);
}

/// <summary>A draw as the API shows it.</summary>
/// <param name="HearingId">The hearing.</param>
/// <param name="Number">Which draw of the hearing.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="AnnouncementHash">The hash of all that was published before; who keeps it needs nothing else to know that none of it was changed.</param>
/// <param name="Announcement">What was published before.</param>
/// <param name="Values">What the sources said; empty while they have no values.</param>
/// <param name="Outcome">What it came to; null while its sources have no values.</param>
public sealed record HearingDrawView(
    Guid HearingId,
    int Number,
    long Version,
    string AnnouncementHash,
    DrawAnnouncement Announcement,
    IReadOnlyList<SourceValue> Values,
    DrawOutcome? Outcome
)
{
    internal static HearingDrawView Of(Guid hearing, HearingDraw draw) =>
        new(hearing, draw.Number, draw.Outcome is null ? 1 : 2, draw.Announcement.Hash(), draw.Announcement, draw.Values, draw.Outcome);
}
