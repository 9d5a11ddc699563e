using Ical.Net.CalendarComponents;
using PolicyPlatform.Consultation.Tests.Hearings;
using PolicyPlatform.Consultation.Tests.OpenDays;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.FrontEnds;

public sealed class when_the_calendar_is_followed(District district) : IClassFixture<District>
{
    async Task<Dictionary<string, CalendarEvent>> Calendar() =>
        Ical
            .Net.Calendar.Load(await district.Consultation!.Read(null, "consultations/calendar.ics"))!
            .Events.ToDictionary(e => e.Uid!.Replace("@policyplatform", "", StringComparison.Ordinal));

    [Fact]
    public async Task a_hearing_stands_in_it_with_the_end_of_applications_and_stays_when_it_is_called_off()
    {
        var consultation = await district.StartConsultation();
        var hearing = district.Hearing();
        var id = await consultation.Announced(hearing);
        var (before, deadline) = ((await Calendar())[$"{id}"], (await Calendar())[$"{id}-applications"]);
        Assert.Equal(
            ("听证会：居民供热价格调整听证会", "区政务服务中心三楼会议室", "CONFIRMED", true),
            (before.Summary, before.Location, before.Status, before.Start!.IsUtc)
        );
        Assert.Equal(((DateTimeOffset)hearing["startsAt"]!).UtcDateTime, before.Start.AsUtc);
        Assert.Equal(((DateTimeOffset)hearing["endsAt"]!).UtcDateTime, before.End!.AsUtc);
        Assert.Equal(((DateTimeOffset)hearing["applicationsUntil"]!).UtcDateTime, deadline.Start!.AsUtc);

        var later = district.Now().AddDays(60);
        await consultation.Post(
            Tokens.OpennessOffice,
            $"hearings/{id}/postpone",
            new
            {
                startsAt = later,
                endsAt = later.AddHours(2),
                reason = "会场检修。",
            }
        );
        var postponed = (await Calendar())[$"{id}"];
        Assert.Equal(later.UtcDateTime, postponed.Start!.AsUtc);
        Assert.True(postponed.Sequence > before.Sequence);
        await consultation.Post(Tokens.OpennessOffice, $"hearings/{id}/cancel", new { reason = "方案撤回。" });
        var cancelled = await Calendar();
        Assert.Equal(("CANCELLED", "CANCELLED"), (cancelled[$"{id}"].Status, cancelled[$"{id}-applications"].Status));
        Assert.True(cancelled[$"{id}"].Sequence > postponed.Sequence);
        Assert.Equal(cancelled.Count, cancelled.Values.Select(e => e.Uid).Distinct().Count());
    }

    [Fact]
    public async Task an_open_day_stands_in_it_with_the_end_of_registration_where_that_is_earlier()
    {
        var consultation = await district.StartConsultation();
        var starts = district.Now().AddDays(20);
        var (open, early) = (
            await consultation.OpenDay(starts, 10),
            await consultation.OpenDay(starts, 10, registrationUntil: starts.AddDays(-3))
        );
        var calendar = await Calendar();
        Assert.Equal("政府开放日：走进供热调度中心", calendar[$"{open}"].Summary);
        Assert.DoesNotContain($"{open}-registration", calendar.Keys);
        Assert.Equal(starts.AddDays(-3).UtcDateTime, calendar[$"{early}-registration"].Start!.AsUtc);
        await consultation.Post(Tokens.OpennessOffice, $"open-days/{open}/cancel", new { reason = "天气。" });
        var cancelled = (await Calendar())[$"{open}"];
        Assert.Equal("CANCELLED", cancelled.Status);
        Assert.True(cancelled.Sequence > calendar[$"{open}"].Sequence);
    }

    [Fact]
    public async Task a_consultation_whose_draft_is_given_up_is_called_off()
    {
        var consultation = await district.StartConsultation();
        var draft = await district.Documents.Draft(Consulting.Text, "撤回办法");
        var id = (await consultation.Post(Tokens.OpennessOffice, "consultations", Consulting.Opening(draft), 201)).Id();
        Assert.Equal("CONFIRMED", (await Calendar())[$"{id}"].Status);
        await Calls.Eventually<bool>(async () =>
            (await district.Documents.Get(Tokens.DraftingHousing, $"documents/{draft}")).Word("state") == "inConsultation" ? true : null
        );
        await district.Documents.Post(Tokens.OpennessOffice, $"documents/{draft}/withdraw", new { reason = "不再制定。" });
        await Calls.Eventually<bool>(async () => (await Calendar())[$"{id}"].Status == "CANCELLED" ? true : null);
    }
}
