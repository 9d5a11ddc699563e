using Marten;
using PolicyPlatform.Consultation.Periods;
using PolicyPlatform.ServiceDefaults.Hosting;

namespace PolicyPlatform.Consultation.Comments;

/// <summary>
/// Erases who sent the comments of a consultation when it has been over for so many days (个人信息保护法 19):
/// <c>Consultation:SendersKeptDays</c>, 180. What was said stays.
/// </summary>
sealed class ForgetSenders(IDocumentStore store, IConfiguration configuration, TimeProvider time, ILogger<ForgetSenders> logger)
    : HourlyWork(time, logger)
{
    readonly TimeProvider time = time;

    protected override async Task Do(CancellationToken stopping)
    {
        var before = time.GetUtcNow().AddDays(-configuration.GetValue("Consultation:SendersKeptDays", 180));
        await using var session = store.LightweightSession();
        var over = await session
            .Query<PublicConsultation>()
            .Where(c => c.IsOver && !c.SendersForgotten && (c.CompletedAt < before || c.GivenUpAt < before))
            .ToListAsync(stopping);
        foreach (var consultation in over)
        {
            session.DeleteWhere<CommentSender>(s => s.ConsultationId == consultation.Id);
            session.Events.Append(
                consultation.Id,
                consultation.Version + 1,
                new SendersForgotten(ServiceDefaults.Writing.Actor.Platform, time.GetUtcNow())
            );
        }
        await session.SaveChangesAsync(stopping);
    }
}
