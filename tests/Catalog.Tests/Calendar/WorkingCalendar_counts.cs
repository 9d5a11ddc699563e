using CsCheck;
using PolicyPlatform.Catalog.Calendar;

namespace PolicyPlatform.Catalog.Tests.Calendar;

public sealed class WorkingCalendar_counts
{
    static readonly WorkingCalendar Calendar = new(Enumerable.Range(2024, 4).ToDictionary(y => y, y => CalendarYear.BuiltIn(y)!));
    static readonly Gen<DateOnly> Day = Gen.Int[0, 1500].Select(n => new DateOnly(2024, 1, 1).AddDays(n));

    [Theory]
    // Dragon Boat Festival on Friday 19 June 2026.
    [InlineData("2026-06-01", 20, "2026-06-30")]
    // Over the National Day of 2026 with its two make-up days, a Sunday and a Saturday.
    [InlineData("2026-09-18", 5, "2026-09-24")]
    [InlineData("2026-09-24", 3, "2026-09-30")]
    [InlineData("2026-09-30", 3, "2026-10-10")]
    // Over the Spring Festival of 2025.
    [InlineData("2025-01-24", 2, "2025-01-27")]
    [InlineData("2025-01-27", 4, "2025-02-08")]
    public void working_days_with_holidays_and_make_up_days(string from, int days, string dueOn) =>
        Assert.Equal(
            DateOnly.Parse(dueOn, System.Globalization.CultureInfo.InvariantCulture),
            Calendar.Count(DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), days).DueOn
        );

    [Fact]
    public void a_period_of_all_days_that_ends_on_a_day_off_ends_on_the_next_working_day()
    {
        var counted = Calendar.Count(new(2026, 9, 1), 30, workingDays: false);
        Assert.Equal(new DateOnly(2026, 10, 8), counted.DueOn);
        Assert.Equal(30, counted.Counted.Max(d => d.Number));
    }

    [Fact]
    public void it_explains_itself()
    {
        Assert.Equal(
            "自2026-06-15起（当日不计）5个工作日，至2026-06-23届满；未计端午节3日。",
            Calendar.Count(new(2026, 6, 15), 5).Explanation
        );
        Assert.Equal(
            "自2026-09-18起（当日不计）1个工作日，至2026-09-20届满；未计周末1日；含调休上班1日。",
            Calendar.Count(new(2026, 9, 18), 1).Explanation
        );
    }

    [Fact]
    public void a_year_that_is_not_announced_counts_weekends_only_and_says_so()
    {
        var counted = Calendar.Count(new(2026, 12, 31), 1);
        Assert.Equal((new DateOnly(2027, 1, 1), false), (counted.DueOn, counted.Certain));
        Assert.Contains("2027年节假日安排尚未公布", counted.Explanation, StringComparison.Ordinal);
        var past = Calendar.Count(new(2010, 1, 4), 1).Explanation;
        Assert.Contains("2010年节假日安排未收录，只扣除周末", past, StringComparison.Ordinal);
        Assert.DoesNotContain("尚未公布", past, StringComparison.Ordinal);
        Assert.True(Calendar.Count(new(2026, 6, 1), 5).Certain);
        Assert.False(Calendar.Count(new(2031, 6, 1), 5).Certain);
    }

    [Fact]
    public void a_period_ends_on_a_working_day_and_each_of_its_days_is_explained_once() =>
        Gen.Select(Day, Gen.Int[1, 120], Gen.Bool)
            .Sample(
                (from, days, working) =>
                {
                    var counted = Calendar.Count(from, days, working);
                    Assert.True(Calendar.IsWorkingDay(counted.DueOn));
                    Assert.Equal(
                        Enumerable.Range(0, counted.DueOn.DayNumber - from.DayNumber + 1).Select(from.AddDays),
                        counted.Counted.Select(d => d.Date)
                    );
                    Assert.Equal(Enumerable.Range(1, days), counted.Counted.Select(d => d.Number).OfType<int>());
                    if (working)
                        Assert.All(counted.Counted.Skip(1), d => Assert.Equal(Calendar.IsWorkingDay(d.Date), d.Number is not null));
                }
            );

    [Fact]
    public void a_longer_period_never_ends_earlier_and_two_in_a_row_are_one() =>
        Gen.Select(Day, Gen.Int[1, 60], Gen.Int[1, 60])
            .Sample(
                (from, first, second) =>
                    Assert.Equal(
                        Calendar.Count(from, first + second).DueOn,
                        Calendar.Count(Calendar.Count(from, first).DueOn, second).DueOn
                    )
            );

    [Fact]
    public void the_day_from_which_on_a_last_day_is_near_is_the_first_such() =>
        Gen.Select(Day, Gen.Int[1, 10])
            .Sample(
                (due, days) =>
                    Assert.True(
                        Calendar.DaysBefore(due, days) is var day
                            && Calendar.Count(day, days).DueOn >= due
                            && Calendar.Count(day.AddDays(-1), days).DueOn < due
                    )
            );

    [Fact]
    public void the_years_that_come_with_it_hold_together()
    {
        foreach (var year in Enumerable.Range(2024, 4).Select(y => CalendarYear.BuiltIn(y)!))
        {
            Assert.All(year.DaysOff.Keys.Concat(year.Workdays.Keys), day => Assert.Equal(year.Year, day.Year));
            Assert.All(year.Workdays.Keys, day => Assert.True(day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
            Assert.Empty(year.Workdays.Keys.Intersect(year.DaysOff.Keys));
            Assert.Equal(year.Announced, year.DaysOff.Count > 0);
        }
    }
}
