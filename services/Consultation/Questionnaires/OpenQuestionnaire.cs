using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>Opens a questionnaire: from that instant on it is public, and answers are taken.</summary>
/// <param name="ClosesOn">The last day for answers, Asia/Shanghai. The first second of the next day is too late.</param>
/// <example>{"closesOn": "2026-06-30"}</example>
public sealed record OpenQuestionnaire(DateOnly? ClosesOn) : IEndpoint
{
    const int MostDays = 366;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questionnaires/{id:guid}/open", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<QuestionnaireView>()
            .WithName("openQuestionnaire");

    static Task<IResult> Post(Guid id, OpenQuestionnaire command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .If(command.ClosesOn is null, "/closesOn", "value.missing", "The last day for answers is required.")
                .If(command.ClosesOn < time.Today(), "/closesOn", "date.inPast", "The last day for answers is today or later.")
                .If(
                    command.ClosesOn > time.Today().AddDays(MostDays),
                    "/closesOn",
                    "date.tooFar",
                    $"A questionnaire is open for at most {MostDays} days."
                ),
            time,
            (questionnaire, _) =>
                questionnaire.StateAt(time.GetUtcNow()) is QuestionnaireState.Drafted
                    ? Decision.Record(new QuestionnaireOpened(command.ClosesOn!.Value, caller.Actor(), time.GetUtcNow()))
                    : questionnaire.WrongState(time.GetUtcNow(), "opened", "once, while it is drafted")
        );
}

/// <summary>Closes a questionnaire before its last day has passed; it closes by itself at the end of that day.</summary>
/// <param name="Reason">Why; published.</param>
/// <example>{"reason": "样本已足够。"}</example>
public sealed record CloseQuestionnaire(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questionnaires/{id:guid}/close", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<QuestionnaireView>()
            .WithName("closeQuestionnaire");

    static Task<IResult> Post(
        Guid id,
        CloseQuestionnaire command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestReason),
            time,
            (questionnaire, _) =>
                questionnaire.StateAt(time.GetUtcNow()) is QuestionnaireState.Open
                    ? Decision.Record(new QuestionnaireClosed(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                    : questionnaire.WrongState(time.GetUtcNow(), "closed", "while it is open")
        );
}
