using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Periods;

/// <summary>Moves the last day for comments to a later one; a consultation that has closed goes on.</summary>
/// <param name="ClosesOn">The new last day, Asia/Shanghai.</param>
/// <param name="Reason">Why; published.</param>
/// <example>{"closesOn": "2026-07-17", "reason": "应多家供热企业要求，延长两周。"}</example>
public sealed record ExtendPeriod(DateOnly? ClosesOn, string? Reason) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/consultations/{id:guid}/extend", Post)
            .RequireAnyRole(Roles.Publisher)
            .Produces<ConsultationView>()
            .WithName("extendPeriod");

    static Task<IResult> Post(Guid id, ExtendPeriod command, Caller caller, EventWriter writer, TimeProvider time, HttpContext http) =>
        writer.Step(
            http,
            id,
            caller,
            new Invalid()
                .If(command.ClosesOn is null, "/closesOn", "value.missing", "The new last day is required.")
                .Text("/reason", command.Reason, Limits.LongestReason),
            time,
            consultation => Decide(consultation, command, caller.Actor(), time.GetUtcNow())
        );

    internal static Decision Decide(PublicConsultation consultation, ExtendPeriod command, Actor by, DateTimeOffset now)
    {
        if (consultation.StateAt(now) is not (ConsultationState.Open or ConsultationState.Closed))
            return consultation.WrongState(now, "extended", "while it is open or closed");
        var today = OfficialTime.DateIn(now);
        var last = consultation.ClosesOn > today ? consultation.ClosesOn : today;
        var invalid = new Invalid()
            .If(
                command.ClosesOn < last || command.ClosesOn <= consultation.ClosesOn,
                "/closesOn",
                "date.notLater",
                $"A day after {consultation.ClosesOn:yyyy-MM-dd}, today or later."
            )
            .If(
                command.ClosesOn > today.AddDays(CommentPeriod.MostDays),
                "/closesOn",
                "date.tooFar",
                $"A consultation lasts at most {CommentPeriod.MostDays} days."
            );
        return invalid.Problem is { } problem
            ? problem
            : Decision.Record(new PeriodExtended(command.ClosesOn!.Value, command.Reason!.Trim(), by, now));
    }
}
