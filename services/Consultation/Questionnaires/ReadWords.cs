using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>What was answered in words, for those who work on the questionnaire.</summary>
public sealed class ReadWords : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/questionnaires/{id:guid}/questions/{question}/words", List)
            .RequireAnyRole(Roles.Drafter, Roles.Reviewer, Roles.Publisher, Roles.Supervisor)
            .Produces<Page<AnswerInWords>>()
            .WithName("listQuestionnaireWords");

    /// <summary>What was answered to a question in words, its text or the words of <c>other</c>, in an order that tells nothing, paged. Nobody else sees them.</summary>
    static async Task<IResult> List(
        Guid id,
        string question,
        int? pageSize,
        string? pageToken,
        Caller caller,
        IQuerySession session,
        HttpContext http
    )
    {
        var invalid = new Invalid();
        var page = PageRequest.From<Place>(pageSize, pageToken, invalid, $"{id}/{question}");
        if (await session.Seen(id, caller, http.RequestAborted) is not { } questionnaire || !caller.SeesInside(questionnaire))
            return QuestionnaireSteps.NotFound(id).ToResult();
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var words = await session.AdvancedSql.QueryAsync<AnswerInWords>(
            """
            select jsonb_build_object('answer', id, 'edition', edition, 'on', data -> 'on', 'words', coalesce(answer ->> 'text', answer ->> 'other')) as data
            from consultation.mt_doc_givenanswer cross join lateral jsonb_array_elements(data -> 'answers') as answer
            where questionnaire_id = ? and id > ? and answer ->> 'question' = ? and coalesce(answer ->> 'text', answer ->> 'other') is not null
            order by id limit ?
            """,
            http.RequestAborted,
            id,
            page.After?.Id ?? Guid.Empty,
            question,
            page.Size + 1
        );
        return Results.Ok(page.Page(words, w => w, w => new Place(w.Answer)));
    }

    sealed record Place(Guid Id);
}

/// <summary>An answer in words.</summary>
/// <param name="Answer">The answer that it is a part of.</param>
/// <param name="Edition">The edition that was answered.</param>
/// <param name="On">The day, Asia/Shanghai.</param>
/// <param name="Words">The words.</param>
public sealed record AnswerInWords(Guid Answer, int Edition, DateOnly On, string Words);
