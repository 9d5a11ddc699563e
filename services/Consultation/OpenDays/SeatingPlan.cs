using Marten;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// The seats of an open day while registrations are written down, many together. Numbers are given one after the other, in one turn of the
/// database, so that everybody hears at once whether there is a seat, and that is so: of numbers that are given before they are committed,
/// the answer to a later one could be overtaken by an earlier one. Nobody waits for the commit of each before, only of those together.
/// </summary>
/// <param name="day">The open day.</param>
/// <param name="seats">Its seats, which go on with each registration.</param>
sealed class SeatingPlan(OpenDay day, SeatsTaken seats)
{
    SeatsTaken seats = seats;

    /// <summary>Waits for the turn, and reads; null where there is no such open day.</summary>
    public static async Task<SeatingPlan?> Take(IDocumentSession session, Guid id)
    {
        await session.TakeTurn(id, CancellationToken.None);
        return await session.LoadAsync<OpenDay>(id) is { } day ? new(day, await SeatsTaken.Of(session, day, CancellationToken.None)) : null;
    }

    /// <summary>Registers somebody behind all others; the answer tells the seat, or the place among those who wait.</summary>
    public Begun Register(RegisterForOpenDay command, string receipt, Actor by, DateTimeOffset at)
    {
        var (decision, after) = RegisterForOpenDay.Decide(day, seats, command, receipt, by, at);
        if (decision.Events is not [OpenDayRegistered e])
            return new(Guid.Empty, decision);
        seats = after;
        var registration = OpenDayRegistration.Next(null, e)!;
        registration.Version = 1;
        return new(
            e.RegistrationId,
            decision,
            new(
                201,
                new RegisteredForOpenDay(OpenDayRegistrationView.Of(registration, day, seats, at), receipt),
                $"/api/v1/open-days/{day.Id}/registration"
            ),
            session =>
                session.Insert(new OpenDayRegistrant(e.RegistrationId, day.Id, new(new(command.Name!.Trim(), command.Contact!.Trim()))))
        );
    }
}
