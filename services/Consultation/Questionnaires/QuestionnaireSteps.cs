using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Questionnaires;

/// <summary>What every step on a questionnaire has in common.</summary>
static class QuestionnaireSteps
{
    /// <summary>Changes a questionnaire of the caller's.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        TimeProvider time,
        Func<Questionnaire, IDocumentSession, Decision> decide,
        Func<Recorded<Questionnaire>, Answer>? answer = null
    ) =>
        writer.Append<Questionnaire>(
            http,
            id,
            (questionnaire, session) =>
                Task.FromResult(
                    questionnaire is null || !caller.Sees(questionnaire) ? NotFound(id)
                    : !caller.WorksFor([questionnaire.Body])
                        ? ConsultationProblems.ForeignBody.With(
                            $"The questionnaire is one of {questionnaire.Body}; it and the publishers change it."
                        )
                    : invalid.Problem is { } problem ? problem
                    : decide(questionnaire, session)
                ),
            answer ?? (recorded => new Answer(200, QuestionnaireView.Of(recorded.After(), null, time.GetUtcNow(), inside: true)))
        );

    public static Problem NotFound(Guid id) => ConsultationProblems.QuestionnaireNotFound.With($"There is no questionnaire {id}.");

    public static Problem WrongState(this Questionnaire questionnaire, DateTimeOffset now, Wording step, Wording when) =>
        ConsultationProblems.QuestionnaireState.With(
            $"The questionnaire is {JsonDefaults.Word(questionnaire.StateAt(now))}. It can be {step} {when}."
        );

    /// <summary>Whether the caller works on it from within.</summary>
    public static bool SeesInside(this Caller caller, Questionnaire questionnaire) => caller.SeesInside([questionnaire.Body]);

    /// <summary>Whether the caller sees that it is there.</summary>
    public static bool Sees(this Caller caller, Questionnaire questionnaire) =>
        questionnaire.OpenedAt is not null || caller.SeesInside(questionnaire);

    /// <summary>A questionnaire that the caller sees.</summary>
    public static async Task<Questionnaire?> Seen(this IQuerySession session, Guid id, Caller caller, CancellationToken cancellation) =>
        await session.LoadAsync<Questionnaire>(id, cancellation) is { } questionnaire && caller.Sees(questionnaire) ? questionnaire : null;

    /// <summary>The questions in an edition.</summary>
    public static Task<QuestionnaireForm?> Form(this IQuerySession session, Guid id, int edition, CancellationToken cancellation) =>
        session.LoadAsync<QuestionnaireForm>(QuestionnaireForm.IdOf(id, edition), cancellation);
}
