using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Obligations;

/// <summary>Somebody opened a calendar of deadlines.</summary>
/// <param name="CalendarId">The calendar.</param>
/// <param name="Body">The body whose deadlines it has; null for all.</param>
/// <param name="PublicAlone">Whether it has only what is about a public document or none.</param>
/// <param name="Token">The hash of what its address carries, from which that cannot be found.</param>
/// <param name="By">Who opened it.</param>
/// <param name="At">When, UTC.</param>
public sealed record ObligationCalendarOpened(Guid CalendarId, string? Body, bool PublicAlone, string Token, Actor By, DateTimeOffset At)
    : IEventOf<ObligationCalendar>;

/// <summary>It was ended: its address leads nowhere.</summary>
public sealed record ObligationCalendarEnded(Actor By, DateTimeOffset At) : IEventOf<ObligationCalendar>;

/// <summary>A calendar of deadlines that a calendar application reads at an address of its own, since it sends no token of a caller.</summary>
public sealed record ObligationCalendar : IState<ObligationCalendar>
{
    /// <summary>The stream's key.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events there are; set by Marten.</summary>
    public long Version { get; set; }

    /// <summary>The body whose deadlines it has; null for all.</summary>
    public string? Body { get; init; }

    /// <summary>Whether it has only what is about a public document or none.</summary>
    public bool PublicAlone { get; init; }

    /// <summary>The hash of what its address carries.</summary>
    public string Token { get; init; } = "";

    /// <summary>Who opened it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>When, UTC.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Whether it was ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Whether a caller opened it.</summary>
    public bool IsOf(Caller caller) => Owner == caller.Id;

    /// <summary>The key of a calendar's stream.</summary>
    public static string Key(Guid id) => $"obligation-calendar/{id}";

    /// <summary>The state after one more event.</summary>
    public static ObligationCalendar? Next(ObligationCalendar? calendar, IEventOf<ObligationCalendar> happened) =>
        (calendar, happened) switch
        {
            (null, ObligationCalendarOpened e) => new()
            {
                Id = Key(e.CalendarId),
                Body = e.Body,
                PublicAlone = e.PublicAlone,
                Token = e.Token,
                Owner = e.By.Id,
                OpenedAt = e.At,
            },
            ({ } c, ObligationCalendarEnded) => c with { HasEnded = true },
            _ => calendar,
        };
}
