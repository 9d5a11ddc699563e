using PolicyPlatform.Interpretation.Tasks;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Interpretation.Benefits;

/// <summary>Takes a benefit back.</summary>
/// <param name="Reason">Why.</param>
/// <example>{"reason": "本年度补贴名额已用完，停止受理。"}</example>
public sealed record WithdrawBenefit(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/benefits/{id:guid}/withdraw", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<BenefitView>()
            .TakesFromPublic()
            .WithName("withdrawBenefit");

    static Task<IResult> Post(Guid id, WithdrawBenefit command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            time,
            async (benefit, session) =>
            {
                if (new Invalid().Text("/reason", command.Reason, Limits.LongestReason).Problem is { } problem)
                    return problem;
                if (benefit.Shown is null)
                    return InterpretationProblems.BenefitState.With("The benefit is not offered.");
                await InterpretationTask.Done(session, TaskKind.OutdatedBenefit, id, time.GetUtcNow(), http.RequestAborted);
                return Decision.Record(new BenefitWithdrawn(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()));
            }
        );
}
