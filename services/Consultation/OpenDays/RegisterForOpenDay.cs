using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>
/// Registers for an open day: anybody. The answer tells at once whether there is a seat, or the place among those who wait, and holds a
/// receipt, once; with it one's own registration is read and cancelled.
/// </summary>
/// <param name="Name">The name; nobody but those responsible for personal data reads it, each time for a reason that is recorded.</param>
/// <param name="Contact">A telephone number or an e-mail address; likewise.</param>
/// <param name="Party">How many people come, 1 to 5; 1 when left out. They get seats together or wait together.</param>
/// <example>{"name": "王小云", "contact": "13900000000", "party": 2}</example>
public sealed record RegisterForOpenDay(string? Name, string? Contact, int? Party) : IEndpoint
{
    const int LongestName = 100,
        LongestContact = 200,
        LargestParty = 5;

    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/open-days/{id:guid}/registrations", Post).Produces<RegisteredForOpenDay>(201).WithName("registerForOpenDay");

    static async Task<IResult> Post(
        Guid id,
        RegisterForOpenDay command,
        Caller caller,
        GroupedWriter<SeatingPlan, OpenDayRegistration> writer,
        IQuerySession session,
        TimeProvider time,
        HttpContext http
    )
    {
        // Whoever came in time is not refused for having stood in line.
        var now = time.GetUtcNow();
        var invalid = new Invalid()
            .Text("/name", command.Name, LongestName)
            .Text("/contact", command.Contact, LongestContact)
            .If(command.Party is < 1 or > LargestParty, "/party", "value.outOfRange", $"1 to {LargestParty} people.");
        if (await session.LoadAsync<OpenDay>(id, http.RequestAborted) is null)
            return OpenDaySteps.NotFound(id).ToResult();
        if (invalid.Problem is { } problem)
            return problem.ToResult();
        var receipt = Receipt.New();
        return await writer.Start(http, id, plan => plan!.Register(command, receipt, caller.Anybody(), now));
    }

    /// <summary>What a registration comes to behind all others, and the seats with it.</summary>
    internal static (Decision Decision, SeatsTaken Seats) Decide(
        OpenDay day,
        SeatsTaken seats,
        RegisterForOpenDay command,
        string receipt,
        Actor by,
        DateTimeOffset at
    )
    {
        if (!day.TakesRegistrationsAt(at))
            return (
                ConsultationProblems.RegistrationClosed.With(
                    day.CancelledAt is null
                        ? (Wording)$"Registration was open until {day.RegistrationUntil.OnTheClock()}."
                        : $"The open day is {JsonDefaults.Word(OpenDayState.Cancelled)}."
                ),
                seats
            );
        var party = command.Party ?? 1;
        var after = seats.With(party, day.Capacity);
        return (
            Decision.Record(
                new OpenDayRegistered(
                    OpenDayRegistration.IdOf(day.Id, after.LastNumber),
                    day.Id,
                    after.LastNumber,
                    party,
                    Receipt.HashOf(receipt),
                    by,
                    at
                )
            ),
            after
        );
    }
}

/// <summary>A registration that was taken.</summary>
/// <param name="Registration">How it stands.</param>
/// <param name="Receipt">Shows it to whoever registered: <c>?receipt=…</c>. Told once.</param>
public sealed record RegisteredForOpenDay(OpenDayRegistrationView Registration, string Receipt);

/// <summary>A registration as whoever registered and those who hold the open day see it.</summary>
/// <param name="OpenDayId">The open day.</param>
/// <param name="Number">Its number; at the door this is enough.</param>
/// <param name="Version">The version of its history: its ETag.</param>
/// <param name="Party">How many people come.</param>
/// <param name="Standing">How it stands now.</param>
/// <param name="Place">The place among those who wait, from 1; null for those who do not.</param>
/// <param name="RegisteredAt">When they registered, UTC.</param>
/// <param name="CheckedInAt">When they came, UTC.</param>
/// <param name="OpenDay">Where the open day is on its way.</param>
/// <param name="StartsAt">When it begins, UTC.</param>
/// <param name="Where">Where.</param>
public sealed record OpenDayRegistrationView(
    Guid OpenDayId,
    int Number,
    long Version,
    int Party,
    SeatStanding Standing,
    int? Place,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? CheckedInAt,
    OpenDayState OpenDay,
    DateTimeOffset StartsAt,
    string Where
)
{
    /// <summary>How a registration stands when these are the seats up to it.</summary>
    internal static OpenDayRegistrationView Of(OpenDayRegistration registration, OpenDay day, SeatsTaken upTo, DateTimeOffset now)
    {
        var (standing, place) = upTo.StandingOf(registration, day.Capacity);
        return new(
            day.Id,
            registration.Number,
            registration.Version,
            registration.Party,
            standing,
            place,
            registration.RegisteredAt,
            registration.CheckedInAt,
            day.StateAt(now),
            day.StartsAt,
            day.Place
        );
    }
}
