using Marten;
using PolicyPlatform.Consultation.Comments;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.Contracts.Consultation.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;
using PolicyPlatform.Shared.Deadlines;
using Wolverine.Runtime;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>
/// Reminds a consulting body, once a day, of comments that have waited to be looked at for longer than so many working days:
/// <c>Consultation:ModerationDays</c>, 3. The days are counted whenever it is looked at, so that a calendar that was set counts at once.
/// </summary>
sealed class RemindOfModeration(
    IDocumentStore store,
    Catalog.CatalogClient catalog,
    IWolverineRuntime messaging,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<RemindOfModeration> logger
) : HourlyWork(time, logger)
{
    const int MostDays = 3660;

    readonly TimeProvider time = time;

    int WorkingDays => Math.Clamp(configuration.GetValue("Consultation:ModerationDays", 3), 1, MostDays);

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
        if (
            await waiting.OrderBy(c => c.WaitsSince).FirstOrDefaultAsync(stopping) is not { WaitsSince: { } first }
            // There are no more working days than days.
            || OfficialTime.DateIn(first).AddDays(WorkingDays) >= today
        )
            return;
        var since = OfficialTime.DateIn(first);
        var (dueOn, _, _) = await Deadline.Count(catalog, since, WorkingDays, WorkingDays, stopping);
        if (dueOn >= today)
            return;
        var stream = await session.Events.FetchForWriting<PublicConsultation>(id, stopping);
        if (stream.Aggregate is not { IsOver: false } consultation || consultation.ModerationRemindedOn >= today)
            return;
        var count = await waiting.CountAsync(stopping);
        var reminded = new ModerationReminded(today, count, Actor.Platform, time.GetUtcNow());
        stream.AppendOne(reminded);
        await Decision
            .Record(reminded)
            .Telling(new CommentsWaitingMessage(id, consultation.Title, consultation.Body, today, count, since, dueOn))
            .Send(messaging, session);
        await session.SaveChangesAsync(stopping);
    }
}
