using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Documents.CleanUp;

/// <summary>Records what is to become of a document; a drafter does so for the documents of the own organisation.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Outcome">keep, amend, repeal or declareExpired.</param>
/// <param name="Reason">Why.</param>
/// <param name="EffectiveFrom">For a repeal or a declared expiry, the first day on which it is no longer in force; the day of applying when
/// left out.</param>
/// <example>{"documentId": "01920f4e-7a3b-7c5d-9e2f-0a1b2c3d4e5f", "outcome": "repeal", "reason": "所依据的上级文件已废止。",
/// "effectiveFrom": "2026-07-01"}</example>
public sealed record RecordOutcome(Guid? DocumentId, CleanUpOutcome? Outcome, string? Reason, DateOnly? EffectiveFrom) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cleanups/{id:guid}/outcomes", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<CleanUpStep>()
            .WithName("recordOutcome");

    static Task<IResult> Post(Guid id, RecordOutcome command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Append<CleanUpCampaign>(
            http,
            id,
            (campaign, _) =>
                Task.FromResult(campaign is null ? CleanUpProblems.NotFound(id) : Decide(campaign, command, caller, time.GetUtcNow())),
            recorded => new Answer(200, new CleanUpStep(id, recorded.Version, 1))
        );

    internal static Decision Decide(CleanUpCampaign campaign, RecordOutcome command, Caller caller, DateTimeOffset now)
    {
        var given = campaign.Items.FirstOrDefault(i => i.DocumentId == command.DocumentId);
        if (given is not null && !caller.HasAny(Roles.Publisher) && given.Body != caller.Organisation)
            return DocumentProblems.ForeignItem.With(
                $"{given.DocumentId} is given to {given.Body}, and you speak for {caller.Organisation}."
            );
        var invalid = new Invalid()
            .Text("/reason", command.Reason, Limits.LongestNote)
            .If(command.Outcome is null, "/outcome", "value.missing", "One of keep, amend, repeal, declareExpired.")
            .Check(campaign, command.DocumentId is { } document ? [document] : null, "/documentId");
        if (invalid.Problem is { } problem)
            return problem;
        return Decision.Record(
            new OutcomeRecorded(given!.DocumentId, command.Outcome!.Value, command.Reason!, command.EffectiveFrom, caller.Actor(), now)
        );
    }
}
