using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Cancels an open day that is not over; those who registered see it with their receipts.</summary>
/// <param name="Reason">Why; published.</param>
/// <example>{"reason": "场馆临时检修。"}</example>
public sealed record CancelOpenDay(string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/open-days/{id:guid}/cancel", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayView>()
            .WithName("cancelOpenDay");

    static Task<IResult> Post(Guid id, CancelOpenDay command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid().Text("/reason", command.Reason, Limits.LongestReason),
            time,
            day =>
                day.StateAt(time.GetUtcNow()) is OpenDayState.Announced or OpenDayState.Underway
                    ? Decision.Record(new OpenDayCancelled(command.Reason!.Trim(), caller.Actor(), time.GetUtcNow()))
                    : day.WrongState(time.GetUtcNow(), "cancelled", "until it is over")
        );
}
