using Marten;
using PolicyPlatform.Consultation.Analysis;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.TakenDown;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>The consultations, last opened first, and one with all that a page of it needs. Public.</summary>
public sealed class ReadConsultations : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations", List).Produces<Page<ConsultationView>>().WithName("listConsultations");
        api.MapGet("/consultations/{id:guid}", One).Produces<ConsultationView>().WithName("readConsultation");
        api.MapGet("/consultations/{id:guid}/revisions/{revision:int}", Text).Produces<ConsultedTextView>().WithName("readConsultedText");
        api.MapGet("/documents/{id:guid}/consultations", OfDocument)
            .Produces<Page<ConsultationView>>()
            .WithName("listConsultationsOfDocument");
    }

    /// <summary>The consultations, last opened first, paged; by state, document, consulting body and subject category. Without their texts.</summary>
    static Task<IResult> List(
        [OneOf(typeof(ConsultationState))] string? state,
        Guid? document,
        string? body,
        string? subject,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        return Paged(invalid.OneOf<ConsultationState>("state", state), document, body, subject, page, invalid, caller, session, time, http);
    }

    /// <summary>The consultations about a document, last opened first, paged; they stay with it for ever (M 18).</summary>
    static Task<IResult> OfDocument(
        Guid id,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid);
        return Paged(null, id, null, null, page, invalid, caller, session, time, http);
    }

    static async Task<IResult> Paged(
        ConsultationState? state,
        Guid? document,
        string? body,
        string? subject,
        PageRequest<Place> page,
        Invalid invalid,
        Caller caller,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var now = time.GetUtcNow();
        var query = await InState(session.Query<PublicConsultation>(), state, now).Shown(session, caller, http.RequestAborted);
        if (document is not null)
            query = query.Where(c => c.DocumentId == document);
        if (body is not null)
            query = query.Where(c => c.Issuers.Contains(body));
        if (subject is not null)
            query = query.Where(c => c.Subject == subject);
        if (page.After is { } after)
            query = query.Where(c => c.OpenedAt < after.At || c.OpenedAt == after.At && c.Id.CompareTo(after.Id) < 0);
        var rows = await query
            .OrderByDescending(c => c.OpenedAt)
            .ThenByDescending(c => c.Id)
            .Take(page.Size + 1)
            .ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, c => ConsultationView.Of(c, null, now, caller.SeesInside(c)), c => new Place(c.OpenedAt, c.Id)));
    }

    // The same rule as PublicConsultation.StateAt, as the database reads it.
    static IQueryable<PublicConsultation> InState(IQueryable<PublicConsultation> query, ConsultationState? state, DateTimeOffset now) =>
        state switch
        {
            ConsultationState.GivenUp => query.Where(c => c.GivenUpAt != null),
            ConsultationState.Completed => query.Where(c => c.CompletedAt != null),
            ConsultationState.Closed => query.Where(c => !c.IsOver && c.ClosesAt <= now),
            ConsultationState.Suspended => query.Where(c => !c.IsOver && c.ClosesAt > now && c.SuspendedAt != null),
            ConsultationState.Open => query.Where(c => !c.IsOver && c.ClosesAt > now && c.SuspendedAt == null),
            _ => query,
        };

    /// <summary>One consultation with all that a page of it needs: what was announced, the text put up last, block by block.</summary>
    static async Task<IResult> One(
        Guid id,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is not { } consultation)
            return ConsultationSteps.NotFound(id).ToResult();
        var now = time.GetUtcNow();
        var inside = caller.SeesInside(consultation);
        var counts = ConsultationStatistics.Of(id, await CommentTally.Read(database, id, http.RequestAborted));
        var text = await session.Text(id, consultation.Revision, http.RequestAborted);
        return http.Conditional(
            ConditionalRequests.Tag(
                consultation.VersionFor(inside),
                $"{(inside ? "i" : "")}{(text?.Erased is null ? "" : "e")}{JsonDefaults.Word(consultation.StateAt(now))}{counts.Received}-{counts.Shown}-{counts.NotShown}-{counts.Withdrawn}"
            ),
            () => Results.Ok(ConsultationView.Of(consultation, text, now, inside) with { Counts = CommentCounts.Of(counts) })
        );
    }

    /// <summary>The text of a revision that was put up.</summary>
    static async Task<IResult> Text(Guid id, int revision, IQuerySession session, HttpContext http) =>
        await session.Text(id, revision, http.RequestAborted) is { } text
            ? text.Erased is not null
                ? CommonProblems.Erased.With($"The text of revision {revision} was erased for good.").ToResult()
                : http.Conditional(ConditionalRequests.Tag(revision), () => Results.Ok(new ConsultedTextView(id, revision, text.Blocks)))
            : ConsultationProblems
                .NotFound.With(
                    $"Revision {revision} was not put up in a consultation {id}. GET …/consultations/{id} lists those that were."
                )
                .ToResult();

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>How many comments a consultation has, for its page.</summary>
/// <param name="Received">How many were received and not withdrawn.</param>
/// <param name="Shown">How many of them everybody reads.</param>
/// <param name="NotShown">How many are not shown.</param>
/// <param name="Signatures">How many people signed them.</param>
/// <param name="Positions">By position.</param>
/// <param name="Blocks">By block; empty for the whole.</param>
public sealed record CommentCounts(
    long Received,
    long Shown,
    long NotShown,
    long Signatures,
    IReadOnlyList<Counted> Positions,
    IReadOnlyList<Counted> Blocks
)
{
    internal static CommentCounts Of(ConsultationStatistics all) =>
        new(all.Received, all.Shown, all.NotShown, all.Signatures, all.Positions, all.Blocks);

    internal bool IsLike(CommentCounts? other) =>
        (Received, Shown, NotShown, Signatures) == (other?.Received, other?.Shown, other?.NotShown, other?.Signatures);
}

