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

    /// <summary>Notes the questionnaires, named where others read of them, that are not there or that the caller does not see.</summary>
    /// <param name="session">The session.</param>
    /// <param name="named">The questionnaires.</param>
    /// <param name="pointer">Where one is named, by its place.</param>
    /// <param name="caller">Who names them.</param>
    /// <param name="invalid">What is wrong.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Invalid> KnowAll(
        this IQuerySession session,
        IReadOnlyList<Guid> named,
        Func<int, string> pointer,
        Caller caller,
        Invalid invalid,
        CancellationToken cancellation
    )
    {
        var known = (await session.LoadManyAsync<Questionnaire>(cancellation, [.. named.Distinct()]))
            .Where(caller.Sees)
            .Select(q => q.Id)
            .ToHashSet();
        foreach (var (i, id) in named.Index())
            invalid.If(!known.Contains(id), pointer(i), "questionnaire.unknown", $"There is no questionnaire {id}.");
        return invalid;
    }

    /// <summary>The questions in an edition.</summary>
    public static Task<QuestionnaireForm?> Form(this IQuerySession session, Guid id, int edition, CancellationToken cancellation) =>
        session.LoadAsync<QuestionnaireForm>(QuestionnaireForm.IdOf(id, edition), cancellation);
}
