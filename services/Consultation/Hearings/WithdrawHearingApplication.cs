using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Withdraws an application, or gives up a seat: whoever has the receipt, until the hearing begins. The next one moves up; a pool that is
/// published stays as it is, and whoever was withdrawn is passed over.
/// </summary>
/// <param name="Receipt">What the applicant was given.</param>
/// <example>{"receipt": "0123456789abcdef0123456789abcdef"}</example>
public sealed record WithdrawHearingApplication(string? Receipt) : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/hearings/{id:guid}/applications/{application:guid}/withdraw", Post)
            .Produces<HearingApplicationView>()
            .TakesFromPublic()
            .WithName("withdrawHearingApplication");

    static Task<IResult> Post(
        Guid id,
        Guid application,
        WithdrawHearingApplication command,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.OwnStep(
            http,
            id,
            application,
            command.Receipt,
            async (own, hearing, session) =>
            {
                var now = time.GetUtcNow();
                if (own.WithdrawnAt is not null)
                    return Decision.Record();
                if (now >= hearing.Terms.StartsAt)
                    return ConsultationProblems.HearingState.With(
                        $"The hearing began at {hearing.Terms.StartsAt:u}. An application is withdrawn before; its personal data can be erased afterwards too."
                    );
                await session.LetGo(application, http.RequestAborted);
                session.Withdraw(own, hearing, now);
                return Decision.Record(new HearingApplicationWithdrawn(HearingApplication.Applicant, now));
            }
        );
}
