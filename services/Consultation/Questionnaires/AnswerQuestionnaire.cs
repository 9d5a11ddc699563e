using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>
/// Answers a questionnaire: anybody, or whoever was invited, without a name. A question that is not asked after the other answers is not
/// answered; numbers of telephones and identity cards are taken out of words.
/// </summary>
/// <param name="Edition">The edition that was read.</param>
/// <param name="Answers">The answers, each to another question.</param>
/// <param name="Invitation">The token of the invitation, where it is answered by invitation. It answers once, and is not kept with the answer.</param>
/// <param name="Device">A word of chance that the device keeps, 16 to 100 characters: who sends it hears when it answered before. It is not kept with the answer.</param>
/// <example>{"edition": 1, "answers": [{"question": "warm", "options": ["no"]}, {"question": "why", "text": "北向的房间不暖和。"}]}</example>
public sealed record AnswerQuestionnaire(int? Edition, IReadOnlyList<AnswerToQuestion>? Answers, string? Invitation, string? Device)
    : IEndpoint
{
    const int ShortestDevice = 16,
        LongestToken = 100;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/questionnaires/{id:guid}/answers", Post).Produces<TakenAnswer>(201).WithName("answerQuestionnaire");

    static Task<IResult> Post(Guid id, AnswerQuestionnaire command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var answerId = NewId(caller, id, http.Request, time.Today());
        return writer.Start<GivenAnswer>(
            http,
            answerId,
            async session =>
            {
                var cancellation = http.RequestAborted;
                if (await session.Seen(id, caller, cancellation) is not { } questionnaire)
                    return QuestionnaireSteps.NotFound(id);
                var now = time.GetUtcNow();
                if (questionnaire.StateAt(now) is not QuestionnaireState.Open)
                    return questionnaire.WrongState(now, "answered", "while it is open");
                if (command.Edition is not null && command.Edition != questionnaire.Edition)
                    return ConsultationProblems.QuestionnaireEdition.With(
                        $"The questions were changed: edition {questionnaire.Edition} is answered now. Read them again: GET /api/v1/questionnaires/{id}."
                    );
                var form = await session.Form(id, questionnaire.Edition, cancellation);
                var (answers, problem) = Decide(questionnaire, form!, command);
                // Turns are taken last, and in the transaction of the answer: who is refused keeps them.
                problem ??= await TakeTurn(questionnaire, command, session, cancellation);
                if (problem is not null)
                    return problem;
                session.Insert(new GivenAnswer(answerId, id, questionnaire.Edition, OfficialTime.DateIn(now), answers));
                // Also somebody with a token answers without a name.
                return Decision
                    .Record(new AnswerGiven(answerId, id, questionnaire.Edition, new("public", ""), now))
                    .Knowing(new TakenAnswer(id, questionnaire.Edition, questionnaire.ShowsResults(now)));
            },
            recorded => new Answer(201, recorded.Known<TakenAnswer>()!)
        );
    }

    static async Task<Problem?> TakeTurn(
        Questionnaire questionnaire,
        AnswerQuestionnaire command,
        IDocumentSession session,
        CancellationToken cancellation
    )
    {
        if (command.Device.OrNone() is { } device && !await session.NoteDevice(questionnaire.Id, device, cancellation))
            return ConsultationProblems.AnsweredAlready.With($"This device has answered the questionnaire. Each answers once.");
        if (questionnaire.Access is not QuestionnaireAccess.Invitation)
            return null;
        return await session.UseInvitation(questionnaire.Id, command.Invitation!, cancellation) switch
        {
            Turn.Used => ConsultationProblems.InvitationUsed.With(
                $"This invitation was used for an answer. Each answers once; ask {questionnaire.Body} for another."
            ),
            Turn.Unknown => new Invalid()
                .Add("/invitation", "invitation.unknown", "There is no such invitation to this questionnaire.")
                .Problem! with
            {
                IsWrongSecret = true,
            },
            _ => null,
        };
    }

    internal static (IReadOnlyList<AnswerToQuestion> Answers, Problem? Problem) Decide(
        Questionnaire questionnaire,
        QuestionnaireForm form,
        AnswerQuestionnaire command
    )
    {
        var byInvitation = questionnaire.Access is QuestionnaireAccess.Invitation;
        var invalid = new Invalid()
            .If(command.Edition is null, "/edition", "value.missing", "The edition that was read is required.")
            .Text("/invitation", command.Invitation, LongestToken, required: byInvitation)
            .If(
                !byInvitation && command.Invitation.OrNone() is not null,
                "/invitation",
                "value.misplaced",
                "The questionnaire is answered without an invitation."
            )
            .If(
                command.Device.OrNone()?.Length is < ShortestDevice or > LongestToken,
                "/device",
                "value.outOfRange",
                $"A device's word has {ShortestDevice} to {LongestToken} characters."
            );
        var answers = AnswerToQuestion.Read(form, command.Answers, invalid);
        return (answers, invalid.Problem);
    }

    // Chance, which tells no order. The same request, sent again at once, stands in line behind itself, and the second finds the answer of
    // the first. A key is good for a day: on another day it is another.
    static Guid NewId(Caller caller, Guid questionnaire, HttpRequest request, DateOnly today)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length == 0 ? Guid.NewGuid() : NamedId.Of($"{questionnaire:N} {today:O} {caller.Id}\n{key}");
    }
}

/// <summary>An answer that was taken. Nothing of it leads back to who gave it, and it is not shown to anybody by itself.</summary>
/// <param name="QuestionnaireId">The questionnaire.</param>
/// <param name="Edition">The edition that was answered.</param>
/// <param name="ShowsResults">Whether everybody sees the results now.</param>
public sealed record TakenAnswer(Guid QuestionnaireId, int Edition, bool ShowsResults);
