using System.Text.Json;
using Alba;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Catalog.Tests.Obligations;

/// <summary>A calendar application reads by when what must be published, at an address that its user was given.</summary>
public sealed class when_deadlines_are_read_in_a_calendar(District district) : IClassFixture<District>
{
    IAlbaHost Catalog => district.Catalog;

    [Fact]
    public async Task each_open_channel_is_a_day_of_its_own_until_it_is_met()
    {
        var id = (await Owe("冬季供热补贴, 发放;名单", "370114-ZJ")).GetProperty("id").GetString()!;
        await Owe("别的单位的信息", "370114-JY");
        var calendar = await Catalog.Post(Tokens.DraftingHousing, "obligation-calendars", new { }, 201);
        Assert.Equal("370114-ZJ", calendar.GetProperty("body").GetString());
        var address = new Uri(calendar.GetProperty("address").GetString()!).PathAndQuery;

        var (text, tag) = await Read(address);
        Assert.StartsWith("BEGIN:VCALENDAR\r\n", text, StringComparison.Ordinal);
        Assert.Contains("PRODID:-//PolicyPlatform", text, StringComparison.Ordinal);
        // Beside what others of the class owe.
        bool IsOwed(Ical.Net.CalendarComponents.CalendarEvent e) => e.Url!.ToString().EndsWith($"/{id}", StringComparison.Ordinal);
        var read = Ical.Net.Calendar.Load(text)!;
        var day = Assert.Single(read.Events, IsOwed);
        Assert.DoesNotContain(read.Events, e => e.Summary!.Contains("别的单位", StringComparison.Ordinal));
        Assert.Equal("公开时限：冬季供热补贴, 发放;名单（政府网站）", day.Summary);
        Assert.False(day.Start!.HasTime);
        Assert.Equal(new DateOnly(2026, 6, 30), day.Start.Date);
        Assert.Contains("20个工作日", day.Description, StringComparison.Ordinal);
        Assert.EndsWith($"/api/v1/obligations/{id}", day.Url!.ToString(), StringComparison.Ordinal);
        Assert.Single(day.Alarms);
        await Catalog.Scenario(s =>
        {
            s.WithRequestHeader("If-None-Match", tag);
            s.Get.Url(address);
            s.StatusCodeShouldBe(304);
        });

        await Catalog.Post(Tokens.DraftingHousing, $"obligations/{id}/published", new { channel = "website", publishedOn = "2026-06-01" });
        Assert.DoesNotContain(Ical.Net.Calendar.Load((await Read(address)).Text)!.Events, IsOwed);
    }

    [Fact]
    public async Task its_address_is_told_once_and_leads_nowhere_when_it_ends()
    {
        var all = await Catalog.Post(Tokens.Supervision, "obligation-calendars", new { }, 201);
        Assert.Equal(JsonValueKind.Null, all.GetProperty("body").ValueKind);
        var address = new Uri(all.GetProperty("address").GetString()!).PathAndQuery;
        var id = all.GetProperty("id").GetGuid();
        await Read(address);
        await Refused(address[..^1]);
        await Refused(address[..address.IndexOf('?', StringComparison.Ordinal)]);

        var listed = (await Catalog.Get(Tokens.Supervision, "obligation-calendars")).GetProperty("items").EnumerateArray();
        var mine = Assert.Single(listed, c => c.GetProperty("id").GetGuid() == id);
        Assert.Equal(JsonValueKind.Null, mine.GetProperty("address").ValueKind);
        Assert.DoesNotContain(
            (await Catalog.Get(Tokens.OpennessOffice, "obligation-calendars")).GetProperty("items").EnumerateArray(),
            c => c.GetProperty("id").GetGuid() == id
        );

        Assert.Equal(["/body"], (await Catalog.Post(Tokens.Supervision, "obligation-calendars", new { body = "NOPE" }, 422)).Pointers());
        Assert.Contains(
            (await Catalog.Get(Tokens.OpennessOffice, "obligation-calendars?all=true")).GetProperty("items").EnumerateArray(),
            c => c.GetProperty("id").GetGuid() == id && c.GetProperty("address").ValueKind is JsonValueKind.Null
        );
        await Catalog.Get(Tokens.Integration, "obligation-calendars?all=true", 403);
        await End(Tokens.DraftingHousing, id, 404);
        await End(Tokens.Supervision, id, 200);
        await End(Tokens.Supervision, id, 200);
        await Refused(address);
        Assert.Empty((await Catalog.Get(Tokens.Supervision, "obligation-calendars")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task a_business_system_reads_no_deadline_of_a_document_that_is_not_public()
    {
        var id = await district.Documents.Draft(title: "尚未公开的办法");
        await district.Documents.Post(Tokens.DraftingHousing, $"documents/{id}/review", new { });
        await district.Documents.Post(Tokens.Signing, $"documents/{id}/sign", new { });
        await district.Documents.Post(
            Tokens.OpennessOffice,
            $"documents/{id}/issue",
            new { documentNumber = "测政发〔2026〕731号", writtenOn = "2026-05-20" }
        );
        var addresses = new List<string>();
        foreach (var token in new[] { Tokens.OpennessOffice, Tokens.DraftingHousing, Tokens.Integration, Tokens.DraftingEducation })
            addresses.Add(
                new Uri((await Catalog.Post(token, "obligation-calendars", new { }, 201)).GetProperty("address").GetString()!).PathAndQuery
            );
        await Calls.Eventually<bool>(async () => (await Read(addresses[0])).Text.Contains($"{id}", StringComparison.Ordinal) ? true : null);
        var shown = new List<bool>();
        foreach (var address in addresses)
            shown.Add((await Read(address)).Text.Contains($"{id}", StringComparison.Ordinal));
        Assert.Equal([true, true, false, false], shown);
    }

    Task<JsonElement> Owe(string title, string body) =>
        Catalog.Post(
            Tokens.Integration,
            "obligations",
            new
            {
                title,
                body,
                source = "测试系统",
                reference = title,
                formedOn = "2026-06-01",
            },
            201
        );

    async Task<(string Text, string Tag)> Read(string address)
    {
        var answer = await Catalog.Scenario(s =>
        {
            s.Get.Url(address);
            s.StatusCodeShouldBe(200);
            s.ContentTypeShouldBe("text/calendar; charset=utf-8");
        });
        Assert.Contains("no-store", answer.Context.Response.Headers.CacheControl.ToString(), StringComparison.Ordinal);
        return (await answer.ReadAsTextAsync(), answer.Context.Response.Headers.ETag.ToString());
    }

    Task<IScenarioResult> Refused(string address) =>
        Catalog.Scenario(s =>
        {
            s.Get.Url(address);
            s.StatusCodeShouldBe(404);
        });

    Task<IScenarioResult> End(string token, Guid id, int status) =>
        Catalog.Scenario(s =>
        {
            s.As(token).Delete.Url($"/api/v1/obligation-calendars/{id}");
            s.StatusCodeShouldBe(status);
        });
}
