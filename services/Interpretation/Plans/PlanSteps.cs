using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>What every step on a plan has in common.</summary>
static class PlanSteps
{
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        Func<InterpretationPlan, Decision> decide
    ) =>
        writer.Append<InterpretationPlan, Problem?>(
            http,
            id,
            async plan =>
                plan is null ? (await http.RequestServices.GetRequiredService<OpeningPlans>().Find(id, http.RequestAborted)).Missing : null,
            (plan, missing, _) =>
                Task.FromResult(
                    missing is not null ? missing
                    : plan is null || !caller.WorksFor(plan.Issuers) ? ReadPlans.NotFound(id)
                    : invalid.Problem is { } problem ? problem
                    : decide(plan)
                ),
            recorded => new Answer(200, PlanView.Of(recorded.After()))
        );

    public static Problem WrongState(this InterpretationPlan plan, Wording step, Wording when) =>
        InterpretationProblems.PlanState.With($"The plan is {JsonDefaults.Word(plan.State)}. It can be {step} {when}.");
}
