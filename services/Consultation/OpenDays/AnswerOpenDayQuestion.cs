using Marten;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.PersonalData;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Notes what was answered to a question of the day; from then on everybody reads both.</summary>
/// <param name="Answer">The answer.</param>
/// <example>{"answer": "每个小区装有温度采集点，连续两小时低于十八度即派人上门。"}</example>
public sealed record AnswerOpenDayQuestion(string? Answer) : IEndpoint
{
    const int LongestAnswer = 20_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/open-days/{id:guid}/questions/{questionId:guid}/answer", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayQuestionView>()
            .WithName("answerOpenDayQuestion");

    static async Task<IResult> Put(
        Guid id,
        Guid questionId,
        AnswerOpenDayQuestion command,
        Caller caller,
        IQuerySession query,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await query.LoadAsync<OpenDay>(id, http.RequestAborted) is not { } day)
            return OpenDaySteps.NotFound(id).ToResult();
        if (!caller.WorksFor([day.Body]))
            return OpenDaySteps.Foreign(day).ToResult();
        var invalid = new Invalid().Text("/answer", command.Answer, LongestAnswer);
        return await writer.Append<OpenDayQuestion>(
            http,
            questionId,
            (asked, _) =>
                Task.FromResult<Decision>(
                    asked is not { IsLive: true } || asked.OpenDayId != id ? ReadOpenDayQuestions.NotFound(questionId)
                    : invalid.Problem is { } problem ? problem
                    : Decision.Record(
                        new OpenDayLiveQuestionAnswered(
                            PersonalNumbers.Hide(command.Answer!.Trim(), landlines: false),
                            caller.Actor(),
                            time.GetUtcNow()
                        )
                    )
                ),
            recorded => new Answer(200, OpenDayQuestionView.Of(recorded.After()))
        );
    }
}
