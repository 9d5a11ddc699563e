using PolicyPlatform.ServiceDefaults.Problems;

namespace PolicyPlatform.Interpretation;

/// <summary>The problems that only Interpretation answers with.</summary>
public static class InterpretationProblems
{
    /// <summary>There is no such plan, or the caller may not know of it.</summary>
    public static readonly ProblemCode PlanNotFound = new("interpretationPlan.notFound", 404, "No such interpretation plan");

    /// <summary>The document went to review a moment ago, and its plan is about to open.</summary>
    public static readonly ProblemCode PlanOpening = new("interpretationPlan.opening", 409, "The interpretation plan is about to open");

    /// <summary>The plan is not in a state in which this can be done.</summary>
    public static readonly ProblemCode PlanState = new("interpretationPlan.state.wrong", 409, "The plan's state does not allow this");

    /// <summary>There is no such material, or the caller may not know of it.</summary>
    public static readonly ProblemCode MaterialNotFound = new("interpretation.notFound", 404, "No such interpretation");

    /// <summary>The material waits for publication with its document and stays as it is.</summary>
    public static readonly ProblemCode MaterialFrozen = new("interpretation.frozen", 409, "The material is frozen");

    /// <summary>The material is not in a state in which this can be done.</summary>
    public static readonly ProblemCode MaterialState = new("interpretation.state.wrong", 409, "The material's state does not allow this");

    /// <summary>The text of the document has moved on since the material was written.</summary>
    public static readonly ProblemCode RevisionMoved = new("interpretation.revision.old", 409, "The document has a newer text");

    /// <summary>There is no such attachment, or the caller may not know of it.</summary>
    public static readonly ProblemCode FileNotFound = new("attachment.notFound", 404, "No such attachment");

    /// <summary>There is no such question, or the caller may not know of it.</summary>
    public static readonly ProblemCode QuestionNotFound = new("question.notFound", 404, "No such question");

    /// <summary>The question is not in a state in which this can be done.</summary>
    public static readonly ProblemCode QuestionState = new("question.state.wrong", 409, "The question's state does not allow this");

    /// <summary>What is taken from a document becomes public after it.</summary>
    public static readonly ProblemCode DocumentNotPublic = new("interpretation.document.notPublic", 409, "The document is not public yet");

    /// <summary>There is no such ticket, or the caller may not know of it.</summary>
    public static readonly ProblemCode TicketNotFound = new("ticket.notFound", 404, "No such ticket");

    /// <summary>The ticket is not in a state in which this can be done.</summary>
    public static readonly ProblemCode TicketState = new("ticket.state.wrong", 409, "The ticket's state does not allow this");

    /// <summary>The ticket id came before with another question.</summary>
    public static readonly ProblemCode TicketTaken = new("ticket.id.taken", 409, "The ticket id was used for another question");

    /// <summary>There is no such benefit, or the caller may not know of it.</summary>
    public static readonly ProblemCode BenefitNotFound = new("benefit.notFound", 404, "No such benefit");

    /// <summary>The benefit is not in a state in which this can be done.</summary>
    public static readonly ProblemCode BenefitState = new("benefit.state.wrong", 409, "The benefit's state does not allow this");

    /// <summary>There is no such registered profile of the caller.</summary>
    public static readonly ProblemCode ProfileNotFound = new("profile.notFound", 404, "No such profile");

    /// <summary>The caller does not act for the body that this belongs to.</summary>
    public static readonly ProblemCode ForeignBody = new("interpretation.body.foreign", 403, "This belongs to another organisation");
}
