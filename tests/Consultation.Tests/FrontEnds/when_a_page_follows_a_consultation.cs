using System.Xml.Linq;
using PolicyPlatform.Testing;

namespace PolicyPlatform.Consultation.Tests.FrontEnds;

public sealed class when_a_page_follows_a_consultation(District district) : IClassFixture<District>
{
    [Fact]
    public async Task it_hears_of_counts_and_of_what_is_released()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "实时办法")).Id();
        var (before, _) = await consultation.Comment(id, new { position = "support", text = "早先的。" });
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/moderation", new { release = new[] { before } });
        district.Clock.Advance(TimeSpan.FromMinutes(1));
        using var client = consultation.Server.CreateClient();
        using var answer = await client.GetAsync(
            new Uri($"/api/v1/consultations/{id}/events?seconds=60", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await Until("\"received\":1");
        var (comment, _) = await consultation.Comment(id, new { position = "oppose", text = "刚才的。" });
        await Until("\"received\":2");
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{id}/moderation", new { release = new[] { comment } });
        var read = await Until(comment.ToString());
        Assert.DoesNotContain(before.ToString(), read, StringComparison.Ordinal);

        async Task<string> Until(string what)
        {
            var all = "";
            while (!all.Contains(what, StringComparison.Ordinal))
                all += await lines.ReadLineAsync(TestContext.Current.CancellationToken);
            return all;
        }
    }

    [Fact]
    public async Task a_line_that_nobody_could_follow_is_refused()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "拒绝办法")).Id();
        Assert.Equal(["seconds"], (await consultation.Get(null, $"consultations/{id}/events?seconds=0", 422)).Pointers());
        await consultation.Get(null, $"consultations/{Guid.NewGuid()}/events", 404);
    }

    [Fact]
    public async Task feed_and_calendar_tell_of_what_takes_comments()
    {
        var consultation = await district.StartConsultation();
        var opened = await district.Open(title: "订阅办法 <b>");
        var feed = XDocument.Parse(await consultation.Read(null, "consultations/feed.atom"));
        XNamespace atom = "http://www.w3.org/2005/Atom";
        Assert.Contains(feed.Descendants(atom + "entry"), e => e.Element(atom + "id")!.Value == $"urn:uuid:{opened.Id()}");
        var calendar = Ical.Net.Calendar.Load(await consultation.Read(null, "consultations/calendar.ics"))!;
        var entry = calendar.Events.Single(e => e.Uid == $"{opened.Id()}@policyplatform");
        Assert.Equal(opened.Word("closesOn"), entry.Start!.Value.ToString("yyyy-MM-dd"));
        await consultation.Post(Tokens.OpennessOffice, $"consultations/{opened.Id()}/close", new { reason = "另行征求" });
        Assert.DoesNotContain($"{opened.Id()}", await consultation.Read(null, "consultations/feed.atom"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_statistics_are_drawn_with_their_table()
    {
        var consultation = await district.StartConsultation();
        var id = (await district.Open(title: "图表办法")).Id();
        var block = await consultation.Block(id, "第三条");
        await consultation.Comment(
            id,
            new
            {
                position = "oppose",
                text = "太短。",
                anchor = new { block },
            }
        );
        var picture = XDocument.Parse(await consultation.Read(null, $"consultations/{id}/statistics/positions"));
        Assert.Contains("第三条", picture.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("<svg", await consultation.Read(null, $"consultations/{id}/statistics/timeline"), StringComparison.Ordinal);
        var table = await consultation.Scenario(s =>
        {
            s.Get.Url($"/api/v1/consultations/{id}/statistics/positions").Accepts("application/json");
        });
        Assert.Equal(["第三条", "0", "1", "0"], (await table.Json()).GetProperty("rows")[0].EnumerateArray().Select(c => c.GetString()));
        Assert.Contains(
            $"block,{block},oppose,1",
            await consultation.Read(null, $"consultations/{id}/statistics.csv"),
            StringComparison.Ordinal
        );
    }
}
