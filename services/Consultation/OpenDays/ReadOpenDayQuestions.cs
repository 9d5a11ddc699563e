using System.ComponentModel;
using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>The questions of an open day. The public reads those that are answered, an asker the own one with its receipt.</summary>
public sealed class ReadOpenDayQuestions : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/open-days/{id:guid}/questions", List).Produces<Page<OpenDayQuestionView>>().WithName("listOpenDayQuestions");
        api.MapGet("/open-days/{id:guid}/questions/{questionId:guid}", One).Produces<OpenDayQuestionView>().WithName("readOpenDayQuestion");
    }

    /// <summary>
    /// The questions that were asked on an open day, first asked first, paged: those that are answered, and for those who hold it all of
    /// them. Those that were gathered before are at <c>/questions?openDay=…</c>.
    /// </summary>
    static async Task<IResult> List(Guid id, int? pageSize, string? pageToken, Caller caller, IQuerySession session, HttpContext http)
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}");
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        if (await session.LoadAsync<OpenDay>(id, http.RequestAborted) is not { } day)
            return OpenDaySteps.NotFound(id).ToResult();
        var query = session.Query<OpenDayQuestion>().Where(q => q.OpenDayId == id && q.IsLive);
        if (!caller.SeesInside([day.Body]))
            query = query.Where(q => q.Answer != null);
        if (page.After is { } after)
            query = query.Where(q => q.AskedAt > after.At || q.AskedAt == after.At && q.Id.CompareTo(after.Id) > 0);
        var rows = await query.OrderBy(q => q.AskedAt).ThenBy(q => q.Id).Take(page.Size + 1).ToListAsync(http.RequestAborted);
        return Results.Ok(page.Page(rows, OpenDayQuestionView.Of, q => new Place(q.AskedAt, q.Id)));
    }

    /// <summary>One question that was asked on an open day, with its answer.</summary>
    static async Task<IResult> One(
        Guid id,
        Guid questionId,
        [Description("What the asker was given: shows the question before it is answered.")] string? receipt,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        if (
            await session.LoadAsync<OpenDayQuestion>(questionId, http.RequestAborted) is not { IsLive: true } asked
            || asked.OpenDayId != id
            || await session.LoadAsync<OpenDay>(id, http.RequestAborted) is not { } day
            || asked.Answer is null && !caller.SeesInside([day.Body]) && (receipt is null || asked.Receipt != Receipt.HashOf(receipt))
        )
            return (NotFound(questionId) with { IsWrongSecret = receipt is not null }).ToResult();
        return http.Conditional(ConditionalRequests.Tag(asked.Version), () => Results.Ok(OpenDayQuestionView.Of(asked)));
    }

    internal static Problem NotFound(Guid question) =>
        ConsultationProblems.OpenDayQuestionNotFound.With(
            $"There is no question {question} of this open day that you may see. One that you asked is shown with its receipt: ?receipt=…; one that was asked before the day is at /api/v1/questions/{question}."
        );

    sealed record Place(DateTimeOffset At, Guid Id);
}

/// <summary>A question of an open day as the API shows it.</summary>
/// <param name="Id">The question.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">What was answered; null while nothing was.</param>
/// <param name="AskedAt">When it was asked, UTC.</param>
/// <param name="AnsweredAt">When it was answered, UTC.</param>
public sealed record OpenDayQuestionView(
    Guid Id,
    long Version,
    string Question,
    string? Answer,
    DateTimeOffset AskedAt,
    DateTimeOffset? AnsweredAt
)
{
    internal static OpenDayQuestionView Of(OpenDayQuestion q) => new(q.Id, q.Version, q.Text!, q.Answer, q.AskedAt, q.AnsweredAt);
}
