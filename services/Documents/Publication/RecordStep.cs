using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.Publication;

/// <summary>Records that public participation, an expert argument or a risk assessment took place (M 14, 19, 22).</summary>
/// <param name="Step">publicParticipation, expertArgument or riskAssessment; legality and the collective decision have calls of their
/// own.</param>
/// <param name="HeldOn">The day on which it was finished, Asia/Shanghai.</param>
/// <param name="Conclusion">What came of it; process information that the public does not see (D 16).</param>
/// <example>{"step": "expertArgument", "heldOn": "2026-01-15", "conclusion": "专家一致认为室温标准可行，建议完善退费程序。"}</example>
public sealed record RecordStep(DecisionStep? Step, DateOnly? HeldOn, string? Conclusion) : IEndpoint
{
    const int LongestConclusion = 20_000;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/documents/{id:guid}/steps", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<DocumentStep>()
            .WithName("recordStep");

    static Task<IResult> Post(Guid id, RecordStep command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .If(command.Step is null, "/step", "value.missing", "One of publicParticipation, expertArgument and riskAssessment.")
                .If(
                    command.Step is DecisionStep.Legality or DecisionStep.CollectiveDecision,
                    "/step",
                    "step.otherCall",
                    "Legality is recorded by POST …/legality, the collective decision by POST …/decision."
                )
                .If(command.HeldOn is null, "/heldOn", "value.missing", "The day on which it was finished is required.")
                .If(command.HeldOn > time.Today(), "/heldOn", "date.inFuture", "What has not taken place yet is not recorded.")
                .Text("/conclusion", command.Conclusion, LongestConclusion),
            (document, by) => Decide(document, command, by, time.GetUtcNow())
        );

    internal static Decision Decide(PolicyDocument document, RecordStep command, Actor by, DateTimeOffset now) =>
        !document.IsBeingDrafted && !document.IsBeingReviewed
            ? document.WrongState("given a step of the decision procedure", "before it is published")
            : Decision.Record(new StepTaken(command.Step!.Value, command.HeldOn!.Value, command.Conclusion!, by, now));
}
