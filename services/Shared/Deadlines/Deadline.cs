using System.Globalization;
using PolicyPlatform.Contracts.Catalog.V1;
using PolicyPlatform.ServiceDefaults;

namespace PolicyPlatform.Shared.Deadlines;

/// <summary>The last day for something, and the one on which it is reminded of, counted over the calendar of the Catalog.</summary>
/// <param name="DueOn">The last day, Asia/Shanghai.</param>
/// <param name="RemindOn">The day of the reminder, Asia/Shanghai.</param>
/// <param name="Explanation">How it was counted, for people.</param>
public readonly record struct Deadline(DateOnly DueOn, DateOnly RemindOn, string Explanation)
{
    /// <summary>When somebody has to look at it: on the day of the reminder, and on the day after the last one.</summary>
    public IEnumerable<(DateOnly Day, DateTimeOffset At)> Looks =>
        new[] { RemindOn, DueOn.AddDays(1) }.Select(day => (day, OfficialTime.StartOf(day)));

    /// <summary>Asks the Catalog.</summary>
    /// <param name="catalog">The Catalog.</param>
    /// <param name="from">The day on which it begins, Asia/Shanghai; it does not count itself (民法典 201).</param>
    /// <param name="workingDays">How many working days there are.</param>
    /// <param name="remindAfter">After how many of them it is reminded of.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Deadline> Count(
        Catalog.CatalogClient catalog,
        DateOnly from,
        int workingDays,
        int remindAfter,
        CancellationToken cancellation
    )
    {
        var due = await Days(workingDays);
        return new(Day(due), Day(await Days(remindAfter)), due.Explanation);

        async Task<CountDaysResponse> Days(int days) =>
            await catalog.CountDaysAsync(
                new()
                {
                    From = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    Days = days,
                    WorkingDays = true,
                },
                cancellationToken: cancellation
            );
        static DateOnly Day(CountDaysResponse counted) => DateOnly.Parse(counted.DueOn, CultureInfo.InvariantCulture);
    }
}
