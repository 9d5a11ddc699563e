using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>Notes at the door that somebody has come, by the receipt or the number; whoever was noted before is told.</summary>
/// <param name="Number">The number of the registration.</param>
/// <param name="Receipt">Or its receipt.</param>
/// <example>{"number": 17}</example>
public sealed record CheckInAtOpenDay(int? Number, string? Receipt) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/open-days/{id:guid}/check-ins", Post)
            .RequireAnyRole(Roles.Publisher, Roles.Drafter)
            .Produces<OpenDayRegistrationView>()
            .WithName("checkInAtOpenDay");

    static async Task<IResult> Post(
        Guid id,
        CheckInAtOpenDay command,
        Caller caller,
        IQuerySession query,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        if (await query.LoadAsync<OpenDay>(id, http.RequestAborted) is not { } day)
            return OpenDaySteps.NotFound(id).ToResult();
        if (!caller.WorksFor([day.Body]))
            return OpenDaySteps.Foreign(day).ToResult();
        var invalid = new Invalid()
            .If(
                command.Number is null == command.Receipt.OrNone() is null,
                "/number",
                "value.missing",
                "Either the number or the receipt of the registration is required."
            )
            .Text("/receipt", command.Receipt, Limits.LongestCode, required: false);
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var found = command.Number is { } number
            ? await query.LoadAsync<OpenDayRegistration>(OpenDayRegistration.IdOf(id, number), http.RequestAborted)
            : await CancelOpenDayRegistration.Find(query, id, command.Receipt, http.RequestAborted);
        if (found is null)
            return (
                command.Number is null
                    ? CancelOpenDayRegistration.Unknown(id)
                    : ConsultationProblems.RegistrationNotFound.With($"No registration for the open day has the number {command.Number}.")
            ).ToResult();
        return await writer.Append<OpenDayRegistration, SeatsTaken>(
            http,
            found.Id,
            _ => SeatsTaken.Of(query, day, http.RequestAborted, found.Number),
            (registration, upTo, _) => Task.FromResult(Decide(registration!, day, upTo, caller.Actor(), time.GetUtcNow()).Knowing(upTo)),
            recorded => new Answer(200, OpenDayRegistrationView.Of(recorded.After(), day, recorded.Known<SeatsTaken>()!, time.GetUtcNow()))
        );
    }

    /// <summary>From the beginning of the day on which it begins: people come early.</summary>
    internal static Decision Decide(OpenDayRegistration registration, OpenDay day, SeatsTaken upTo, Actor by, DateTimeOffset now)
    {
        if (day.CancelledAt is not null || now >= day.EndsAt || OfficialTime.DateIn(now) < OfficialTime.DateIn(day.StartsAt))
            return day.WrongState(now, "checked in at", "from the morning of its first day until its end");
        if (registration.CheckedInAt is { } before)
            return ConsultationProblems.CheckedInBefore.With($"Number {registration.Number} came already, at {before.OnTheClock()}.");
        return upTo.StandingOf(registration, day.Capacity) switch
        {
            (SeatStanding.Cancelled, _) => ConsultationProblems.RegistrationState.With(
                $"Registration {registration.Number} was cancelled."
            ),
            (SeatStanding.Waiting, var place) => ConsultationProblems.RegistrationState.With(
                $"Registration {registration.Number} has no seat: it is number {place} of those who wait. More seats move it up: POST …/capacity."
            ),
            _ => Decision.Record(new OpenDayCheckedIn(by, now)),
        };
    }
}
