using PolicyPlatform.Consultation.Questionnaires;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Names the questionnaire by which those who came are asked; it is shown with the open day.</summary>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <example>{"questionnaireId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e62"}</example>
public sealed record SetOpenDayQuestionnaire(Guid? QuestionnaireId) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/open-days/{id:guid}/questionnaire", Put)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayView>()
            .WithName("setOpenDayQuestionnaire");

    static Task<IResult> Put(
        Guid id,
        SetOpenDayQuestionnaire command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().If(
                command.QuestionnaireId is null || command.QuestionnaireId == Guid.Empty,
                "/questionnaireId",
                "value.missing",
                "The questionnaire is required."
            ),
            time,
            async (day, session) =>
            {
                if (day.CancelledAt is not null)
                    return day.WrongState(time.GetUtcNow(), "given a questionnaire", "unless it is cancelled");
                var named = command.QuestionnaireId!.Value;
                var unknown = await session.KnowAll([named], _ => "/questionnaireId", caller, new(), http.RequestAborted);
                return unknown.Problem is { } problem
                    ? problem
                    : Decision.Record(new OpenDayQuestionnaireNamed(named, caller.Actor(), time.GetUtcNow()));
            }
        );
}
