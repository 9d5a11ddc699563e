using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Moves an open day that has not begun to another time, and perhaps to another place; registrations stay.</summary>
/// <param name="StartsAt">When it begins.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="RegistrationUntil">The first instant that is too late to register; its beginning when left out.</param>
/// <param name="QuestionsUntil">The first instant that is too late for a question before the day; its beginning when left out.</param>
/// <param name="Place">Where; as before when left out.</param>
/// <param name="Reason">Why; published.</param>
/// <example>{"startsAt": "2026-06-27T09:00:00+08:00", "endsAt": "2026-06-27T11:30:00+08:00", "reason": "因高温天气延期一周。"}</example>
public sealed record PostponeOpenDay(
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    DateTimeOffset? RegistrationUntil,
    DateTimeOffset? QuestionsUntil,
    string? Place,
    string? Reason
) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/open-days/{id:guid}/postpone", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayView>()
            .WithName("postponeOpenDay");

    static Task<IResult> Post(Guid id, PostponeOpenDay command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http)
    {
        var now = time.GetUtcNow();
        var invalid = new Invalid()
            .Text("/place", command.Place, Limits.LongestTitle, required: false)
            .Text("/reason", command.Reason, Limits.LongestReason);
        var times = OpenDaySteps.Times(invalid, command.StartsAt, command.EndsAt, command.RegistrationUntil, command.QuestionsUntil, now);
        return writer.Step(
            http,
            id,
            caller,
            invalid,
            time,
            day =>
                day.StateAt(now) is OpenDayState.Announced
                    ? Decision.Record(
                        new OpenDayPostponed(
                            command.Place.OrNone()?.Trim() ?? day.Place,
                            times,
                            command.Reason!.Trim(),
                            caller.Actor(),
                            now
                        )
                    )
                    : day.WrongState(now, "postponed", "before it has begun")
        );
    }
}
