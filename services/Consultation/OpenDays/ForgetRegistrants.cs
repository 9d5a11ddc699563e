using Marten;
using PolicyPlatform.ServiceDefaults.Hosting;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Consultation.OpenDays;

/// <summary>The names and contacts of those who registered were erased: nobody needs them any more.</summary>
public sealed record OpenDayRegistrantsForgotten(Actor By, DateTimeOffset At) : IEventOf<OpenDay>, IUnseen;

/// <summary>
/// Erases, once an hour, who registered for open days that ended more than <c>OpenDays:RegistrantsKeptDays</c> days ago, 30 where nothing is
/// set: what is not needed any more is not kept (个人信息保护法 19).
/// </summary>
sealed class ForgetRegistrants(IDocumentStore store, IConfiguration settings, TimeProvider time, ILogger<ForgetRegistrants> logger)
    : HourlyWork(time, logger)
{
    const int AtOnce = 50;

    readonly TimeProvider time = time;

    readonly TimeSpan kept = TimeSpan.FromDays(settings.GetValue("OpenDays:RegistrantsKeptDays", 30));

    protected override async Task Do(CancellationToken stopping)
    {
        while (await Forget(stopping) == AtOnce) { }
    }

    async Task<int> Forget(CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        var before = time.GetUtcNow() - kept;
        var past = await session
            .Query<OpenDay>()
            .Where(d => d.EndsAt < before && !d.IsForgotten)
            .OrderBy(d => d.EndsAt)
            .Take(AtOnce)
            .ToListAsync(cancellation);
        foreach (var day in past)
        {
            session.HardDeleteWhere<OpenDayRegistrant>(r => r.OpenDayId == day.Id);
            session.Events.Append(day.Id, day.Version + 1, new OpenDayRegistrantsForgotten(Actor.Platform, time.GetUtcNow()));
        }
        await session.SaveChangesAsync(cancellation);
        return past.Count;
    }
}
