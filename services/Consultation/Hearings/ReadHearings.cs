using System.ComponentModel;
using Marten;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.Contracts.Documents.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>The hearings and symposia, last announced first, and one with all that a page of it needs. Public.</summary>
public sealed class ReadHearings : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/hearings", List).Produces<Page<HearingView>>().WithName("listHearings");
        api.MapGet("/hearings/{id:guid}", One).Produces<HearingView>().WithName("readHearing");
    }

    /// <summary>
    /// The hearings and symposia, last announced first, paged; by state, kind, document, consultation and the body that carries them out.
    /// Those who work on one see its files before they are sent, and whether they are overdue.
    /// </summary>
    static async Task<IResult> List(
        [OneOf(typeof(HearingState))] string? state,
        [OneOf(typeof(HearingKind))] string? kind,
        Guid? document,
        [Description("Only those within this consultation: its id.")] Guid? consultation,
        string? body,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        Documents.DocumentsClient documents,
        ILogger<ReadHearings> logger,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        var inState = invalid.OneOf<HearingState>("state", state);
        var ofKind = invalid.OneOf<HearingKind>("kind", kind);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var now = time.GetUtcNow();
        var query = await InState(session.Query<PublicHearing>(), inState, now).Shown(session, caller, http.RequestAborted);
        if (ofKind is not null)
            query = query.Where(h => h.Terms.Kind == ofKind.Value);
        if (document is { } about)
        {
            query = query.Where(h => h.DocumentId == about);
            // By a draft that they do not name to the caller, none are found.
            if (!caller.SeesInside([]) && !(await documents.Named(session, [about], logger, http.RequestAborted)).Contains(about))
                query = query.Where(h => h.Bodies.Contains(caller.Organisation));
        }
        if (consultation is not null)
            query = query.Where(h => h.ConsultationId == consultation);
        if (body is not null)
            query = query.Where(h => h.Bodies.Contains(body));
        if (page.After is { } after)
            query = query.Where(h => h.AnnouncedAt < after.At || h.AnnouncedAt == after.At && h.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(h => h.AnnouncedAt)
            .ThenByDescending(h => h.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        var named = await documents.Named(
            session,
            rows.Where(h => !caller.SeesInside(h.Bodies)).Select(h => h.DocumentId).OfType<Guid>(),
            logger,
            http.RequestAborted
        );
        return Results.Ok(
            page.Page(rows, h => HearingView.Of(h, now, caller.SeesInside(h.Bodies), named), h => new Place(h.AnnouncedAt, h.Id))
        );
    }

    // As PublicHearing.StateAt has it.
    static IQueryable<PublicHearing> InState(IQueryable<PublicHearing> query, HearingState? state, DateTimeOffset now)
    {
        if (state is null)
            return query;
        if (state is HearingState.Cancelled)
            return query.Where(h => h.CancelledAt != null);
        query = query.Where(h => h.CancelledAt == null);
        if (state is HearingState.Published)
            return query.Where(h => h.PublishedAt != null);
        query = query.Where(h => h.PublishedAt == null);
        if (state is HearingState.Recorded)
            return query.Where(h => h.RecordedAt != null);
        query = query.Where(h => h.RecordedAt == null);
        if (state is HearingState.Held)
            return query.Where(h => h.EndsAt <= now);
        query = query.Where(h => h.EndsAt > now);
        if (state is HearingState.Selected)
            return query.Where(h => h.SelectedAt != null);
        query = query.Where(h => h.SelectedAt == null);
        return state is HearingState.Closed
            ? query.Where(h => h.ApplicationsUntil != null && h.ApplicationsUntil <= now)
            : query.Where(h => h.ApplicationsUntil == null || h.ApplicationsUntil > now);
    }

    /// <summary>
    /// One hearing or symposium with all that a page of it needs. Those who work on it see its files before they are sent, and whether they
    /// are overdue.
    /// </summary>
    static async Task<IResult> One(
        Guid id,
        Caller caller,
        IQuerySession session,
        Documents.DocumentsClient documents,
        ILogger<ReadHearings> logger,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await session.LoadAsync<PublicHearing>(id, http.RequestAborted) is not { } hearing)
            return HearingSteps.NotFound(id).ToResult();
        var now = time.GetUtcNow();
        var inside = caller.SeesInside(hearing.Bodies);
        // Who reads contacts names the version that a reading counts up.
        var version = hearing.VersionFor(inside || caller.HasAny(Roles.PersonalData));
        var view = HearingView.Of(
            hearing,
            now,
            inside,
            !inside && hearing.DocumentId is { } about ? await documents.Named(session, [about], logger, http.RequestAborted) : null
        );
        return http.Conditional(
            ConditionalRequests.Tag(
                version,
                $"{JsonDefaults.Word(hearing.StateAt(now))}{(inside ? hearing.IsOverdueOn(time.Today()) ? ".o" : ".i" : "")}{(view.DocumentId == hearing.DocumentId ? "" : ".d")}"
            ),
            () => Results.Ok(view with { Version = version })
        );
    }

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>A hearing or symposium as the API shows it.</summary>
/// <param name="Id">The hearing.</param>
/// <param name="Version">The version of its history: its ETag. The public's counts what everybody sees.</param>
/// <param name="State">Where it is on its way, now.</param>
/// <param name="Terms">What was announced, as it holds now.</param>
/// <param name="ConsultationId">The consultation that it belongs to.</param>
/// <param name="DocumentId">
/// The document that it is about. A draft that no consultation names is named to those alone who work on the hearing, until it is published.
/// </param>
/// <param name="Bodies">The bodies that carry it out, codes of the Catalog, the leading one first.</param>
/// <param name="AnnouncedAt">When it was announced, UTC.</param>
/// <param name="Changes">What was changed about it.</param>
/// <param name="Draws">Its draws, void ones too.</param>
/// <param name="SelectedAt">Since when it is known who takes part, UTC.</param>
/// <param name="Counts">How many of each kind applied, and what became of them.</param>
/// <param name="ParticipantsPublishedAt">Since when the list of participants is public, UTC.</param>
/// <param name="Materials">The files for the participants; only for those who work on it until they are sent.</param>
/// <param name="MaterialsSentAt">Since when the participants have them, UTC.</param>
/// <param name="MaterialsOverdue">Whether they should have been sent by now; only for those who work on it.</param>
/// <param name="Record">Which record holds; 0 while none is written.</param>
/// <param name="PublishedAt">When record and report were published, UTC.</param>
public sealed record HearingView(
    Guid Id,
    long Version,
    HearingState State,
    HearingTerms Terms,
    Guid? ConsultationId,
    Guid? DocumentId,
    IReadOnlyList<string> Bodies,
    DateTimeOffset AnnouncedAt,
    IReadOnlyList<HearingChange> Changes,
    IReadOnlyList<DrawOfHearing> Draws,
    DateTimeOffset? SelectedAt,
    IReadOnlyList<HearingCount> Counts,
    DateTimeOffset? ParticipantsPublishedAt,
    IReadOnlyList<HearingMaterial> Materials,
    DateTimeOffset? MaterialsSentAt,
    bool? MaterialsOverdue,
    int Record,
    DateTimeOffset? PublishedAt
)
{
    internal static HearingView Of(PublicHearing h, DateTimeOffset now, bool inside, IReadOnlySet<Guid>? named = null) =>
        new(
            h.Id,
            h.VersionFor(inside),
            h.StateAt(now),
            h.Terms,
            h.ConsultationId,
            inside || h.DocumentId is { } about && named?.Contains(about) is true ? h.DocumentId : null,
            h.Bodies,
            h.AnnouncedAt,
            h.Changes,
            h.Draws,
            h.SelectedAt,
            h.Counts,
            h.ParticipantsPublishedAt,
            inside || h.MaterialsSentAt is not null ? h.Materials : [],
            h.MaterialsSentAt,
            inside ? h.IsOverdueOn(OfficialTime.DateIn(now)) : null,
            h.Record,
            h.PublishedAt
        );
}
