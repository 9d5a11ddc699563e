using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Consultation;

/// <summary>The problems that only Consultation answers with.</summary>
public static class ConsultationProblems
{
    /// <summary>There is no such consultation.</summary>
    public static readonly ProblemCode NotFound = new("consultation.notFound", 404, "No such consultation");

    /// <summary>The consultation is not in a state in which this can be done.</summary>
    public static readonly ProblemCode WrongState = new("consultation.state.wrong", 409, "The consultation's state does not allow this");

    /// <summary>The draft is not in a state in which it can be consulted on.</summary>
    public static readonly ProblemCode DocumentState = new(
        "consultation.document.wrong",
        409,
        "The document's state does not allow a consultation"
    );

    /// <summary>Another consultation about the document is not over yet.</summary>
    public static readonly ProblemCode AlreadyOpen = new("consultation.alreadyOpen", 409, "The document is being consulted on");

    /// <summary>The caller does not act for the body that this belongs to.</summary>
    public static readonly ProblemCode ForeignBody = new("consultation.body.foreign", 403, "This belongs to another organisation");

    /// <summary>There is no such comment, or the caller may not know of it.</summary>
    public static readonly ProblemCode CommentNotFound = new("comment.notFound", 404, "No such comment");

    /// <summary>The comment is not in a state in which this can be done.</summary>
    public static readonly ProblemCode CommentState = new("comment.state.wrong", 409, "The comment's state does not allow this");

    /// <summary>There is no such file, or the caller may not know of it.</summary>
    public static readonly ProblemCode FileNotFound = new("comment.attachment.notFound", 404, "No such attachment");

    /// <summary>There is no such group of comments.</summary>
    public static readonly ProblemCode GroupNotFound = new("commentGroup.notFound", 404, "No such group of comments");

    /// <summary>There is no such letter that many send, or the caller may not know of it.</summary>
    public static readonly ProblemCode FormLetterNotFound = new("formLetter.notFound", 404, "No such form letter");

    /// <summary>There is no such template.</summary>
    public static readonly ProblemCode TemplateNotFound = new("feedbackTemplate.notFound", 404, "No such template");

    /// <summary>The consultation has no summary that the caller may read.</summary>
    public static readonly ProblemCode SummaryNotFound = new("consultation.summary.notFound", 404, "No such summary");

    /// <summary>Something is missing before the consultation can be completed; <c>missing</c> names it.</summary>
    public static readonly ProblemCode Incomplete = new("consultation.incomplete", 409, "The consultation cannot be completed yet");

    /// <summary>There is no such hearing.</summary>
    public static readonly ProblemCode HearingNotFound = new("hearing.notFound", 404, "No such hearing");

    /// <summary>The hearing is not in a state in which this can be done.</summary>
    public static readonly ProblemCode HearingState = new("hearing.state.wrong", 409, "The hearing's state does not allow this");

    /// <summary>What is asked for of the hearing is not there, or not shown yet.</summary>
    public static readonly ProblemCode HearingNotShown = new("hearing.notShown", 404, "The hearing does not show this yet");

    /// <summary>The hearing takes no applications any more, or none at all.</summary>
    public static readonly ProblemCode HearingApplicationsClosed = new("hearing.applications.closed", 409, "No applications are taken");

    /// <summary>The contact has applied for the hearing before.</summary>
    public static readonly ProblemCode HearingApplicationDuplicate = new(
        "hearing.application.duplicate",
        409,
        "This contact has applied already"
    );

    /// <summary>There is no such application, or the receipt is not its own.</summary>
    public static readonly ProblemCode HearingApplicationNotFound = new("hearing.application.notFound", 404, "No such application");

    /// <summary>All seats are given.</summary>
    public static readonly ProblemCode HearingFull = new("hearing.full", 409, "All seats are given");

    /// <summary>The hearing has no such draw, or it was not held yet.</summary>
    public static readonly ProblemCode DrawNotFound = new("hearing.draw.notFound", 404, "No such draw");

    /// <summary>A draw is announced: what it draws from does not change.</summary>
    public static readonly ProblemCode DrawPending = new("hearing.draw.pending", 409, "A draw is announced");

    /// <summary>The draw was held, or is void.</summary>
    public static readonly ProblemCode DrawHeld = new("hearing.draw.held", 409, "The draw is over");

    /// <summary>There is no such open day.</summary>
    public static readonly ProblemCode OpenDayNotFound = new("openDay.notFound", 404, "No such open day");

    /// <summary>The open day is not in a state in which this can be done.</summary>
    public static readonly ProblemCode OpenDayState = new("openDay.state.wrong", 409, "The open day's state does not allow this");

    /// <summary>Registration for the open day has ended.</summary>
    public static readonly ProblemCode RegistrationClosed = new("openDay.registration.closed", 409, "Registration has ended");

    /// <summary>There is no such registration.</summary>
    public static readonly ProblemCode RegistrationNotFound = new("openDay.registration.notFound", 404, "No such registration");

    /// <summary>How the registration stands does not allow this.</summary>
    public static readonly ProblemCode RegistrationState = new(
        "openDay.registration.wrong",
        409,
        "How the registration stands does not allow this"
    );

    /// <summary>They were noted at the door before.</summary>
    public static readonly ProblemCode CheckedInBefore = new("openDay.checkedIn", 409, "They were checked in before");

    /// <summary>No questions are taken now.</summary>
    public static readonly ProblemCode OpenDayQuestionsClosed = new("openDay.questions.closed", 409, "No questions are taken now");

    /// <summary>There is no such question of the open day that the caller may see.</summary>
    public static readonly ProblemCode OpenDayQuestionNotFound = new("openDay.question.notFound", 404, "No such question");

    /// <summary>There is no such questionnaire, or nothing of it that the caller may see.</summary>
    public static readonly ProblemCode QuestionnaireNotFound = new("questionnaire.notFound", 404, "No such questionnaire");

    /// <summary>The questionnaire is not in a state in which this can be done.</summary>
    public static readonly ProblemCode QuestionnaireState = new(
        "questionnaire.state.wrong",
        409,
        "The questionnaire's state does not allow this"
    );

    /// <summary>The questions were changed since they were read.</summary>
    public static readonly ProblemCode QuestionnaireEdition = new("questionnaire.edition.changed", 409, "The questions were changed");

    /// <summary>The device has answered the questionnaire before.</summary>
    public static readonly ProblemCode AnsweredAlready = new(
        "questionnaire.answered.already",
        409,
        "The questionnaire was answered already"
    );

    /// <summary>The invitation was used for another answer.</summary>
    public static readonly ProblemCode InvitationUsed = new("questionnaire.invitation.used", 409, "The invitation was used already");

    /// <summary>There is no such evaluation that the caller may see.</summary>
    public static readonly ProblemCode EvaluationNotFound = new("evaluation.notFound", 404, "No such evaluation");

    /// <summary>The evaluation is not in a state in which this can be done.</summary>
    public static readonly ProblemCode EvaluationState = new("evaluation.state.wrong", 409, "The evaluation's state does not allow this");

    /// <summary>The document is not in a state in which it can be evaluated.</summary>
    public static readonly ProblemCode EvaluationDocument = new(
        "evaluation.document.wrong",
        409,
        "The document's state does not allow an evaluation"
    );

    /// <summary>Another evaluation of the document has no conclusion yet, or is proposed.</summary>
    public static readonly ProblemCode UnderEvaluation = new("evaluation.alreadyOpen", 409, "The document is being evaluated");
}
