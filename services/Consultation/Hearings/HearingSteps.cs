using Marten;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Identity;
using PolicyPlatform.ServiceDefaults.Language;
using PolicyPlatform.ServiceDefaults.Problems;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Receipts;

namespace PolicyPlatform.Consultation.Hearings;

/// <summary>What every step on a hearing, or on an application for it, has in common.</summary>
static class HearingSteps
{
    internal const int LongestReceipt = 100;

    /// <summary>Changes a hearing that the caller carries out.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        TimeProvider time,
        Func<PublicHearing, IDocumentSession, Task<Decision>> decide,
        Func<Recorded<PublicHearing>, Answer>? answer = null
    ) =>
        writer.Append(
            http,
            id,
            async (hearing, session) =>
                hearing is null ? NotFound(id)
                : !caller.WorksFor(hearing.Bodies) ? Foreign(hearing)
                : invalid.Problem is { } problem ? problem
                : await decide(hearing, session),
            answer ?? (recorded => new Answer(200, HearingView.Of(recorded.After(), time.GetUtcNow(), inside: true)))
        );

    /// <summary>The same for a decision that reads nothing else.</summary>
    public static Task<IResult> Step(
        this EventWriter writer,
        HttpContext http,
        Guid id,
        Caller caller,
        Invalid invalid,
        TimeProvider time,
        Func<PublicHearing, Decision> decide
    ) => writer.Step(http, id, caller, invalid, time, (hearing, _) => Task.FromResult(decide(hearing)));

    /// <summary>Changes an application whose receipt the caller has; what happens to the hearing by it is told along.</summary>
    public static Task<IResult> OwnStep(
        this EventWriter writer,
        HttpContext http,
        Guid hearingId,
        Guid id,
        string? receipt,
        Func<HearingApplication, PublicHearing, IDocumentSession, Task<Decision>> decide
    ) =>
        writer.Append<HearingApplication>(
            http,
            id,
            async (application, session) =>
            {
                if (application is null || !application.IsShownBy(hearingId, receipt))
                    return NoApplication(id);
                await session.Share(hearingId, http.RequestAborted);
                var hearing = await session.LoadAsync<PublicHearing>(hearingId, http.RequestAborted);
                var decision = await decide(application, hearing!, session);
                return decision.Knowing(
                    hearing.Then(
                        session.PendingChanges.Streams().Where(s => s.Id == hearingId).SelectMany(s => s.Events).Select(e => e.Data)
                    )
                );
            },
            recorded => new Answer(200, HearingApplicationView.Of(recorded.After(), recorded.Known<PublicHearing>()!, null, null))
        );

    /// <summary>Passes the place of an application on: the next one moves up.</summary>
    public static void Withdraw(this IDocumentSession session, HearingApplication own, PublicHearing hearing, DateTimeOffset now)
    {
        if (hearing.IsSeated(own.Number) || hearing.IsAlternate(own.Number))
            session.Events.Append(hearing.Id, hearing.Version + 1, hearing.GiveUp(own.Number, HearingApplication.Applicant, now));
    }

    /// <summary>Whether a receipt is the one of an application for this hearing.</summary>
    public static bool IsShownBy(this HearingApplication application, Guid hearingId, string? receipt) =>
        application.HearingId == hearingId
        && receipt is { Length: > 0 and <= LongestReceipt }
        && application.Receipt == Receipt.HashOf(receipt);

    public static Problem NotFound(Guid id) => ConsultationProblems.HearingNotFound.With($"There is no hearing {id}.");

    public static Problem NoApplication(Guid id) =>
        ConsultationProblems.HearingApplicationNotFound.With(
            $"There is no application {id} that you may see. Your own is shown with its receipt."
        ) with
        {
            IsWrongSecret = true,
        };

    public static Problem Foreign(PublicHearing hearing) =>
        ConsultationProblems.ForeignBody.With($"The hearing is carried out by {string.Join(", ", hearing.Bodies)} and by the publishers.");

    public static Problem WrongState(this PublicHearing hearing, DateTimeOffset now, Wording step, Wording when) =>
        ConsultationProblems.HearingState.With($"The hearing is {JsonDefaults.Word(hearing.StateAt(now))}. It can be {step} {when}.");
}
