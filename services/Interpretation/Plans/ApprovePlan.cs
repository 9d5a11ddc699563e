using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Plans;

/// <summary>Approves a plan (同步审签, W 五).</summary>
/// <param name="Opinion">A word for those who carry it out.</param>
/// <example>{"opinion": "同意，与文件同步发布。"}</example>
public sealed record ApprovePlan(string? Opinion) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/interpretation-plans/{id:guid}/approve", Post)
            .RequireAnyRole(Roles.Reviewer, Roles.Publisher)
            .Produces<PlanView>()
            .WithName("approvePlan");

    static Task<IResult> Post(Guid id, ApprovePlan command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/opinion", command.Opinion, Limits.LongestReason, required: false),
            plan => Decide(plan, command, caller.Actor(), time.GetUtcNow())
        );

    internal static Decision Decide(InterpretationPlan plan, ApprovePlan command, Actor by, DateTimeOffset now) =>
        plan.State is not PlanState.Open ? plan.WrongState("approved", "while it is open")
        : plan.Forms.Count == 0
            ? InterpretationProblems.PlanState.With(
                "Nothing is planned yet: PUT …/interpretation-plans/{id} says in which forms the document is explained."
            )
        : InterpretationPlan.Complete(plan, Decision.Record(new PlanApproved(command.Opinion, by, now)), by, now);
}
