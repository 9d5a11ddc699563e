using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;
using PolicyPlatform.Shared.Deadlines;

namespace PolicyPlatform.Consultation.Moderation;

/// <summary>
/// For how long a comment may wait to be looked at: so many working days, <c>Consultation:ModerationDays</c>, 3. The days are counted whenever
/// it is asked, so that a calendar that was set counts at once.
/// </summary>
sealed class ModerationPatience(Catalog.CatalogClient catalog, IConfiguration configuration, TimeProvider time)
{
    const int MostDays = 3660;

    int WorkingDays => Math.Clamp(configuration.GetValue("Consultation:ModerationDays", 3), 1, MostDays);

    /// <summary>The last day for what waits since a day (Asia/Shanghai), where it has passed; null while it has not.</summary>
    /// <param name="since">The day.</param>
    /// <param name="today">The day by which it is asked: one for all that is asked together.</param>
    /// <param name="cancellation">Ends the question to Catalog.</param>
    public async Task<DateOnly?> Missed(DateOnly since, DateOnly today, CancellationToken cancellation)
    {
        // There are no more working days than days.
        if (since.AddDays(WorkingDays) >= today)
            return null;
        var (dueOn, _, _) = await Deadline.Count(catalog, since, WorkingDays, WorkingDays, cancellation);
        return dueOn < today ? dueOn : null;
    }

    /// <summary>The last of these days whose last day has passed; null for none. What waits since an earlier one is late as well.</summary>
    public async Task<DateOnly?> LastMissed(IEnumerable<DateOnly> since, CancellationToken cancellation)
    {
        var today = OfficialTime.DateIn(time.GetUtcNow());
        DateOnly[] days = [.. since.Distinct().Order()];
        var (late, first) = (0, days.Length);
        while (late < first)
        {
            var middle = (late + first) / 2;
            if (await Missed(days[middle], today, cancellation) is null)
                first = middle;
            else
                late = middle + 1;
        }
        return late == 0 ? null : days[late - 1];
    }
}
