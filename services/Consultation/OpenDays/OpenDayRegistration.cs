using Marten;
using PolicyPlatform.ServiceDefaults.PersonalData;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>How somebody who registered stands; it follows from the order of the numbers and the capacity, at every moment.</summary>
public enum SeatStanding
{
    /// <summary>There is a seat.</summary>
    Seat,

    /// <summary>All seats are taken by those who registered before.</summary>
    Waiting,

    /// <summary>The registration was cancelled.</summary>
    Cancelled,
}

/// <summary>Somebody registered. Who it is stands in a row of its own, which can be erased.</summary>
/// <param name="RegistrationId">The registration, made of the open day and the number.</param>
/// <param name="OpenDayId">The open day.</param>
/// <param name="Number">Its place in the order in which registrations came, from 1; never given twice.</param>
/// <param name="Party">How many people come.</param>
/// <param name="Receipt">The hash of the receipt.</param>
/// <param name="By">Who registered: the public, or somebody at the desk.</param>
/// <param name="At">When.</param>
public sealed record OpenDayRegistered(
    Guid RegistrationId,
    Guid OpenDayId,
    int Number,
    int Party,
    string Receipt,
    Actor By,
    DateTimeOffset At
) : IEventOf<OpenDayRegistration>;

/// <summary>A registration was cancelled.</summary>
public sealed record OpenDayRegistrationCancelled(Actor By, DateTimeOffset At) : IEventOf<OpenDayRegistration>;

/// <summary>They have come.</summary>
public sealed record OpenDayCheckedIn(Actor By, DateTimeOffset At) : IEventOf<OpenDayRegistration>;

/// <summary>Who registered was read, for a reason.</summary>
public sealed record OpenDayRegistrantRead(string Reason, Actor By, DateTimeOffset At) : IEventOf<OpenDayRegistration>;

/// <summary>A registration for an open day.</summary>
[SentByPublic]
public sealed record OpenDayRegistration : IState<OpenDayRegistration>
{
    /// <summary>Made of the open day and the number; the stream's id.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The open day.</summary>
    public Guid OpenDayId { get; init; }

    /// <summary>Its place in the order in which registrations came, from 1.</summary>
    public int Number { get; init; }

    /// <summary>How many people come.</summary>
    public int Party { get; init; }

    /// <summary>The hash of the receipt.</summary>
    public string Receipt { get; init; } = "";

    /// <summary>When they registered, UTC.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When it was cancelled, UTC.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>When they came, UTC.</summary>
    public DateTimeOffset? CheckedInAt { get; init; }

    /// <summary>Who read who registered, oldest first.</summary>
    public IReadOnlyList<RegistrantReading> Readings { get; init; } = [];

    /// <summary>The stream of the registration with a number.</summary>
    public static Guid IdOf(Guid openDay, int number) => NamedId.Of($"openDay/{openDay}/{number}");

    /// <summary>The state after one more event.</summary>
    public static OpenDayRegistration? Next(OpenDayRegistration? registration, IEventOf<OpenDayRegistration> happened) =>
        (registration, happened) switch
        {
            (null, OpenDayRegistered e) => new()
            {
                Id = e.RegistrationId,
                OpenDayId = e.OpenDayId,
                Number = e.Number,
                Party = e.Party,
                Receipt = e.Receipt,
                RegisteredAt = e.At,
            },
            ({ } r, OpenDayRegistrationCancelled e) => r with { CancelledAt = e.At },
            ({ } r, OpenDayCheckedIn e) => r with { CheckedInAt = e.At },
            ({ } r, OpenDayRegistrantRead e) => r with { Readings = [.. r.Readings, new(e.By.Id, e.Reason, e.At)] },
            _ => registration,
        };
}

/// <summary>Who registered: personal data in a row that is erased with the registration, or when nobody needs it any more.</summary>
/// <param name="Id">The registration.</param>
/// <param name="OpenDayId">The open day.</param>
/// <param name="Details">Who it is.</param>
public sealed record OpenDayRegistrant(Guid Id, Guid OpenDayId, Sealed<RegistrantDetails> Details);

/// <summary>Who registered.</summary>
/// <param name="Name">The name.</param>
/// <param name="Contact">A telephone number or an e-mail address.</param>
public sealed record RegistrantDetails(string Name, string Contact);

/// <summary>One reading of who registered.</summary>
/// <param name="By">Who read it: the <c>sub</c> of the token.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record RegistrantReading(string By, string Reason, DateTimeOffset At);

/// <summary>
/// How far the seats of an open day reach over the registrations, up to one of them or over all. Those who registered first have the seats,
/// as long as their whole parties fit; the first that does not fit waits, and so do all behind: nobody overtakes.
/// </summary>
/// <param name="LastNumber">The last number that was given.</param>
/// <param name="Registrations">How many registrations are not cancelled.</param>
/// <param name="People">How many people these are.</param>
/// <param name="Seated">How many of these registrations have a seat.</param>
/// <param name="SeatedPeople">How many people these are.</param>
/// <param name="Attended">How many people have come.</param>
public sealed record SeatsTaken(
    int LastNumber = 0,
    int Registrations = 0,
    int People = 0,
    int Seated = 0,
    int SeatedPeople = 0,
    int Attended = 0
)
{
    /// <summary>How many registrations wait.</summary>
    public int Waiting => Registrations - Seated;

    /// <summary>The seats once somebody has registered behind all others.</summary>
    public SeatsTaken With(int party, int capacity)
    {
        var fits = People + party <= capacity;
        return this with
        {
            LastNumber = LastNumber + 1,
            Registrations = Registrations + 1,
            People = People + party,
            Seated = Seated + (fits ? 1 : 0),
            SeatedPeople = SeatedPeople + (fits ? party : 0),
        };
    }

    /// <summary>How a registration stands when these are the seats up to it.</summary>
    public (SeatStanding Standing, int? Place) StandingOf(OpenDayRegistration registration, int capacity) =>
        registration.CancelledAt is not null ? (SeatStanding.Cancelled, null)
        : People <= capacity ? (SeatStanding.Seat, null)
        : (SeatStanding.Waiting, Waiting);

    /// <summary>Counts, over all registrations of an open day or up to a number.</summary>
    public static async Task<SeatsTaken> Of(IQuerySession session, OpenDay day, CancellationToken cancellation, int upTo = int.MaxValue) =>
        (
            await session.AdvancedSql.QueryAsync<SeatsTaken>(
                """
                select jsonb_build_object(
                    'lastNumber', coalesce(max(number), 0),
                    'registrations', count(*) filter (where comes),
                    'people', coalesce(sum(party) filter (where comes), 0),
                    'seated', count(*) filter (where comes and reach <= ?),
                    'seatedPeople', coalesce(sum(party) filter (where comes and reach <= ?), 0),
                    'attended', coalesce(sum(party) filter (where came), 0)
                ) as data
                from (
                    select number, party, comes, came, sum(party) filter (where comes) over (order by number) as reach
                    from (
                        select
                            number,
                            (data ->> 'party')::int as party,
                            data ->> 'cancelledAt' is null as comes,
                            data ->> 'checkedInAt' is not null as came
                        from consultation.mt_doc_opendayregistration
                        where open_day_id = ? and number <= ?
                    ) r
                ) r
                """,
                cancellation,
                day.Capacity,
                day.Capacity,
                day.Id,
                upTo
            )
        )[0];
}
