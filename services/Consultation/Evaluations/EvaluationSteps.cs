using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Evaluations;

/// <summary>What every step on an evaluation has in common.</summary>
static class EvaluationSteps
{
    /// <summary>Changes an evaluation of the caller's: drafters carry out those of documents that their organisation issued.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Func<Evaluation, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<Evaluation>(
            http,
            id,
            async (evaluation, session) =>
                evaluation is null || !caller.SeesInside(evaluation.Issuers) ? NotFound(id)
                : !caller.WorksFor(evaluation.Issuers) ? Foreign(evaluation.Issuers)
                : await decide(evaluation, session),
            recorded => new Answer(200, EvaluationView.Of(recorded.After(), inside: true, whole: true))
        );

    /// <summary>The same for a decision that reads nothing else.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Func<Evaluation, Decision> decide
    ) => writer.Step(http, id, caller, (evaluation, _) => Task.FromResult(decide(evaluation)));

    /// <summary>The evaluation or proposal that a document is under.</summary>
    public static Task<Evaluation?> UnderEvaluation(this IQuerySession session, Guid document, CancellationToken cancellation) =>
        session
            .Query<Evaluation>()
            .Where(e => e.DocumentId == document && (e.State == EvaluationState.Proposed || e.State == EvaluationState.Open))
            .FirstOrDefaultAsync(cancellation);

    public static Problem NotFound(Guid id) =>
        ConsultationProblems.EvaluationNotFound.With($"There is no evaluation {id} that you may see.");

    public static Problem Foreign(IReadOnlyList<string> issuers) =>
        ConsultationProblems.ForeignBody.With($"It is carried out by {string.Join(", ", issuers)} and by the publishers.");

    public static Problem WrongState(this Evaluation evaluation, Wording step, Wording when) =>
        ConsultationProblems.EvaluationState.With($"The evaluation is {JsonDefaults.Word(evaluation.State)}. It can be {step} {when}.");
}
