using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Runtime;

namespace PolicyPlatform.Consultation.Answering;

/// <summary>Reminds a consulting body of the feedback that it owes: four weeks and one week before its last day, and once that has passed; each once.</summary>
sealed class RemindOfFeedback(IDocumentStore store, IWolverineRuntime messaging, TimeProvider time, ILogger<RemindOfFeedback> logger)
    : HourlyWork(time, logger)
{
    static readonly int[] Reminders = [4, 1, 0];

    readonly TimeProvider time = time;

    /// <summary>How many weeks are left at the last reminder that is due by a day; null before the first.</summary>
    internal static int? DueBy(DateOnly today, DateOnly dueOn)
    {
        int? due = null;
        foreach (var weeks in Reminders)
            if (weeks > 0 ? today >= dueOn.AddDays(-7 * weeks) : today > dueOn)
                due = weeks;
        return due;
    }

    protected override async Task Do(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<Guid> closed;
        await using (var session = store.QuerySession())
            closed = await session
                .Query<PublicConsultation>()
                .Where(c => !c.IsOver && c.ClosesAt <= now)
                .Select(c => c.Id)
                .ToListAsync(stopping);
        await ForEach(closed, Remind, stopping);
    }

    async Task Remind(Guid id, CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWriting<PublicConsultation>(id, stopping);
        if (
            stream.Aggregate is not { } consultation
            || consultation.StateAt(now) is not Periods.ConsultationState.Closed
            || DueBy(OfficialTime.DateIn(now), consultation.FeedbackDueOn) is not { } weeks
            || consultation.RemindedOf == new FeedbackReminder(consultation.FeedbackDueOn, weeks)
        )
            return;
        var reminded = new FeedbackReminded(new(consultation.FeedbackDueOn, weeks), Actor.Platform, now);
        stream.AppendOne(reminded);
        await Decision
            .Record(reminded)
            .Telling(
                new FeedbackDueMessage(
                    id,
                    consultation.Title,
                    consultation.Body,
                    consultation.FeedbackDueOn,
                    weeks,
                    consultation.DocumentId,
                    consultation.Texts()
                )
            )
            .Send(messaging, session);
        await session.SaveChangesAsync(stopping);
    }
}
