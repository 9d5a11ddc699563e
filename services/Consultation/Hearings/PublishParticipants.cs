using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Publishes the list of participants before the hearing (M 16): numbers and kinds, and the surnames of those who agreed to it. Whoever moves
/// up afterwards stands in it, and whoever gave a seat up does not.
/// </summary>
public sealed class PublishParticipants : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/participants/publish", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<HearingView>()
            .WithName("publishHearingParticipants");

    static Task<IResult> Post(Guid id, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(http, id, caller, new Invalid(), time, hearing => Decide(hearing, caller.Actor(), time.GetUtcNow()));

    internal static Decision Decide(PublicHearing hearing, Actor by, DateTimeOffset now) =>
        hearing.ParticipantsPublishedAt is not null ? Decision.Record()
        : hearing.StateAt(now) is HearingState.Selected && now < hearing.Terms.StartsAt
            ? Decision.Record(new HearingParticipantsPublished(by, now))
        : hearing.WrongState(now, "given its list of participants", "once they are chosen, until it begins");
}