/// <summary>The text of a revision that was put up.</summary>
/// <param name="ConsultationId">The consultation.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Blocks">Its blocks in reading order.</param>
public sealed record ConsultedTextView(Guid ConsultationId, int Revision, IReadOnlyList<ConsultedBlock> Blocks);

/// <summary>A consultation as the API shows it.</summary>
/// <param name="Id">The consultation.</param>
/// <param name="Version">The version of its history: its ETag. The public's counts what everybody sees.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Title">标题.</param>
/// <param name="Body">The consulting body, a code of the Catalog.</param>
/// <param name="Issuers">发文机关, codes of the Catalog, the leading one first.</param>
/// <param name="Subject">主题分类, a code of the Catalog.</param>
/// <param name="State">Where it is on its way, now.</param>
/// <param name="OpenedAt">When it was opened, UTC.</param>
/// <param name="ClosesOn">The last day for comments, Asia/Shanghai.</param>
/// <param name="ClosesAt">The instant from which on no comment is taken, UTC.</param>
/// <param name="Counted">How the last day was counted.</param>
/// <param name="ShorterBecause">Why it is shorter than the rules want.</param>
/// <param name="TouchesBusiness">Whether it touches business (优化营商环境条例 62).</param>
/// <param name="Announcement">What is published with the draft.</param>
/// <param name="Showing">When comments are shown.</param>
/// <param name="WorkBits">How many leading zero bits the proof of work of a comment has; 0 for none.</param>
/// <param name="FeedbackDueOn">The last day for feedback, Asia/Shanghai.</param>
/// <param name="Revision">The revision put up last.</param>
/// <param name="Revisions">All that were put up.</param>
/// <param name="Interpretations">The interpretations that are shown with it.</param>
/// <param name="Changes">What was changed about the period.</param>
/// <param name="Blocks">The text put up last, in reading order; null in lists and in answers to writes.</param>
/// <param name="Counts">How many comments there are; null in lists and in answers to writes.</param>
/// <param name="HasSummary">Whether its summary is published: GET …/summary.</param>
public sealed record ConsultationView(
    Guid Id,
    long Version,
    Guid DocumentId,
    string Title,
    string Body,
    IReadOnlyList<string> Issuers,
    string? Subject,
    ConsultationState State,
    DateTimeOffset OpenedAt,
    DateOnly ClosesOn,
    DateTimeOffset ClosesAt,
    string Counted,
    string? ShorterBecause,
    bool TouchesBusiness,
    Announcement Announcement,
    ShowingOfComments Showing,
    int WorkBits,
    DateOnly FeedbackDueOn,
    int Revision,
    IReadOnlyList<PutUp> Revisions,
    IReadOnlyList<Guid> Interpretations,
    IReadOnlyList<PeriodChange> Changes,
    IReadOnlyList<ConsultedBlock>? Blocks,
    CommentCounts? Counts,
    bool HasSummary
)
{
    internal static ConsultationView Of(PublicConsultation c, ConsultedText? text, DateTimeOffset now, bool inside) =>
        new(
            c.Id,
            c.VersionFor(inside),
            c.DocumentId,
            c.Title,
            c.Body,
            c.Issuers,
            c.Subject,
            c.StateAt(now),
            c.OpenedAt,
            c.ClosesOn,
            c.ClosesAt,
            c.Counted,
            c.ShorterBecause,
            c.TouchesBusiness,
            c.Announcement,
            c.Showing,
            c.WorkBits,
            c.FeedbackDueOn,
            c.Revision,
            c.Revisions,
            c.Interpretations,
            c.Changes,
            text is { Erased: null } ? text.Blocks : null,
            null,
            c.CompletedAt is not null
        );
}
