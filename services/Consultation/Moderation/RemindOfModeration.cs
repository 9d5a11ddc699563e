using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;
using Wolverine.Runtime;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>
/// Reminds a consulting body, once a day, of comments that have waited to be looked at for longer than they may.
/// </summary>
sealed class RemindOfModeration(
    IDocumentStore store,
    ModerationPatience patience,
    IWolverineRuntime messaging,
    TimeProvider time,
    ILogger<RemindOfModeration> logger
) : HourlyWork(time, logger)
{
    readonly TimeProvider time = time;

    protected override async Task Do(CancellationToken stopping)
    {
        var today = OfficialTime.DateIn(time.GetUtcNow());
        IReadOnlyList<Guid> going;
        await using (var session = store.QuerySession())
            going = await session
                .Query<PublicConsultation>()
                .Where(c => !c.IsOver && (c.ModerationRemindedOn == null || c.ModerationRemindedOn < today))
                .Select(c => c.Id)
                .ToListAsync(stopping);
        await ForEach(going, (id, cancellation) => Remind(id, today, cancellation), stopping);
    }

    async Task Remind(Guid id, DateOnly today, CancellationToken stopping)
    {
        await using var session = store.LightweightSession();
        var waiting = session.Query<Comment>().Where(c => c.ConsultationId == id && c.Waits);
        if (await waiting.OrderBy(c => c.WaitsSince).FirstOrDefaultAsync(stopping) is not { WaitsSince: { } first })
            return;
        var since = OfficialTime.DateIn(first);
        if (await patience.Missed(since, today, stopping) is not { } dueOn)
            return;
        var stream = await session.Events.FetchForWriting<PublicConsultation>(id, stopping);
        if (stream.Aggregate is not { IsOver: false } consultation || consultation.ModerationRemindedOn >= today)
            return;
        var count = await waiting.CountAsync(stopping);
        var reminded = new ModerationReminded(today, count, Actor.Platform, time.GetUtcNow());
        stream.AppendOne(reminded);
        await Decision
            .Record(reminded)
            .Telling(
                new CommentsWaitingMessage(
                    id,
                    consultation.Title,
                    consultation.Body,
                    today,
                    count,
                    since,
                    dueOn,
                    consultation.DocumentId,
                    consultation.Texts()
                )
            )
            .Send(messaging, session);
        await session.SaveChangesAsync(stopping);
    }
}
