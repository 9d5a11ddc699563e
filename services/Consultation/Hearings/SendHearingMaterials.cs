using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Notes that the participants have the materials, which is due 7 days before a hearing (M 16). From then on everybody reads them.</summary>
public sealed class SendHearingMaterials : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/materials/sent", Post)
            .RequireAnyRole(Roles.Drafter, Roles.Publisher)
            .Produces<HearingView>()
            .WithName("sendHearingMaterials");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(http, id, caller, new Invalid(), time, hearing => Decide(hearing, caller.Actor(), time.GetUtcNow()));

    internal static Decision Decide(PublicHearing hearing, Actor by, DateTimeOffset now) =>
        hearing.MaterialsSentAt is not null ? Decision.Record()
        : hearing.StateAt(now) is not HearingState.Selected
            ? hearing.WrongState(now, "sent its materials", "once participants are chosen, until it is over")
        : hearing.Materials.Count == 0 ? ConsultationProblems.HearingState.With("No file is attached: POST …/materials comes first.")
        : Decision.Record(new HearingMaterialsSent(by, now));
}
