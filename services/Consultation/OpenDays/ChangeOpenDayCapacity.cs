using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// Changes how many seats there are. With more of them those who wait move up in their order; with fewer those who registered last wait
/// again, at the head of those who wait.
/// </summary>
/// <param name="Capacity">How many seats there are from now on.</param>
/// <param name="Reason">Why; published.</param>
/// <example>{"capacity": 150, "reason": "改在大报告厅举行。"}</example>
public sealed record ChangeOpenDayCapacity(int? Capacity, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/open-days/{id:guid}/capacity", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayView>()
            .WithName("changeOpenDayCapacity");

    static Task<IResult> Post(
        Guid id,
        ChangeOpenDayCapacity command,
        Caller caller,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .If(command.Capacity is null, "/capacity", "value.missing", "How many seats there are is required.")
                .Capacity(command.Capacity)
                .Text("/reason", command.Reason, Limits.LongestReason),
            time,
            day =>
                day.StateAt(time.GetUtcNow()) is OpenDayState.Announced or OpenDayState.Underway
                    ? Decision.Record(
                        new OpenDayCapacityChanged(command.Capacity!.Value, command.Reason!.Trim(), caller.Actor(), time.GetUtcNow())
                    )
                    : day.WrongState(time.GetUtcNow(), "given other seats", "until it is over")
        );
}

/// <summary>How many seats an open day may have.</summary>
static class CapacityRule
{
    const int Most = 100_000;

    public static Invalid Capacity(this Invalid invalid, int? capacity) =>
        invalid.If(capacity is < 1 or > Most, "/capacity", "value.outOfRange", $"1 to {Most} seats.");
}
