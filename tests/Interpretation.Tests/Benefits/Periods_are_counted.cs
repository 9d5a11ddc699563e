using System.Globalization;
using System.Text.Json;
using CsCheck;
using PolicyPlatform.Interpretation.Benefits;

namespace PolicyPlatform.Interpretation.Tests.Benefits;

public sealed class Periods_are_counted
{
    static readonly Gen<DateOnly> Day = Gen.Int[new DateOnly(1900, 1, 1).DayNumber, new DateOnly(2100, 12, 31).DayNumber]
        .Select(DateOnly.FromDayNumber);

    [Theory]
    // 年满60周岁, on the birthday.
    [InlineData("1966-06-01", "P60Y", "2026-06-01")]
    // Born on 29 February: of an age on the 29th, and on the last day of a February that has none.
    [InlineData("1964-02-29", "P60Y", "2024-02-29")]
    [InlineData("2008-02-29", "P18Y", "2026-02-28")]
    [InlineData("2025-03-31", "P6M", "2025-09-30")]
    [InlineData("2025-08-31", "P6M", "2026-02-28")]
    [InlineData("2025-08-31", "P1Y6M", "2027-02-28")]
    // The end of a month is no more than a day of it.
    [InlineData("2025-02-28", "P1M", "2025-03-28")]
    [InlineData("2026-03-03", "P90D", "2026-06-01")]
    [InlineData("2026-05-18", "P2W", "2026-06-01")]
    [InlineData("2025-01-31", "P1M1D", "2025-03-01")]
    // What never comes.
    [InlineData("9990-01-01", "P200Y", "9999-12-31")]
    [InlineData("9999-12-31", "P1D", "9999-12-31")]
    public void to_their_last_day(string from, string period, string last) =>
        Assert.Equal(Parse(last), AgePeriod.Of(Json(period))!.Value.After(Parse(from)));

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("P0D")]
    [InlineData("P0Y0M")]
    [InlineData("P1")]
    [InlineData("1Y")]
    [InlineData("p1y")]
    [InlineData("-P1Y")]
    [InlineData("P-1Y")]
    [InlineData("P1.5Y")]
    [InlineData("P1D1Y")]
    [InlineData("P1W1D")]
    [InlineData("PT24H")]
    [InlineData("P1Y\n")]
    [InlineData("P201Y")]
    [InlineData("P200Y1M")]
    [InlineData("P99999D")]
    [InlineData("P١Y")]
    public void what_is_none_is_refused(string written) => Assert.Null(AgePeriod.Of(Json(written)));

    [Fact]
    public void years_end_on_the_birthday_or_on_the_last_day_of_its_month() =>
        Gen.Select(Day, Gen.Int[1, 200])
            .Sample(
                (from, years) =>
                {
                    var last = AgePeriod.Of(Json($"P{years}Y"))!.Value.After(from);
                    return last.Year == from.Year + years
                        && last.Month == from.Month
                        && (last.Day == from.Day || (from.Month, from.Day, last.Day) == (2, 29, 28) && !DateTime.IsLeapYear(last.Year));
                }
            );

    [Fact]
    public void months_end_on_the_day_of_the_same_number_or_on_the_last_one() =>
        Gen.Select(Day, Gen.Int[1, 2400])
            .Sample(
                (from, months) =>
                {
                    var last = AgePeriod.Of(Json($"P{months}M"))!.Value.After(from);
                    return 12 * last.Year + last.Month == 12 * from.Year + from.Month + months
                        && last.Day == Math.Min(from.Day, DateTime.DaysInMonth(last.Year, last.Month));
                }
            );

    [Fact]
    public void later_days_and_longer_periods_end_no_earlier() =>
        Gen.Select(Day, Gen.Int[0, 400], Gen.Int[0, 2399], Gen.Int[0, 2000])
            .Sample(
                (from, later, months, days) =>
                {
                    var period = new AgePeriod(months, days);
                    return period.After(from) <= period.After(from.AddDays(later))
                        && period.After(from) < (period with { Days = days + 1 }).After(from)
                        && period.After(from) <= (period with { Months = months + 1 }).After(from);
                }
            );

    [Fact]
    public void as_they_are_written() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 11], Gen.Int[1, 1000])
            .Sample((years, months, days) => AgePeriod.Of(Json($"P{years}Y{months}M{days}D")) == new AgePeriod(12 * years + months, days));

    static DateOnly Parse(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static JsonElement Json(string value) => JsonSerializer.SerializeToElement(value);
}
