using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Questions;

/// <summary>What every step on a question has in common.</summary>
static class QuestionSteps
{
    public static bool WorksOn(this Caller caller, PolicyQuestion question) =>
        caller.HasAny(Roles.Hotline, Roles.Reviewer, Roles.Publisher, Roles.Supervisor)
        || caller.HasAny(Roles.Drafter) && (question.Body is null || question.Body == caller.Organisation);

    /// <summary>Whether the caller writes what a body answers.</summary>
    public static bool AnswersFor(this Caller caller, string body) =>
        caller.HasAny(Roles.Hotline, Roles.Publisher) || body == caller.Organisation;

    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        TimeProvider time,
        Func<PolicyQuestion, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<PolicyQuestion>(
            http,
            id,
            async (question, session) =>
                question is null || !caller.WorksOn(question) ? ReadQuestions.NotFound(id) : await decide(question, session),
            recorded => new Answer(200, QuestionView.Inside(recorded.After(), time.Today()))
        );

    public static Problem WrongState(this PolicyQuestion question, Wording step, Wording when) =>
        InterpretationProblems.QuestionState.With($"The question is {JsonDefaults.Word(question.State)}. It can be {step} {when}.");
}
