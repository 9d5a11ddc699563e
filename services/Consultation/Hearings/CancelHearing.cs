using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Cancels a hearing before it is over. It stays readable, with the reason.</summary>
/// <param name="Reason">Why; published.</param>
/// <example>{"reason": "草案作重大修改，另行公告。"}</example>
public sealed record CancelHearing(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/cancel", Post).RequireAnyRole(Roles.Publisher).Produces<HearingView>().WithName("cancelHearing");

    static Task<IResult> Post(Guid id, CancelHearing command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestReason),
            time,
            hearing =>
                hearing.StateAt(time.GetUtcNow()) is HearingState.Announced or HearingState.Closed or HearingState.Selected
                    ? Decision.Record(new HearingCancelled(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                    : hearing.WrongState(time.GetUtcNow(), "cancelled", "until it is over")
        );
}
