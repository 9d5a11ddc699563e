using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Holds a hearing later than it was announced, or elsewhere too. Applications can go on with it until participants are being chosen.
/// </summary>
/// <param name="StartsAt">When it begins; later than announced.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="Place">Where, one line; as announced when left out.</param>
/// <param name="ApplicationsUntil">The instant from which on no application is taken; as announced when left out.</param>
/// <param name="Reason">Why; published.</param>
/// <example>{"startsAt": "2026-08-03T01:00:00Z", "endsAt": "2026-08-03T04:00:00Z", "reason": "会场检修。"}</example>
public sealed record PostponeHearing(
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    string? Place,
    DateTimeOffset? ApplicationsUntil,
    string? Reason
) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/postpone", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<HearingView>()
            .WithName("postponeHearing");

    static Task<IResult> Post(
        Guid id,
        PostponeHearing command,
        Caller caller,
        HearingRules rules,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    )
    {
        var invalid = new Invalid().Text("/reason", command.Reason, Limits.LongestReason);
        AnnounceHearing.Line(invalid, "/place", command.Place, required: false);
        AnnounceHearing.Times(invalid, command.StartsAt, command.EndsAt, time.GetUtcNow());
        return writer.Step(http, id, caller, invalid, time, hearing => Decide(hearing, command, rules, caller.Actor(), time.GetUtcNow()));
    }

    internal static Decision Decide(PublicHearing hearing, PostponeHearing command, HearingRules rules, Actor by, DateTimeOffset now)
    {
        if (
            hearing.StateAt(now) is not (HearingState.Announced or HearingState.Closed or HearingState.Selected)
            || now >= hearing.Terms.StartsAt
        )
            return hearing.WrongState(now, "postponed", "until it begins");
        var isOpen = hearing is { SelectedAt: null, Draws: [] } && hearing.Terms.ApplicationsUntil is not null;
        var until = command.ApplicationsUntil?.ToUniversalTime() ?? hearing.Terms.ApplicationsUntil;
        var isMoved = until != hearing.Terms.ApplicationsUntil;
        var invalid = new Invalid()
            .If(
                command.StartsAt <= hearing.Terms.StartsAt,
                "/startsAt",
                "date.notLater",
                $"Later than {hearing.Terms.StartsAt:u}. What cannot wait is cancelled and announced anew."
            )
            .If(
                isMoved && !isOpen,
                "/applicationsUntil",
                "hearing.applications.closed",
                "Participants are chosen, or being drawn: applications stay closed."
            )
            .If(
                isMoved && isOpen && (until <= now || until < hearing.Terms.ApplicationsUntil || until >= command.StartsAt),
                "/applicationsUntil",
                "date.notLater",
                $"After {hearing.Terms.ApplicationsUntil:u}, still to come, and before the hearing begins."
            );
        if (invalid.Problem is { } problem)
            return problem;
        var startsAt = command.StartsAt!.Value.ToUniversalTime();
        var postponed = new HearingPostponed(
            startsAt,
            command.EndsAt!.Value.ToUniversalTime(),
            command.Place.OrNone()?.Trim() ?? hearing.Terms.Place,
            until,
            rules.MaterialsDueOn(hearing.Terms.Kind, startsAt),
            command.Reason!.Trim(),
            by,
            now
        );
        return Decision.Record(postponed).Looking(hearing.Id, PublicHearing.Next(hearing, postponed)!.Terms, rules);
    }
}
