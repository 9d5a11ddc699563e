using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>
/// Changes a questionnaire: all of it. A draft is changed where it stands. An edition that was open is frozen, its first answer included:
/// another one follows it, is the one that is answered from then on, and answers keep theirs.
/// </summary>
/// <param name="Title">Its title.</param>
/// <param name="Introduction">What stands before the questions.</param>
/// <param name="Access">Who answers; as before when left out. Fixed once it is open.</param>
/// <param name="Results">When everybody sees the results; as before when left out. Fixed once it is open.</param>
/// <param name="Pages">The pages with their questions.</param>
/// <example>{"title": "冬季供热满意度调查", "pages": [{"questions": [{"code": "degrees", "kind": "scale", "text": "您家冬天暖和吗？", "least": 1, "most": 5,
/// "leastLabel": "很冷", "mostLabel": "很暖"}]}]}</example>
public sealed record ChangeQuestionnaire(
    string? Title,
    string? Introduction,
    QuestionnaireAccess? Access,
    ShowingOfResults? Results,
    IReadOnlyList<FormPage>? Pages
) : IEndpoint
{
    const int MostEditions = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/questionnaires/{id:guid}", Put)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<QuestionnaireView>()
            .WithName("changeQuestionnaire");

    static Task<IResult> Put(Guid id, ChangeQuestionnaire command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var invalid = new Invalid()
            .Text("/title", command.Title, Limits.LongestTitle)
            .Text("/introduction", command.Introduction, Limits.LongestReason, required: false);
        var pages = FormCheck.Read(command.Pages, invalid);
        return writer.Step(
            http,
            id,
            caller,
            invalid,
            time,
            (questionnaire, session) =>
            {
                var now = time.GetUtcNow();
                var decision = Decide(questionnaire, command, caller.Actor(), now);
                if (decision.Events is [QuestionnaireChanged { Edition: var edition } changed])
                    session.Store(
                        new QuestionnaireForm(
                            QuestionnaireForm.IdOf(id, edition),
                            id,
                            edition,
                            changed.Title,
                            command.Introduction.OrNone()?.Trim(),
                            pages,
                            now
                        )
                    );
                return decision;
            }
        );
    }

    internal static Decision Decide(Questionnaire questionnaire, ChangeQuestionnaire command, Actor by, DateTimeOffset now)
    {
        var state = questionnaire.StateAt(now);
        if (state is QuestionnaireState.Closed)
            return questionnaire.WrongState(now, "changed", "until it is closed");
        var isOpen = state is QuestionnaireState.Open;
        var invalid = new Invalid()
            .If(
                isOpen && command.Access is { } access && access != questionnaire.Access,
                "/access",
                "value.fixed",
                "Who answers is fixed once the questionnaire is open."
            )
            .If(
                isOpen && command.Results is { } results && results != questionnaire.Results,
                "/results",
                "value.fixed",
                "When the results are shown is fixed once the questionnaire is open: it was said to those who answered."
            )
            .If(
                isOpen && questionnaire.Edition >= MostEditions,
                "/pages",
                "edition.tooMany",
                $"At most {MostEditions} editions. Begin another questionnaire."
            );
        return invalid.Problem is { } problem
            ? problem
            : Decision.Record(
                new QuestionnaireChanged(
                    isOpen ? questionnaire.Edition + 1 : questionnaire.Edition,
                    command.Title!.Trim(),
                    command.Access ?? questionnaire.Access,
                    command.Results ?? questionnaire.Results,
                    by,
                    now
                )
            );
    }
}
