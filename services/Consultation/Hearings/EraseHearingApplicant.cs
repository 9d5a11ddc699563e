using System.ComponentModel;
using PolicyPlatform.ServiceDefaults.Http;
using PolicyPlatform.ServiceDefaults.Reading;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>
/// Erases who applied: name, contact and all that was said about oneself, for whoever has the receipt. Before the hearing that withdraws the
/// application. Its number stays, so that draws can still be checked.
/// </summary>
public sealed class EraseHearingApplicant : IEndpoint
{
    /// <inheritdoc/>
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/hearings/{id:guid}/applications/{application:guid}", Delete)
            .Produces<HearingApplicationView>()
            .TakesFromPublic()
            .WithName("eraseHearingApplicant");

    /// <summary>
    /// Erases who applied: name, contact and all that was said about oneself, for whoever has the receipt. Before the hearing that withdraws
    /// the application. Its number stays, so that draws can still be checked.
    /// </summary>
    static Task<IResult> Delete(
        Guid id,
        Guid application,
        [Description("What the applicant was given.")] string? receipt,
        EventWriter writer,
        TimeProvider time,
        HttpContext http
    ) =>
        writer.OwnStep(
            http,
            id,
            application,
            receipt,
            (own, hearing, session) =>
            {
                var now = time.GetUtcNow();
                if (own.ErasedAt is not null)
                    return Task.FromResult(Decision.Record());
                session.HardDelete<HearingApplicant>(application);
                var erased = Decision.Record(new HearingApplicantErased(HearingApplication.Applicant, now));
                if (own.WithdrawnAt is not null || now >= hearing.Terms.StartsAt)
                    return Task.FromResult(erased);
                session.Withdraw(own, hearing, now);
                return Task.FromResult(erased.After(new HearingApplicationWithdrawn(HearingApplication.Applicant, now)));
            }
        );
}
