using PolicyPlatform.Catalog.Calendar;
using PolicyPlatform.Catalog.Obligations;
using PolicyPlatform.ServiceDefaults.Writing;

namespace PolicyPlatform.Catalog.Tests.Obligations;

public sealed class Reminders_tell
{
    static readonly WorkingCalendar Calendar = new(new Dictionary<int, YearCalendar> { [2026] = CalendarYear.BuiltIn(2026)! });

    // Website on Tuesday 9 June, new media on Tuesday 23 June: before that is the Dragon Boat Festival from the 19th to the 21st.
    static readonly Obligation Owed = Obligation.Next(
        null,
        new ObligationOpened(
            "1",
            ObligationCause.Report,
            "供热补贴",
            null,
            ["370114-ZJ"],
            null,
            new(2026, 6, 2),
            ChannelDeadline.Of([("website", new(5, true)), ("newMedia", new(14, true))], new(2026, 6, 2), Calendar),
            null,
            Actor.Platform,
            default
        )
    )!;

    [Fact]
    public void of_each_last_day_once_that_it_is_near_and_once_that_it_has_passed()
    {
        var obligation = Owed;
        var told = new List<string>();
        for (var day = new DateOnly(2026, 6, 2); day < new DateOnly(2026, 6, 30); day = day.AddDays(1))
            foreach (var reminded in Reminders.DueOn(day, obligation, Calendar, default))
            {
                obligation = Obligation.Next(obligation, reminded)!;
                told.Add($"{day:M-d}: {reminded.DueOn:M-d} {(reminded.Overdue ? "overdue" : "soon")}");
            }
        Assert.Equal(["6-4: 6-9 soon", "6-10: 6-9 overdue", "6-17: 6-23 soon", "6-24: 6-23 overdue"], told);
    }

    [Fact]
    public void nobody_of_what_is_published_or_need_not_be()
    {
        var day = new DateOnly(2026, 6, 29);
        Assert.Equal(
            [new DateOnly(2026, 6, 23)],
            Reminders
                .DueOn(
                    day,
                    Obligation.Next(Owed, new ObligationMet("website", new(2026, 6, 3), null, Actor.Platform, default))!,
                    Calendar,
                    default
                )
                .Select(r => r.DueOn)
        );
        Assert.Empty(
            Reminders.DueOn(day, Obligation.Next(Owed, new ObligationWaived("商业秘密", Actor.Platform, default))!, Calendar, default)
        );
    }
}
