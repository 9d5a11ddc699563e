using CsvHelper;
using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.FormLetters;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>What waits to be looked at, by what rules it is decided, and what was decided.</summary>
public sealed class ReadModeration : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/consultations/moderation-rules", Rules).Produces<ModerationRules>().WithName("readModerationRules");
        api.MapGet("/consultations/{id:guid}/moderation", Queue)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter, Roles.Reviewer, Roles.Supervisor)
            .Produces<Page<WaitingComment>>()
            .WithName("listWaitingComments");
        api.MapGet("/consultations/{id:guid}/moderation/log.csv", Log).Produces<string>(200, "text/csv").WithName("exportModerationLog");
    }

    /// <summary>The reasons for which a comment is not shown: a fixed list, the same for every consultation.</summary>
    static IResult Rules(HttpContext http) =>
        http.Conditional(
            ConditionalRequests.Tag(1),
            () =>
                Results.Ok(
                    new ModerationRules([
                        new(ReasonNotToShow.PersonalData, "含有本人或者他人的个人信息"),
                        new(ReasonNotToShow.Insult, "含有侮辱、诽谤、威胁的内容"),
                        new(ReasonNotToShow.Advertising, "含有商业广告"),
                        new(ReasonNotToShow.OffTopic, "与征求意见的内容无关"),
                        new(ReasonNotToShow.Unlawful, "含有法律、法规禁止发布的内容"),
                        new(ReasonNotToShow.Unreadable, "无法辨认或者没有实际内容"),
                    ])
                )
        );

    /// <summary>The comments that wait for release, those that wait longest first, paged.</summary>
    static async Task<IResult> Queue(
        Guid id,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        ReadDatabase database,
        ModerationPatience patience,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, of: id.ToString());
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is not { } consultation)
            return ConsultationSteps.NotFound(id).ToResult();
        if (!caller.SeesInside(consultation))
            return ConsultationSteps.Foreign(consultation).ToResult();
        var query = session.Query<Comment>().Where(c => c.ConsultationId == id && c.Waits);
        if (page.After is { } after)
            query = query.Where(c => c.ReceivedAt >= after.At && (c.ReceivedAt > after.At || c.Id.CompareTo(after.Id) > 0));
        var rows = await query.OrderBy(c => c.ReceivedAt).ThenBy(c => c.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        var placed = await database.LettersOf([.. rows.Take(page.Size).Select(r => r.Id)], http.RequestAborted);
        var late = await patience.LastMissed(rows.Take(page.Size).Select(Since), http.RequestAborted);
        var now = time.GetUtcNow();
        return Results.Ok(
            page.Page(
                rows,
                c => new WaitingComment(
                    CommentView.Of(c, inside: true, null, null, placed.GetValueOrDefault(c.Id)),
                    (int)(now - c.WaitsSince!.Value).TotalHours,
                    Since(c) <= late
                ),
                c => new Place(c.ReceivedAt, c.Id)
            )
        );
    }

    static DateOnly Since(Comment waiting) => OfficialTime.DateIn(waiting.WaitsSince!.Value);

    const int RowsAtOnce = 500;

    /// <summary>
    /// What was decided about the comments of a consultation, oldest first, as a table (CSV in UTF-8), without pages: a row a decision, without
    /// texts and without anything of a person.
    /// </summary>
    static async Task<IResult> Log(Guid id, IDocumentStore store, HttpContext http)
    {
        await using (var session = store.QuerySession())
            if (await session.LoadAsync<PublicConsultation>(id, http.RequestAborted) is null)
                return ConsultationSteps.NotFound(id).ToResult();
        return Results.Stream(
            async body =>
            {
                using var piece = new MemoryStream();
                using var csv = CsvWriter.Create(piece, new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, true);
                csv.WriteRecord(["comment", "decision", "reason", "block", "position", "decidedAt"]);
                await using var session = store.QuerySession();
                var rows = 0;
                await foreach (
                    var c in session
                        .Query<Comment>()
                        .Where(c => c.ConsultationId == id && (c.State == CommentState.Shown || c.State == CommentState.NotShown))
                        .OrderBy(c => c.ReceivedAt)
                        .ToAsyncEnumerable(http.RequestAborted)
                )
                {
                    csv.WriteRecord([
                        c.Id.ToString(),
                        JsonDefaults.Word(c.State),
                        c.NotShownBecause is { } reason ? JsonDefaults.Word(reason) : "",
                        c.Block ?? "",
                        JsonDefaults.Word(c.Position),
                        c.ChangedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
                    ]);
                    if (++rows % RowsAtOnce == 0)
                        await Send();
                }
                await Send();

                async Task Send()
                {
                    csv.Flush();
                    await body.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), http.RequestAborted);
                    piece.SetLength(0);
                }
            },
            "text/csv; charset=utf-8",
            "moderation.csv"
        );
    }

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>By what it is decided whether a comment is shown.</summary>
/// <param name="Reasons">The reasons for which one is not.</param>
public sealed record ModerationRules(IReadOnlyList<ModerationRule> Reasons);

/// <summary>A reason for which a comment is not shown.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Meaning">What it means, in Chinese.</param>
public sealed record ModerationRule(ReasonNotToShow Reason, string Meaning);

/// <summary>A comment that waits to be looked at.</summary>
/// <param name="Comment">The comment.</param>
/// <param name="WaitingHours">How many hours it, or what was added to it after it was released, has waited.</param>
/// <param name="IsOverdue">Whether it should have been looked at by now: its body is reminded of it, after three working days unless configured.</param>
public sealed record WaitingComment(CommentView Comment, int WaitingHours, bool IsOverdue);
