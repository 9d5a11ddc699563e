using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>Confirms that the seat will be taken: whoever was chosen, with the receipt, until the hearing begins.</summary>
/// <param name="Receipt">What the applicant was given.</param>
/// <example>{"receipt": "0123456789abcdef0123456789abcdef"}</example>
public sealed record ConfirmHearingAttendance(string? Receipt) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/applications/{application:guid}/confirm", Post)
            .Produces<HearingApplicationView>()
            .WithName("confirmHearingAttendance");

    static Task<IResult> Post(
        Guid id,
        Guid application,
        ConfirmHearingAttendance command,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.OwnStep(
            http,
            id,
            application,
            command.Receipt,
            (own, hearing, _) => Task.FromResult(Decide(own, hearing, time.GetUtcNow()))
        );

    internal static Decision Decide(HearingApplication own, PublicHearing hearing, DateTimeOffset now) =>
        own.ConfirmedAt is not null && hearing.IsSeated(own.Number) ? Decision.Record()
        : hearing.StateAt(now) is HearingState.Selected && now < hearing.Terms.StartsAt && hearing.IsSeated(own.Number)
            ? Decision.Record(new HearingAttendanceConfirmed(HearingApplication.Applicant, now))
        : ConsultationProblems.HearingState.With(
            $"The application is {JsonDefaults.Word(own.StateIn(hearing))}, and the hearing {JsonDefaults.Word(hearing.StateAt(now))}. Whoever was chosen confirms until it begins."
        );
}
